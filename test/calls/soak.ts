/**
 * Thousands of orders on the twins of Revox and RevRing, a tenth of the placements met by a fault, the processes that place them killed again
 * and again: nobody may be rung twice, no accepted call lost.
 *
 *     node test/calls/soak.ts [--orders 10000] [--faults 0.1] [--kills 8] [--seed 1] [--workers 1] [--journal FILE|ADDRESS#TABLE]
 *
 * Prints figures; exits with 1 if a law is broken.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { type Placement, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { valueAt } from "../../src/domain/Json.ts"
import { refuses } from "../../src/provider/http/reason.ts"
import type { FaultRule } from "../../src/twin/fault.ts"
import { faultRules } from "../../src/twin/faultText.ts"
import { drawFrom } from "../../src/twin/seeded.ts"
import { listen } from "../../src/twin/server.ts"
import type { LoggedRequest, Twin } from "../../src/twin/twin.ts"
import { type Endpoints, layerSoak, Line, reconcileAll, referenceOf } from "./soakWorker.ts"
import { keyOf } from "./placementKeys.ts"

export interface SoakOptions {
  readonly orders: number
  /** The share of placements that meet a fault, 0 to 1. */
  readonly faults: number
  /** In all, shared out among the workers. */
  readonly kills: number
  readonly seed: number
  /** Processes that place all orders at the same time. @default 1 */
  readonly workers?: number
  /** See `journalAt`. @default a file of its own */
  readonly journal?: string
  readonly onProgress?: (text: string) => void
}

export interface SoakReport {
  readonly figures: { readonly [name: string]: number }
  readonly faults: { readonly [kind: string]: number }
  /** What contradicts the laws; none if they hold. */
  readonly broken: ReadonlyArray<string>
}

/** Refusals come without an order; what is left open comes with one and without. Seconds stay around the worker's timeout. */
const REFUSED = ["400", "401", "403", "404", "422", "429+retry-after=1"]
const OPEN = [
  "408",
  "409",
  "425",
  "500",
  "502+form=html",
  "503+retry-after=1",
  "504+form=text",
  "hang",
  "drop",
  "garble=html",
  "garble=truncated",
  "garble=empty",
  "garble=not_json",
  "garble=wrong_shape",
  "garble=no_id",
  "garble=invalid_utf8",
  "garble=cut",
  "redirect=302",
  "redirect=307",
  "redirect=308"
]
const LATE = ["delay=0.05", "delay=4", "slow_body=0.05", "slow_body=4"]

/** The share that each of so many rules must have, so that one of them meets this share of requests. */
const shareOfEach = (share: number, rules: number): number => 1 - (1 - share) ** (1 / rules)

const rulesFor = (share: number): ReadonlyArray<FaultRule> => {
  const placing = [...REFUSED, ...LATE, ...OPEN.flatMap((fault) => [fault, `${fault}/accepted`])]
  const reading = ["get:500", "get:drop", "list:503", "list:garble=cut", "batch:502", "batch:drop"]
  const rate = shareOfEach(share, placing.length)
  return [
    ...faultRules(placing.map((fault) => `place:${fault}`).join(",")).map((rule) => ({ ...rule, rate })),
    ...faultRules(reading.join(",")).map((rule) => ({ ...rule, rate: share / 5 }))
  ]
}

const kindOf = ({ fault }: LoggedRequest): string => {
  if (fault === undefined) return "none"
  const detail =
    fault.kind === "status" || fault.kind === "redirect" ? fault.status : fault.kind === "garble" ? fault.form : ""
  return `${fault.kind} ${detail}`.trim() + (fault.accepted === true ? ", accepted" : "")
}

const placingsOf = (twins: ReadonlyArray<Twin>): ReadonlyArray<LoggedRequest> =>
  twins.flatMap(({ requests }) => requests.filter(({ operation }) => operation === "place"))

const referenceIn = ({ body }: LoggedRequest): string => {
  const sent: unknown = JSON.parse(body)
  const found = valueAt(sent, ["metadata", "reference"]) ?? valueAt(sent, ["variables", "call_reference"])
  return typeof found === "string" ? found : ""
}

/** References that were posted again although the request before was not refused: that nobody was rung twice was luck. */
const postedAgain = (placings: ReadonlyArray<LoggedRequest>): ReadonlyArray<string> => {
  const sent = placings.filter(({ status }) => !refuses(status)).map(referenceIn)
  const seen = new Set<string>()
  return sent.filter((reference) => seen.has(reference) || !seen.add(reference).has(reference))
}

interface Told {
  readonly accepted: Set<string>
  readonly uncertain: Set<string>
  readonly found: Set<string>
  readonly failures: Array<string>
  refusals: number
  kills: number
}

const worker = fileURLToPath(new URL("./soakWorker.ts", import.meta.url))

const decodeLine = Schema.decodeUnknownSync(Line)

interface Run {
  /** Once so many orders have been posted since the start of all, or as soon as it looks for what is open; absent: never. */
  readonly killAt: number | "reconciling" | undefined
  readonly posts: () => number
}

/** One life of the worker; whether it came to its end. */
const live = async ({ journal, revox, revring }: Endpoints, orders: number, told: Told, run: Run): Promise<boolean> => {
  const child: ChildProcess = spawn(process.execPath, [worker, journal, revox, revring, String(orders)], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  let done = false
  let killed = false
  const kill = (): void => {
    if (killed || done) return
    killed = true
    told.kills += 1
    child.kill("SIGKILL")
  }
  const hear = (line: Line): void => {
    if ("phase" in line) {
      done = line.phase === "done"
      if (line.phase === run.killAt) kill()
    } else if ("placed" in line) {
      if (line.placed === "accepted") told.accepted.add(line.reference)
      if (line.placed === "uncertain") told.uncertain.add(line.reference)
    } else if ("refused" in line) told.refusals += 1
    else if ("found" in line) for (const reference of line.found) told.found.add(reference)
    else told.failures.push(line.failed)
    if (typeof run.killAt === "number" && run.posts() >= run.killAt) kill()
  }
  const lines = createInterface({ input: child.stdout! })
  lines.on("line", (text) => {
    // The last line of a process that was killed may break off.
    if (text.endsWith("}")) hear(decodeLine(JSON.parse(text)))
  })
  await Promise.all([once(child, "exit"), once(lines, "close")])
  return done
}

const placementsIn = (endpoints: Endpoints, orders: number) =>
  Effect.gen(function* () {
    const journal = yield* PlacementJournal
    const found = yield* Effect.forEach(
      Array.from({ length: orders }, (_, index) => referenceOf(index)),
      (reference) => Effect.map(journal.find(keyOf(reference)), Option.getOrUndefined)
    )
    return found.filter((placement) => placement !== undefined)
  }).pipe(Effect.provide(layerSoak(endpoints)))

/** What must hold once everything has been reconciled. */
const broken = (
  orders: number,
  twins: ReadonlyArray<Twin>,
  placements: ReadonlyArray<Placement>
): { readonly duplicates: number; readonly lost: number; readonly laws: ReadonlyArray<string> } => {
  const placed = twins.flatMap((twin) => twin.orders.map(({ id, reference = "" }) => ({ id, reference })))
  const ids = new Map<string, string>()
  const laws: Array<string> = []
  let duplicates = 0
  for (const { id, reference } of placed) {
    if (ids.has(reference)) {
      duplicates += 1
      laws.push(`${reference} was placed twice: ${ids.get(reference)} and ${id}`)
    }
    ids.set(reference, id)
  }
  const byReference = new Map(placements.map((placement) => [placement.reference, placement]))
  let lost = 0
  for (const { id, reference } of placed) {
    const placement = byReference.get(reference)
    if (placement?.orderId === id) continue
    lost += 1
    laws.push(`${reference} has the order ${id}, and the journal says ${placement?.state ?? "nothing"} of it`)
  }
  for (const { reference, orderId } of placements) {
    if (orderId !== undefined && ids.get(reference) !== orderId)
      laws.push(`${reference} has an order that nobody placed`)
  }
  for (let index = 0; index < orders; index++) {
    if (!byReference.has(referenceOf(index))) laws.push(`${referenceOf(index)} is nowhere`)
  }
  return { duplicates, lost, laws }
}

/** When to kill: most at some moment of placing, one in four while looking for what is open. */
const killsOf = ({ kills, orders, seed }: SoakOptions): ReadonlyArray<Run["killAt"]> => {
  const late = Math.floor(kills / 4)
  const placing = Array.from({ length: kills - late }, (_, index) =>
    Math.ceil((0.02 + 0.7 * drawFrom(String(seed), "kill", index)) * orders)
  )
  return [...placing.toSorted((a, b) => a - b), ...Array.from({ length: late }, () => "reconciling" as const)]
}

export const runSoak = async (options: SoakOptions): Promise<SoakReport> => {
  const { orders, seed, workers = 1, onProgress = () => {} } = options
  const faults = rulesFor(options.faults)
  const revox = makeRevoxTwin({ listItems: "orders", seed: `revox ${seed}`, faults })
  const revring = makeRevRingTwin({ seed: `revring ${seed}`, faults })
  const twins = [revox, revring]
  let posts = 0
  const onRequest = ({ operation }: LoggedRequest): void => {
    if (operation === "place") posts += 1
  }
  const folder = mkdtempSync(join(tmpdir(), "unicall-soak-"))
  const servers = await Promise.all(twins.map((twin) => listen(twin, { speed: 60, onRequest })))
  const [one, other] = servers
  const journal = options.journal ?? join(folder, "journal.db")
  const endpoints = { journal, revox: one?.url ?? "", revring: other?.url ?? "" }
  const told: Told = {
    accepted: new Set(),
    uncertain: new Set(),
    found: new Set(),
    failures: [],
    refusals: 0,
    kills: 0
  }
  const progress = setInterval(
    () =>
      onProgress(`${posts} posted of ${orders}, ${told.accepted.size} accepted at once, ${told.kills} times killed`),
    1000
  )
  const started = performance.now()
  try {
    const kills = killsOf(options)
    // Each goes on from life to life while the others are in the middle of theirs.
    const lives = Array.from({ length: workers }, async (_, lane) => {
      for (const killAt of [...kills.filter((_kill, index) => index % workers === lane), undefined])
        await live(endpoints, orders, told, { killAt, posts: () => posts })
    })
    await Promise.all(lives)
    // What could not be read because of faults is read now: the laws are about what is known in the end.
    for (const twin of twins) twin.setFaults([])
    const last = await Effect.runPromise(reconcileAll(orders).pipe(Effect.provide(layerSoak(endpoints))))
    for (const reference of last) told.found.add(reference)
    const placements = await Effect.runPromise(placementsIn(endpoints, orders))
    const { duplicates, lost, laws } = broken(orders, twins, placements)

    const placings = placingsOf(twins)
    const kinds: { [kind: string]: number } = {}
    for (const request of placings)
      if (request.fault !== undefined) kinds[kindOf(request)] = (kinds[kindOf(request)] ?? 0) + 1
    const known = placements.filter(({ orderId }) => orderId !== undefined)
    const untold = known.filter(({ reference }) => !told.accepted.has(reference) && !told.found.has(reference))
    const count = (states: ReadonlyArray<Placement["state"]>): number =>
      placements.filter(({ state }) => states.includes(state)).length
    return {
      figures: {
        orders,
        POSTs: placings.length,
        "faults met": placings.filter(({ fault }) => fault !== undefined).length,
        kills: told.kills,
        "accepted at once": told.accepted.size,
        "refused, placed again": told.refusals,
        uncertain: told.uncertain.size,
        "found by reconciling": told.found.size,
        "accepted as it was killed": untold.length,
        "still uncertain": count(["reserved", "uncertain"]),
        "at the providers": twins.flatMap((twin) => twin.orders).length,
        duplicates,
        lost,
        seconds: Math.round((performance.now() - started) / 1000)
      },
      faults: kinds,
      broken: [
        ...laws,
        ...postedAgain(placings).map((reference) => `${reference} was posted again`),
        ...told.failures.map((failure) => `a worker failed: ${failure}`)
      ]
    }
  } finally {
    clearInterval(progress)
    await Promise.all(servers.map(({ close }) => close()))
    rmSync(folder, { recursive: true, force: true })
  }
}

const table = (rows: { readonly [name: string]: number }): string => {
  const width = Math.max(...Object.keys(rows).map(({ length }) => length))
  return Object.entries(rows)
    .map(([name, value]) => `  ${name.padEnd(width)}  ${value.toLocaleString("en").padStart(8)}`)
    .join("\n")
}

const sorted = (rows: { readonly [name: string]: number }): { readonly [name: string]: number } =>
  Object.fromEntries(Object.entries(rows).toSorted(([a], [b]) => (a < b ? -1 : 1)))

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      orders: { type: "string", default: "10000" },
      faults: { type: "string", default: "0.1" },
      kills: { type: "string", default: "8" },
      seed: { type: "string", default: "1" },
      workers: { type: "string", default: "1" },
      journal: { type: "string" }
    }
  })
  const {
    figures,
    faults,
    broken: laws
  } = await runSoak({
    orders: Number(values.orders),
    faults: Number(values.faults),
    kills: Number(values.kills),
    seed: Number(values.seed),
    workers: Number(values.workers),
    ...(values.journal === undefined ? {} : { journal: values.journal }),
    onProgress: (text) => {
      const { isTTY } = process.stderr
      process.stderr.write(isTTY ? `\r\u001B[K${text}` : `${text}\n`)
    }
  })
  if (process.stderr.isTTY) process.stderr.write("\r\u001B[K")
  process.stdout.write(`${table(figures)}\n\nfaults met in placing\n${table(sorted(faults))}\n`)
  for (const law of laws.slice(0, 20)) process.stdout.write(`broken: ${law}\n`)
  process.exitCode = laws.length === 0 ? 0 : 1
}
