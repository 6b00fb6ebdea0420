/** How a store writes down changes and what is known of calls, as JSON, and reads them again. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isJsonObject } from "../../domain/Json.ts"
import { misfitOf } from "../../domain/misfit.ts"
import { CallChange, ChangedField } from "./CallChange.ts"
import { KnownCall } from "./KnownCall.ts"

const isField = Schema.is(ChangedField)
const readChange = Schema.decodeUnknownResult(CallChange)
const readKnown = Schema.decodeUnknownResult(KnownCall)

const parsed = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}

const orThrow = <A>(read: Result.Result<A, Schema.SchemaError>, refused: (problem: string) => Error): A =>
  Result.getOrThrowWith(read, (error) => refused(`${misfitOf(error).path[0] ?? "body"} cannot be read`))

/** What of a change stands in no column of its own. */
export const changeBody = ({ kind: _kind, position: _position, at: _at, ...body }: CallChange): string =>
  JSON.stringify(body)

/** A newer version of unicall may have written names of fields that are not known here. */
const onlyKnownFields = (body: unknown): object => {
  if (!isJsonObject(body)) return {}
  const { fields, ...rest } = body
  return Array.isArray(fields) ? { ...rest, fields: fields.filter(isField) } : rest
}

/** @throws what `refused` makes of it, if it is no change */
export const changeFrom = (
  { position, at, body }: { readonly [column: string]: unknown },
  refused: (problem: string) => Error
): CallChange =>
  orThrow(
    readChange({ ...onlyKnownFields(parsed(body)), kind: "call_change", position: Number(position), at }),
    refused
  )

export const knownBody = (known: KnownCall): string => JSON.stringify(known)

/** @throws what `refused` makes of it, if it is none */
export const knownFrom = (body: unknown, refused: (problem: string) => Error): KnownCall =>
  orThrow(readKnown(parsed(body)), refused)
