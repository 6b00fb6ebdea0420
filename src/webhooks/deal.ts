/** Dealing with what the inbox holds: each call is read once, known ones first, and what fails is tried again. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { JournalError } from "../calls/PlacementJournal.ts"
import type { VoiceCalls } from "../calls/VoiceCalls.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import { nowInstant } from "../calls/currentInstant.ts"
import { instantAt } from "../domain/Instant.ts"
import type { CallError } from "../provider/CallError.ts"
import type { Dealt, InboxEntry, WebhookInbox } from "./WebhookInbox.ts"

interface Dealing {
  readonly calls: VoiceCalls["Service"]
  readonly inbox: WebhookInbox["Service"]
  readonly tenant: string
  readonly tryFor: Duration.Input
  readonly rememberFor: Duration.Input
  readonly unknownPerMinute: number
}

/** What a pass came to: how many entries. */
export interface Counts {
  readonly done: number
  /** Of calls that nobody placed here, or that their provider does not know. */
  readonly unknown: number
  readonly again: number
  readonly parked: number
}

/** How long a claim is good for: longer than a call takes to be read with all its tries. */
const LEASE = Duration.toMillis(Duration.minutes(5))

const MOST_AT_ONCE = 100

/** A call that was placed a moment ago may not be there to be read yet. */
const NOT_FOUND_TRIES = 4

/** The first pause before another try, in milliseconds; each is twice the one before. */
const FIRST_PAUSE = 2000
const LONGEST_PAUSE = Duration.toMillis(Duration.minutes(10))

/** An order that is being placed has its own answer by then. */
const IN_FLIGHT_PAUSE = Duration.toMillis(Duration.seconds(30))

const MINUTE = Duration.toMillis(Duration.minutes(1))

/** So many in any minute, of each provider. */
const makeAllowance = (perMinute: number) => {
  const usedAt = new Map<ProviderId, Array<number>>()
  return (provider: ProviderId, now: number): boolean => {
    const used = (usedAt.get(provider) ?? []).filter((at) => now - at < MINUTE)
    usedAt.set(provider, used)
    if (used.length >= perMinute) return false
    used.push(now)
    return true
  }
}

export const makeDealing = ({ calls, inbox, tenant, tryFor, rememberFor, unknownPerMinute }: Dealing) => {
  const isAllowed = makeAllowance(unknownPerMinute)
  const longest = Duration.toMillis(Duration.fromInputUnsafe(tryFor))
  const remembered = Duration.toMillis(Duration.fromInputUnsafe(rememberFor))

  const again = (millis: number, problem: string, isFree: boolean): Dealt => {
    const dueAt = instantAt(millis)
    return dueAt === undefined ? { state: "parked", problem } : { state: "waiting", dueAt, problem, isFree }
  }

  const afterFailure = (entry: InboxEntry, error: CallError | JournalError, now: number): Dealt => {
    const problem = error._tag === "CallError" ? error.reason._tag : error._tag
    if (problem === "NotFound" && entry.tries >= NOT_FOUND_TRIES) return { state: "done", problem }
    if (now - Date.parse(entry.receivedAt) >= longest) return { state: "parked", problem }
    return again(now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (entry.tries - 1)), problem, false)
  }

  /** What becomes of entries of one call, which is read once for all of them. */
  const dealWith = Effect.fnUntraced(function* (entries: ReadonlyArray<InboxEntry>) {
    const [first] = entries
    if (first === undefined) return []
    const now = yield* Clock.currentTimeMillis
    if (!entries.some(({ isKnown }) => isKnown) && !isAllowed(first.provider, now))
      return entries.map((entry) => [entry, again(now + MINUTE, "TooManyUnknown", true)] as const)
    const result = yield* Effect.result(calls.heard({ provider: first.provider, id: first.orderId }))
    const after = yield* Clock.currentTimeMillis
    return entries.map((entry): readonly [InboxEntry, Dealt] => {
      if (Result.isFailure(result)) return [entry, afterFailure(entry, result.failure, after)]
      const { state } = result.success
      if (state === "in_flight") return [entry, again(after + IN_FLIGHT_PAUSE, "InFlight", true)]
      return [entry, state === "unknown" ? { state: "done", problem: "UnknownCall" } : { state: "done" }]
    })
  })

  const claim = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const [at, until] = [instantAt(now), instantAt(now + LEASE)]
    return at === undefined || until === undefined
      ? []
      : yield* inbox.claim({ tenant, now: at, until, limit: MOST_AT_ONCE })
  })

  return Effect.gen(function* (): Effect.fn.Return<Counts, JournalError> {
    const counts = { done: 0, unknown: 0, again: 0, parked: 0 }
    for (;;) {
      const claimed = yield* claim
      if (claimed.length === 0) break
      const ofCall = Map.groupBy(claimed, ({ provider, orderId }) => JSON.stringify([provider, orderId]))
      yield* Effect.forEach(
        ofCall.values(),
        Effect.fnUntraced(function* (entries) {
          for (const [entry, dealt] of yield* dealWith(entries)) {
            if (!(yield* inbox.settle(entry, dealt, yield* nowInstant))) continue
            if (dealt.state === "parked")
              yield* Effect.logError(`webhooks: a message of ${entry.provider} is parked: ${dealt.problem}`)
            if (dealt.state === "done") counts[dealt.problem === undefined ? "done" : "unknown"] += 1
            else counts[dealt.state === "waiting" ? "again" : "parked"] += 1
          }
        }),
        { concurrency: 8, discard: true }
      )
    }
    const before = instantAt((yield* Clock.currentTimeMillis) - remembered)
    if (before !== undefined) yield* inbox.forget(tenant, before)
    return counts
  })
}
