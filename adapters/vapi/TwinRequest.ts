/** Requests to the Vapi twin: their bodies, checked as documented. */
import * as Schema from "effect/Schema"
import { JsonObject } from "../../src/domain/Json.ts"
import { present } from "../../src/domain/present.ts"
import { bodyReader, E164, optional, Time } from "../../src/twin/requestBody.ts"
import * as Wire from "./Wire.ts"

const anything = [Schema.Record(Schema.String, Schema.Unknown)] as const

const ownName = Schema.String.pipe(Schema.check(Schema.isMaxLength(Wire.LONGEST_NAME)))

const CallBody = Schema.Struct({
  customer: Schema.Struct({ number: E164 }),
  phoneNumberId: Schema.NonEmptyString,
  assistantId: optional(Schema.NonEmptyString),
  assistantVersion: optional(Schema.Union([Schema.NonEmptyString, Schema.Int])),
  assistant: optional(Schema.StructWithRest(Schema.Struct({ model: JsonObject }), anything)),
  squadId: optional(Schema.NonEmptyString),
  name: optional(ownName),
  assistantOverrides: optional(JsonObject),
  squadOverrides: optional(JsonObject),
  schedulePlan: optional(Schema.Struct({ earliestAt: Time, latestAt: optional(Time) }))
})

export const readCall = bodyReader(CallBody, {
  "customer.number": "a telephone number in E.164",
  phoneNumberId: "the id of a number",
  assistantId: "the id of an assistant",
  "assistant.model": "an object",
  squadId: "the id of a squad",
  name: `a text of at most ${Wire.LONGEST_NAME} characters`,
  assistantOverrides: "an object",
  squadOverrides: "an object",
  schedulePlan: "{ earliestAt, latestAt }: ISO 8601 with a zone"
})

/** A change of an assistant; what is not looked at is taken as it is. */
export const readAssistant = bodyReader(
  Schema.StructWithRest(
    Schema.Struct({
      server: optional(Schema.StructWithRest(Schema.Struct({ url: optional(Schema.String) }), anything))
    }),
    anything
  ),
  { "server.url": "an address", server: "an object" }
)

/** Overrides of what does not talk in the call are lost: assistants have theirs, squads have theirs. */
export const inForce = ({ assistantOverrides, squadOverrides, ...request }: typeof CallBody.Type): JsonObject => ({
  ...request,
  ...present(request.squadId == null ? { assistantOverrides } : { squadOverrides })
})
