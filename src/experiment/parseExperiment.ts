/** Checks of an experiment: what its schema says of single fields, and what no schema can say. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Outcome } from "../domain/CallOrder.ts"
import { momentGiven } from "../domain/Instant.ts"
import { isJsonObject } from "../domain/Json.ts"
import { faultOf, type FieldFault, NO_SUCH_FIELD } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import { isTimeZone } from "../domain/wallClock.ts"
import { metricIds, undirectedMetricIds } from "../metrics/index.ts"
import { Experiment, type MetricGoal, MOST_ARMS, STOP_REASON } from "./Experiment.ts"
import { changeFault } from "./freeze.ts"
import { STRATUM_WORDS } from "./stratumWords.ts"

/**
 * Checks an experiment, whoever wrote it: a typed program, a JSON file. One that has been changed since it was started
 * is refused like any other mistake. `providers`: the ids of those there are.
 */
export const parseExperiment = (input: unknown, providers: Iterable<string>): Result.Result<Experiment, FieldFault> => {
  if (!isJsonObject(input)) return Result.fail({ field: "experiment", expected: "an object" })
  const read: { [key: string]: unknown } = present(input)
  for (const field of ["start", "end"]) {
    if (!Object.hasOwn(read, field)) continue
    const instant = momentGiven(read[field])
    if (instant === undefined) return Result.fail({ field, expected: TIME })
    read[field] = instant
  }
  const decoded = Result.mapError(decode(read, { onExcessProperty: "error" }), inOwnWords)
  if (Result.isFailure(decoded)) return decoded
  const fault = faultsOf(decoded.success, new Set(providers)).find((each) => each !== undefined)
  return fault === undefined ? decoded : Result.fail(fault)
}

const decode = Schema.decodeUnknownResult(Experiment)

const TIME = "ISO 8601 with a zone, such as 2030-01-31T09:00:00+01:00"
const NAME = "1 to 64 letters, digits, dots, dashes and underscores, the first a letter or digit"
const GOAL = '{ "metric": … }, with smallestEffect and better if wished'

const STRATA_WORDS = STRATUM_WORDS.map((word) => `"${word}"`).join(", ")

/** What to say instead of a schema's own words; `[]` stands for any place in a list, `goal` for every goal. */
const EXPECTED: { readonly [field: string]: string } = {
  id: NAME,
  arms: `two arms or more, ${MOST_ARMS} at most`,
  "arms[]": '{ "name": …, "provider": …, "share": … }, with agent and providerOptions if wished',
  "arms[].name": NAME,
  "arms[].provider": "a provider's id",
  "arms[].agent": "the id of an agent stored at the provider",
  "arms[].providerOptions": "options by name",
  "arms[].share": "a number above 0: the share relative to those of the other arms",
  baseline: "the name of an arm",
  unit: '"number", "contact" or "reference"',
  contactKey: "the key under which an order's metadata or variables hold the contact",
  windowHours: "a number of hours above 0",
  salt: "a random text of 16 characters or more",
  strata: `a list of ${STRATA_WORDS}`,
  "strata[]": `one of ${STRATA_WORDS}`,
  primary: GOAL,
  guardrails: `a list of ${GOAL}`,
  "guardrails[]": GOAL,
  "goal.metric": "a metric's id",
  "goal.smallestEffect": "a number above 0: a share for rates (0.03), else seconds",
  "goal.better": '"higher" or "lower"',
  analysis: '"sequential" or "fixed"',
  alpha: "a number from 0.0001 to 0.2",
  plannedUnits: "a whole number above 0",
  successOutcomes: "a list of outcomes",
  timeZone: "the IANA name of a time zone, such as Europe/Paris",
  frozen: "what unicall experiment start writes",
  stopped: "what unicall experiment stop writes",
  "stopped.reason": STOP_REASON
}

const inOwnWords = (error: Parameters<typeof faultOf>[0]): FieldFault => {
  const { field, expected } = faultOf(error)
  if (expected === NO_SUCH_FIELD) return { field, expected }
  const place = field.replaceAll(/\[\d+\]/g, "[]").replace(/^(?:primary|guardrails\[\])\./, "goal.")
  return { field, expected: Object.hasOwn(EXPECTED, place) ? (EXPECTED[place] ?? expected) : expected }
}

const unless = (holds: boolean, field: string, expected: string): FieldFault | undefined =>
  holds ? undefined : { field, expected }

/** `[]` in the field stands for the place of the first element that is wrong. */
const unlessOne = <A>(
  list: ReadonlyArray<A>,
  isWrong: (each: A, index: number, all: ReadonlyArray<A>) => boolean,
  field: string,
  expected: string
): FieldFault | undefined => {
  const at = list.findIndex(isWrong)
  return unless(at < 0, field.replace("[]", `[${at}]`), expected)
}

const isRepeated = (text: string, index: number, all: ReadonlyArray<string>): boolean => all.indexOf(text) < index

/** Random texts have many different characters, no period, and neighbours that do not count up or down. */
const isWeak = (salt: string): boolean => {
  const codes = Array.from(salt, (character) => character.codePointAt(0) ?? 0)
  const steps = codes.slice(1).filter((code, at) => Math.abs(code - (codes[at] ?? 0)) <= 1).length
  return (
    new Set(codes).size < 6 ||
    (salt + salt).indexOf(salt, 1) < salt.length ||
    steps > 0.7 * codes.length ||
    /change.?me|example|password|replace|secret|your.?salt/i.test(salt)
  )
}

/** `unrecognized` can never be a success. */
const outcomes: ReadonlySet<string> = new Set(Outcome.literals.filter((outcome) => outcome !== "unrecognized"))

/** What a schema of single fields cannot say, in the order of the fields. */
const faultsOf = (experiment: Experiment, providers: ReadonlySet<string>): ReadonlyArray<FieldFault | undefined> => {
  const { arms, baseline, unit, contactKey, strata = [], primary, guardrails = [], successOutcomes = [] } = experiment
  const { windowHours, analysis, plannedUnits, timeZone, start, end } = experiment
  const names = arms.map(({ name }) => name)
  const measured = guardrails.map(({ metric }) => metric)
  const isContact = unit === "contact"
  return [
    unlessOne(names, isRepeated, "arms[].name", "a name that no other arm has"),
    unlessOne(arms, ({ provider }) => !providers.has(provider), "arms[].provider", [...providers].join(" or ")),
    unless(baseline === undefined || names.includes(baseline), "baseline", "the name of an arm"),
    unless(!isContact || contactKey !== undefined, "contactKey", `${EXPECTED["contactKey"]}, since unit is "contact"`),
    unless(isContact || contactKey === undefined, "contactKey", 'none unless unit is "contact"'),
    unless(unit !== "reference" || windowHours === undefined, "windowHours", 'none where unit is "reference"'),
    unless(!isWeak(experiment.salt), "salt", "a random text, such as unicall experiment new makes"),
    unlessOne(strata, isRepeated, "strata[]", "each stratum once"),
    unless(metricIds.has(primary.metric), "primary.metric", KNOWN_METRIC),
    unlessOne(measured, (metric) => !metricIds.has(metric), "guardrails[].metric", KNOWN_METRIC),
    unlessOne(
      measured,
      (metric) => metric === primary.metric,
      "guardrails[].metric",
      "another metric than the primary one"
    ),
    unlessOne(measured, isRepeated, "guardrails[].metric", "each metric once"),
    unless(isDirected(primary), "primary.better", DIRECTION),
    unlessOne(guardrails, (goal) => !isDirected(goal), "guardrails[].better", DIRECTION),
    unless(
      analysis !== "fixed" || plannedUnits !== undefined || end !== undefined,
      "analysis",
      "plannedUnits or end beside it: a fixed analysis gives its verdicts at the end"
    ),
    unlessOne(
      successOutcomes,
      (word) => !outcomes.has(word),
      "successOutcomes[]",
      `one of ${[...outcomes].join(", ")}`
    ),
    unless(timeZone === undefined || isTimeZone(timeZone), "timeZone", EXPECTED["timeZone"] ?? ""),
    unless(start === undefined || end === undefined || start < end, "end", "a moment after start"),
    changeFault(experiment)
  ]
}

const DIRECTION = '"higher" or "lower": of this metric neither is better by itself'

const isDirected = ({ metric, better }: MetricGoal): boolean => better !== undefined || !undirectedMetricIds.has(metric)

const KNOWN_METRIC = `one of ${[...metricIds].join(", ")}`
