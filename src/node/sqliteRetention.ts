/**
 * Compacting and deleting in the journal's file. A step is one transaction over a stretch of both tables in the order of
 * their keys: whoever places waits a few milliseconds for it, however large the file is.
 */
import { COMPACTED_AWAY, COMPACTED_DIGEST } from "../calls/compactedPlacement.ts"
import { countOf } from "../calls/placementState.ts"
import type { EndedProgress, EndedStep, RetentionJournal } from "../calls/RetentionJournal.ts"
import type { SqliteFile } from "./SqliteFile.ts"
import { COLUMN, isInFirst } from "./sqliteJournalTables.ts"

const ENDED = "state = 'ended' AND changedAt < $endedBefore"
const UNCOMPACTED = `"${COLUMN.numberDigest}" <> '${COMPACTED_DIGEST}'`
const ALONE = "sentAs IS NULL AND supersedes IS NULL"

/** The same for both tables: what is a tenant's own, and what belongs to nobody. */
interface OfTables {
  readonly own: string
  readonly nobodys: string
}

/** `isCompactable` and `isDeletable` of `compactedPlacement.ts`. Those of the first table are all alone, and have shown nothing of lists. */
const COMPACTABLE = {
  own: `${ENDED} AND ${UNCOMPACTED} AND ${ALONE}`,
  nobodys: `${ENDED} AND ${UNCOMPACTED}`
} satisfies OfTables
const DELETABLE = {
  own: `${ENDED} AND ${ALONE} AND wrongAt IS NULL AND listDelay IS NULL`,
  nobodys: ENDED
} satisfies OfTables

const compacted = (fields: ReadonlyArray<(typeof COMPACTED_AWAY)[number]>): string =>
  [`"${COLUMN.numberDigest}" = '${COMPACTED_DIGEST}'`, ...fields.map((field) => `"${COLUMN[field]}" = NULL`)].join(", ")

const COMPACT = {
  own: `UPDATE tenant_placement SET ${compacted(COMPACTED_AWAY)}`,
  nobodys: `UPDATE placement SET ${compacted(COMPACTED_AWAY.filter(isInFirst))}`
}
const DELETE = { own: "DELETE FROM tenant_placement", nobodys: "DELETE FROM placement" }

/** Whose rows are asked for. */
const WHOSE = { own: "($of IS NULL OR tenant = $of)", nobodys: "($of IS NULL OR $of = '')" } satisfies OfTables

/** Both tables; a reference is in one of them. Rows of others count as looked at: they would make a step take any time. */
const page = ({ own, nobodys }: OfTables): string =>
  `SELECT reference, tenant, 1 AS isOwn, ${own} AND ${WHOSE.own} AS isAsked FROM tenant_placement
   WHERE (reference, tenant) > ($reference, $tenant)
   UNION ALL
   SELECT reference, '' AS tenant, 0 AS isOwn, ${nobodys} AND ${WHOSE.nobodys} AS isAsked FROM placement
   WHERE reference > $reference
   ORDER BY reference, tenant LIMIT $limit`

const count = ({ own, nobodys }: OfTables): string =>
  `(SELECT count(*) FROM tenant_placement WHERE ${own} AND ${WHOSE.own})
   + (SELECT count(*) FROM placement WHERE ${nobodys} AND ${WHOSE.nobodys})`

export const sqliteRetention = ({ database, read, write }: SqliteFile): RetentionJournal => {
  const counts = database.prepare(
    `SELECT ${count({ own: ENDED, nobodys: ENDED })} AS ended, ${count(COMPACTABLE)} AS compactable,
       ${count(DELETABLE)} AS deletable`
  )

  const stepping = (operation: "compactEnded" | "deleteEnded", asked: OfTables, change: OfTables) => {
    const select = database.prepare(page(asked))
    const changeOwn = database.prepare(`${change.own} WHERE reference = ? AND tenant = ?`)
    const changeNobodys = database.prepare(`${change.nobodys} WHERE reference = ?`)
    return ({ after, limit, tenant, endedBefore }: EndedStep) =>
      write(operation, (): EndedProgress => {
        const most = Math.max(1, countOf(limit))
        const rows = select
          .all({
            $reference: after?.reference ?? "",
            $tenant: after?.tenant ?? "",
            $of: tenant ?? null,
            $endedBefore: endedBefore,
            $limit: most
          })
          .map(({ reference, tenant: of, isOwn, isAsked }) => ({
            key: { tenant: String(of), reference: String(reference) },
            isOwn: isOwn === 1,
            isAsked: isAsked === 1
          }))
        const wanted = rows.filter(({ isAsked }) => isAsked)
        for (const { key, isOwn } of wanted) {
          if (isOwn) changeOwn.run(key.reference, key.tenant)
          else changeNobodys.run(key.reference)
        }
        const last = rows.length < most ? undefined : rows.at(-1)
        return { changed: wanted.length, ...(last === undefined ? {} : { next: last.key }) }
      })
  }

  return {
    countEnded: ({ tenant, endedBefore }) =>
      read("countEnded", () => {
        const { ended, compactable, deletable } = counts.get({ $of: tenant ?? null, $endedBefore: endedBefore }) ?? {}
        return { ended: Number(ended), compactable: Number(compactable), deletable: Number(deletable) }
      }),
    compactEnded: stepping("compactEnded", COMPACTABLE, COMPACT),
    deleteEnded: stepping("deleteEnded", DELETABLE, DELETE)
  }
}
