/** Flags about reading inputs, shared by the commands that read them. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import type { ReadOptions } from "../../normalize/normalize.ts"
import { defaultLimits } from "../../normalize/reading/documents.ts"
import { providers } from "../providers.ts"
import { choice, type Given, optional } from "../shell/flags.ts"
import type { FormHint } from "./findInputs.ts"
import type { SplitOptions } from "./split.ts"

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
  maxNesting: Flag.Int("max-nesting").pipe(
    Flag.withDescription(`Levels of nesting beyond which a record is rejected (default ${defaultLimits.maxNesting})`),
    Flag.filter(
      (levels) => levels >= 1 && levels <= 2000,
      () => "a number from 1 to 2000"
    ),
    Flag.withDefault(defaultLimits.maxNesting)
  ),
  maxRecordMb: Flag.Finite("max-record-mb").pipe(
    Flag.withDescription(
      `Megabytes beyond which a single record is rejected (default ${defaultLimits.maxRecordBytes / MEBIBYTE})`
    ),
    Flag.filter(
      (size) => size > 0 && size <= 512,
      () => "a number above 0, up to 512"
    ),
    Flag.withDefault(defaultLimits.maxRecordBytes / MEBIBYTE)
  )
}

export interface InputFlags extends Given<typeof inputFlags> {}

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
export const formHint = ({ input, payloadColumn, providerColumn }: InputFlags): FormHint => ({
  forced: input === "auto" ? undefined : input,
  otherwise: (payloadColumn ?? providerColumn) === undefined ? "json" : "csv"
})

export const inputsArgument = Argument.String("inputs").pipe(
  Argument.withMetavar("FILE|DIR|GLOB|-"),
  Argument.withDescription("Files, folders or glob patterns, plain or gzipped; - or nothing for standard input"),
  Argument.variadic()
)
