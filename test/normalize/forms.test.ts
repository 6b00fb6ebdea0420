import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect } from "vitest"
import { normalize, normalizeBytes, normalizeEffect, normalizeStream } from "../../adapters/index.ts"
import { fixturesOf } from "../adapters/fixtures.ts"

const wires = ["revox", "revring"].flatMap((provider) => fixturesOf(provider).map(({ wire }) => wire))
const number = "+12025550177"
const good = { id: "a", call_attempts: [], to_phone_number: number }
const bad = { hello: number }

describe("as an Effect", () => {
  it.effect("gives the records of a payload", () =>
    Effect.gen(function* () {
      expect(yield* normalizeEffect([good, good])).toEqual(normalize([good, good]))
    })
  )

  it.effect("fails with reasons and places, never values, if anything was rejected", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        normalizeEffect([good, bad, { id: null, call_attempts: [] }], { source: "import" })
      )
      expect(error._tag).toBe("PayloadRejected")
      expect(error.rejections).toMatchObject([
        { reason: "unknown_shape", path: "[1]", source: "import" },
        { reason: "missing_id", path: "[2].id", source: "import" }
      ])
      expect(error.message).toMatch(/^2 rejected, the first: unknown_shape at \[1\]/)
      expect(JSON.stringify(error) + String(error) + error.stack).not.toContain(number)
    })
  )
})

describe("as a stream", () => {
  it.effect("gives the records of payloads in their order", () =>
    Effect.gen(function* () {
      const records = yield* Stream.fromIterable(wires).pipe(normalizeStream({ native: false }), Stream.runCollect)
      expect(records).toEqual(wires.flatMap((wire) => normalize(wire, { native: false })))
    })
  )

  it.effect("reads bytes however they are cut, and names the line of what it rejects", () =>
    Effect.gen(function* () {
      const text = [...wires.map((wire) => JSON.stringify(wire)), '{"id":"cut', JSON.stringify(bad, null, 2)].join("\n")
      const bytes = new TextEncoder().encode(text)
      const chunks = Array.from({ length: Math.ceil(bytes.length / 777) }, (_, index) =>
        bytes.subarray(index * 777, index * 777 + 777)
      )
      const records = yield* Stream.fromIterable(chunks).pipe(
        normalizeBytes({ source: "calls.ndjson" }),
        Stream.runCollect
      )
      const readable = records.slice(0, -2)
      expect(readable.filter(({ kind }) => kind !== "rejection")).toEqual(
        wires.flatMap((wire) => normalize(wire)).filter(({ kind }) => kind !== "rejection")
      )
      expect(records.slice(-2)).toMatchObject([
        { kind: "rejection", reason: "unreadable_json", source: `calls.ndjson:${wires.length + 1}` },
        { kind: "rejection", reason: "unknown_shape", source: `calls.ndjson:${wires.length + 2}`, raw: bad }
      ])
    })
  )

  it.effect("reads a stream twice, each time from its start", () =>
    Effect.gen(function* () {
      const records = Stream.make(new TextEncoder().encode(JSON.stringify(good))).pipe(normalizeBytes())
      expect(yield* Stream.runCollect(records)).toEqual(yield* Stream.runCollect(records))
    })
  )
})
