/**
 * Normalised records read back: every field is looked at before anything rests on it, by hand-written checks, since a
 * million records go through here.
 */
import type { CallAttempt } from "../../domain/CallAttempt.ts"
import { CallHint } from "../../domain/CallHint.ts"
import { type CallOrder, Channel, Direction, Outcome } from "../../domain/CallOrder.ts"
import { AttemptStatus, OrderStatus } from "../../domain/CallStatus.ts"
import { DisconnectedBy, DisconnectReason } from "../../domain/Disconnect.ts"
import { FailureKind } from "../../domain/Failure.ts"
import { parseInstant } from "../../domain/Instant.ts"
import { IssueReason } from "../../domain/Issue.ts"
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import { RECORD_KINDS, type RecordKind } from "../../domain/OutputRecord.ts"
import { AnsweredByValue, Certainty, ReachValue } from "../../domain/Reach.ts"
import { Role } from "../../domain/Transcript.ts"

/** A field that is not what it has to be; `path` is within the value, `expected` holds no value of it. */
export interface FieldFault {
  readonly path: string
  readonly expected: string
}

const kinds: ReadonlySet<unknown> = new Set<RecordKind>(RECORD_KINDS)

/** A record that `unicall` wrote, by its `kind`, whatever else is in it. */
export const isNormalised = (value: unknown): value is JsonObject =>
  isJsonObject(value) && kinds.has(value["kind"]) && Object.hasOwn(value, "kind")

export const isCallOrder = (record: JsonObject): record is JsonObject & CallOrder => orderFault(record) === undefined
export const isCallAttempt = (record: JsonObject): record is JsonObject & CallAttempt =>
  attemptFault(record) === undefined

export const isCallHint = (record: JsonObject): record is JsonObject & CallHint => hintFault(record) === undefined

/** The first field of an order that is not what it has to be. */
export const orderFault = (record: JsonObject): FieldFault | undefined => order(record)
export const attemptFault = (record: JsonObject): FieldFault | undefined => listedAttempt(record)
export const hintFault = (record: JsonObject): FieldFault | undefined => hint(record)

export type Check = (value: unknown) => FieldFault | undefined

/** Told with a field that is not what it has to be. */
const EXPECTED = {
  text: "text",
  id: "text that is not empty",
  number: "a number",
  boolean: "true or false",
  instant: "a time such as 2026-03-01T10:00:00.000Z",
  map: "an object",
  list: "a list"
} as const

/** Instants of days that every month has; for the others the calendar is asked. */
const PLAIN_INSTANT = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/** What most fields are is looked at in one place: a call for each would cost more than the look. */
const isOf = (kind: keyof typeof EXPECTED, value: unknown): boolean => {
  switch (kind) {
    case "text":
      return typeof value === "string"
    case "id":
      return typeof value === "string" && value !== ""
    case "number":
      return Number.isFinite(value)
    case "boolean":
      return typeof value === "boolean"
    case "instant":
      return (
        typeof value === "string" && value.length === 24 && (PLAIN_INSTANT.test(value) || parseInstant(value) === value)
      )
    case "map":
      return isJsonObject(value)
    case "list":
      return Array.isArray(value)
  }
}

export type Rule = keyof typeof EXPECTED | ReadonlySet<unknown> | Check

export const follows = (rule: Rule, value: unknown): FieldFault | undefined => {
  if (typeof rule === "string") return isOf(rule, value) ? undefined : { path: "", expected: EXPECTED[rule] }
  if (typeof rule === "function") return rule(value)
  return rule.has(value) ? undefined : { path: "", expected: `one of ${[...rule].join(", ")}` }
}

const within = (step: string, { path, expected }: FieldFault): FieldFault => ({
  path: path === "" || path.startsWith("[") ? step + path : `${step}.${path}`,
  expected
})

/** Fields that are not named are not looked at. */
export const object = (rules: { readonly [name: string]: Rule }, required: ReadonlyArray<string> = []): Check => {
  const ruleOf = new Map(Object.entries(rules))
  return (value) => {
    if (!isJsonObject(value)) return { path: "", expected: EXPECTED.map }
    for (const name of required) if (value[name] === undefined) return { path: name, expected: "given" }
    // JSON objects inherit no enumerable keys.
    for (const name in value) {
      const rule = value[name] === undefined ? undefined : ruleOf.get(name)
      const fault = rule === undefined ? undefined : follows(rule, value[name])
      if (fault !== undefined) return within(name, fault)
    }
    return undefined
  }
}

export const listOf =
  (rule: Rule): Check =>
  (value) => {
    if (!Array.isArray(value)) return { path: "", expected: EXPECTED.list }
    for (let index = 0; index < value.length; index++) {
      const fault = follows(rule, value[index])
      if (fault !== undefined) return within(`[${index}]`, fault)
    }
    return undefined
  }

export const setOf = (words: ReadonlyArray<string>): ReadonlySet<unknown> => new Set(words)

const reachValues = setOf(ReachValue.literals)
const certainties = setOf(Certainty.literals)
const roles = setOf(Role.literals)

const thoroughReach = object(
  { value: reachValues, certainty: certainties, because: listOf("text"), contradicted: new Set([true]) },
  ["value", "certainty", "because"]
)

/** There is one in every attempt: what is right is seen at once, what is wrong is looked for. */
const reach: Check = (value) =>
  isJsonObject(value) &&
  reachValues.has(value["value"]) &&
  certainties.has(value["certainty"]) &&
  areTexts(value["because"]) &&
  (value["contradicted"] === undefined || value["contradicted"] === true)
    ? undefined
    : thoroughReach(value)

const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === "string")

const thoroughTurn = object({ role: roles, text: "text", at: "text", toolName: "text", isError: "boolean" }, [
  "role",
  "text"
])

/** Turns are most of a record. */
const turn: Check = (value) =>
  isJsonObject(value) &&
  typeof value["text"] === "string" &&
  roles.has(value["role"]) &&
  (value["at"] === undefined || typeof value["at"] === "string") &&
  value["toolName"] === undefined &&
  value["isError"] === undefined
    ? undefined
    : thoroughTurn(value)

const withTurns = object({ turns: listOf(turn) }, ["turns"])
const withText = object({ text: "text" }, ["text"])
export const transcript: Check = (value) =>
  isJsonObject(value) && "turns" in value ? withTurns(value) : withText(value)

export const issues = listOf(object({ path: "text", reason: setOf(IssueReason.literals) }, ["path", "reason"]))

const attemptRules = {
  id: "id",
  orderId: "id",
  status: setOf(AttemptStatus.literals),
  to: "text",
  dialedAt: "instant",
  answeredAt: "instant",
  endedAt: "instant",
  answered: "boolean",
  ringSeconds: "number",
  talkSeconds: "number",
  talkSource: setOf(["provider", "derived"]),
  answeredBy: object({ value: setOf(AnsweredByValue.literals), certainty: certainties }, ["value", "certainty"]),
  handledBy: listOf(setOf(["ai", "human"])),
  failure: object({ kind: setOf(FailureKind.literals), sipCode: "number", message: "text" }, ["kind"]),
  disconnect: object({ by: setOf(DisconnectedBy.literals), reason: setOf(DisconnectReason.literals) }),
  transcript,
  recordingUrl: "text",
  extracted: "map",
  metrics: "map",
  reach,
  native: "map"
} as const satisfies { readonly [name: string]: Rule }

const attempt = object({ ...attemptRules, issues }, ["id", "status", "reach"])

const named = object({ id: "text", name: "text" })

const listedAttempt = object({ ...attemptRules, provider: "id", issues }, ["provider", "id", "status", "reach"])

const order = object(
  {
    provider: "id",
    id: "id",
    direction: setOf(Direction.literals),
    channel: setOf(Channel.literals),
    from: "text",
    to: "text",
    status: setOf(OrderStatus.literals),
    providerStatus: "text",
    terminal: "boolean",
    enriched: object({ transcript: "boolean", recording: "boolean", outcome: "boolean" }, [
      "transcript",
      "recording",
      "outcome"
    ]),
    agent: named,
    reference: "text",
    createdAt: "instant",
    scheduledAt: "instant",
    nextAttemptAt: "instant",
    updatedAt: "instant",
    attempts: listOf(attempt),
    attemptsMade: "number",
    attemptsAllowed: "number",
    outcome: setOf(Outcome.literals),
    outcomeReason: "text",
    summary: "text",
    metadata: "map",
    variables: "map",
    campaign: named,
    organizationId: "text",
    reach,
    issues,
    conflicts: listOf(object({ path: "text", value: "text", asOf: "instant" }, ["path", "value"])),
    native: "map"
  },
  ["provider", "id", "status", "enriched", "attempts", "reach"]
)

const hint = object(
  {
    provider: "id",
    event: setOf(CallHint.fields.event.literals),
    orderId: "id",
    attemptId: "id",
    agentId: "text",
    from: "text",
    to: "text",
    result: "text",
    providerStatus: "text",
    summary: "text",
    transcript,
    recordingUrl: "text",
    dialedAt: "instant",
    endedAt: "instant",
    attemptsMade: "number",
    issues,
    native: "map"
  },
  ["provider", "event"]
)
