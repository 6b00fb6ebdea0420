/** The functions of a journal over a map, as somebody outside would write them. */
import type {
  JournalEnded,
  JournalEndedProgress,
  JournalEndedStep,
  JournalFunctions,
  JournalKey,
  JournalOpen,
  JournalPlacement
} from "../../src/calls/JournalFunctions.ts"
import {
  compactedPlacement,
  isCompactable,
  isDeletable,
  isReleasable,
  newPlacement,
  setAside,
  settledPlacement
} from "../../src/promise/customJournal.ts"

const placeOf = ({ tenant, reference }: JournalKey): string => JSON.stringify([tenant, reference])

export const mapJournal = (): JournalFunctions => overRows(new Map())

const overRows = (rows: Map<string, JournalPlacement>): JournalFunctions => {
  const put = (key: JournalKey, row: JournalPlacement): JournalPlacement => {
    rows.set(placeOf(key), row)
    return row
  }
  const held = (key: JournalKey, token: string): JournalPlacement | undefined => {
    const row = rows.get(placeOf(key))
    return row?.token === token ? row : undefined
  }
  return {
    reserve: (reservation) => rows.get(placeOf(reservation)) ?? put(reservation, newPlacement(reservation)),
    settle: (key, token, settlement, at) => {
      const row = held(key, token)
      return row && put(key, settledPlacement(row, settlement, at))
    },
    release: (key, token, changedAt) => {
      const row = held(key, token)
      return row !== undefined && isReleasable(row, changedAt) && rows.delete(placeOf(key))
    },
    find: (key) => rows.get(placeOf(key)),
    findCall: ({ tenant, provider, orderId }) =>
      [...rows.values()].find((row) => row.tenant === tenant && row.provider === provider && row.orderId === orderId),
    unfinished: ({ tenant, before, limit, provider, account }) =>
      [...rows.values()]
        .filter((row) => row.tenant === tenant && row.state !== "ended" && row.state !== "absent")
        .filter((row) => row.changedAt <= before)
        .filter((row) => provider === undefined || row.provider === provider)
        .filter((row) => account === undefined || row.account === undefined || row.account === account)
        .toSorted((a, b) => (a.changedAt < b.changedAt ? -1 : a.changedAt > b.changedAt ? 1 : 0))
        .slice(0, limit)
  }
}

const isOf =
  ({ tenant, provider, account }: Pick<JournalOpen, "tenant" | "provider" | "account">) =>
  (row: JournalPlacement): boolean =>
    row.tenant === tenant &&
    row.provider === provider &&
    (account === undefined || row.account === undefined || row.account === account)

/** The same, of an author who keeps what is absent. */
export const absenceJournal = (): JournalFunctions => keepingAbsence(new Map())

type Compact = (row: JournalPlacement) => JournalPlacement

/** The same, of an author who compacts and deletes as well, in steps. */
export const wholeJournal = (compact: Compact = compactedPlacement): JournalFunctions => {
  const rows = new Map<string, JournalPlacement>()
  return { ...keepingAbsence(rows), ...keepingLess(rows, compact) }
}

const keepingLess = (rows: Map<string, JournalPlacement>, compact: Compact) => {
  const step = (
    { after, limit, ...filter }: JournalEndedStep,
    isAsked: (filter: JournalEnded, row: JournalPlacement) => boolean,
    change: (place: string, row: JournalPlacement) => void
  ): JournalEndedProgress => {
    const from = after === undefined ? "" : placeOf(after)
    const page = [...rows]
      .filter(([place]) => place > from)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
    const asked = page.filter(([, row]) => isAsked(filter, row))
    for (const [place, row] of asked) change(place, row)
    const last = page.length < limit ? undefined : page.at(-1)?.[1]
    return { changed: asked.length, next: last === undefined ? null : { tenant: "", ...last } }
  }
  return {
    countEnded: (filter: JournalEnded) => {
      const all = [...rows.values()]
      const ended = all.filter((row) => row.state === "ended" && row.changedAt < filter.endedBefore)
      const ofTenant = ended.filter((row) => filter.tenant === undefined || row.tenant === filter.tenant)
      return {
        ended: ofTenant.length,
        compactable: all.filter((row) => isCompactable(filter, row)).length,
        deletable: all.filter((row) => isDeletable(filter, row)).length
      }
    },
    compactEnded: (asked: JournalEndedStep) =>
      step(asked, isCompactable, (place, row) => rows.set(place, compact(row))),
    deleteEnded: (asked: JournalEndedStep) => step(asked, isDeletable, (place) => rows.delete(place))
  }
}

const keepingAbsence = (rows: Map<string, JournalPlacement>): JournalFunctions => {
  const all = () => [...rows.values()].toSorted((a, b) => (a.changedAt < b.changedAt ? -1 : 1))
  return {
    ...overRows(rows),
    supersede: (reservation, aside) => {
      const row = rows.get(placeOf(reservation))
      if (row !== undefined && (row.state !== "absent" || row.token !== reservation.supersedes)) return row
      if (row !== undefined) rows.set(placeOf({ ...reservation, reference: aside }), setAside(row, aside))
      const placement = newPlacement(reservation)
      rows.set(placeOf(reservation), placement)
      return placement
    },
    open: (filter) =>
      all()
        .filter(isOf(filter))
        .filter((row) => (row.state === "reserved" || row.state === "uncertain") && row.changedAt <= filter.before)
        .slice(0, filter.limit),
    absent: (filter) =>
      all()
        .toReversed()
        .filter(isOf(filter))
        .filter((row) => row.state === "absent" && row.changedAt >= filter.since)
        .slice(0, filter.limit),
    listRecord: (provider, since) => {
      const found = all().filter((row) => row.provider === provider)
      const delays = found.flatMap(({ listDelay }) => listDelay ?? [])
      return {
        wrong: found.filter(({ wrongAt = "" }) => wrongAt > since).length,
        ...(delays.length === 0 ? {} : { slowestMillis: Math.max(...delays) })
      }
    }
  }
}

/** The same, each function one turn of the event loop later: nothing comes between, and nobody is answered at once. */
export const laterJournal = (functions: JournalFunctions = mapJournal()): JournalFunctions => {
  let last: Promise<unknown> = Promise.resolve()
  const next = <A>(run: () => A | PromiseLike<A>): Promise<A> => {
    const result = last.then(run)
    last = result.catch(() => undefined)
    return result
  }
  return {
    reserve: (...args) => next(() => functions.reserve(...args)),
    settle: (...args) => next(() => functions.settle(...args)),
    release: (...args) => next(() => functions.release(...args)),
    find: (...args) => next(() => functions.find(...args)),
    findCall: (...args) => next(() => functions.findCall(...args)),
    unfinished: (...args) => next(() => functions.unfinished(...args))
  }
}
