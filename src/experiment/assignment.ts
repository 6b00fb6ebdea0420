/**
 * Who is in which arm: a pure function of the experiment and the unit, so that a unit stays in its arm without anything
 * being stored, and two experiments assign independently of each other.
 */
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Result from "effect/Result"
import { parseId } from "../domain/Identifiers.ts"
import { valueAt } from "../domain/Json.ts"
import { isPhoneNumber, parsePhoneNumber } from "../domain/PhoneNumber.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"
import type { Experiment, ExperimentArm } from "./Experiment.ts"

/** The arm of a unit. */
export interface Assignment {
  readonly arm: ExperimentArm
  /** The unit under the experiment's salt, in hexadecimal: the same for all its orders, and nobody can tell whose it is. */
  readonly digest: string
}

/**
 * The arm of a unit.
 *
 * @throws RangeError if the unit is a number and none that can be dialled; `readUnit` and `unitOf` give none such
 */
export const assign = (experiment: Experiment, unit: string): ExperimentArm => makeAssign(experiment)(unit).arm

/** `assign` for many units, with their digests. */
export const makeAssign = (experiment: Experiment): ((unit: string) => Assignment) => {
  const keyed = hmac.create(sha256, utf8ToBytes(experiment.salt))
  // Used again for each unit: collecting buffers of their own would take longer than the digests.
  const hash = keyed.clone()
  const bytes = new Uint8Array(keyed.outputLen)
  const total = experiment.arms.reduce((sum, { share }) => sum + share, 0)
  let below = 0
  const limits = experiment.arms.map((arm) => ({ arm, limit: (below += arm.share) / total }))
  return (given) => {
    const unit = Result.getOrThrowWith(readUnit(experiment, given), ({ expected }) => new RangeError(expected))
    // A JSON array tells where the id ends and the unit begins.
    const text = `unicall assignment 1 ${JSON.stringify([experiment.id, unit])}`
    keyed._cloneInto(hash).update(utf8ToBytes(text)).digestInto(bytes)
    const position = fractionOf(bytes)
    const found = limits.find(({ limit }) => position < limit)
    // The last limit is exactly 1: only an experiment that was never checked has no arm for a unit.
    if (found === undefined) throw new RangeError("expected an experiment with arms")
    return { arm: found.arm, digest: bytesToHex(bytes) }
  }
}

/** The first 53 bits, all that a number holds exactly, as a number from 0 to below 1. */
const fractionOf = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8)
  return (view.getUint32(0) * 2 ** 21 + (view.getUint32(4) >>> 11)) / 2 ** 53
}

/** A unit as a person writes it; a number in any form people use becomes E.164, so that one person is one unit. */
export const readUnit = (
  { unit }: Pick<Experiment, "unit">,
  text: string,
  defaultCountry?: string
): Result.Result<string, FieldFault> => {
  if (text === "") return Result.fail({ field: UNIT_FIELD[unit], expected: "a text that is not empty" })
  if (unit !== "number" || isPhoneNumber(text)) return Result.succeed(text)
  const number = parsePhoneNumber(text, defaultCountry)
  return typeof number === "string" ? Result.succeed(number) : Result.fail({ field: UNIT_FIELD.number, ...number })
}

const UNIT_FIELD = { number: "to", contact: "contactKey", reference: "reference" } as const

/** An order to be placed, or one read from a provider. */
export interface UnitSource {
  readonly to?: unknown
  readonly defaultCountry?: unknown
  readonly reference?: unknown
  readonly metadata?: unknown
  readonly variables?: unknown
}

/** What of an order is assigned, or the field that it lacks. */
export const unitOf = (experiment: Experiment, order: UnitSource): Result.Result<string, FieldFault> => {
  switch (experiment.unit) {
    case "reference":
      return textAt("reference", order.reference, "the caller's own key: it is assigned to an arm")
    case "number":
      return Result.flatMap(textAt("to", order.to, "a telephone number: it is assigned to an arm"), (to) =>
        readUnit(experiment, to, typeof order.defaultCountry === "string" ? order.defaultCountry : undefined)
      )
    case "contact": {
      const key = experiment.contactKey ?? ""
      const given = valueAt(order.metadata, [key]) ?? valueAt(order.variables, [key])
      return textAt(`metadata.${key}`, given, "the contact's key, here or in variables: it is assigned to an arm")
    }
  }
}

const textAt = (field: string, value: unknown, expected: string): Result.Result<string, FieldFault> => {
  const text = parseId(value)
  return text === undefined ? Result.fail({ field, expected }) : Result.succeed(text)
}
