/**
 * An experiment is fixed when it starts, and again when it is stopped: whoever sees the digest again knows that nothing was
 * changed after the first results, and what was changed is found by field.
 */
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Instant } from "../domain/Instant.ts"
import { valueAt } from "../domain/Json.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import { metricsFor } from "../metrics/index.ts"
import { definitionsFor, incomparableGoal, type Witnesses } from "./definitions.ts"
import { digestOfJson } from "./digest.ts"
import { type Experiment, type Frozen, type MetricGoal, STOP_REASON, type Stopped, StopReason } from "./Experiment.ts"

/**
 * The experiment as it is from `at` on; `at` is its start unless it names a later one. Fails if it has been started
 * before, if its start or end has passed, or if the arms' providers can never be compared by one of its goals.
 */
export const freeze = (
  experiment: Experiment,
  at: Instant,
  providers: Witnesses
): Result.Result<Experiment, FieldFault> => {
  if (experiment.frozen !== undefined) {
    return Result.fail({ field: "frozen", expected: "nothing yet: it is started once and runs from then on" })
  }
  const { start = at, end } = experiment
  if (start < at) return Result.fail({ field: "start", expected: "a moment that has not passed, or none for now" })
  if (end !== undefined && end <= start) return Result.fail({ field: "end", expected: "a moment after start" })
  const fault = incomparableGoal(experiment, providers)
  if (fault !== undefined) return Result.fail(fault)
  const started = { ...experiment, start, ...goalsOf(experiment) }
  const definitions = definitionsFor(started, providers)
  const digest = digestOf(started, { at, definitions })
  return Result.succeed({ ...started, frozen: { at, digest, fields: digestsOf(started), definitions } })
}

/** Goals with what a later version might suppose otherwise. */
const goalsOf = ({ primary, guardrails, successOutcomes }: Experiment) => {
  const metrics = metricsFor(successOutcomes)
  const whole = (goal: MetricGoal): MetricGoal => {
    const { better, smallestEffect } = metrics.find(({ id }) => id === goal.metric) ?? {}
    return { ...present({ smallestEffect, better: better === "neither" ? undefined : better }), ...goal }
  }
  return present({ primary: whole(primary), guardrails: guardrails?.map(whole) })
}

/** The experiment stopped at a moment, for good. Fails if it does not run: not started, changed since, stopped before or over. */
export const stopExperiment = (
  experiment: Experiment,
  at: Instant,
  reason?: string
): Result.Result<Experiment, FieldFault> => {
  const { frozen, stopped, end } = experiment
  if (frozen === undefined) return Result.fail({ field: "frozen", expected: "an experiment that has been started" })
  const changed = changeFault(experiment)
  if (changed !== undefined) return Result.fail(changed)
  if (stopped !== undefined) {
    return Result.fail({ field: "stopped", expected: `nothing yet: it was stopped on ${stopped.at}` })
  }
  if (reason !== undefined && !isReason(reason)) return Result.fail({ field: "reason", expected: STOP_REASON })
  if (end !== undefined && at >= end) {
    return Result.fail({ field: "end", expected: `a moment still to come: the experiment ended on ${end}` })
  }
  const said = present({ at, reason })
  return Result.succeed({ ...experiment, stopped: { ...said, digest: stopDigestOf(frozen, said) } })
}

const isReason = Schema.is(StopReason)

/**
 * The fields that were changed, added or taken away since the start, by name, or the record of start or stop; none of an
 * experiment that was not started.
 */
export const checkFrozen = ({ frozen, stopped, ...experiment }: Experiment): ReadonlyArray<string> => {
  if (frozen === undefined) return stopped === undefined ? [] : ["stopped"]
  const now = digestsOf(experiment)
  const names = [...new Set([...Object.keys(frozen.fields), ...Object.keys(now)])]
  const changed = names.filter((name) => valueAt(frozen.fields, [name]) !== valueAt(now, [name])).toSorted()
  if (changed.length > 0) return changed
  if (digestOf(experiment, frozen) !== frozen.digest) return ["frozen"]
  return stopped === undefined || stopDigestOf(frozen, stopped) === stopped.digest ? [] : ["stopped"]
}

/** Refuses what `checkFrozen` finds. */
export const changeFault = (experiment: Experiment): FieldFault | undefined => {
  const changed = checkFrozen(experiment)
  const [first] = changed
  if (first === undefined) return undefined
  if (first === "stopped") {
    const wasStarted = experiment.frozen !== undefined
    return { field: first, expected: wasStarted ? "what it was when the experiment was stopped" : NOT_STARTED }
  }
  const fields = changed.length === 1 ? "" : `; changed were ${changed.join(", ")}`
  const expected = `what it was when the experiment was started on ${experiment.frozen?.at ?? ""}${fields}`
  return { field: first, expected }
}

const NOT_STARTED = "none: the experiment was never started"

type Fields = Omit<Experiment, "frozen" | "stopped">

/** What is published of the salt: who knows the digest cannot find it. */
const withoutSalt = ({ salt, ...fields }: Fields): { readonly [field: string]: unknown } => ({
  ...fields,
  salt: bytesToHex(hmac(sha256, utf8ToBytes(salt), utf8ToBytes("unicall experiment salt")))
})

/** Earlier versions fixed no definitions. */
const digestOf = (fields: Fields, { at, definitions }: Pick<Frozen, "at" | "definitions">): string =>
  digestOfJson({ ...withoutSalt(fields), frozen: present({ at, definitions }) })

const stopDigestOf = ({ digest }: Pick<Frozen, "digest">, { at, reason }: Omit<Stopped, "digest">): string =>
  digestOfJson({ started: digest, stopped: present({ at, reason }) })

const digestsOf = (fields: Fields): { readonly [field: string]: string } =>
  Object.fromEntries(
    Object.entries(withoutSalt(fields))
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, digestOfJson(value)])
  )
