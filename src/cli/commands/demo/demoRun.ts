/**
 * `unicall demo`: the same orders on every provider's twin, with the same code, and what comes of them side by side; then
 * many orders in an experiment, and what can be concluded from it.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CallOrder } from "../../../domain/CallOrder.ts"
import type { CallError, CallRef } from "../../../provider/CallError.ts"
import { stories, type Story } from "../../../twin/index.ts"
import { compareTwins } from "./demoComparison.ts"
import { followBothWays } from "./demoWebhooks.ts"
import { type Calls, callsOn, type Line, makeProgress, openLines, optionsOf, titlesOf } from "./demoTwins.ts"
import { talkTime } from "../../calls/placements.ts"
import { aligned, plural, print, tell } from "../../shell/terminal.ts"

/** One of each kind of end, in the order of the number's last two digits. */
const SHOWN = [
  "human",
  "human-booking",
  "transferred",
  "voicemail",
  "ivr",
  "call-screening",
  "busy",
  "invalid-number",
  "no-answer-then-human",
  "late-enrichment",
  "queued-forever",
  "refused"
]

/** A call that never ends by itself: it is canceled after the others. */
const ENDLESS = "queued-forever"

/** Two hours, the longest delay in a story, pass in three seconds. */
const SPEED = 2400

/** The fifth order is accepted, and its answer is lost. */
const FAULTS = "place:drop/accepted*1~4"

const POLL = { first: "40 millis", longest: "250 millis" } as const

/** Not every call has an outcome. */
const PARTS = ["transcript", "recording"] as const

/** The same order for every provider, with what only one of them needs. */
const orderOf = (provider: string, { digits, name }: Story, providerOptions: UnicallProviderOptions) => ({
  provider,
  to: `+120255501${digits}`,
  from: "+12025550199",
  agent: { id: "agent_demo" },
  variables: { first_name: "Ada" },
  reference: `demo-${provider}-${name}`,
  providerOptions
})

interface Asked {
  readonly story: Story
  readonly call?: CallRef
  readonly note?: string
}

/** What came of one story at one provider. */
interface Played extends Asked {
  readonly order?: CallOrder
}

/** Places the order twice, as a restarted program does, and reconciles it if the answer was lost. */
const ask = Effect.fnUntraced(function* (
  calls: Calls,
  provider: string,
  story: Story,
  providerOptions: UnicallProviderOptions
) {
  const order = orderOf(provider, story, providerOptions)
  const first = yield* Effect.result(calls.place(order))
  if (Result.isFailure(first)) return { story, note: "refused by the provider" } satisfies Asked
  const again = yield* calls.place(order)
  if (again.state === "accepted") return { story, call: again.call } satisfies Asked
  const found = yield* calls.reconcile(order.reference)
  if (found.state !== "accepted") return { story, note: "answer lost" } satisfies Asked
  return { story, call: found.call, note: "answer lost, call found" } satisfies Asked
})

const awaitAll = Effect.fnUntraced(function* (calls: Calls, asked: ReadonlyArray<Asked>, onEnd: () => void) {
  const end = Effect.fnUntraced(function* (each: Asked): Effect.fn.Return<Played, CallError> {
    if (each.call === undefined) return each
    const order = yield* calls.awaitEnd(each.call, { until: "enriched", parts: PARTS, deadline: "1 minute" })
    onEnd()
    return { ...each, order }
  })
  const stop = Effect.fnUntraced(function* (each: Asked): Effect.fn.Return<Played, CallError> {
    if (each.call === undefined) return each
    const cannot = Effect.as(calls.cancel(each.call), false).pipe(
      Effect.catchReason("CallError", "Unsupported", () => Effect.succeed(true))
    )
    if (!(yield* cannot)) return { ...(yield* end(each)), note: "canceled by us where it can be" }
    onEnd()
    return { ...each, order: yield* calls.get(each.call) }
  })
  const mortal = asked.filter(({ story }) => story.name !== ENDLESS)
  const endless = asked.filter(({ story }) => story.name === ENDLESS)
  const over = yield* Effect.forEach(mortal, end, { concurrency: "unbounded" })
  return [...over, ...(yield* Effect.forEach(endless, stop))]
})

const cells = (order: CallOrder | undefined): ReadonlyArray<string> =>
  order === undefined
    ? ["not placed", "", "", ""]
    : [order.status, order.reach.value, order.reach.certainty, talkTime(order)]

/** What came of the stories, for each line. */
type Results = ReadonlyArray<ReadonlyArray<Played>>

const table = (stories: ReadonlyArray<Story>, lines: ReadonlyArray<Line>, results: Results): string => {
  const titles = lines.flatMap(({ provider }) => [provider.title.toUpperCase(), "", "", ""])
  const columns = lines.flatMap(() => ["STATUS", "REACH", "SURE", "TALK"])
  const rows = stories.map((story) => {
    const played = results.map((result) => result.find((each) => each.story === story))
    const notes = [...new Set(played.flatMap((each) => each?.note ?? []))]
    return [story.name, ...played.flatMap((each) => cells(each?.order)), notes.join("; ")]
  })
  return aligned([["", ...titles, ""], ["STORY", ...columns, "NOTES"], ...rows])
}

const figures = (lines: ReadonlyArray<Line>, results: Results): string => {
  const played = results.flat()
  const placed = lines.flatMap(({ twin }) => twin.orders)
  const duplicates = placed.length - new Set(placed.map(({ reference, id }) => reference ?? id)).size
  const found = played.filter(({ note }) => note?.startsWith("answer lost")).length
  const refused = played.filter(({ order }) => order === undefined).length
  return (
    `${plural(played.length, "order")}, each asked for twice, on ${plural(lines.length, "provider")}: ` +
    `${placed.length} placed, ${refused} refused, ${plural(duplicates, "duplicate")}, ` +
    `${plural(found, "lost answer")} found again\n`
  )
}

const liveDemo = Effect.gen(function* () {
  const played = stories.filter(({ name }) => SHOWN.includes(name))
  const lines = yield* openLines(FAULTS, SPEED)
  const calls = yield* callsOn(lines, POLL)
  const options = optionsOf(lines)
  tell(`Placing the same ${played.length} orders on ${titlesOf(lines)}, as twins on this machine.\n`)
  const asked = yield* Effect.forEach(
    lines,
    ({ provider }) => Effect.forEach(played, (story) => ask(calls, provider.id, story, options)),
    { concurrency: "unbounded" }
  )
  const progress = makeProgress(asked.flat().filter(({ call }) => call !== undefined).length)
  const results = yield* Effect.forEach(asked, (each) => awaitAll(calls, each, progress.one), {
    concurrency: "unbounded"
  })
  progress.clear()
  print(table(played, lines, results))
  print(figures(lines, results))
}).pipe(Effect.scoped)

export const runDemo = Effect.gen(function* () {
  yield* liveDemo
  print("\n")
  yield* followBothWays
  print("\n")
  yield* compareTwins
})
