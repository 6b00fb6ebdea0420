import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { parseExperiment } from "../../../src/experiment/parseExperiment.ts"
import { isJsonObject, type JsonObject, type PathStep } from "../../../src/domain/Json.ts"
import { changed } from "../../../src/testing/edits.ts"
import { type Arb, anyJson, anyOf, edit, edited, objectOf, oneOf } from "../../arbitrary/payloads.ts"
import { draft, PROVIDERS, SALT, started } from "./experiments.ts"

const parse = (input: unknown) => parseExperiment(input, PROVIDERS)

const ARMS = [
  { name: "a", provider: "alpha", share: 1 },
  { name: "b", provider: "beta", share: 2.5 }
]

/** Everything an experiment may say. */
const whole: JsonObject = {
  ...draft,
  arms: [
    { name: "control", provider: "alpha", agent: "agent-a", providerOptions: { fast: true }, share: 90 },
    { name: "treatment.2_b", provider: "beta", share: 10 }
  ],
  baseline: "treatment.2_b",
  unit: "contact",
  contactKey: "crm",
  windowHours: 168,
  strata: ["country", "hour", "weekday", "campaign", "caller_number"],
  guardrails: [{ metric: "first_attempt.talk_time", smallestEffect: 5, better: "higher" }, { metric: "order.success" }],
  analysis: "fixed",
  alpha: 0.01,
  plannedUnits: 4000,
  successOutcomes: ["completed"],
  timeZone: "Europe/Paris",
  start: "2030-03-01T09:00:00+01:00",
  end: "2030-06-01T00:00Z"
}

describe("an experiment", () => {
  it("may say everything, or next to nothing", () => {
    expect(Result.getOrThrow(parse(draft))).toEqual(draft)
    expect(Result.getOrThrow(parse(whole))).toEqual({
      ...whole,
      start: "2030-03-01T08:00:00.000Z",
      end: "2030-06-01T00:00:00.000Z"
    })
  })

  it("may be written by a program: dates, and fields that are undefined", () => {
    const parsed = parse({ ...draft, start: new Date(Date.UTC(2030, 2, 1)), end: undefined })
    expect(Result.getOrThrow(parsed)).toEqual({ ...draft, start: "2030-03-01T00:00:00.000Z" })
  })

  it.each<readonly [ReadonlyArray<PathStep>, unknown, string, string | RegExp]>([
    [["id"], "a/b", "id", /^1 to 64 letters/],
    [["id"], undefined, "id", /^1 to 64 letters/],
    [["arms"], [ARMS[0]], "arms", "two arms or more, 200 at most"],
    [["arms"], "none", "arms", "two arms or more, 200 at most"],
    [["arms"], Array.from({ length: 201 }, (_, at) => ({ ...ARMS[0], name: `arm-${at}` })), "arms", /200 at most$/],
    [["arms", 1, "name"], "control", "arms[1].name", "a name that no other arm has"],
    [["arms", 1, "name"], "no spaces", "arms[1].name", /^1 to 64 letters/],
    [["arms", 0, "provider"], "gamma", "arms[0].provider", "alpha or beta"],
    [["arms", 0, "provider"], undefined, "arms[0].provider", "a provider's id"],
    [["arms", 0, "share"], 0, "arms[0].share", /^a number above 0/],
    [["arms", 0, "share"], "half", "arms[0].share", /^a number above 0/],
    [["arms", 0, "agent"], "", "arms[0].agent", /^the id of an agent/],
    [["arms", 0, "weight"], 1, "arms[0].weight", "no field of this name"],
    [["baseline"], "nobody", "baseline", "the name of an arm"],
    [["unit"], "person", "unit", '"number", "contact" or "reference"'],
    [["unit"], "contact", "contactKey", /since unit is "contact"$/],
    [["contactKey"], "crm", "contactKey", 'none unless unit is "contact"'],
    [["windowHours"], 0, "windowHours", "a number of hours above 0"],
    [["windowHours"], "a week", "windowHours", "a number of hours above 0"],
    [["salt"], undefined, "salt", "a random text of 16 characters or more"],
    [["salt"], "short", "salt", "a random text of 16 characters or more"],
    [["salt"], "xxxxxxxxxxxxxxxxxxxx", "salt", /unicall experiment new/],
    [["salt"], "qaqzqqazzaqzaqqz", "salt", /unicall experiment new/],
    [["salt"], "0123456789abcdefghij", "salt", /unicall experiment new/],
    [["salt"], "zyxwvutsrqponmlk", "salt", /unicall experiment new/],
    [["salt"], "k3Jd92qLk3Jd92qLk3Jd92qL", "salt", /unicall experiment new/],
    [["salt"], "please-change-me-now-9", "salt", /unicall experiment new/],
    [["strata"], ["hour", "hour"], "strata[1]", "each stratum once"],
    [["strata"], ["agent"], "strata[0]", 'one of "country", "hour", "weekday", "campaign", "caller_number"'],
    [["primary"], undefined, "primary", /metric/],
    [["primary", "metric"], "first_attempt.luck", "primary.metric", /^one of first_attempt\.connected, /],
    [["primary", "metric"], 7, "primary.metric", "a metric's id"],
    [["primary", "metric"], "first_attempt.talk_time", "primary.better", /^"higher" or "lower": /],
    [["primary", "smallestEffect"], -1, "primary.smallestEffect", /^a number above 0/],
    [["primary", "better"], "up", "primary.better", '"higher" or "lower"'],
    [["guardrails"], [{ metric: "order.luck" }], "guardrails[0].metric", /^one of /],
    [["guardrails"], [{ metric: "first_attempt.human_reached" }], "guardrails[0].metric", /^another metric/],
    [["guardrails"], [{ metric: "order.success" }, { metric: "order.success" }], "guardrails[1].metric", /once$/],
    [["guardrails"], [{ metric: "first_attempt.talk_time" }], "guardrails[0].better", /^"higher" or "lower": /],
    [["analysis"], "bayes", "analysis", '"sequential" or "fixed"'],
    [["analysis"], "fixed", "analysis", /^plannedUnits or end/],
    [["alpha"], 0.5, "alpha", "a number from 0.0001 to 0.2"],
    [["plannedUnits"], 10.5, "plannedUnits", "a whole number above 0"],
    [["successOutcomes"], [""], "successOutcomes[0]", /./],
    [["successOutcomes"], ["interested", "interessed"], "successOutcomes[1]", /^one of .*callback_later/],
    [["timeZone"], "Europe/Atlantis", "timeZone", /IANA/],
    [["start"], "2030-03-01T09:00:00", "start", /with a zone/],
    [["start"], "1900000000", "start", /with a zone/],
    [["start"], "Fri, 01 Mar 2030 09:00:00 -0000", "start", /with a zone/],
    [["end"], "01 Mar 2030 09:00:00 -0800", "end", /with a zone/],
    [["end"], 1_900_000_000, "end", /with a zone/],
    [["frozen"], true, "frozen", "what unicall experiment start writes"],
    [["surprise"], 1, "surprise", "no field of this name"]
  ])("tells a mistake by its place: %j = %j", (path, value, field, expected) => {
    const parsed = parse(changed(draft, path, value))
    if (Result.isSuccess(parsed)) return expect(parsed).toBe("a fault")
    expect(parsed.failure.field).toBe(field)
    expect(parsed.failure.expected).toEqual(typeof expected === "string" ? expected : expect.stringMatching(expected))
  })

  it("ends after it starts", () => {
    const start = "2030-03-01T09:00:00Z"
    for (const end of [start, "2030-03-01T09:30:00+01:00"]) {
      expect(parse({ ...draft, start, end })).toEqual(Result.fail({ field: "end", expected: "a moment after start" }))
    }
  })

  it.each([undefined, null, "text", 3, [draft]])("is an object, not %j", (input) => {
    expect(parse(input)).toEqual(Result.fail({ field: "experiment", expected: "an object" }))
  })

  it("is refused when it was changed after its start", () => {
    const frozen = started()
    expect(Result.getOrThrow(parse(JSON.parse(JSON.stringify(frozen))))).toEqual(frozen)
    const parsed = parse({ ...frozen, alpha: 0.1 })
    expect(Result.isFailure(parsed) && parsed.failure.field).toBe("alpha")
  })
})

const name: Arb<string> = oneOf("a", "B-2", "exp.2030_01", "x".repeat(64), "constructor")
const share: Arb<number> = Arbitrary.map(
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 }))),
  (whole) => whole / 100
)

/** Drafts that keep to the rules. */
const valid: Arb<JsonObject> = Arbitrary.map(
  Arbitrary.all([
    name,
    Arbitrary.array(share, { minLength: 2, maxLength: 5 }),
    oneOf<JsonObject>({ unit: "number" }, { unit: "reference" }, { unit: "contact", contactKey: "crm" }),
    oneOf<JsonObject>({}, { analysis: "sequential" }, { analysis: "fixed", plannedUnits: 10 }, { alpha: 0.2 }),
    oneOf<JsonObject>({}, { start: "2030-01-01T00:00Z" }, { end: "2031-01-01T00:00:00+14:00" }),
    oneOf<JsonObject>({}, { strata: [] }, { strata: ["hour"] }, { timeZone: "Asia/Kolkata" })
  ]),
  ([id, shares, unit, analysis, times, rest]) => ({
    ...draft,
    id,
    arms: shares.map((each, at) => ({ name: `arm-${at}`, provider: at % 2 === 0 ? "alpha" : "beta", share: each })),
    ...unit,
    ...analysis,
    ...times,
    ...rest
  })
)

const mutant: Arb<unknown> = Arbitrary.map(
  Arbitrary.all([oneOf<unknown>(draft, whole, started()), Arbitrary.array(edit, { minLength: 1, maxLength: 3 })]),
  ([input, edits]) => edited(input, edits)
)

const runs = (count: number) => ({ arbitrary: { runs: count } })

describe("any input", () => {
  it.prop(
    "that keeps to the rules is taken, and is the same when it is read again",
    [valid],
    ([input]) => {
      const once = Result.getOrThrow(parse(input))
      expect(Result.getOrThrow(parse(JSON.parse(JSON.stringify(once))))).toEqual(once)
    },
    runs(300)
  )

  it.prop(
    "is taken or refused with field and reason, and neither throws nor quotes the salt",
    [anyOf<unknown>(mutant, mutant, anyJson(4), objectOf({ id: name, arms: anyJson(3), primary: anyJson(2) }))],
    ([input]) => {
      const parsed = parse(input)
      if (Result.isSuccess(parsed)) {
        expect(parse(parsed.success)).toEqual(parsed)
        return
      }
      expect(parsed.failure.field).not.toBe("")
      expect(parsed.failure.expected).not.toBe("")
      expect(JSON.stringify(parsed.failure)).not.toContain(SALT)
    },
    runs(600)
  )

  it.prop(
    "is refused for a field that nobody knows, wherever it stands",
    [valid, oneOf<"top" | "arm" | "goal">("top", "arm", "goal")],
    ([input, where]) => {
      const arms = Array.isArray(input["arms"]) ? input["arms"] : []
      const primary = isJsonObject(input["primary"]) ? input["primary"] : {}
      const [first, ...others]: ReadonlyArray<unknown> = arms
      const surprised =
        where === "top"
          ? { ...input, surprise: 1 }
          : where === "arm"
            ? { ...input, arms: [{ ...(isJsonObject(first) ? first : {}), surprise: 1 }, ...others] }
            : { ...input, primary: { ...primary, surprise: 1 } }
      const field = { top: "surprise", arm: "arms[0].surprise", goal: "primary.surprise" }[where]
      expect(parse(surprised)).toEqual(Result.fail({ field, expected: "no field of this name" }))
    },
    runs(100)
  )
})
