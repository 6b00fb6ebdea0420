/**
 * The benchmark: `node test/bench/run.ts [--quick] [--only a,b,c,d,e,f,g,h,r,w]`. What it measures and against what is told in
 * docs/performance.md. Times are compared within one run only; it exits with 1 if a target is missed.
 */
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statfsSync, statSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import * as Struct from "effect/Struct"
import { Pool } from "pg"
import { addressIn, isInstalled, startServer } from "../postgres/server.ts"
import { checkBaseline } from "./check.ts"
import { findCli } from "./cli.ts"
import { writeOrders } from "./compareData.ts"
import { type DataOptions, writeData } from "./data.ts"
import { type JournalMeasured, type JournalTask, warmUpOf } from "./journalPlacements.ts"
import type { Memory } from "./memory.ts"
import type { Measured } from "./variant.ts"

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } }
})

const SIZES = options.quick
  ? {
      records: 20_000,
      rounds: 3,
      few: 10_000,
      many: 100_000,
      requests: 4_000,
      waiting: 20_000,
      placements: 2_000,
      messages: 2_000,
      decisions: 20_000
    }
  : {
      records: 60_000,
      rounds: 5,
      few: 100_000,
      many: 1_000_000,
      requests: 16_000,
      waiting: 20_000,
      placements: 10_000,
      messages: 4_000,
      decisions: 50_000
    }
const SAMPLE = 2_000
const SEED = 1
const NO_CODE_GENERATION = "--disallow-code-generation-from-strings"

interface Row {
  readonly measure: string
  readonly ours: string
  readonly other: string
  readonly ratio: string
  readonly best: string
  readonly spread: string
  readonly target: string
  readonly verdict: "met" | "MISSED" | "FAILED" | "skipped"
}

const rows: Array<Row> = []
const folder = mkdtempSync(join(tmpdir(), "unicall-bench-"))
const cleanUp = (): void => rmSync(folder, { recursive: true, force: true })
process.on("exit", cleanUp)
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130))

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const wanted = (group: string): boolean => options.only === undefined || options.only.split(",").includes(group)

const skip = (measure: string, target: string, reason: string): void => {
  progress(`skipped: ${measure}: ${reason}`)
  rows.push({ measure, ours: "", other: "", ratio: "", best: "", spread: "", target, verdict: "skipped" })
}

/** A variant that breaks costs its measure, not the others. */
const attempt = (measure: string, target: string, job: () => void): void => {
  try {
    job()
  } catch (error) {
    progress(`failed: ${measure}: ${error instanceof Error ? error.message : String(error)}`)
    rows.push({ measure, ours: "", other: "", ratio: "", best: "", spread: "", target, verdict: "FAILED" })
  }
}

// Data

const files = new Map<string, string>()

/** The file of records with these options, written when first asked for. */
const dataFile = (data: DataOptions): string => {
  const name = `${data.count}-${data.damaged ?? 0}.ndjson`
  const known = files.get(name)
  if (known !== undefined) return known
  const path = join(folder, name)
  const bytes = writeData(path, { seed: SEED, ...data })
  progress(`${data.count} records, ${Math.round((data.damaged ?? 0) * 100)} % damaged: ${Math.round(bytes / 1e6)} MB`)
  files.set(name, path)
  return path
}

const output = join(folder, "output.ndjson")

// Child processes

const median = (numbers: ReadonlyArray<number>): number => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

const failure = (what: string, status: number | null, text: string): Error =>
  new Error(`${what} ended with ${status}: ${text}`)

const source = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** Seconds for a thousand records, as the job inside the process took them. */
const inside =
  (name: string, input: string, flags: ReadonlyArray<string> = []) =>
  (): number => {
    const child = spawnSync(process.execPath, [...flags, source("variant.ts"), name, input, output], {
      encoding: "utf8"
    })
    if (child.status !== 0) throw failure(name, child.status, child.stderr)
    const measured: Measured = JSON.parse(child.stdout)
    return (measured.seconds / measured.records) * 1000
  }

type Sink = "file" | "pipe"

/** A pipe hides how its first command ended, and a crash is fast: the status comes on a channel of its own. */
const INTO_PIPE = '{ "$@"; echo $? >&3; } | wc -c'

/** The same for a whole process, from its start to its end. */
const whole =
  (args: ReadonlyArray<string>, count: number, sink: Sink, path = output) =>
  (): number => {
    const what = args.join(" ")
    const file = openSync(sink === "file" ? path : "/dev/null", "w")
    const start = performance.now()
    const child =
      sink === "file"
        ? spawnSync(process.execPath, args, { stdio: ["ignore", file, "pipe"], encoding: "utf8" })
        : spawnSync("/bin/sh", ["-c", INTO_PIPE, "sh", process.execPath, ...args], {
            stdio: ["ignore", "pipe", "pipe", "pipe"],
            encoding: "utf8"
          })
    const seconds = (performance.now() - start) / 1000
    closeSync(file)
    const status = sink === "file" ? child.status : Number(child.output[3]?.trim() || "1")
    if (status !== 0) throw failure(what, status, child.stderr)
    if (sink === "pipe" && Number(child.stdout.trim()) === 0) throw failure(what, status, "no output")
    return (seconds / count) * 1000
  }

const busyShares: Array<number> = []

/** Looks for a moment, while nothing of ours runs, how busy others keep the machine: it decides what the times are worth. */
const sampleOthers = (): void => {
  const read = () =>
    cpus().map(({ times }) => ({ idle: times.idle, all: Object.values(times).reduce((a, b) => a + b, 0) }))
  const before = read()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  const after = read()
  const sum = (key: "idle" | "all") =>
    after.reduce((total, cpu, index) => total + cpu[key] - (before[index]?.[key] ?? 0), 0)
  const all = sum("all")
  if (all > 0) busyShares.push(1 - sum("idle") / all)
}

interface Comparison {
  readonly measure: string
  readonly ours: () => number
  readonly other: () => number
  readonly target: number
  /** As many as of all measures unless given. */
  readonly rounds?: number
}

const rate = (secondsPerThousand: number): string => `${(1 / secondsPerThousand).toFixed(1)} k/s`

/** Ours and the other in turns, the first one of a round alternating; medians compared. */
const compare = (comparison: Comparison): void =>
  attempt(comparison.measure, `≥ ${comparison.target.toFixed(2)}`, () => compareTimes(comparison))

const compareTimes = ({ measure, ours, other, target, rounds = SIZES.rounds }: Comparison): void => {
  const times: { readonly ours: Array<number>; readonly other: Array<number> } = { ours: [], other: [] }
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0
    sampleOthers()
    if (first) times.ours.push(ours())
    times.other.push(other())
    if (!first) times.ours.push(ours())
    progress(
      `${measure}, round ${round + 1} of ${rounds}: ${((times.other.at(-1) ?? 0) / (times.ours.at(-1) ?? 1)).toFixed(2)}`
    )
  }
  const ratio = median(times.other) / median(times.ours)
  const ratios = times.other.map((time, round) => time / (times.ours[round] ?? Number.NaN))
  rows.push({
    measure,
    ours: rate(median(times.ours)),
    other: rate(median(times.other)),
    ratio: ratio.toFixed(2),
    best: (Math.min(...times.other) / Math.min(...times.ours)).toFixed(2),
    spread: `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
    target: target === 0 ? "" : `≥ ${target.toFixed(2)}`,
    verdict: ratio >= target ? "met" : "MISSED"
  })
}

// (a) and (b)

const cli = findCli()

const throughput = (): void => {
  const clean = dataFile({ count: SIZES.records })
  const damaged = dataFile({ count: SIZES.records, damaged: 0.1 })
  compare({
    measure: "a1 library / by hand",
    ours: inside("ours", clean),
    other: inside("baseline", clean),
    target: 0.85
  })
  compare({
    measure: "a2 the same, no code generation",
    ours: inside("ours", clean, [NO_CODE_GENERATION]),
    other: inside("baseline", clean, [NO_CODE_GENERATION]),
    target: 0.85
  })
  compare({
    measure: "a3 the same, 10 % damaged",
    ours: inside("ours", damaged),
    other: inside("baseline", damaged),
    target: 0.7
  })
  const measure = "a4 command line / by hand"
  if (cli === undefined) return skip(measure, "≥ 0.85", "there is no command line yet")
  compare({
    measure,
    ours: whole(cli.normalize(clean), SIZES.records, "file"),
    other: whole([source("variant.ts"), "baseline", clean, join(folder, "by-hand.ndjson")], SIZES.records, "pipe"),
    target: 0.85
  })
}

const decoding = (): void => {
  const sample = dataFile({ count: SAMPLE })
  const clean = dataFile({ count: SIZES.records })
  compare({
    measure: "b1 decoding: ours / zod 4",
    ours: inside("decode-ours", sample),
    other: inside("decode-zod", sample),
    target: 1.4
  })
  compare({
    measure: "b2 whole job: ours / with zod",
    ours: inside("ours", clean),
    other: inside("ours", clean, ["--import", new URL("zodHooks.ts", import.meta.url).href]),
    target: 1
  })
}

// (c)

const memoryOf = (job: ReadonlyArray<string>, count: number, collecting: boolean): Memory => {
  const report = join(folder, "memory.json")
  const flags = [...(collecting ? ["--expose-gc"] : []), "--import", new URL("memory.ts", import.meta.url).href]
  const sink = openSync("/dev/null", "w")
  const child = spawnSync(process.execPath, [...flags, ...job], {
    stdio: ["ignore", sink, "pipe"],
    encoding: "utf8",
    env: { ...process.env, UNICALL_BENCH_MEMORY: report }
  })
  closeSync(sink)
  if (child.status !== 0) throw failure("memory run", child.status, child.stderr)
  const memory: Memory = JSON.parse(readFileSync(report, "utf8"))
  progress(
    `${count} records: peak ${Math.round(memory.peak / 1000)} MB, heap ${memory.heap
      .map((bytes) => (bytes / 1e6).toFixed(1))
      .slice(-8)
      .join(" ")} MB`
  )
  return memory
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const BYTES_PER_RECORD = 4_000

const memory = (): void => {
  const subject = cli === undefined ? "library" : "command line"
  const heapMeasure = `c1 ${subject}: heap, ${SIZES.many} / ${SIZES.few} records`
  const peakMeasure = `c2 ${subject}: peak memory at ${SIZES.many}`
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < SIZES.many * BYTES_PER_RECORD * 1.5) {
    skip(heapMeasure, "0.90–1.10", "too little room for the file")
    return skip(peakMeasure, "≤ 250 MB", "too little room for the file")
  }
  const job = (count: number): ReadonlyArray<string> => {
    const input = dataFile({ count })
    return cli === undefined ? [source("variant.ts"), "ours", input, "/dev/null"] : cli.normalize(input)
  }
  const few = median(memoryOf(job(SIZES.few), SIZES.few, true).heap)
  const many = median(memoryOf(job(SIZES.many), SIZES.many, true).heap)
  const ratio = many / few
  rows.push({
    measure: heapMeasure,
    ours: megabytes(many),
    other: megabytes(few),
    ratio: ratio.toFixed(2),
    best: "",
    spread: "",
    target: "0.90–1.10",
    verdict: ratio >= 0.9 && ratio <= 1.1 ? "met" : "MISSED"
  })
  const peak = memoryOf(job(SIZES.many), SIZES.many, false).peak * 1024
  rows.push({
    measure: peakMeasure,
    ours: megabytes(peak),
    other: "",
    ratio: "",
    best: "",
    spread: "",
    target: "≤ 250 MB",
    verdict: peak <= 250e6 ? "met" : "MISSED"
  })
  files.forEach((path, name) => {
    if (name.startsWith(String(SIZES.many))) rmSync(path)
  })
}

// (d)

const digest = (path: string): string => {
  const hash = createHash("sha256")
  const chunk = Buffer.allocUnsafe(1 << 20)
  const file = openSync(path, "r")
  for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk))
    hash.update(chunk.subarray(0, length))
  closeSync(file)
  return hash.digest("hex")
}

const workers = (): void => {
  const measures = {
    pipe: "d1 two workers / one thread, into a pipe",
    file: "d2 two workers / one thread, into a file",
    same: "d3 two workers: the same bytes"
  }
  if (cli === undefined) {
    skip(measures.pipe, "≥ 1.60", "there is no command line yet")
    skip(measures.file, "≥ 1.30", "there is no command line yet")
    return skip(measures.same, "identical", "there is no command line yet")
  }
  const count = SIZES.records
  const clean = dataFile({ count })
  const [alone, shared] = [cli.normalize(clean), cli.normalize(clean, 2)]
  compare({
    measure: measures.pipe,
    ours: whole(shared, count, "pipe"),
    other: whole(alone, count, "pipe"),
    target: 1.6
  })
  const sharedOutput = join(folder, "output-of-workers.ndjson")
  compare({
    measure: measures.file,
    ours: whole(shared, count, "file", sharedOutput),
    other: whole(alone, count, "file"),
    target: 1.3
  })
  attempt(measures.same, "identical", () => {
    const same = digest(output) === digest(sharedOutput)
    const verdict = same ? "met" : "MISSED"
    rows.push({
      measure: measures.same,
      ours: "",
      other: "",
      ratio: "",
      best: "",
      spread: "",
      target: "identical",
      verdict
    })
  })
}

// (e) and (f)

/** Seconds for a thousand requests, as the process that sends them took them. */
const asking = (name: string, baseUrl: string) => (): number => {
  const child = spawnSync(process.execPath, [source("liveVariant.ts"), name, baseUrl, String(SIZES.requests)], {
    encoding: "utf8"
  })
  if (child.status !== 0) throw failure(name, child.status, child.stderr)
  return (Number(child.stdout) / SIZES.requests) * 1000
}

/** A provider in a process of its own, so that its work is not counted as ours. */
const withServer = async (job: (baseUrl: string) => void): Promise<void> => {
  const server = spawn(process.execPath, [source("liveServer.ts")], { stdio: ["ignore", "pipe", "inherit"] })
  try {
    const [port] = await once(server.stdout, "data")
    job(`http://127.0.0.1:${String(port).trim()}`)
  } finally {
    server.kill()
  }
}

const requests = (baseUrl: string): void => {
  const bare = asking("fetch", baseUrl)
  compare({
    measure: "e1 get, our transport / bare fetch",
    ours: asking("service-node", baseUrl),
    other: bare,
    target: 0.6
  })
  compare({
    measure: "e2 get, over fetch / bare fetch",
    ours: asking("service-fetch", baseUrl),
    other: bare,
    target: 0.4
  })
  compare({
    measure: "e3 get, over fetch / generated SDK",
    ours: asking("service-fetch", baseUrl),
    other: asking("retell-sdk", baseUrl),
    target: 0
  })
}

const MOST_BYTES_WAITING = 5_000

const waiting = (): void => {
  const measure = `f1 heap of a waiting call, ${SIZES.waiting} waiting`
  const target = `≤ ${MOST_BYTES_WAITING / 1000} kB`
  attempt(measure, target, () => {
    const child = spawnSync(process.execPath, ["--expose-gc", source("liveWaiting.ts"), String(SIZES.waiting)], {
      encoding: "utf8"
    })
    if (child.status !== 0) throw failure("waiting", child.status, child.stderr)
    const bytes = Number(child.stdout)
    const verdict = bytes <= MOST_BYTES_WAITING ? "met" : "MISSED"
    rows.push({
      measure,
      ours: `${(bytes / 1000).toFixed(2)} kB`,
      other: "",
      ratio: "",
      best: "",
      spread: "",
      target,
      verdict
    })
  })
}

// (r)

/** For 99 of a hundred decisions. */
const MOST_MICROS_DECIDING = 50

const ROUTES = {
  fixed: "one provider",
  weights: "weights by number",
  rules: "country, prefix, hours",
  cheapest: "least price",
  experiment: "experiment",
  pool: "named agent, 50 numbers"
} as const

const deciding = (): void => {
  for (const [index, kind] of Struct.keys(ROUTES).entries()) {
    const measure = `r${index + 1} route, ${ROUTES[kind]}`
    const target = `≤ ${MOST_MICROS_DECIDING} µs`
    attempt(measure, target, () => {
      sampleOthers()
      const child = spawnSync(process.execPath, [source("routingVariant.ts"), kind, String(SIZES.decisions)], {
        encoding: "utf8"
      })
      if (child.status !== 0) throw failure("routes", child.status, child.stderr)
      const { half, p99 }: { readonly half: number; readonly p99: number } = JSON.parse(child.stdout)
      rows.push({
        measure,
        ours: `${p99.toFixed(0)} µs`,
        other: `half: ${half.toFixed(0)} µs`,
        ratio: "",
        best: "",
        spread: "",
        target,
        verdict: p99 <= MOST_MICROS_DECIDING ? "met" : "MISSED"
      })
    })
  }
}

// (g)

const BYTES_PER_ORDER = 2_500
const ROUNDS_OF_COMPARING = 3
/** Growth of the whole process with each order: its columns, and what sorting and drawing take of them for a while. */
const MOST_BYTES_PER_ORDER = 600

const orderFile = (records: number, orders = records): string => {
  const name = `orders-${records}-${orders}.ndjson`
  const known = files.get(name)
  if (known !== undefined) return known
  const path = join(folder, name)
  const bytes = writeOrders(path, { records, orders, seed: SEED })
  progress(`${records} normalised records of ${orders} orders: ${Math.round(bytes / 1e6)} MB`)
  files.set(name, path)
  return path
}

const comparing = (): void => {
  const measures = {
    library: "g1 library: parsing / comparing",
    cli: "g2 command line: parsing / comparing",
    each: `g3 command line: memory of an order, ${SIZES.few} to ${SIZES.many}`,
    again: `g4 command line: memory, each order ${SIZES.many / SIZES.few} times / once`
  }
  const { bavail, bsize } = statfsSync(folder)
  if (cli === undefined || bavail * bsize < SIZES.many * BYTES_PER_ORDER * 2.5) {
    const reason = cli === undefined ? "there is no command line yet" : "too little room for the files"
    return Object.values(measures).forEach((measure) => skip(measure, "", reason))
  }
  const command = cli
  const many = orderFile(SIZES.many)
  const rounds = ROUNDS_OF_COMPARING
  // A small heap is not collected: few orders tell little.
  const [target, mostBytes] = options.quick ? [0, Number.POSITIVE_INFINITY] : [0.25, MOST_BYTES_PER_ORDER]
  const bytesTarget = options.quick ? "" : `≤ ${mostBytes} B`
  compare({
    measure: measures.library,
    ours: inside("compare", many),
    other: inside("parse", many),
    target,
    rounds
  })
  compare({
    measure: measures.cli,
    ours: whole(command.compare(many), SIZES.many, "file"),
    other: whole([source("variant.ts"), "parse", many], SIZES.many, "file"),
    target,
    rounds
  })
  const peakOf = (input: string, records: number): number =>
    memoryOf(command.compare(input), records, false).peak * 1024
  const row = (measure: string, ours: number, other: number) => {
    return { measure, ours: megabytes(ours), other: megabytes(other), best: "", spread: "" }
  }
  attempt(measures.each, bytesTarget, () => {
    const [most, fewest] = [peakOf(many, SIZES.many), peakOf(orderFile(SIZES.few), SIZES.few)]
    const bytes = (most - fewest) / (SIZES.many - SIZES.few)
    rows.push({
      ...row(measures.each, most, fewest),
      ratio: `${Math.round(bytes)} B`,
      target: bytesTarget,
      verdict: bytes <= mostBytes ? "met" : "MISSED"
    })
    const again = peakOf(orderFile(SIZES.many, SIZES.few), SIZES.many)
    rows.push({
      ...row(measures.again, again, fewest),
      ratio: (again / fewest).toFixed(2),
      target: "≤ 1.20",
      verdict: again <= 1.2 * fewest ? "met" : "MISSED"
    })
  })
  for (const orders of [SIZES.many, SIZES.few]) rmSync(orderFile(SIZES.many, orders))
}

// (h)

const growthRow = (measure: string, bytes: number, other = ""): void => {
  const ours = `${Math.round(bytes)} B`
  rows.push({ measure, ours, other, ratio: "", best: "", spread: "", target: "", verdict: "met" })
}

const inDatabase = (path: string, use: (database: DatabaseSync) => void): void => {
  const database = new DatabaseSync(path)
  use(database)
  database.close()
}

/** Placements in each journal, written by a process of its own. */
const journals = async (): Promise<void> => {
  const count = SIZES.placements
  const done = (task: JournalTask, place: string): JournalMeasured => {
    const args = ["--expose-gc", source("journalVariant.ts"), task, place, String(count)]
    const child = spawnSync(process.execPath, args, { encoding: "utf8" })
    if (child.status !== 0) throw failure("journal", child.status, child.stderr)
    return JSON.parse(child.stdout)
  }
  const written = (place: string): JournalMeasured => done("write", place)
  const perThousand = ({ seconds }: JournalMeasured): number => (seconds / count) * 1000
  const all = count + warmUpOf(count)
  const measure = "h1 placements: PostgreSQL / SQLite"
  const inMemory = written("memory")
  growthRow("h2 a placement in memory", inMemory.heapBytes / count)
  growthRow("h5 the same, compacted", inMemory.compactedHeapBytes / count)
  if (!isInstalled) return skip(measure, "", "PostgreSQL is not installed")
  const server = await startServer()
  const pool = new Pool({ connectionString: addressIn(server.folder) })
  let tables = 0
  let files = 0
  const table = () => `journal_${tables}`
  const file = () => join(folder, `journal-${files}.db`)
  try {
    compare({
      measure,
      ours: () => {
        tables += 1
        return perThousand(written(`${addressIn(server.folder)}#${table()}`))
      },
      other: () => {
        files += 1
        return perThousand(written(file()))
      },
      target: 0
    })
    const sizeOf = async (): Promise<number> => {
      const { rows: found } = await pool.query("SELECT pg_total_relation_size($1) AS bytes", [table()])
      return Number(found[0]?.bytes) / all
    }
    growthRow("h3 a placement in SQLite", statSync(file()).size / all)
    done("compact", file())
    const compacted = statSync(file()).size
    inDatabase(file(), (database) => database.exec("VACUUM"))
    const shrunk = `${Math.round(statSync(file()).size / all)} B`
    growthRow("h6 the same, compacted (after --shrink)", compacted / all, shrunk)
    const grown = await sizeOf()
    await pool.query(`VACUUM FULL ${table()}`)
    growthRow("h4 a placement in PostgreSQL (after VACUUM FULL)", grown, `${Math.round(await sizeOf())} B`)
    done("compact", `${addressIn(server.folder)}#${table()}`)
    const compactedRows = await sizeOf()
    await pool.query(`VACUUM FULL ${table()}`)
    growthRow("h7 the same, compacted (after VACUUM FULL)", compactedRows, `${Math.round(await sizeOf())} B`)
  } finally {
    await pool.end()
    await server.stop()
  }
}

// (w)

const ROUNDS_OF_WEBHOOKS = 5

/** Seconds for a thousand webhooks, as the process that sends them took them. */
const taking = (name: string, place: string) => (): number => {
  const args = [source("webhookVariant.ts"), name, place, String(SIZES.messages)]
  const child = spawnSync(process.execPath, args, { encoding: "utf8" })
  if (child.status !== 0) throw failure(name, child.status, child.stderr)
  return (Number(child.stdout) / SIZES.messages) * 1000
}

const webhooks = async (): Promise<void> => {
  const against = (measure: string, ours: string, other: string, place: string, target: number): void =>
    compare({ measure, ours: taking(ours, place), other: taking(other, place), target, rounds: ROUNDS_OF_WEBHOOKS })
  against("w1 webhooks: listener / by hand, SQLite", "listener-sqlite", "bare-sqlite", folder, 4)
  against("w2 webhooks: handler / by hand, SQLite", "handler-sqlite", "bare-sqlite", folder, 3)
  const measure = "w3 webhooks: handler / by hand, PostgreSQL"
  if (isInstalled) {
    const server = await startServer()
    try {
      against(measure, "handler-postgres", "bare-postgres", server.folder, 2.5)
    } finally {
      await server.stop()
    }
  } else skip(measure, "≥ 2.50", "PostgreSQL is not installed")
  against("w4 by hand in groups / by hand, SQLite", "grouped-sqlite", "bare-sqlite", folder, 0)
}

// Report

const printTable = (): void => {
  const heads: Row | Record<keyof Row, string> = {
    measure: "measure",
    ours: "ours",
    other: "other",
    ratio: "ratio",
    best: "best",
    spread: "spread",
    target: "target",
    verdict: "verdict"
  }
  const columns = ["measure", "ours", "other", "ratio", "best", "spread", "target", "verdict"] as const
  const widths = columns.map((column) => Math.max(...[heads, ...rows].map((row) => row[column].length)))
  for (const row of [heads, ...rows]) {
    console.log(
      columns
        .map((column, index) => row[column].padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd()
    )
  }
}

const difference = checkBaseline(SAMPLE, SEED)
if (difference !== undefined) {
  console.error(`the hand-written mapper gives another record: ${difference}`)
  process.exit(1)
}
progress(`ours and the hand-written mapper agree on ${SAMPLE} records`)
if (cli !== undefined) progress(`command line: ${cli.name}`)
if (wanted("a")) throughput()
if (wanted("b")) decoding()
if (wanted("d")) workers()
if (wanted("c")) attempt("c  memory", "", memory)
if (wanted("e")) await withServer(requests)
if (wanted("f")) waiting()
if (wanted("g")) comparing()
if (wanted("h")) await journals()
if (wanted("r")) deciding()
if (wanted("w")) await webhooks()
printTable()
if (busyShares.length > 0) {
  const percent = (share: number): string => `${Math.round(share * 100)} %`
  console.log(
    `\nOther work on the machine, sampled between runs: ${percent(median(busyShares))}, at most ${percent(Math.max(...busyShares))}.`
  )
}
process.exitCode = rows.some(({ verdict }) => verdict === "MISSED" || verdict === "FAILED") ? 1 : 0
