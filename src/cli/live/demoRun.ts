/** `unicall demo`: the same orders on every provider's twin, with the same code, and what comes of them side by side. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Command from "effect/cli/Command"
import packageJson from "../../../package.json" with { type: "json" }
import { makeRevoxTwin, makeRevRingTwin } from "../../../adapters/testing.ts"
import { layerMemoryJournal } from "../../calls/MemoryJournal.ts"
import { VoiceCalls } from "../../calls/VoiceCalls.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { CallRef } from "../../provider/CallError.ts"
import { listen, stories, type Story, type Twin, type TwinServer } from "../../testing/twin/index.ts"
import { normalizeCommand } from "../normalizeCommand.ts"
import { layerHttp } from "./http.ts"
import { type LiveProvider, liveProviders } from "./liveProviders.ts"
import { aligned, plural, print, seconds, tell } from "./terminal.ts"

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

const twins: { readonly [id: string]: () => Twin } = {
  revox: () => makeRevoxTwin({ faults: FAULTS, listItems: "orders" }),
  revring: () => makeRevRingTwin({ faults: FAULTS })
}

/** An outcome does not come to every call. */
const PARTS = ["transcript", "recording"] as const

interface Line {
  readonly provider: LiveProvider
  readonly twin: Twin
  readonly server: TwinServer
}

/** What came of one story at one provider. */
interface Told {
  readonly order: CallOrder | undefined
  readonly note: string | undefined
}

const startTwin = Effect.fnUntraced(function* (provider: LiveProvider) {
  const twin = twins[provider.id]?.()
  if (twin === undefined) return undefined
  const server = yield* Effect.acquireRelease(
    Effect.promise(() => listen(twin, { speed: SPEED })),
    (opened) => Effect.promise(() => opened.close())
  )
  return { provider, twin, server } satisfies Line
})

const WIDTH = 24

const makeProgress = (total: number) => {
  let over = 0
  const terminal = process.stderr.isTTY === true
  return {
    one: (): void => {
      over += 1
      const filled = Math.round((WIDTH * over) / total)
      if (terminal)
        tell(`\r\u001B[K[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}] ${over} of ${total} calls over`)
      else if (over === total) tell(`${total} of ${total} calls over\n`)
    },
    clear: (): void => {
      if (terminal) tell("\r\u001B[K")
    }
  }
}

type Calls = VoiceCalls["Service"]

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
  const lines = (yield* Effect.forEach(liveProviders, startTwin)).filter((line) => line !== undefined)
  const providers = lines.map(({ provider, server }) =>
    provider.make({ apiKey: Redacted.make("twin-key"), baseUrl: server.url })
  )
  const layer = VoiceCalls.layer(providers, { poll: POLL }).pipe(
    Layer.provide(layerMemoryJournal),
    Layer.provide(layerHttp)
  )
  const calls = yield* VoiceCalls.pipe(Effect.provideContext(yield* Layer.build(layer)))
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
})
