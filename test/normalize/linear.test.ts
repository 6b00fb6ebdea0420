/** Time and memory grow with the input and not with its square, whatever part of it grows. */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { describe, expect, it } from "vitest"
import { csvRows, explain, fold, normalize, redact } from "../../adapters/index.ts"
import { mergeReadings } from "../../src/domain/Merge.ts"
import { makePayloadReader } from "../../src/normalize/normalize.ts"
import { makeCsvReader } from "../../src/normalize/reading/csv.ts"
import { defaultLimits, makeDocumentSplitter } from "../../src/normalize/reading/documents.ts"
import { providers } from "../../adapters/index.ts"
import type { OrderFact } from "../../src/domain/Fact.ts"

const GROWTH = 4
/** Work that is linear grows to 4 times, work that is quadratic to 16 times. */
const MOST = 9
const ROUNDS = 12
const ENOUGH_ROUNDS = 3

/** Of CPU time; what takes less than this is measured several times over. */
const MEASURABLE_MILLIS = 5

/**
 * CPU time of this thread, where Node tells it: what collects garbage has its own. Most of the work is within regular expressions
 * and other parts of the engine, of which nobody counts the steps.
 */
const usage = typeof process.threadCpuUsage === "function" ? process.threadCpuUsage : process.cpuUsage

const cpuMillis = (times: number, work: () => unknown): number => {
  const before = usage()
  for (let time = 0; time < times; time++) work()
  const { user, system } = usage(before)
  return (user + system) / 1000
}

/** Some systems count in ticks, and may have seen none: that is no measurement. */
const seen = (millis: number): number => (millis === 0 ? Infinity : millis)

const measurableTimes = (work: () => unknown): number => {
  let times = 1
  while (cpuMillis(times, work) < MEASURABLE_MILLIS) times *= 2
  return times
}

/**
 * How much more work the same kind of input is at four times its size; the least of several rounds. In each the small one is
 * worked on four times as often: where work is linear that takes as long, and whatever else the machine does slows both alike.
 */
const growthOf = (make: (size: number) => () => unknown, size: number): number => {
  const [small, large] = [make(size), make(GROWTH * size)]
  const times = measurableTimes(small)
  let [least, most] = [Infinity, Infinity]
  for (let round = 0; round < ROUNDS; round++) {
    least = Math.min(least, seen(cpuMillis(GROWTH * times, small)))
    most = Math.min(most, seen(cpuMillis(times, large)))
    if (round >= ENOUGH_ROUNDS && (GROWTH * most) / least < MOST) break
  }
  return (GROWTH * most) / least
}

const list = <A>(size: number, make: (index: number) => A): ReadonlyArray<A> =>
  Array.from({ length: size }, (_, index) => make(index))

const attempt = (index: number, more: object = {}) => ({
  id: `attempt-${index}`,
  phone_number: "+12025550101",
  status: "completed",
  answered_at: null,
  ...more
})

const order = (more: object) => ({ id: "order-1", call_attempts: [], ...more })

const fields = (size: number) => Object.fromEntries(list(size, (at) => [`field-${at}`, at]))

/** A record of an order with one attempt, as unicall wrote it, that is not read again from `native`. */
const view = (native: object, nativeOfAttempt: object): object => {
  const [record] = normalize(order({ call_attempts: [attempt(1)] }))
  if (record?.kind !== "call_order") throw new Error("expected an order")
  return { ...record, native, attempts: record.attempts.map((item) => ({ ...item, native: nativeOfAttempt })) }
}

const folding = (records: ReadonlyArray<object>) => () => fold(records)

const reading = (body: object) => () => normalize(body)

const quoted = (levels: number): string => {
  const quote = (level: number): string => (level === 0 ? '"' : `\\${"u005c".repeat(level - 1)}u0022`)
  const levelsUp = list(levels, (level) => level)
  return `${levelsUp.map((level) => `[${quote(level)}`).join("")}token${levelsUp.map((level) => `${quote(levels - 1 - level)}]`).join("")}`
}

const csvOf = (text: string) => () => {
  const reader = makeCsvReader({}, defaultLimits, { value: () => {}, damaged: () => {} })
  reader.push(new TextEncoder().encode(text))
  reader.end()
}

const documentsOf = (text: string) => () => {
  const splitter = makeDocumentSplitter(defaultLimits, { value: () => {}, damaged: () => {} })
  splitter.push(new TextEncoder().encode(text))
  splitter.end()
}

const orderFacts = (bodies: ReadonlyArray<object>): ReadonlyArray<OrderFact> => {
  const facts: Array<OrderFact> = []
  const read = makePayloadReader(
    providers,
    {},
    {
      fact: (fact) => void (fact.kind === "order" && facts.push(fact)),
      view: () => {},
      hint: () => {},
      rejection: () => {}
    }
  )
  for (const body of bodies) read(body, () => "test")
  return facts
}

const recognizes = () => true

/** What grows, how an input of a size is made, and a size at which a square would show. */
const parts: ReadonlyArray<readonly [name: string, size: number, make: (size: number) => () => unknown]> = [
  ["a key of capitals", 40_000, (size) => reading({ call_order_id: "o", ["A".repeat(size)]: "x" })],
  ["a key of many words", 10_000, (size) => reading({ call_order_id: "o", ["aB-".repeat(size)]: "x" })],
  ["a key that nearly names a secret", 20_000, (size) => reading(order({ ["api_".repeat(size)]: "x" }))],
  ["the key of an unrecognised payload", 40_000, (size) => reading({ ["A".repeat(size)]: "x" })],
  ["the number of keys", 10_000, (size) => reading(order(Object.fromEntries(list(size, (key) => [`k${key}`, "x"]))))],
  [
    "an address with question marks",
    20_000,
    (size) => reading(order({ webhook_url: `https://h/?${"?".repeat(size)}=` }))
  ],
  [
    "an address with parameters",
    20_000,
    (size) => reading(order({ webhook_url: `https://h/?${"a=b&".repeat(size)}` }))
  ],
  ["an address with user-info", 100_000, (size) => reading(order({ webhook_url: `https://${"a@".repeat(size)}` }))],
  ["headers in lines", 10_000, (size) => reading(order({ headers: "name : value\n".repeat(size) }))],
  ["headers without an end", 40_000, (size) => reading(order({ headers: `name${" ".repeat(size)}` }))],
  ["JSON in text", 10_000, (size) => reading(order({ body: JSON.stringify(list(size, () => ({ token: "S" }))) }))],
  ["text in JSON in text", 5000, (size) => () => redact({ body: quoted(Math.round(Math.sqrt(size))) })],
  ["damaged JSON in text", 10_000, (size) => reading(order({ body: `{"token":${'"a" : '.repeat(size)}` }))],
  ["damaged JSON with openings", 10_000, (size) => reading(order({ body: `{token${'"headers":['.repeat(size)}` }))],
  ["damaged JSON with escapes", 100_000, (size) => reading(order({ body: `{"token":${"\\".repeat(size)}` }))],
  ["escaped members", 10_000, (size) => reading(order({ body: `{token${'\\"token\\":\\"S\\",'.repeat(size)}` }))],
  ["text that is no JSON", 20_000, (size) => () => redact(`"token"${" ".repeat(size)}${'"token" '.repeat(size)}`)],
  ["a line of a log with openings", 20_000, (size) => () => normalize(`INFO ${'{"a":'.repeat(size)}`)],
  ["a line of a log with templates", 20_000, (size) => () => normalize(`INFO ${'{name} {"name} '.repeat(size)}`)],
  ["a line of a log with quoted openings", 5000, (size) => () => normalize(`INFO ${'"{\\"a\\":'.repeat(size)}`)],
  ["attempts", 500, (size) => reading(order({ call_attempts: list(size, attempt) }))],
  [
    "one attempt over and over",
    500,
    (size) => {
      const transcript = (index: number) => [{ role: "user", content: index === 0 ? "x".repeat(100 * size) : "x" }]
      return reading(order({ call_attempts: list(size, (at) => attempt(1, { transcript: transcript(at) })) }))
    }
  ],
  [
    "turns",
    2000,
    (size) => reading(order({ call_attempts: [attempt(1, { transcript: list(size, () => ({ role: "user" })) })] }))
  ],
  [
    "issues",
    1000,
    (size) => reading(order({ call_attempts: list(size, (at) => attempt(at, { status: `unknown-${at}`, result: 1 })) }))
  ],
  ["nested arrays", 20_000, (size) => reading({ data: list(size, () => [[[[[]]]]]) })],
  ["rejections", 5000, (size) => reading({ data: list(size, (at) => ({ at })) })],
  ["payloads of one order", 500, (size) => () => fold(list(size, (at) => order({ status: `unknown-${at}` })))],
  ["fields over payloads", 500, (size) => () => fold(list(size, (at) => order({ [`field-${at}`]: at })))],
  ["attempts over payloads", 500, (size) => () => fold(list(size, (at) => order({ call_attempts: [attempt(at)] })))],
  [
    "a large payload among small ones",
    500,
    (size) => () => fold(list(size, (at) => order({ metadata: { a: at === 0 ? "x".repeat(400 * size) : at } })))
  ],
  [
    "a payload of many fields among small ones",
    500,
    (size) => {
      const [large, small] = [order(fields(20 * size)), order({})]
      return () => fold(list(size, (at) => (at === 0 ? large : small)))
    }
  ],
  [
    "listed attempts",
    500,
    (size) => () => fold(list(size, (at) => attempt(1, { call_order_id: "o", [`f${at}`]: at })))
  ],
  [
    "ends in conflict",
    1000,
    (size) => () => fold(list(size, (at) => order({ status: ["completed", "errored", "cancelled"][at % 3] })))
  ],
  ["records about one order", 150, (size) => folding(list(size, (at) => view({ [`field-${at}`]: at }, {})))],
  ["records about one attempt", 150, (size) => folding(list(size, (at) => view({}, { [`field-${at}`]: at })))],
  [
    "a large record among small ones",
    500,
    (size) => folding(list(size, (at) => view({}, at === 0 ? fields(20 * size) : {})))
  ],
  [
    "facts of records about one order and its attempt",
    100,
    (size) => {
      const records = list(size, (at) => view({ [`field-${at}`]: at }, { [`field-${at}`]: at }))
      return () => JSON.stringify(fold(records, { facts: true }))
    }
  ],
  [
    "rejections that were rejected",
    100,
    (size) => {
      const rejected = (levels: number): object =>
        levels === 0
          ? order(fields(50 * size))
          : { kind: "rejection", reason: "unknown_shape", path: "", message: "", source: "", raw: rejected(levels - 1) }
      return reading(rejected(size))
    }
  ],
  [
    "readings with many attempts",
    1000,
    (size) => {
      const [a, b] = orderFacts(
        [1, 2].map((note) => order({ call_attempts: list(size, (at) => attempt(at, { note })) }))
      )
      return () => (a === undefined || b === undefined ? undefined : mergeReadings(a, b, recognizes))
    }
  ],
  [
    "attempts to explain",
    40,
    (size) => {
      const records = normalize(order({ call_attempts: list(size, (at) => attempt(at, { result: "human" })) }))
      return () => records.map((record) => (record.kind === "rejection" ? [] : explain(record)))
    }
  ],
  [
    "fields beside attempts to explain",
    40,
    (size) => {
      const fields = Object.fromEntries(list(20 * size, (at) => [`field-${at}`, at]))
      const records = normalize(order({ ...fields, call_attempts: list(size, (at) => attempt(at)) }))
      return () => records.map((record) => (record.kind === "rejection" ? [] : explain(record)))
    }
  ],
  [
    "rows of one order with much to say",
    300,
    (size) => {
      const attempts = list(size, (at) => attempt(at, { status: `unknown-${at}` }))
      const records = normalize(order({ metadata: { a: "x".repeat(100 * size) }, call_attempts: attempts }))
      return () => records.map((record) => (record.kind === "rejection" ? "" : csvRows(record)))
    }
  ],
  ["columns of one name", 5000, (size) => csvOf(`${"id,".repeat(size)}id\n`)],
  ["columns", 3000, (size) => csvOf(`${list(size, (at) => `c${at}`).join(",")}\n${list(size, () => "x").join(",")}\n`)],
  ["a cell", 100_000, (size) => csvOf(`payload\n"${"x".repeat(size)}"\n`)],
  ["quotes in a cell", 50_000, (size) => csvOf(`payload\n"${'""'.repeat(size)}"\n`)],
  ["rows of CSV", 3000, (size) => csvOf(`a,b\n${"1,2\n".repeat(size)}`)],
  ["damaged rows of CSV", 1000, (size) => csvOf(`a,b\n${'1,"2"3\n'.repeat(size)}`)],
  ["documents on a line", 5000, (size) => documentsOf('{"a":1} '.repeat(size))],
  ["a document cut off again and again", 3000, (size) => documentsOf('{"rows":[\n{"a":1}\n'.repeat(size))]
]

describe("work grows with the input", () => {
  it.each(parts)(
    "with %s",
    // What else runs may disturb one measurement, and a square is seen in all of them.
    { retry: 2, timeout: 60_000 },
    (_, size, make) => {
      expect(growthOf(make, size)).toBeLessThan(MOST)
    }
  )
})

setFlagsFromString("--expose-gc")
const collectOnce: () => void = runInNewContext("gc")
/** What the engine remembers of the forms of objects goes with the second. */
const collect = (): void => (collectOnce(), collectOnce())

/** Bytes held after many records that have nothing in common. */
const heldAfter = (count: number, make: (index: number) => unknown): number => {
  const read = (index: number) => void normalize(make(index))
  read(0)
  collect()
  const before = process.memoryUsage().heapUsed
  for (let index = 1; index <= count; index++) read(index)
  collect()
  return process.memoryUsage().heapUsed - before
}

describe("nothing of a record is held after it", () => {
  const long = (index: number): string => `${index}`.padEnd(100_000, "x")

  it.each<readonly [string, (index: number) => unknown]>([
    ["its keys", (index) => JSON.parse(JSON.stringify(order({ [long(index)]: "x" })))],
    ["its words", (index) => JSON.parse(JSON.stringify(order({ status: long(index) })))],
    [
      "its evidence",
      (index) => JSON.parse(JSON.stringify(order({ call_attempts: [attempt(1, { result: long(index) })] })))
    ],
    [
      "the text around its words and keys",
      (index) => {
        const text = `${long(index)} result-of-call-${index} ${long(index)}`
        const [, word = ""] = text.split(" ")
        return order({
          status: word,
          call_attempts: [attempt(1, { result: word })],
          body: `{"${word}":"${long(index)}`
        })
      }
    ]
  ])(
    "%s",
    (_, make) => {
      expect(heldAfter(200, make)).toBeLessThan(4_000_000)
    },
    60_000
  )
})
