/** `unicall explain`: for each field of a record its value, place, raw value, rule and certainty. */
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { providers } from "../../adapters/index.ts"
import type { CallRecord } from "../domain/OutputRecord.ts"
import type { Rejection } from "../domain/Rejection.ts"
import { type FieldExplanation, makeExplain } from "../normalize/explain.ts"
import { makePayloadReader, unreadableText, viewAgain, viewFact } from "../normalize/normalize.ts"
import { InputUnreadable, RecordsRejected } from "./CommandFailure.ts"
import { endedAtOnce } from "./endedAtOnce.ts"
import { readInput } from "./inputBytes.ts"
import { findInputs } from "./inputs.ts"
import { formHint, inputFlags, type InputFlags, readOptionsOf, splitOptionsOf } from "./inputFlags.ts"
import { makeNoteOutput, makeTextOutput } from "./output.ts"
import { makeSplitter } from "./split.ts"

const explain = makeExplain(providers)

const LONGEST_VALUE = 100

/** `FILE:LINE`, or `FILE:LINE#N` for the Nth value on that line; a file that is really called so comes first. */
const parseTarget = (target: string): { readonly name: string; readonly place: string | undefined } => {
  const match = /^(.*):(\d+(?:#\d+)?)$/s.exec(target)
  if (match === null || existsSync(target)) return { name: target, place: undefined }
  return { name: match[1] ?? target, place: match[2] }
}

interface Found {
  readonly source: string
  readonly item: CallRecord | Rejection
}

const shown = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  // oxlint-disable-next-line no-control-regex
  const plain = text.replace(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, " ")
  return plain.length <= LONGEST_VALUE ? plain : `${plain.slice(0, LONGEST_VALUE - 1)}…`
}

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

const isAt = (source: string, name: string, place: string): boolean => source === `${name}:${place}`

const holdsId = (item: CallRecord | Rejection, id: string): boolean => {
  if (item.kind === "rejection") return false
  if (item.kind === "call_hint") return item.orderId === id || item.attemptId === id
  return item.id === id || (item.kind === "call_order" && item.attempts.some((attempt) => attempt.id === id))
}

const run = Effect.fn("unicall.explain")(function* (
  flags: InputFlags & { readonly target: string; readonly id: Option.Option<string>; readonly json: boolean }
) {
  const { name, place } = parseTarget(flags.target)
  const id = Option.getOrUndefined(flags.id)
  const [input, ...others] = yield* findInputs([name], formHint(flags))
  if (input === undefined || others.length > 0) {
    return yield* new InputUnreadable({ message: `${name}: expected one file` })
  }
  const found: Array<Found> = []
  let count = 0
  const keep = (source: string, item: CallRecord | Rejection): void => {
    count += 1
    const wanted =
      id !== undefined ? holdsId(item, id) : place !== undefined ? isAt(source, input.name, place) : count === 1
    if (wanted) found.push({ source, item })
  }
  let source = ""
  const read = makePayloadReader(providers, readOptionsOf(flags), {
    fact: (fact, adapter) => keep(source, viewFact(fact, adapter)),
    view: (record) => keep(source, viewAgain(record)),
    hint: (hint) => keep(source, hint),
    rejection: (rejection) => keep(rejection.source, rejection)
  })
  const splitter = makeSplitter(input, splitOptionsOf(flags), {
    payload: (payload, place, provider) => {
      source = place()
      read(payload, place, provider)
    },
    unreadable: (from, message, raw) => keep(from, unreadableText(from, message, raw, providers.redactor))
  })
  yield* readInput(input, { chunk: splitter.push, broken: splitter.broken, progress: () => {} })
  splitter.end()
  if (found.length === 0) {
    const wanted =
      id !== undefined
        ? `a record with the id given by --id`
        : place !== undefined
          ? `a record at line ${place}`
          : "a record"
    return yield* new RecordsRejected({ message: `${input.name}: expected ${wanted}, found none among ${count}` })
  }
  const stdout = makeTextOutput(1)
  stdout.text(flags.json ? `${JSON.stringify(found.map(recordJson), null, 2)}\n` : found.map(recordLines).join("\n"))
  stdout.close()
  if (place === undefined && id === undefined && count > 1) {
    const stderr = makeNoteOutput()
    stderr.text(`the first of ${count} records; name another as ${name}:LINE or by --id\n`)
    stderr.close()
  }
})

export const explainCommand = Command.make(
  "explain",
  {
    target: Argument.String("target").pipe(
      Argument.withMetavar("FILE[:LINE]"),
      Argument.withDescription("A file and the line of a record in it; without a line the first record")
    ),
    id: Flag.String("id").pipe(
      Flag.withDescription("Explain every record of this order or attempt instead"),
      Flag.optional
    ),
    json: Flag.Boolean("json").pipe(Flag.withDescription("Print machine-readable output"), Flag.withDefault(false)),
    ...inputFlags
  },
  (flags) => endedAtOnce(run(flags))
).pipe(
  Command.withDescription("Show for each field of a record where it comes from, by which rule, and how sure it is"),
  Command.withExamples([{ command: "unicall explain calls.ndjson:14", description: "The record on line 14" }])
)
