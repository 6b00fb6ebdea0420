/** Lines of facts read back: every field is looked at before anything rests on it. */
import { attemptFields } from "../../domain/CallAttempt.ts"
import { orderFields } from "../../domain/CallOrder.ts"
import { AttemptStatus, OrderStatus } from "../../domain/CallStatus.ts"
import type { StatusClaim } from "../../domain/Fact.ts"
import { claimsIn, type FieldTable } from "../../domain/fields.ts"
import { Issue } from "../../domain/Issue.ts"
import type { JsonObject } from "../../domain/Json.ts"
import { type Check, checkOf, type FieldFault, follows, listOf, object, type Rule, rulesOf, setOf } from "./checks.ts"
import type { AttemptFactLine, OrderFactLine } from "./factLines.ts"

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

const claimsOf = (table: FieldTable, statuses: ReadonlyArray<string>): Check => {
  const rules = { value: setOf(statuses), word: "text", terminal: "boolean", because: "text" } as const satisfies {
    readonly [K in keyof StatusClaim<string>]-?: Rule
  }
  const status = object(rules, ["value", "terminal", "because"])
  return object({ ...rulesOf(claimsIn(table).map(({ name, schema }) => [name, schema])), status }, ["status"])
}

const shared = {
  provider: "id",
  id: "id",
  asOf: "instant",
  ages: listOf(pairOf("text")),
  evidence: mapOf(word),
  issues: listOf(checkOf(Issue)),
  native: "map"
} as const satisfies { readonly [name: string]: Rule }

const attemptFact = object({ ...shared, claims: claimsOf(attemptFields, AttemptStatus.literals) }, [
  "id",
  "claims",
  "evidence"
])

const orderFact = object(
  {
    ...shared,
    claims: claimsOf(orderFields, OrderStatus.literals),
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
