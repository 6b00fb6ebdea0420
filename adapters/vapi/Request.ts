/** Orders in the words of `POST /call`. Sources: the types of the API, and the page on outbound calls. Pure. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { momentGiven } from "../../src/domain/Instant.ts"
import { isEmptyObject, isJsonObject, JsonObject } from "../../src/domain/Json.ts"
import type { InlineAgent, PlaceCall } from "../../src/domain/PlaceCall.ts"
import { present } from "../../src/domain/present.ts"
import type { InvalidRequest } from "../../src/provider/CallError.ts"
import { invalidField, optionsReader } from "../../src/provider/ownOptions.ts"
import type { capabilities } from "./Capabilities.ts"
import * as Wire from "./Wire.ts"

const upTo = (most: number) => Schema.NonEmptyString.pipe(Schema.check(Schema.isMaxLength(most)))

const TimeWithZone = Schema.String.pipe(
  Schema.check(Schema.makeFilter((text) => momentGiven(text) !== undefined || "ISO 8601 with a zone"))
)

/** `providerOptions.vapi` */
export const VapiOptions = Schema.Struct({
  /** The id at Vapi of the number in `from`, where the setting `phoneNumbers` does not have it. */
  phoneNumberId: Schema.optionalKey(Schema.NonEmptyString),
  /** The end of the window that begins at `scheduledAt`. What Vapi does after it is not documented. */
  latestAt: Schema.optionalKey(TimeWithZone),
  /** What is told of the customer beside the number. */
  customer: Schema.optionalKey(
    Schema.Struct({
      name: Schema.optionalKey(upTo(Wire.LONGEST_NAME)),
      externalId: Schema.optionalKey(upTo(Wire.LONGEST_NAME)),
      email: Schema.optionalKey(upTo(Wire.LONGEST_NAME)),
      /** Dialled once the number has answered. */
      extension: Schema.optionalKey(upTo(10))
    })
  ),
  /** The version of the stored assistant that talks, as Vapi names it. Its pages do not say of which type it is. */
  assistantVersion: Schema.optionalKey(Schema.Union([Schema.NonEmptyString, Schema.Int])),
  /** A squad of stored assistants, instead of an agent: the order has `agent: {}`. */
  squadId: Schema.optionalKey(Schema.NonEmptyString),
  /** What an inline agent takes beyond `agent.inline`, in Vapi's words: `model`, `voice`, `transcriber`, `analysisPlan` … */
  assistant: Schema.optionalKey(JsonObject),
  /** What is changed of the assistant for this call, beyond `variableValues` and `metadata`, which the order writes. */
  assistantOverrides: Schema.optionalKey(JsonObject),
  /** The same of a squad: it is changed of all its members. */
  squadOverrides: Schema.optionalKey(JsonObject)
})
export type VapiOptions = typeof VapiOptions.Type

declare global {
  interface UnicallProviderOptions {
    readonly vapi?: VapiOptions
  }
  interface UnicallProviderCapabilities {
    readonly vapi: typeof capabilities
  }
}

const readOptions = optionsReader(VapiOptions, "vapi")

/** Ids of the account's numbers, by the numbers in E.164. */
export type PhoneNumbers = { readonly [number: string]: string }

/** An assistant that is told what to be has to name a model; Vapi documents no default. */
const DEFAULT_MODEL = { provider: "openai", model: "gpt-4.1" }

/** Fields of the assistant that an inline agent writes, with where the order has them. */
const WRITTEN_BY_AGENT = {
  firstMessage: "firstSentence",
  voicemailMessage: "voicemailMessage",
  maxDurationSeconds: "maxDurationSeconds"
} as const satisfies { readonly [field: string]: keyof InlineAgent }

const WRITTEN_BY_ORDER = { variableValues: "variables", metadata: "metadata" } as const

/** `maxDurationSeconds` of an assistant (typed). */
const DURATION = { least: 10, most: 43_200 }

type Read = Result.Result<JsonObject, InvalidRequest>

const AT = "providerOptions.vapi"

const assistantFrom = (agent: InlineAgent, { assistant: own = {}, assistantOverrides = {} }: VapiOptions): Read => {
  const model = own["model"] ?? DEFAULT_MODEL
  if (!isJsonObject(model)) return invalidField(`${AT}.assistant.model`, "an object with provider and model")
  if (Object.hasOwn(model, "messages")) {
    return invalidField(`${AT}.assistant.model.messages`, "no messages: the order has them as agent.inline.prompt")
  }
  for (const [field, place] of Object.entries(WRITTEN_BY_AGENT)) {
    if (Object.hasOwn(own, field))
      return invalidField(`${AT}.assistant.${field}`, `no such option: it is agent.inline.${place}`)
  }
  if (Object.hasOwn(assistantOverrides, "model")) {
    const override = assistantOverrides["model"]
    return isJsonObject(override) && Object.hasOwn(override, "messages")
      ? invalidField(
          `${AT}.assistantOverrides.model.messages`,
          "no messages: the order has them as agent.inline.prompt"
        )
      : invalidField(
          `${AT}.assistantOverrides.model`,
          `no such option beside an inline agent: it is ${AT}.assistant.model`
        )
  }
  for (const [field, place] of Object.entries(WRITTEN_BY_AGENT)) {
    if (agent[place] !== undefined && Object.hasOwn(assistantOverrides, field))
      return invalidField(
        `${AT}.assistantOverrides.${field}`,
        `no such option: the order has it as agent.inline.${place}`
      )
  }
  if (agent.voicemailMessage !== undefined && !detectsVoicemail({ ...own, ...assistantOverrides }, model)) {
    return invalidField(
      "agent.inline.voicemailMessage",
      `${AT}.assistant.voicemailDetection beside it: without a detector, Vapi never speaks the message`
    )
  }
  const { maxDurationSeconds: longest } = agent
  if (longest !== undefined && (longest < DURATION.least || longest > DURATION.most)) {
    return invalidField("agent.inline.maxDurationSeconds", `${DURATION.least} to ${DURATION.most} seconds`)
  }
  return Result.succeed({
    ...own,
    model: { ...model, messages: [{ role: "system", content: agent.prompt }] },
    ...present({
      firstMessage: agent.firstSentence,
      voicemailMessage: agent.voicemailMessage,
      maxDurationSeconds: longest
    })
  })
}

/** Detection is off by default (typed). It is set up as such, where `off` is a setting too, or as a tool of the model. */
const detectsVoicemail = (assistant: JsonObject, model: JsonObject): boolean => {
  const { voicemailDetection } = assistant
  const tools = [model["tools"], assistant["tools:append"]].flatMap((each) => (Array.isArray(each) ? each : []))
  return isJsonObject(voicemailDetection) || tools.some((tool) => isJsonObject(tool) && tool["type"] === "voicemail")
}

/** Who talks: a stored assistant, one in the order, or a squad. */
const talkerFrom = ({ agent }: PlaceCall, options: VapiOptions): Read => {
  const { id, inline } = agent
  const { squadId, assistant, assistantVersion } = options
  if (assistantVersion !== undefined && (id === undefined || inline !== undefined)) {
    return invalidField(`${AT}.assistantVersion`, "the id of a stored assistant beside it")
  }
  if (assistant !== undefined && inline === undefined) {
    return invalidField(`${AT}.assistant`, "an inline agent beside it")
  }
  if (id !== undefined && inline !== undefined) return invalidField("agent", "an id or an inline agent, not both")
  if (squadId !== undefined) {
    return id === undefined && inline === undefined
      ? Result.succeed({ squadId })
      : invalidField(`${AT}.squadId`, "no agent beside it: {}")
  }
  if (inline !== undefined) return Result.map(assistantFrom(inline, options), (written) => ({ assistant: written }))
  if (id === undefined) return invalidField("agent", "the id of a stored assistant, an inline agent, or a squad")
  return Result.succeed({ assistantId: id, ...present({ assistantVersion }) })
}

/** Overrides of an assistant do not apply to a squad, nor the other way round (typed). */
const overridesFrom = ({ variables, metadata }: PlaceCall, options: VapiOptions): Read => {
  const [ours, other, expected] =
    options.squadId === undefined
      ? (["assistantOverrides", "squadOverrides", `${AT}.squadId beside it`] as const)
      : (["squadOverrides", "assistantOverrides", "no such option beside a squad: it is squadOverrides"] as const)
  if (options[other] !== undefined) return invalidField(`${AT}.${other}`, expected)
  const own = options[ours] ?? {}
  for (const [field, place] of Object.entries(WRITTEN_BY_ORDER)) {
    if (Object.hasOwn(own, field)) {
      return invalidField(`${AT}.${ours}.${field}`, `no such option: the order has it as ${place}`)
    }
  }
  const overrides = { ...own, ...present({ variableValues: variables, metadata }) }
  return Result.succeed(isEmptyObject(overrides) ? {} : { [ours]: overrides })
}

const BY_ID = `in the setting phoneNumbers, or as ${AT}.phoneNumberId beside it`

/** A number is named by its id at Vapi, which no number tells: the settings have it, or the order brings it. */
const lineFrom = ({ from }: PlaceCall, { phoneNumberId }: VapiOptions, known: PhoneNumbers): Read => {
  if (from === undefined) return invalidField("from", `a number to call from, and its id: ${BY_ID}`)
  const id = Object.hasOwn(known, from) ? known[from] : undefined
  if (id !== undefined && phoneNumberId !== undefined && id !== phoneNumberId) {
    return invalidField(`${AT}.phoneNumberId`, "the id that the setting phoneNumbers has for the number in from")
  }
  const line = phoneNumberId ?? id
  return line === undefined
    ? invalidField("from", `a number whose id is known: ${BY_ID}`)
    : Result.succeed({ phoneNumberId: line })
}

const planFrom = ({ scheduledAt: earliestAt }: PlaceCall, { latestAt: given }: VapiOptions): Read => {
  const latestAt = momentGiven(given)
  if (latestAt === undefined) return Result.succeed(earliestAt === undefined ? {} : { schedulePlan: { earliestAt } })
  return earliestAt !== undefined && earliestAt < latestAt
    ? Result.succeed({ schedulePlan: { earliestAt, latestAt } })
    : invalidField(`${AT}.latestAt`, "a time after scheduledAt")
}

/** Fails with the field that Vapi cannot take. The reference is the name of the call, the only field of one's own that comes back. */
export const bodyFrom =
  (phoneNumbers: PhoneNumbers) =>
  (order: PlaceCall): Read =>
    Result.gen(function* () {
      const options = yield* readOptions(order)
      if (order.reference.length > Wire.LONGEST_NAME) {
        return yield* invalidField(
          "reference",
          `at most ${Wire.LONGEST_NAME} characters: at Vapi it is the name of the call`
        )
      }
      return {
        ...(yield* talkerFrom(order, options)),
        ...(yield* lineFrom(order, options, phoneNumbers)),
        customer: { ...options.customer, number: order.to },
        name: order.reference,
        ...(yield* overridesFrom(order, options)),
        ...(yield* planFrom(order, options))
      }
    })
