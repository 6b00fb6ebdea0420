/** Lines of facts read back: every field is looked at before anything rests on it. */
import { AttemptStatus, OrderStatus } from "../../domain/CallStatus.ts"
import type { AttemptClaims, OrderClaims, StatusClaim } from "../../domain/Fact.ts"
import type { JsonObject } from "../../domain/Json.ts"
import type { AttemptFactLine, OrderFactLine } from "./factLines.ts"
import {
  type Check,
  type FieldFault,
  follows,
  issues,
  listOf,
  object,
  type Rule,
  setOf,
  transcript
} from "./recordChecks.ts"

const step: Check = (value) =>
  typeof value === "string" || Number.isSafeInteger(value) ? undefined : { path: "", expected: "a key or an index" }

const word: Check = (value) =>
  typeof value === "string" || typeof value === "boolean" ? undefined : { path: "", expected: "text, true or false" }

const mapOf =
  (rule: Rule): Check =>
  (value) => {
    const fault = follows("map", value)
    return fault ?? listOf(rule)(Object.values(value ?? {}))
  }

const pairOf =
  (key: Rule): Check =>
  (value) => {
    if (!Array.isArray(value) || value.length !== 2) return { path: "", expected: "a pair" }
    const [name, moment]: ReadonlyArray<unknown> = value
    return follows(key, name) ?? (moment === null ? undefined : follows("instant", moment))
  }

const statusOf = (words: ReadonlyArray<string>): Check =>
  object(
    { value: setOf(words), word: "text", terminal: "boolean", because: "text" } satisfies {
      readonly [K in keyof StatusClaim<string>]-?: Rule
    },
    ["value", "terminal", "because"]
  )

const attemptClaims = object(
  {
    status: statusOf(AttemptStatus.literals),
    orderId: "id",
    path: listOf(step),
    position: "number",
    to: "text",
    dialedAt: "instant",
    answeredAt: "instant",
    endedAt: "instant",
    answered: "boolean",
    durationSeconds: "number",
    transcript,
    recordingUrl: "text",
    extracted: "map",
    metrics: "map"
  } satisfies { readonly [K in keyof AttemptClaims]-?: Rule },
  ["status"]
)

const orderClaims = object(
  {
    status: statusOf(OrderStatus.literals),
    from: "text",
    to: "text",
    agentId: "text",
    agentName: "text",
    createdAt: "instant",
    scheduledAt: "instant",
    nextAttemptAt: "instant",
    updatedAt: "instant",
    attemptsMade: "number",
    attemptsAllowed: "number",
    outcomeReason: "text",
    summary: "text",
    metadata: "map",
    variables: "map",
    campaignId: "text",
    campaignName: "text",
    organizationId: "text"
  } satisfies { readonly [K in keyof OrderClaims]-?: Rule },
  ["status"]
)

const shared = {
  provider: "id",
  id: "id",
  asOf: "instant",
  ages: listOf(pairOf("text")),
  evidence: mapOf(word),
  issues,
  native: "map"
} as const satisfies { readonly [name: string]: Rule }

const attemptRules = { ...shared, claims: attemptClaims }

const attemptFact = object(attemptRules, ["id", "claims", "evidence"])

const orderFact = object(
  {
    ...shared,
    claims: orderClaims,
    ends: listOf(pairOf(setOf(OrderStatus.literals))),
    attempts: listOf(attemptFact)
  },
  ["id", "claims", "evidence", "attempts", "native"]
)

/** The first field of a line that is not what it has to be. */
export const factLineFault = (line: JsonObject): FieldFault | undefined =>
  line["kind"] === "order_fact" ? orderFact(line) : attemptFact(line)

export const isFactLine = (line: JsonObject): line is JsonObject & (OrderFactLine | AttemptFactLine) =>
  factLineFault(line) === undefined
