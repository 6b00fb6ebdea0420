/** `unicall journal show`: how many placements there are of each provider in each state, and how much room they take. */
import * as Effect from "effect/Effect"
import { isCompacted } from "../../../calls/compactedPlacement.ts"
import type { Placement } from "../../../calls/PlacementJournal.ts"
import { STEP } from "../../../calls/placementState.ts"
import { compareText } from "../../../domain/textOrder.ts"
import { aligned, count, jsonLine, plainText, plural, print } from "../../shell/terminal.ts"
import type { ShowFlags } from "./journalCommand.ts"
import { journalFailed, namedJournal, ofWhom } from "./namedJournal.ts"

interface Group {
  readonly provider: string
  readonly state: Placement["state"]
  readonly placements: number
  /** Of these. */
  readonly compacted: number
}

const HEADER = ["PROVIDER", "STATE", "PLACEMENTS", "COMPACTED"]

const rowOf = ({ provider, state, placements, compacted }: Group): ReadonlyArray<string> => [
  plainText(provider),
  state,
  count(placements),
  compacted === 0 ? "" : count(compacted)
]

const grouped = (counts: ReadonlyMap<string, Group>): ReadonlyArray<Group> =>
  [...counts.values()].toSorted((a, b) => compareText(a.provider, b.provider) || STEP[a.state] - STEP[b.state])

export const runShow = Effect.fn("unicall.journal.show")(function* (flags: ShowFlags) {
  const { journal, whose } = yield* namedJournal(flags)
  const counts = new Map<string, Group>()
  const add = (placement: Placement): void => {
    // Those from before there were tenants are common to all.
    if (whose.tenant !== undefined && (placement.tenant ?? "") !== whose.tenant) return
    const { provider, state } = placement
    const key = JSON.stringify([provider, state])
    const { placements, compacted } = counts.get(key) ?? { placements: 0, compacted: 0 }
    counts.set(key, {
      provider,
      state,
      placements: placements + 1,
      compacted: compacted + (isCompacted(placement) ? 1 : 0)
    })
  }
  const size = yield* journal.read(add).pipe(Effect.andThen(journal.size), Effect.catch(journalFailed))
  const groups = grouped(counts)
  if (flags.json) return print(jsonLine({ ...whose, ...size, placements: groups }))
  const { bytes, freeBytes = 0 } = size
  const free = freeBytes === 0 ? "" : `, ${count(freeBytes)} of them free for new placements`
  const all = groups.reduce((sum, { placements }) => sum + placements, 0)
  print(`${plainText(journal.title)}: ${count(bytes)} bytes${free}\n${plural(all, "placement")} ${ofWhom(whose)}\n`)
  if (groups.length > 0) print(aligned([HEADER, ...groups.map(rowOf)]))
})
