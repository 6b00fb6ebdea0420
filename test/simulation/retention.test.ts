/** What simulated processes do with a journal reaches it whole: compacting and deleting too. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { expect, it } from "vitest"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { makeDraws, makeJournalOn, makeMachine, makeWorld } from "../../src/testing/simulation/index.ts"
import { recordedJournal } from "./recordedJournal.ts"

const key = { tenant: "", reference: "a" }
const provider = ProviderId.make("revring")
const at = Instant.make("2026-01-01T00:00:00.000Z")
const later = Instant.make("2026-01-02T00:00:00.000Z")

it("a recorded journal on a machine compacts and deletes, as the model of journals does", () => {
  const world = makeWorld(makeDraws("retention"), Date.parse(later))
  const machine = makeMachine(world)
  const recorded = recordedJournal(undefined, true)
  const told: Array<string> = []
  const journal = makeJournalOn(
    machine,
    recorded.of(machine, Effect.runSync(makeMemoryJournal), ({ do: what }, answer) =>
      told.push(`${what} ${JSON.stringify(answer)}`)
    )
  )
  const { retention } = journal
  if (retention === undefined) throw new Error("the journal neither compacts nor deletes")
  let counts: unknown
  const work = Effect.gen(function* () {
    yield* journal.reserve({ ...key, provider, token: "t", numberDigest: "00ff", at })
    yield* journal.settle(key, "t", { state: "ended", status: "completed", orderId: OrderId.make("o") }, at)
    const ended = yield* retention.countEnded({ endedBefore: later })
    const compacted = yield* retention.compactEnded({ endedBefore: later, limit: 10 })
    const deleted = yield* retention.deleteEnded({ endedBefore: later, limit: 10 })
    return { ended, compacted, deleted }
  })
  machine.run(work, (exit) => {
    counts = Exit.isSuccess(exit) ? exit.value : exit
  })
  world.settle()
  expect(counts).toEqual({
    ended: { ended: 1, compactable: 1, deletable: 1 },
    compacted: { changed: 1 },
    deleted: { changed: 1 }
  })
  expect(told.slice(2)).toEqual([
    'countEnded {"ended":1,"compactable":1,"deletable":1}',
    "compactEnded 1",
    "deleteEnded 1"
  ])
  expect(recorded.rows()).toEqual([])
  expect(recorded.faults()).toEqual([])
})
