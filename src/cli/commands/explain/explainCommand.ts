/** `unicall explain`: for each field of a record its value, place, raw value, rule and certainty. */
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import type { CallRecord } from "../../../domain/OutputRecord.ts"
import type { Rejection } from "../../../domain/Rejection.ts"
import { viewFact } from "../../../domain/View.ts"
import { type FieldExplanation, makeExplain } from "../../../normalize/explain.ts"
import { makePayloadReader, unreadableText, viewAgain } from "../../../normalize/normalize.ts"
import { checkFiles, readsOf } from "../../inputs/fileUse.ts"
import {
  inputFlags,
  namedInputs,
  type ReadingJob,
  readInThread,
  readOptionsOf,
  splitOptionsOf
} from "../../inputs/readInputs.ts"
import { providers } from "../../providers.ts"
import { inputFailure, noSuchRecord } from "../../shell/failures.ts"
import { described, endedAtOnce, outputFlag, withOutput } from "../../shell/commandRun.ts"
import { argument, type Given, onOff, optional } from "../../shell/flags.ts"
import { plainText, print, shortened, tell } from "../../shell/terminal.ts"

const explain = makeExplain(providers)

const LONGEST_VALUE = 100

/** `FILE:LINE`, or `FILE:LINE#N` for the Nth value on that line; an existing file of that name takes precedence. */
const parseTarget = (target: string): { readonly name: string; readonly place: string | undefined } => {
  const match = /^(.*):(\d+(?:#\d+)?)$/s.exec(target)
  if (match === null || existsSync(target)) return { name: target, place: undefined }
  return { name: match[1] ?? target, place: match[2] }
}

interface Found {
  readonly source: string
  readonly item: CallRecord | Rejection
}

const shown = (value: unknown): string =>
  shortened(plainText(typeof value === "string" ? value : JSON.stringify(value)), LONGEST_VALUE)

const fieldLines = ({ field, value, sources, rule, certainty }: FieldExplanation): string => {
  const from = sources.map(({ path, raw }) => `    from ${path}: ${shown(JSON.stringify(raw))}\n`).join("")
  return `${field} = ${shown(value)}  (${certainty})\n${from}    rule ${rule}\n`
}

const recordLines = ({ source, item }: Found): string => {
  if (item.kind === "rejection") {
    const at = item.path === "" ? "" : ` at ${item.path}`
    return `${source}: rejected, ${item.reason}${at}\n    ${item.message}\n    raw  ${shown(JSON.stringify(item.raw))}\n`
  }
  return `${source}: ${item.kind} of ${item.provider}\n\n${explain(item).map(fieldLines).join("")}`
}

const recordJson = ({ source, item }: Found): object =>
  item.kind === "rejection"
    ? { source, kind: item.kind, rejection: item }
    : { source, kind: item.kind, provider: item.provider, fields: explain(item) }

const holdsId = (item: CallRecord | Rejection, id: string): boolean => {
  if (item.kind === "rejection") return false
  if (item.kind === "call_hint") return item.orderId === id || item.attemptId === id
  return item.id === id || (item.kind === "call_order" && item.attempts.some((attempt) => attempt.id === id))
}

const flags = {
  target: argument(
    "target",
    "FILE[:LINE]|DIR",
    "A file and the line of a record in it, or a folder; without a line the first record"
  ),
  id: Flag.String("id").pipe(Flag.withDescription("Explain every record of this order or attempt instead"), optional),
  json: onOff("json", "Print machine-readable output"),
  ...outputFlag,
  ...inputFlags
}

/** The requested records, and how a message names them. */
const wantedOf = (place: string | undefined, id: string | undefined) => {
  if (id !== undefined) {
    return { title: "a record with the id given by --id", is: ({ item }: Found): boolean => holdsId(item, id) }
  }
  if (place === undefined) return { title: "a record", is: (_: Found, count: number): boolean => count === 1 }
  return { title: `a record at line ${place}`, is: ({ source }: Found): boolean => source.endsWith(`:${place}`) }
}

const run = Effect.fn("unicall.explain")(function* (given: Given<typeof flags>) {
  const { name, place } = parseTarget(given.target)
  const inputs = yield* namedInputs([name], given)
  yield* checkFiles({ reads: readsOf(inputs), names: [name] })
  if (place !== undefined && inputs.length > 1) {
    return yield* inputFailure(`${name}: expected one file, whose line it is`)
  }
  const wanted = wantedOf(place, given.id)
  const found: Array<Found> = []
  const tally = { read: 0, rejected: 0 }
  const keep = (source: string, item: CallRecord | Rejection): void => {
    tally.read += 1
    if (wanted.is({ source, item }, tally.read)) found.push({ source, item })
  }
  let source = ""
  const read = makePayloadReader(providers, readOptionsOf(given), {
    fact: (fact, adapter) => keep(source, viewFact(fact, adapter)),
    view: (record) => keep(source, viewAgain(record)),
    hint: (hint) => keep(source, hint),
    rejection: (rejection) => keep(rejection.source, rejection)
  })
  const job: ReadingJob = {
    tally,
    payload: (payload, at, provider) => {
      source = at()
      read(payload, at, provider)
    },
    unreadable: (from, message, raw) => keep(from, unreadableText(from, message, raw, providers.redactor))
  }
  yield* readInThread(inputs, job, splitOptionsOf(given))
  if (found.length === 0) {
    return yield* noSuchRecord(`${name}: expected ${wanted.title}, found none among ${tally.read}`)
  }
  print(given.json ? `${JSON.stringify(found.map(recordJson), null, 2)}\n` : found.map(recordLines).join("\n"))
  if (place === undefined && given.id === undefined && tally.read > 1) {
    tell(`the first of ${tally.read} records; name another as FILE:LINE or by --id\n`)
  }
})

export const explainCommand = Command.make("explain", flags, (given) => endedAtOnce(withOutput(run)(given))).pipe(
  described("Show for each field of a record where it comes from, by which rule, and how sure it is", {
    "unicall explain calls.ndjson:14": "The record on line 14",
    "unicall explain exports --id 5f0c": "Every record of an order in a folder"
  })
)
