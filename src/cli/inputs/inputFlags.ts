/** Flags about reading inputs, shared by the commands that read them. */
import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { providers } from "../providers.ts"
import { defaultLimits } from "../../normalize/reading/documents.ts"
import type { ReadOptions } from "../../normalize/normalize.ts"
import type { FormHint } from "./findInputs.ts"
import type { SplitOptions } from "./split.ts"

export const inputFlags = {
  provider: Flag.Literals("provider", providers.ids).pipe(
    Flag.withDescription("Read every payload as this provider's; another's shape is rejected"),
    Flag.optional
  ),
  input: Flag.Literals("input", ["auto", "json", "csv"]).pipe(
    Flag.withDescription(
      "Form of the input; auto (default) goes by the file name, and by the CSV flags where a name does not tell"
    ),
    Flag.withDefault("auto")
  ),
  payloadColumn: Flag.String("payload-column").pipe(
    Flag.withDescription("CSV column that holds the payload as JSON"),
    Flag.optional
  ),
  providerColumn: Flag.String("provider-column").pipe(
    Flag.withDescription("CSV column that names the provider of each row"),
    Flag.optional
  ),
  payloadField: Flag.String("payload-field").pipe(
    Flag.withDescription("Field of a wrapper object that holds the payload (default payload)"),
    Flag.withDefault("payload")
  ),
  providerField: Flag.String("provider-field").pipe(
    Flag.withDescription("Field of a wrapper object that names the provider (default provider)"),
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
      `Megabytes beyond which a single record is rejected (default ${defaultLimits.maxRecordBytes / 2 ** 20})`
    ),
    Flag.filter(
      (size) => size > 0 && size <= 512,
      () => "a number above 0, up to 512"
    ),
    Flag.withDefault(defaultLimits.maxRecordBytes / 2 ** 20)
  )
}

export interface InputFlags extends Command.Command.Config.Infer<typeof inputFlags> {}

export const splitOptionsOf = (flags: InputFlags): SplitOptions => ({
  limits: { maxNesting: flags.maxNesting, maxRecordBytes: Math.ceil(flags.maxRecordMb * 2 ** 20) },
  payloadColumn: Option.getOrUndefined(flags.payloadColumn),
  providerColumn: Option.getOrUndefined(flags.providerColumn)
})

export const readOptionsOf = (flags: InputFlags): ReadOptions => ({
  provider: Option.getOrUndefined(flags.provider),
  wrapper: { provider: flags.providerField, payload: flags.payloadField },
  maxNesting: flags.maxNesting
})

/** CSV flags say that an input is CSV whose name does not tell. */
export const formHint = (flags: InputFlags): FormHint => ({
  forced: flags.input === "auto" ? undefined : flags.input,
  otherwise: Option.isSome(flags.payloadColumn) || Option.isSome(flags.providerColumn) ? "csv" : "json"
})

export const inputsArgument = Argument.String("inputs").pipe(
  Argument.withMetavar("FILE|DIR|GLOB|-"),
  Argument.withDescription("Files, folders or glob patterns, plain or gzipped; - or nothing for standard input"),
  Argument.variadic()
)
