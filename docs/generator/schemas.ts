/** JSON Schemas (draft 2020-12) of every record that unicall writes, and of the configuration that it reads, from the schemas in the code. */
import * as JsonSchema from "effect/JsonSchema"
import * as Schema from "effect/Schema"
import { CallChange } from "../../src/calls/changes/CallChange.ts"
import { CallAttempt } from "../../src/domain/CallAttempt.ts"
import { CallHint } from "../../src/domain/CallHint.ts"
import { CallOrder } from "../../src/domain/CallOrder.ts"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { Rejection } from "../../src/domain/Rejection.ts"
import { AgentInfo, NumberInfo } from "../../src/provider/Catalog.ts"
import { SwitchPlan } from "../../src/switch/SwitchPlan.ts"
import { configurationBody } from "./configurationSchema.ts"
import {
  agentNotes,
  attemptNotes,
  callAttemptNotes,
  changeNotes,
  hintNotes,
  numberNotes,
  orderNotes,
  rejectionNotes
} from "./fieldNotes.ts"

type Notes = { readonly [field: string]: string }

const describe = (schema: JsonObject, notes: Notes): JsonObject => {
  const { properties } = schema
  if (!isJsonObject(properties)) return schema
  const described = Object.entries(properties).map(([field, property]) => [
    field,
    isJsonObject(property) && notes[field] !== undefined
      ? { description: notes[field].replaceAll("`", ""), ...property }
      : property
  ])
  return { ...schema, properties: Object.fromEntries(described) }
}

/** An order's attempts are described as well as the order is. */
const describeOrder = (schema: JsonObject): JsonObject => {
  const order = describe(schema, orderNotes)
  const { properties } = order
  if (!isJsonObject(properties) || !isJsonObject(properties["attempts"])) return order
  const { attempts } = properties
  const { items } = attempts
  const described = isJsonObject(items) ? describe(items, attemptNotes) : items
  return { ...order, properties: { ...properties, attempts: { ...attempts, items: described } } }
}

const bodyOf = (schema: Schema.Constraint): JsonObject => {
  const { schema: body, definitions } = Schema.toJsonSchemaDocument(schema)
  return Object.keys(definitions).length === 0 ? body : { ...body, $defs: definitions }
}

interface Described {
  readonly title: string
  readonly description: string
  readonly body: JsonObject
}

const kinds = {
  call_order: {
    title: "Call order",
    description: "A request to reach someone, with its attempts.",
    body: describeOrder(bodyOf(CallOrder))
  },
  call_attempt: {
    title: "Call attempt",
    description: "One dial whose order the payload does not contain.",
    body: describe(bodyOf(CallAttempt), callAttemptNotes)
  },
  call_hint: {
    title: "Call hint",
    description: "A payload that names or announces a call but is no record of it.",
    body: describe(bodyOf(CallHint), hintNotes)
  },
  rejection: {
    title: "Rejection",
    description: "Something that is no call record of a known provider.",
    body: describe(bodyOf(Rejection), rejectionNotes)
  }
} as const satisfies { readonly [kind: string]: Described }

const callChange: Described = {
  title: "Call change",
  description: "One thing that has become known of a placed call: a line of the feed of changes.",
  body: describe(bodyOf(CallChange), changeNotes)
}

const switchPlan: Described = {
  title: "Plan of a move",
  description: "What records use of a provider, how often, and what becomes of each at another.",
  body: bodyOf(SwitchPlan)
}

const agentInfo: Described = {
  title: "Agent",
  description: "An agent that is stored at a provider.",
  body: describe(bodyOf(AgentInfo), agentNotes)
}

const numberInfo: Described = {
  title: "Number",
  description: "A telephone number of an account.",
  body: describe(bodyOf(NumberInfo), numberNotes)
}

const configuration: Described = {
  title: "Configuration",
  description: "Named agents, routes and prices.",
  body: configurationBody()
}

const document = ({ title, description, body }: Described): JsonObject => ({
  $schema: JsonSchema.META_SCHEMA_URI_DRAFT_2020_12,
  title,
  description,
  ...body
})

const definition = ({ title, description, body }: Described): JsonObject => ({ title, description, ...body })

/**
 * Schemas by record kind, `output_record` for a line of output of which nothing is known yet, `call_change` for the feed,
 * `switch_plan`, `agent_info` and `number_info` for what an account has, and `configuration`.
 */
export const schemas: { readonly [name: string]: JsonObject } = {
  ...Object.fromEntries(Object.entries(kinds).map(([kind, described]) => [kind, document(described)])),
  call_change: document(callChange),
  switch_plan: document(switchPlan),
  agent_info: document(agentInfo),
  number_info: document(numberInfo),
  configuration: document(configuration),
  output_record: {
    $schema: JsonSchema.META_SCHEMA_URI_DRAFT_2020_12,
    title: "Output record",
    description: "Anything that a payload can become.",
    anyOf: Object.keys(kinds).map((kind) => ({ $ref: `#/$defs/${kind}` })),
    $defs: Object.fromEntries(Object.entries(kinds).map(([kind, described]) => [kind, definition(described)]))
  }
}
