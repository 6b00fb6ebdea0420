/**
 * A process dies at each of its operations on the journal and on the feed, before it has had an effect or after. Another one goes on, and
 * what is told in the end is whole, in order, and told once.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import type { ChangeFeed } from "../../src/calls/changes/ChangeFeed.ts"
import { makeMemoryFeed } from "../../src/calls/changes/MemoryFeed.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import type { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import type { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { OrderId } from "../../src/domain/Identifiers.ts"
import { TimedOut } from "../../src/provider/CallError.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { type InMemoryProvider, makeInMemoryProvider } from "../../src/testing/index.ts"
import { keyOf } from "../calls/placementKeys.ts"
import { order, processOn, toldIn } from "./service.ts"

type Calls = VoiceCalls["Service"]
type Journal = PlacementJournal["Service"]
type Feed = ChangeFeed["Service"]

interface Death {
  readonly operation: number
  readonly moment: "before" | "after"
}

/** What a process does to others' eyes, counted; from its death on nothing of it ends. */
const mortal = ({ operation, moment }: Death) => {
  let count = 0
  let isDead = false
  const live = <A, E>(work: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      if (isDead) return Effect.never
      const isLast = ++count === operation
      isDead = isLast && moment === "before"
      if (isDead) return Effect.never
      return Effect.flatMap(work, (result) => {
        isDead ||= isLast
        return isDead ? Effect.never : Effect.succeed(result)
      })
    })
  const journalOf = (journal: Journal): Journal => ({
    ...journal,
    reserve: (reservation) => live(journal.reserve(reservation)),
    settle: (key, token, settlement, at) => live(journal.settle(key, token, settlement, at)),
    release: (...asked) => live(journal.release(...asked)),
    find: (key) => live(journal.find(key)),
    findCall: (call) => live(journal.findCall(call)),
    unfinished: (filter) => live(journal.unfinished(filter))
  })
  const feedOf = (feed: Feed): Feed => ({ ...feed, record: (...heard) => live(feed.record(...heard)) })
  const unlessDead = <A, E>(asked: Effect.Effect<A, E>) =>
    Effect.suspend(() => (isDead ? Effect.never : Effect.tap(asked, () => (isDead ? Effect.never : Effect.void))))
  const providerOf = (provider: CallProvider): CallProvider => ({
    ...provider,
    place: (request) => unlessDead(provider.place(request)),
    get: (id) => unlessDead(provider.get(id)),
    getMany: (ids, detail) => unlessDead(provider.getMany(ids, detail))
  })
  return { journalOf, feedOf, providerOf, count: () => count }
}

const callAt = ({ adapter, placed }: InMemoryProvider) => ({
  provider: adapter.providerId,
  id: placed[0]?.id ?? OrderId.make("none")
})

const stepwise = (minutes: number) =>
  Effect.replicateEffect(TestClock.adjust("30 seconds"), 2 * minutes, { discard: true })

interface Scenario {
  readonly name: string
  readonly isAnswerLost?: boolean
  readonly isNeverPlaced?: boolean
  readonly run: (calls: Calls, provider: InMemoryProvider) => Effect.Effect<unknown, unknown>
}

const SCENARIOS: ReadonlyArray<Scenario> = [
  {
    name: "is placed and waited for",
    run: (calls) =>
      Effect.flatMap(calls.place(order), (placed) =>
        placed.state === "accepted"
          ? calls.awaitEnd(placed.call, { until: "enriched", deadline: "1 hour" })
          : Effect.void
      )
  },
  {
    name: "is uncertain, and over when it is found",
    isAnswerLost: true,
    run: (calls) =>
      Effect.andThen(calls.place(order), Effect.andThen(Effect.sleep("12 minutes"), calls.reconcile("lead-1")))
  },
  {
    name: "is uncertain, and named by a webhook while it goes on and when it is over",
    isAnswerLost: true,
    run: (calls, provider) =>
      Effect.gen(function* () {
        yield* calls.place(order)
        yield* Effect.sleep("10 seconds")
        yield* calls.heard(callAt(provider))
        yield* Effect.sleep("5 minutes")
        yield* calls.heard(callAt(provider))
      })
  },
  {
    name: "is uncertain, and given up",
    isNeverPlaced: true,
    run: (calls) =>
      Effect.andThen(calls.place(order), Effect.andThen(Effect.sleep("12 minutes"), calls.release("lead-1")))
  }
]

/** Dies as it is told, and another process goes on for an hour. */
const played = Effect.fnUntraced(function* (scenario: Scenario, death: Death) {
  const lost = { reason: new TimedOut({}), accepted: scenario.isNeverPlaced !== true, times: 1 }
  const isFailing = scenario.isAnswerLost === true || scenario.isNeverPlaced === true
  const provider = makeInMemoryProvider(isFailing ? { failures: { place: lost } } : {})
  const journal = yield* makeMemoryJournal
  const feed = yield* makeMemoryFeed
  const { journalOf, feedOf, providerOf, count } = mortal(death)
  // Nothing of a process that dies is closed.
  const never = yield* Scope.make()
  const first = yield* Scope.provide(processOn(journalOf(journal), feedOf(feed), providerOf(provider)), never)
  yield* Effect.forkDetach(Effect.exit(scenario.run(first, provider)))
  yield* stepwise(15)
  yield* processOn(journal, feed, provider, { changes: { sweep: "1 minute" }, settle: { every: "1 minute" } })
  yield* stepwise(60)
  const placement = yield* journal.find(keyOf("lead-1"))
  return { changes: yield* toldIn(feed), placement, count: count(), isPlaced: provider.placed.length > 0 }
})

type Played = Effect.Success<ReturnType<typeof played>>

/** Whether what is told in the end is told whole, in order, and once. */
const isWhole = ({ changes, placement, isPlaced }: Played): boolean => {
  const told = changes.map(({ change, state }) => `${change} ${state}`)
  const words = changes.map(({ change }) => change).filter((word) => word !== "enriched")
  const isInOrder = changes.every(({ position }, index) => position === index + 1)
  if (!isInOrder || new Set(words).size < words.length) return false
  const all = told.join(", ")
  if (!isPlaced)
    return (Option.isSome(placement) ? ["uncertain uncertain"] : ["", "uncertain uncertain, settled free"]).includes(
      all
    )
  const steps = words.filter((word) => word !== "uncertain" && word !== "settled")
  const fields = new Set<string>(changes.flatMap(({ fields: each = [] }) => each))
  return (
    steps.join(" ") === "accepted dialing answered ended" &&
    told.includes("settled accepted") === words.includes("uncertain") &&
    ["transcript", "outcome", "recordingUrl"].every((field) => fields.has(field)) &&
    Option.exists(placement, ({ state }) => state === "ended")
  )
}

describe.each(SCENARIOS)("a call that $name", (scenario) => {
  it.effect("is told whole and once, wherever its process died", () =>
    Effect.gen(function* () {
      const dying = (death: Death) => Effect.scoped(played(scenario, death))
      const { count } = yield* dying({ operation: Number.POSITIVE_INFINITY, moment: "before" })
      expect(count).toBeGreaterThan(5)
      const broken: Array<string> = []
      for (let operation = 1; operation <= count; operation++)
        for (const moment of ["before", "after"] as const) {
          const end = yield* dying({ operation, moment })
          const told = end.changes.map(({ change }) => change).join(", ")
          if (!isWhole(end)) broken.push(`${moment} operation ${operation}: ${told}`)
        }
      expect(broken).toEqual([])
    })
  )
})
