/** An order that is to be placed, before it is known whether it can be: what it is called, and what is wrong with it. */
import * as Result from "effect/Result"
import { isJsonObject } from "../../../domain/Json.ts"
import { type FieldFault, parsePlaceCall, type PlaceCallInput } from "../../../domain/PlaceCall.ts"
import type { Candidate } from "./orderInput.ts"

const isOrder = (input: unknown): input is PlaceCallInput => Result.isSuccess(parsePlaceCall(input))

/** The order, if it can be asked for. */
export const orderIn = ({ input, fault }: Candidate): PlaceCallInput | undefined =>
  fault === undefined && isOrder(input) ? input : undefined

export const faultOf = ({ input, fault }: Candidate): FieldFault => {
  if (isJsonObject(input) && input["reference"] === undefined) {
    return { field: "reference", expected: "a key of your own: it keeps a file that is run again from ringing twice" }
  }
  if (fault !== undefined) return fault
  const parsed = parsePlaceCall(input)
  return Result.isFailure(parsed) ? parsed.failure : { field: "order", expected: "an order" }
}

export const textIn = ({ input }: Candidate, field: "reference" | "provider"): string | undefined => {
  const text = isJsonObject(input) ? input[field] : undefined
  return typeof text === "string" ? text : undefined
}

/** The reference of an order, else its place in the file. */
export const nameOf = (candidate: Candidate): string =>
  textIn(candidate, "reference") ?? candidate.source ?? "the order"

export const subjectOf = (candidate: Candidate): string | undefined =>
  candidate.source ?? textIn(candidate, "reference")
