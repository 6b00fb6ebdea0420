/** From the flags and names that a command was given to payloads, for every command that reads records. */
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import type { ReadOptions } from "../../normalize/normalize.ts"
import { defaultLimits } from "../../normalize/reading/documents.ts"
import { providers } from "../providers.ts"
import { tryFile, usage } from "../shell/failures.ts"
import { argument, choice, type Given, optional, within } from "../shell/flags.ts"
import { type Progress, silent } from "../shell/progress.ts"
import { findInputs, type FormHint, type Input } from "./findInputs.ts"
import { headOf, readInput } from "./inputBytes.ts"
import { makeSplitter, type SplitJob, type SplitOptions } from "./split.ts"

const name = (flag: string, description: string) => Flag.String(flag).pipe(Flag.withDescription(description))

const MEBIBYTE = 2 ** 20

export const inputFlags = {
  provider: choice("provider", providers.ids, "Read every payload as this provider's; another's shape is rejected"),
  input: choice(
    "input",
    ["auto", "json", "csv"],
    "Form of the input; auto (default) goes by the file name, and by the CSV flags where a name does not tell"
  ),
  payloadColumn: name("payload-column", "CSV column that holds the payload as JSON").pipe(optional),
  providerColumn: name("provider-column", "CSV column that names the provider of each row").pipe(optional),
  payloadField: name("payload-field", "Field of a wrapper object that holds the payload (default payload)").pipe(
    Flag.withDefault("payload")
  ),
  providerField: name("provider-field", "Field of a wrapper object that names the provider (default provider)").pipe(
    Flag.withDefault("provider")
  ),
  maxNesting: within(
    Flag.Int("max-nesting"),
    `Levels of nesting beyond which a record is rejected (default ${defaultLimits.maxNesting})`,
    (levels) => levels >= 1 && levels <= 2000,
    "a number from 1 to 2000"
  ).pipe(Flag.withDefault(defaultLimits.maxNesting)),
  maxRecordMb: within(
    Flag.Finite("max-record-mb"),
    `Megabytes beyond which a single record is rejected (default ${defaultLimits.maxRecordBytes / MEBIBYTE})`,
    (size) => size > 0 && size <= 512,
    "a number above 0, up to 512"
  ).pipe(Flag.withDefault(defaultLimits.maxRecordBytes / MEBIBYTE))
}

interface InputFlags extends Given<typeof inputFlags> {}

export const splitOptionsOf = (flags: InputFlags): SplitOptions => ({
  limits: { maxNesting: flags.maxNesting, maxRecordBytes: Math.ceil(flags.maxRecordMb * MEBIBYTE) },
  payloadColumn: flags.payloadColumn,
  providerColumn: flags.providerColumn
})

export const readOptionsOf = (flags: InputFlags): ReadOptions => ({
  provider: flags.provider,
  wrapper: { provider: flags.providerField, payload: flags.payloadField },
  maxNesting: flags.maxNesting
})

/** CSV flags say that an input is CSV whose name does not tell. */
const formHint = ({ input, payloadColumn, providerColumn }: InputFlags): FormHint => ({
  forced: input === "auto" ? undefined : input,
  otherwise: (payloadColumn ?? providerColumn) === undefined ? "json" : "csv"
})

export const inputsArgument = argument(
  "inputs",
  "FILE|DIR|GLOB|-",
  "Files, folders or glob patterns, plain or gzipped; - or nothing for standard input"
).pipe(Argument.variadic())

export interface ReadingJob extends SplitJob {
  readonly tally: { read: number; rejected: number }
}

/** Columns in a longer header row are checked when the file is read. */
const LONGEST_HEADER = 64 * 1024

/** Checks that the requested columns exist before anything is written; those of a pipe are checked when it is read. */
const checkColumns = Effect.fnUntraced(function* (input: Input, options: SplitOptions) {
  const { path, form, size, name } = input
  const asked = options.payloadColumn ?? options.providerColumn
  if (path === undefined || form !== "csv" || size === undefined || asked === undefined) return
  const splitter = makeSplitter(input, options, { payload: () => {}, unreadable: () => {} })
  yield* tryFile(name, () => splitter.push(headOf(path, LONGEST_HEADER)))
})

/** Without a name standard input is read, unless it is a terminal. */
export const namedInputs = Effect.fnUntraced(function* (names: ReadonlyArray<string>, flags: InputFlags) {
  if (names.length === 0 && process.stdin.isTTY) {
    return yield* usage("expected a file, folder or pattern to read, or input piped in")
  }
  const inputs = yield* findInputs(names.length === 0 ? ["-"] : names, formHint(flags))
  for (const input of inputs) yield* checkColumns(input, splitOptionsOf(flags))
  return inputs
})

/** Bytes to read in all; absent where it cannot be known before. */
export const sizeOf = (inputs: ReadonlyArray<Input>): number | undefined =>
  inputs.some(({ size }) => size === undefined) ? undefined : inputs.reduce((sum, { size }) => sum + (size ?? 0), 0)

interface ReadingHooks {
  readonly progress?: Progress
  /** Shows what has been read so far. */
  readonly flush?: () => void
  readonly inputRead?: (input: Input) => void
}

export const readInThread = Effect.fnUntraced(function* (
  inputs: ReadonlyArray<Input>,
  job: ReadingJob,
  options: SplitOptions,
  { progress = silent, flush, inputRead }: ReadingHooks = {}
) {
  let before = 0
  for (const input of inputs) {
    const splitter = makeSplitter(input, options, job)
    let inThis = 0
    yield* readInput(input, {
      chunk: splitter.push,
      broken: splitter.broken,
      progress: (bytes) => {
        inThis = bytes
        progress.update(before + bytes, job.tally)
        // The next data of a pipe may come late: what has been read is shown now.
        if (input.path === undefined) flush?.()
      }
    })
    splitter.end()
    before += inThis
    inputRead?.(input)
  }
})
