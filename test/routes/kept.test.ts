/** Assignments that a journal keeps: nobody moves when weights change, and nobody's number is in the journal. */
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { makeCustomJournal } from "../../src/calls/CustomJournal.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { type Assignment, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { makeRouter } from "../../src/routes/makeRouter.ts"
import { mapJournal } from "../calls/mapJournal.ts"
import { order, provider, START } from "./routed.ts"

const secret = Redacted.make("a secret of the tests, long enough")

const configuration = (a: number, b: number) => ({
  routes: { main: { rules: [{ name: "split", use: { weights: { a, b }, keep: true } }] } },
  defaultRoute: "main"
})

const opened = (
  journal: PlacementJournal["Service"],
  [a, b]: readonly [number, number],
  options = { secret },
  first = provider("a")
) => {
  const providers = [first, provider("b")]
  return Effect.map(
    Layer.build(
      Layer.fresh(
        VoiceCalls.layer(
          providers.map((each) => Effect.succeed(each)),
          { router: makeRouter(configuration(a, b), options) }
        )
      ).pipe(Layer.provide(Layer.succeed(PlacementJournal)(journal)))
    ),
    (context) => Context.get(context, VoiceCalls)
  )
}

const NUMBERS = Array.from({ length: 30 }, (_, index) => `+120255501${String(index).padStart(2, "0")}`)

describe("an assignment that is kept", () => {
  it.effect("holds whatever the weights become, short of none", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const journal = yield* makeMemoryJournal
      const chosenBy = Effect.fnUntraced(function* (weights: readonly [number, number], run: string) {
        const calls = yield* opened(journal, weights)
        return yield* Effect.forEach(NUMBERS, (to) =>
          Effect.map(calls.place({ ...order, to, reference: `${run}-${to.slice(-4)}` }), ({ routed }) => routed)
        )
      })
      const ids = (all: ReadonlyArray<{ readonly provider: string } | undefined>) => all.map((one) => one?.provider)
      const first = yield* chosenBy([1, 1], "first")
      expect(new Set(ids(first))).toEqual(new Set(["a", "b"]))
      const later = yield* chosenBy([1, 99], "later")
      expect(ids(later)).toEqual(ids(first))
      const kept = later.find((one) => one?.provider === "a")
      expect(kept?.because).toBe("rule split keeps the called number with a")
      expect(ids(yield* chosenBy([0, 1], "drained"))).toEqual(NUMBERS.map(() => "b"))
      // Back again: what was kept is not forgotten.
      expect(ids(yield* chosenBy([99, 1], "back"))).toEqual(ids(first))
    })
  )

  it.effect("is kept under a digest that needs the secret", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const written: Array<Assignment> = []
      const memory = yield* makeMemoryJournal
      const journal = {
        ...memory,
        assign: (assignment: Assignment) => {
          written.push(assignment)
          return memory.assign?.(assignment) ?? Effect.succeed(assignment.provider)
        }
      }
      const other = { secret: Redacted.make("another secret, as long as the first") }
      for (const [run, options] of Object.entries({ one: { secret }, two: { secret }, three: other })) {
        const calls = yield* opened(journal, [1, 1], options)
        yield* calls.place({ ...order, reference: run })
      }
      const [one, two, three] = written.map(({ key }) => key)
      expect([one === two, one === three]).toEqual([true, false])
      expect(JSON.stringify(written)).not.toContain("2025550")
      expect(one).toMatch(/^[0-9a-f]{64}$/)
    })
  )

  it.effect("is written down by no look at an order, and by none that was placed before", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const memory = yield* makeMemoryJournal
      let count = 0
      const assign: typeof memory.assign = (assignment) => {
        count += 1
        return memory.assign?.(assignment) ?? Effect.succeed(assignment.provider)
      }
      const calls = yield* opened({ ...memory, assign }, [1, 1])
      yield* calls.dryRun(order)
      expect(count).toBe(0)
      yield* calls.place(order)
      yield* calls.place(order)
      expect(count).toBe(1)
    })
  )

  it.effect("is not made where others had to be passed over", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(START)
      const journal = yield* makeMemoryJournal
      const calls = yield* opened(journal, [1e9, 1], { secret }, provider("a", { schedule: "no" }))
      const scheduled = { ...order, reference: "later", scheduledAt: "2026-03-02T16:00:00Z" }
      expect((yield* calls.place(scheduled)).routed?.provider).toBe("b")
      expect((yield* calls.place(order)).routed?.provider).toBe("a")
    })
  )

  it.effect("needs a secret, and a journal that keeps it", () =>
    Effect.gen(function* () {
      const memory = yield* makeMemoryJournal
      const messageOf = (journal: PlacementJournal["Service"], options: { readonly secret: typeof secret }) =>
        Effect.map(Effect.flip(opened(journal, [1, 1], options)), ({ message }) => message)
      expect(yield* messageOf(memory, { secret: Redacted.make("short") })).toBe(
        "configure: configuration.routes.main.rules[0].use.keep: expected a secret of 16 characters or more beside the configuration"
      )
      expect(yield* messageOf(makeCustomJournal(mapJournal()), { secret })).toBe(
        "configure: journal: expected one that keeps assignments, as a rule asks for: a journal of your own needs assign, a role of PostgreSQL SELECT and INSERT on NAME_assigned"
      )
    })
  )
})
