/**
 * The webhooks of the demo: a call of each provider that is followed by polls alone, and the same followed by the provider's
 * messages, each of which comes twice. Its clock is moved on, so that a minute passes at once, and the figures are always the same.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { layerMemoryJournal } from "../../../calls/MemoryJournal.ts"
import { makeVoiceCalls, VoiceCalls } from "../../../calls/VoiceCalls.ts"
import { layerTwins, type LoggedRequest, type SendWebhook, sendWebhooks, type Twin } from "../../../twin/index.ts"
import { TWIN_KEY } from "../../../twin/twinKey.ts"
import { layerMemoryInbox } from "../../../webhooks/MemoryInbox.ts"
import { Webhooks } from "../../../webhooks/Webhooks.ts"
import { type LiveProvider, liveProviders } from "../../calls/environment.ts"
import { providers } from "../../providers.ts"
import { aligned, plural, print, seconds } from "../../shell/terminal.ts"

const BASE_URL = "http://127.0.0.1:4010"

/** Whoever is told of a call need not look at it; should nothing come, it is found all the same. */
const SELDOM = { first: "10 minutes", longest: "10 minutes" } as const

/** Longer than the call, whose end is told within a minute. */
const SECONDS = 75

/** Many more than an answer takes to be read. */
const TURNS = 40

/** Lets what waits for no clock go on, such as the bodies of answers. */
const turn = async (): Promise<void> => {
  for (let turns = 0; turns < TURNS; turns++) await new Promise<void>((resolve) => setImmediate(resolve))
}

const follow = Effect.fnUntraced(function* (
  { place, awaitEnd }: VoiceCalls["Service"],
  { id, twin: { options } }: LiveProvider,
  twin: Twin,
  agent: string
) {
  const from = yield* Clock.currentTimeMillis
  const order = { provider: id, to: "+12025550100", from: "+12025550199", agent: { id: agent }, reference: agent }
  const placed = yield* place({ ...order, providerOptions: { [id]: options } })
  if (placed.state !== "accepted") return ["not placed", ""]
  yield* awaitEnd(placed.call, { deadline: "1 hour" })
  const after = ((yield* Clock.currentTimeMillis) - from) / 1000
  const isRead = ({ operation }: LoggedRequest) => operation === "get" || operation === "batch"
  const reads = twin.requests.filter(
    (request) => isRead(request) && `${request.path}${request.body}`.includes(placed.call.id)
  )
  return [seconds(after), String(reads.length)]
})

const rowOf = Effect.fnUntraced(function* (provider: LiveProvider) {
  const twin = yield* Effect.promise(() => provider.twin.make({ faults: "webhook:double" }, provider.twin.demo))
  const client = yield* provider
    .make({ apiKey: Redacted.make(TWIN_KEY), baseUrl: BASE_URL })
    .pipe(Effect.provide(layerTwins([{ twin, baseUrl: BASE_URL }])))
  const polling = yield* makeVoiceCalls([client]).pipe(Effect.provide(layerMemoryJournal))
  const told = yield* makeVoiceCalls([client], { poll: SELDOM }).pipe(Effect.provide(layerMemoryJournal))

  let acted = 0
  const counted = VoiceCalls.of({
    ...told,
    heard: (call) => Effect.tap(told.heard(call), () => Effect.sync(() => void (acted += 1)))
  })
  const trust = { [provider.id]: { trust: "refetch" } } as const
  const layer = Webhooks.layer({ registry: providers, trust }).pipe(
    Layer.provide([Layer.succeed(VoiceCalls)(counted), layerMemoryInbox])
  )
  const { handle } = yield* Webhooks.pipe(Effect.provideContext(yield* Layer.build(layer)))
  const run = Effect.runPromiseWith(yield* Effect.context<never>())
  const answers = new Set<Promise<Response>>()
  const send: SendWebhook = (request) => {
    const answer = run(handle(request))
    answers.add(answer)
    return answer.finally(() => answers.delete(answer))
  }
  yield* Effect.forkScoped(sendWebhooks(twin, send))

  const agentId = twin.agents[0]?.id ?? ""
  yield* told.setWebhookAddresses({ agentId }, { calls: `${BASE_URL}/webhooks/${provider.id}` })
  const both = yield* Effect.forkScoped(
    // The first agent's messages have an address, the other's have none.
    Effect.all([follow(polling, provider, twin, "agent_demo"), follow(told, provider, twin, agentId)], {
      concurrency: "unbounded"
    })
  )
  for (let passed = 0; passed < SECONDS; passed++) {
    yield* Effect.promise(async () => {
      await turn()
      while (answers.size > 0) await Promise.all(answers)
      await turn()
    })
    yield* TestClock.adjust("1 second")
  }
  const [polled = [], heard = []] = both.pollUnsafe() === undefined ? [] : yield* Fiber.join(both)
  const bodies = twin.webhooks.map(({ body }) => body)
  const cells = [provider.title, ...polled, ...heard, String(bodies.length), String(acted)]
  return { cells, came: bodies.length, again: bodies.length - new Set(bodies).size, acted }
}, Effect.scoped)

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, number) => total + number, 0)

/** Prints what both ways came to. */
export const followBothWays = Effect.gen(function* () {
  const rows = yield* Effect.forEach(liveProviders, rowOf)
  print(
    aligned([
      ["", "BY POLLING", "", "BY WEBHOOK", "", "", ""],
      ["PROVIDER", "OVER AFTER", "READS", "OVER AFTER", "READS", "MESSAGES", "ACTED ON"],
      ...rows.map(({ cells }) => cells)
    ])
  )
  const [came, again, acted] = [rows.map((row) => row.came), rows.map((row) => row.again), rows.map((row) => row.acted)]
  print(
    `${plural(sum(came), "message")} came, ${sum(again)} of them for the second time; ${sum(acted)} were acted on\n`
  )
}).pipe(Effect.provide(TestClock.layer()))
