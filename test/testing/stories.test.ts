import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as TestClock from "effect/testing/TestClock"
import { normalize } from "../../adapters/index.ts"
import type { CallOrder } from "../../src/domain/CallOrder.ts"
import { twinHttpClient } from "../../src/twin/inProcess.ts"
import { listen } from "../../src/twin/server.ts"
import { type Story } from "../../src/twin/story.ts"
import { stories } from "../../src/twin/stories.ts"
import type { Twin } from "../../src/twin/twin.ts"
import { endOf, idIn, numberOf, place, read, START, type TwinUnderTest, twinsUnderTest } from "./twinsUnderTest.ts"

const placeable = stories.filter(({ ending }) => ending !== undefined)

const orderIn = (body: unknown, provider: string): CallOrder => {
  const [record, ...others] = normalize(body)
  expect(others).toEqual([])
  if (record?.kind !== "call_order") throw new Error(`expected an order, got ${record?.kind}`)
  expect(record.provider).toBe(provider)
  return record
}

/** What a story promises of the record it ends in. */
const expectPromise = (record: CallOrder, twin: Twin, story: Story, reference: string): void => {
  const ending = twin.endingOf(story)
  expect({ status: record.status, reach: record.reach.value }).toEqual({
    status: ending?.status,
    reach: ending?.reach
  })
  expect(record.issues === undefined).toBe(story.unknownWords === undefined)
  expect(record.conflicts).toBeUndefined()
  expect(record).toMatchObject({ to: numberOf(story.digits), direction: "outbound", channel: "phone", reference })
}

describe.each(twinsUnderTest)("the twin of $provider", (kind: TwinUnderTest) => {
  it.each(placeable.map((story) => [story.digits, story.name, story] as const))(
    "tells story %s, %s, over HTTP",
    async (_, name, story) => {
      const twin = kind.make()
      let now = START
      const server = await listen(twin, { now: () => now })
      try {
        const url = `${server.url}${kind.basePath}${kind.placePath}`
        const body = JSON.stringify(kind.order(numberOf(story.digits), name))
        const placed = await fetch(url, { method: "POST", headers: kind.auth, body })
        expect(placed.status).toBe(kind.placed)
        const answer: unknown = await placed.json()
        expect(orderIn(answer, kind.provider).terminal).toBe(false)
        now = endOf(kind, story)
        const got = await fetch(`${url}/${idIn(kind, answer)}`, { headers: kind.auth })
        expectPromise(orderIn(await got.json(), kind.provider), twin, story, name)
      } finally {
        await server.close()
      }
    }
  )

  it.effect.each(placeable.map((story) => [story.digits, story.name, story] as const))(
    "tells story %s, %s, in process",
    ([, name, story]) =>
      Effect.gen(function* () {
        const twin = kind.make()
        const client = twinHttpClient([{ twin, baseUrl: kind.baseUrl }])
        yield* TestClock.setTime(START)
        const url = `${kind.baseUrl}${kind.placePath}`
        const request = HttpClientRequest.post(url, { headers: kind.auth }).pipe(
          HttpClientRequest.bodyJsonUnsafe(kind.order(numberOf(story.digits), name))
        )
        const placed = yield* client.execute(request)
        expect(placed.status).toBe(kind.placed)
        const id = idIn(kind, yield* placed.json)
        yield* TestClock.setTime(endOf(kind, story))
        const got = yield* client.get(`${url}/${id}`, { headers: kind.auth })
        expectPromise(orderIn(yield* got.json, kind.provider), twin, story, name)
      })
  )

  it("gives records without issues at every step of every story", () => {
    const twin = kind.make()
    for (const story of placeable.filter(({ unknownWords }) => unknownWords === undefined)) {
      const id = place(kind, twin, numberOf(story.digits))
      const end = endOf(kind, story)
      for (let step = 0; step <= 12; step++) {
        const record = orderIn(read(kind, twin, id, Math.round(START + ((end - START) * step) / 12)), kind.provider)
        expect([story.name, record.issues]).toEqual([story.name, undefined])
        expect(record.id).toBe(id)
      }
    }
  })

  it("shows contradictions in one story only", () => {
    const twin = kind.make()
    const contradicted = placeable.filter((story) => {
      const id = place(kind, twin, numberOf(story.digits))
      return orderIn(read(kind, twin, id, endOf(kind, story)), kind.provider).reach.contradicted === true
    })
    expect(contradicted.map(({ name }) => name)).toEqual(["doubtful-voicemail"])
  })

  it("says why an ending is another than the story's", () => {
    const twin = kind.make()
    for (const story of placeable) {
      const ending = twin.endingOf(story)
      const isOther = ending?.status !== story.ending?.status || ending?.reach !== story.ending?.reach
      expect([story.name, ending?.because !== undefined]).toEqual([story.name, isOther])
    }
  })

  it("has transcript, recording and outcome when the story has them, not before", () => {
    const twin = kind.make()
    const story = placeable.find(({ name }) => name === "late-enrichment") ?? placeable[0]!
    const id = place(kind, twin, numberOf(story.digits))
    const enrichedAfter = (seconds: number) => {
      const record = orderIn(read(kind, twin, id, START + (50 + seconds) * 1000), kind.provider)
      const { transcript, recording } = record.enriched
      return [record.terminal, transcript, recording, (record.outcome ?? record.summary) !== undefined]
    }
    expect([0, 180, 300, 600].map(enrichedAfter)).toEqual([
      [true, false, false, false],
      [true, true, false, false],
      [true, true, true, false],
      [true, true, true, true]
    ])
  })
})
