/** Orders in the words of `POST /call`, version V4 (with V5's `skip_calling_window`). Source: the create page. Pure. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isEmptyObject, type JsonObject } from "../../src/domain/Json.ts"
import type { InlineAgent, PlaceCall, RetryPolicy } from "../../src/domain/PlaceCall.ts"
import { present } from "../../src/domain/present.ts"
import { type InvalidRequest, Unsupported } from "../../src/provider/CallError.ts"
import { invalidField, optionsReader } from "../../src/provider/ownOptions.ts"
import type { capabilities } from "./Capabilities.ts"
import { DEFAULT_CALLING_WINDOW, REFERENCE_KEY } from "./Wire.ts"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const flag = Schema.optionalKey(Schema.Boolean)
const share = Schema.optionalKey(Schema.Finite.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 1 }))))
const list = <S extends Schema.Top>(item: S) => Schema.optionalKey(Schema.Array(item))
const pairs = list(Schema.Struct({ key: Schema.NonEmptyString, value: Schema.String }))

/** A field that is extracted from the conversation, or that a tool asks for. */
const ExtractedField = Schema.Struct({
  name: Schema.NonEmptyString,
  required: Schema.Boolean,
  type: Schema.Literals(["string", "number", "boolean", "enum", "date", "datetime"]),
  description: text,
  enum_options: list(Schema.String)
})

const CustomTool = Schema.Struct({
  name: Schema.NonEmptyString,
  description: Schema.NonEmptyString,
  url: Schema.NonEmptyString,
  method: Schema.Literals(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  body_template: text,
  headers: pairs,
  query_params: pairs,
  input_schema: list(ExtractedField)
})

/** What an agent defined in the order takes beyond `agent.inline`, in the provider's own words. New fields pass as they are. */
const Assistant = Schema.StructWithRest(
  Schema.Struct({
    after_call_sms_prompt: text,
    background_sound: text,
    background_sound_volume: share,
    calendly: Schema.optionalKey(
      Schema.NullOr(Schema.Struct({ connection_id: Schema.String, event_type_id: Schema.String }))
    ),
    call_retry_config: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
    custom_tools: list(CustomTool),
    email_notification_address: text,
    email_notification_outcomes: list(Schema.String),
    end_of_call_sentence: text,
    faq_items: list(Schema.Struct({ question: Schema.String, answer: Schema.String })),
    first_sentence_delay_ms: Schema.optionalKey(Schema.Int.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0)))),
    first_sentence_mode: Schema.optionalKey(Schema.Literals(["generated", "static", "none"])),
    from_phone_number: text,
    human_transfer_mode: Schema.optionalKey(Schema.NullOr(Schema.Literals(["warm", "cold"]))),
    ivr_navigation_enabled: flag,
    llm_model: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
    max_duration_end_message: text,
    sms_enabled: flag,
    sms_template: text,
    structured_output_config: list(ExtractedField),
    structured_output_prompt: text,
    thinking_sound: text,
    thinking_sound_probability: share,
    thinking_sound_volume: share,
    transfer_phone_number: text,
    voice: Schema.optionalKey(
      Schema.Struct({
        id: Schema.NonEmptyString,
        provider: Schema.Literals(["cartesia", "elevenlabs"]),
        speed: Schema.optionalKey(Schema.Finite),
        volume: Schema.optionalKey(Schema.Finite)
      })
    ),
    voicemail_sms_prompt: text,
    warm_transfer_summary_instructions: text,
    webhook_url: text
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)

/** `providerOptions.revox`. Fields of the create body that are not known here pass as they are. */
export const RevoxOptions = Schema.StructWithRest(
  Schema.Struct({
    /**
     * What an inline agent takes beyond `agent.inline`. Without one it is sent as it is and needs a `prompt`; beside an
     * `agent.id` the documentation has the stored one used.
     */
    assistant: Schema.optionalKey(Assistant),
    /** Skip the calling-window check; `force_now` until version V4, `skip_calling_window` from V5. */
    force_now: flag,
    /** The name of `force_now` from V5. */
    skip_calling_window: flag,
    /** Dial the second time at once if nobody was reached. For an inline agent only. */
    call_twice_in_a_row: flag
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)
export type RevoxOptions = typeof RevoxOptions.Type

/** Fields of the create body that the order itself writes, with where it has them. */
export const WRITTEN_BY_ORDER: { readonly [field: string]: string } = {
  phone_number: "to",
  from_phone_number: "from",
  assistant_id: "agent.id",
  metadata: "metadata",
  prompt_variables: "variables",
  scheduled_at: "scheduledAt",
  concurrency: "concurrency"
}

/** `phoneNumber` and `Phone_Number` mean the same field: the provider might ignore them, or read them as that field. */
const spelled = (field: string): string => field.replaceAll("_", "").toLowerCase()

/** Fields of the assistant that an inline agent writes where it says them. */
const WRITTEN_BY_AGENT = {
  prompt: "prompt",
  first_sentence: "firstSentence",
  first_sentence_mode: "firstSentence",
  voicemail_message: "voicemailMessage",
  max_call_duration_secs: "maxDurationSeconds"
} as const satisfies { readonly [field: string]: keyof InlineAgent }

const PLACES_IN_AGENT = new Map(Object.entries(WRITTEN_BY_AGENT).map(([field, own]) => [spelled(field), own]))

const PLACES_IN_ORDER = new Map(Object.entries(WRITTEN_BY_ORDER).map(([field, place]) => [spelled(field), place]))

declare global {
  interface UnicallProviderOptions {
    readonly revox?: RevoxOptions
  }
  interface UnicallProviderCapabilities {
    readonly revox: typeof capabilities
  }
}

const readOptions = optionsReader(RevoxOptions, "revox")

/** Revox has the delay in each window only: an order that sets a delay and no hours names the default ones. */
const windowsFrom = ({ windows, delaySeconds }: RetryPolicy) => {
  const usual = { ...DEFAULT_CALLING_WINDOW, ...present({ retry_delay_seconds: delaySeconds }) }
  if (windows === undefined) return delaySeconds === undefined ? undefined : [usual]
  return windows.map(({ from, to }) => ({ ...usual, calling_window_start_time: from, calling_window_end_time: to }))
}

/** `max_retry_attempts` is read as all dials, the first included, as its texts suggest; no source says so. */
const retryConfig = (retry: RetryPolicy, twiceInARow?: boolean) =>
  present({
    max_retry_attempts: retry.maxAttempts,
    calling_windows: windowsFrom(retry),
    allowed_days: retry.days,
    timezone: retry.timeZone,
    call_twice_in_a_row: twiceInARow
  })

const assistantFrom = (agent: InlineAgent, retry: RetryPolicy | undefined, options: RevoxOptions): JsonObject => {
  const config = retryConfig(retry ?? {}, options.call_twice_in_a_row)
  const own = options.assistant?.call_retry_config
  const { firstSentence, voicemailMessage, maxDurationSeconds, prompt } = agent
  return {
    ...present({
      first_sentence: firstSentence,
      first_sentence_mode: firstSentence === undefined ? undefined : "static",
      voicemail_message: voicemailMessage,
      max_call_duration_secs: maxDurationSeconds
    }),
    ...options.assistant,
    ...(isEmptyObject(config) ? {} : { call_retry_config: { ...own, ...config } }),
    prompt
  }
}

const hasPrompt = ({ prompt }: JsonObject): boolean => typeof prompt === "string" && prompt !== ""

/** Names of fields are told in errors: what is none may be anything. */
const FIELD_NAME = /^[A-Za-z]\w{0,99}$/

/** Fails with the field that Revox cannot take. */
export const bodyFrom = (order: PlaceCall): Result.Result<JsonObject, InvalidRequest | Unsupported> => {
  const given = order.providerOptions?.["revox"] ?? {}
  const written = Object.keys(given).find((field) => PLACES_IN_ORDER.has(spelled(field)))
  if (written !== undefined) {
    const place = PLACES_IN_ORDER.get(spelled(written)) ?? ""
    return invalidField(`providerOptions.revox.${written}`, `no such option: the order has it as ${place}`)
  }
  if (!Object.keys(given).every((field) => FIELD_NAME.test(field))) {
    return invalidField("providerOptions.revox", "field names of letters, digits and _")
  }
  const read = readOptions(order)
  if (Result.isFailure(read)) return Result.fail(read.failure)
  const options = read.success
  const { assistant: _, call_twice_in_a_row, ...passed } = options
  const { id, inline } = order.agent
  if (order.metadata !== undefined && Object.hasOwn(order.metadata, REFERENCE_KEY)) {
    return invalidField(`metadata.${REFERENCE_KEY}`, "another name: this one carries the reference")
  }
  // The create call takes a retry configuration within the assistant only, and that one is not used beside an id.
  if (order.retry !== undefined && (id !== undefined || inline === undefined)) {
    return Result.fail(new Unsupported({ capability: "retry policy for a stored agent", field: "retry" }))
  }
  if (call_twice_in_a_row !== undefined && inline === undefined) {
    return invalidField("providerOptions.revox.call_twice_in_a_row", "an inline agent beside it")
  }
  if (options.assistant !== undefined && inline === undefined && !hasPrompt(options.assistant)) {
    return invalidField("providerOptions.revox.assistant.prompt", "a text, or an inline agent beside it")
  }
  for (const field of Object.keys(options.assistant ?? {})) {
    const own = PLACES_IN_AGENT.get(spelled(field))
    if (own === undefined || inline?.[own] === undefined) continue
    return invalidField(`providerOptions.revox.assistant.${field}`, `not both: the order has it as agent.inline.${own}`)
  }
  const assistant = inline === undefined ? options.assistant : assistantFrom(inline, order.retry, options)
  return Result.succeed({
    ...passed,
    ...present({
      phone_number: order.to,
      from_phone_number: order.from,
      assistant_id: id,
      assistant,
      prompt_variables: order.variables,
      metadata: { ...order.metadata, [REFERENCE_KEY]: order.reference },
      scheduled_at: order.scheduledAt,
      concurrency: order.concurrency
    })
  })
}
