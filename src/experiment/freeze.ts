/**
 * An experiment is fixed when it starts: whoever sees the digest again knows that nothing was changed after the first
 * results, and what was changed is found by field.
 */
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Result from "effect/Result"
import type { Instant } from "../domain/Instant.ts"
import { canonicalJson, valueAt } from "../domain/Json.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"
import type { Experiment } from "./Experiment.ts"

/**
 * The experiment as it is from `at` on; `at` is its start unless it names a later one. Fails if it has been started
 * before, or if its start or end has passed.
 */
export const freeze = (experiment: Experiment, at: Instant): Result.Result<Experiment, FieldFault> => {
  if (experiment.frozen !== undefined) {
    return Result.fail({ field: "frozen", expected: "nothing yet: it is started once and runs from then on" })
  }
  const { start = at, end } = experiment
  if (start < at) return Result.fail({ field: "start", expected: "a moment that has not passed, or none for now" })
  if (end !== undefined && end <= start) return Result.fail({ field: "end", expected: "a moment after start" })
  const started = { ...experiment, start }
  return Result.succeed({ ...started, frozen: { at, digest: digestOf(started, at), fields: digestsOf(started) } })
}

/** The fields that were changed, added or taken away since the start, by name; none of an experiment that was not started. */
export const checkFrozen = ({ frozen, ...experiment }: Experiment): ReadonlyArray<string> => {
  if (frozen === undefined) return []
  const now = digestsOf(experiment)
  const names = [...new Set([...Object.keys(frozen.fields), ...Object.keys(now)])]
  const changed = names.filter((name) => valueAt(frozen.fields, [name]) !== valueAt(now, [name])).toSorted()
  if (changed.length > 0) return changed
  return digestOf(experiment, frozen.at) === frozen.digest ? [] : ["frozen"]
}

/** Refuses what `checkFrozen` finds. */
export const changeFault = (experiment: Experiment): FieldFault | undefined => {
  const changed = checkFrozen(experiment)
  const [first] = changed
  if (first === undefined) return undefined
  const fields = changed.length === 1 ? "" : `; changed were ${changed.join(", ")}`
  const expected = `what it was when the experiment was started on ${experiment.frozen?.at ?? ""}${fields}`
  return { field: first, expected }
}

type Fields = Omit<Experiment, "frozen">

/** What is published of the salt: who knows the digest cannot find it. */
const withoutSalt = ({ salt, ...fields }: Fields): { readonly [field: string]: unknown } => ({
  ...fields,
  salt: bytesToHex(hmac(sha256, utf8ToBytes(salt), utf8ToBytes("unicall experiment salt")))
})

const sha256Of = (value: unknown): string => bytesToHex(sha256(utf8ToBytes(canonicalJson(value))))

const digestOf = (fields: Fields, at: Instant): string => sha256Of({ ...withoutSalt(fields), frozen: { at } })

const digestsOf = (fields: Fields): { readonly [field: string]: string } =>
  Object.fromEntries(
    Object.entries(withoutSalt(fields))
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, sha256Of(value)])
  )
