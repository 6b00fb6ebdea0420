/**
 * `unicall demo`: the same orders on every provider's twin, with the same code, and what comes of them side by side; then
 * many orders in an experiment, and what can be concluded from it.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Command from "effect/cli/Command"
import packageJson from "../../../../package.json" with { type: "json" }
import type { CallOrder } from "../../../domain/CallOrder.ts"
import type { CallRef } from "../../../provider/CallError.ts"
import { stories, type Story } from "../../../twin/index.ts"
import { normalizeCommand } from "../normalize/normalizeCommand.ts"
import { compareTwins } from "./demoComparison.ts"
import { type Calls, callsOn, type Line, makeProgress, openLines } from "./demoTwins.ts"
import { aligned, plural, print, seconds, tell } from "../../shell/terminal.ts"

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

/** Canceled once all others are over: it would never end by itself. */
const ENDLESS = "queued-forever"

/** Two hours, the longest delay in a story, pass in three seconds. */
const SPEED = 2400

/** The fifth order is taken, and its answer gets lost. */
const FAULTS = "place:drop/accepted*1~4"

const POLL = { first: "40 millis", longest: "250 millis" } as const

/** An outcome does not come to every call. */
const PARTS = ["transcript", "recording"] as const

/** What came of one story at one provider. */
interface Told {
  readonly order: CallOrder | undefined
  readonly note: string | undefined
}

/** The same order for every provider. */
const orderOf = (provider: string, { digits, name }: Story) => ({
  provider,
  to: `+120255501${digits}`,
  from: "+12025550199",
  agent: { id: "agent_demo" },
  variables: { first_name: "Ada" },
  reference: `demo-${provider}-${name}`
})

interface Asked {
  readonly story: Story
  readonly call: CallRef | undefined
  readonly note: string | undefined
}

/** Asks for the order twice, as a program does that was restarted, and looks for it where the answer was lost. */
const ask = Effect.fnUntraced(function* (calls: Calls, provider: string, story: Story) {
  const order = orderOf(provider, story)
  const first = yield* Effect.result(calls.place(order))
  if (Result.isFailure(first)) return { story, call: undefined, note: "refused by the provider" } satisfies Asked
  const again = yield* calls.place(order)
  if (again.state === "accepted") return { story, call: again.call, note: undefined } satisfies Asked
  const found = yield* calls.reconcile(order.reference)
  return {
    story,
    call: found.state === "accepted" ? found.call : undefined,
    note: found.state === "accepted" ? "answer lost, call found" : "answer lost"
  } satisfies Asked
})

const awaitAll = Effect.fnUntraced(function* (calls: Calls, asked: ReadonlyArray<Asked>, onEnd: () => void) {
  const end = Effect.fnUntraced(function* ({ story, call, note }: Asked) {
    if (call === undefined) return [story.name, { order: undefined, note }] as const
    const order = yield* calls.awaitEnd(call, { until: "enriched", parts: PARTS, deadline: "1 minute" })
    onEnd()
    return [story.name, { order, note: story.name === ENDLESS ? "canceled by us" : note }] as const
  })
  const mortal = yield* Effect.forEach(
    asked.filter(({ story }) => story.name !== ENDLESS),
    end,
    { concurrency: "unbounded" }
  )
  const endless = asked.filter(({ story }) => story.name === ENDLESS)
  for (const { call } of endless) if (call !== undefined) yield* calls.cancel(call)
  return new Map<string, Told>([...mortal, ...(yield* Effect.forEach(endless, end))])
})

const cells = (told: Told | undefined): ReadonlyArray<string> => {
  const order = told?.order
  if (order === undefined) return ["not placed", "", "", ""]
  const { value, certainty } = order.reach
  const talk = order.attempts.findLast(({ talkSeconds }) => talkSeconds !== undefined)?.talkSeconds
  return [order.status, value, certainty, seconds(talk)]
}

const table = (
  played: ReadonlyArray<Story>,
  lines: ReadonlyArray<Line>,
  results: ReadonlyArray<ReadonlyMap<string, Told>>
): string => {
  const titles = lines.flatMap(({ provider }) => [provider.title.toUpperCase(), "", "", ""])
  const columns = lines.flatMap(() => ["STATUS", "REACH", "SURE", "TALK"])
  const rows = played.map(({ name }) => {
    const told = results.map((result) => result.get(name))
    const notes = [...new Set(told.flatMap((each) => each?.note ?? []))]
    return [name, ...told.flatMap(cells), notes.join("; ")]
  })
  return aligned([["", ...titles, ""], ["STORY", ...columns, "NOTES"], ...rows])
}

const figures = (lines: ReadonlyArray<Line>, results: ReadonlyArray<ReadonlyMap<string, Told>>): string => {
  const told = results.flatMap((result) => [...result.values()])
  const placed = lines.flatMap(({ twin }) => twin.orders)
  const duplicates = placed.length - new Set(placed.map(({ reference, id }) => reference ?? id)).size
  const found = told.filter(({ note }) => note?.startsWith("answer lost")).length
  const refused = told.filter(({ order }) => order === undefined).length
  return (
    `${plural(told.length, "order")}, each asked for twice, on ${plural(lines.length, "provider")}: ` +
    `${placed.length} placed, ${refused} refused, ${plural(duplicates, "duplicate")}, ` +
    `${plural(found, "lost answer")} found again\n`
  )
}

const liveDemo = Effect.gen(function* () {
  const played = stories.filter(({ name }) => SHOWN.includes(name))
  const lines = yield* openLines({ faults: FAULTS, speed: SPEED })
  const calls = yield* callsOn(lines, POLL)
  tell(
    `Placing the same ${played.length} orders on ${lines.map(({ provider }) => provider.title).join(" and ")}, as twins on this machine.\n`
  )
  const asked = yield* Effect.forEach(
    lines,
    ({ provider }) => Effect.forEach(played, (story) => ask(calls, provider.id, story)),
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

const normalizeSamples = Command.runWith(normalizeCommand, { version: packageJson.version })

export const runDemo = Effect.fn("unicall.demo")(function* ({ samples }: { readonly samples: ReadonlyArray<string> }) {
  if (samples.length > 0) {
    yield* normalizeSamples(["--format", "table", ...samples])
    print("\n")
  }
  yield* liveDemo
  print("\n")
  yield* compareTwins
})
