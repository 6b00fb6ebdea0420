/** What an account of the Revox twin has: a few assistants, voices and numbers, always the same. */
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { uuidFrom } from "../../src/twin/seeded.ts"
import type { TwinAgent } from "../../src/twin/storedAgents.ts"
import { isoOf } from "../../src/twin/timeline.ts"
import { type ApiVersion, type RetryConfig, since } from "./TwinRequest.ts"

export const ORGANIZATION_ID = uuidFrom("organization")

/** The fields of later versions are left out of earlier ones. */
export const retryRecord = (retry: RetryConfig, version: ApiVersion): JsonObject => {
  const { allowed_days, call_twice_in_a_row, ...rest } = retry
  return since("V4", version) ? { allowed_days, call_twice_in_a_row, ...rest } : rest
}

export const LLM_MODEL = { name: "gpt-4.1", type: "dedicated-instance" } as const

/** The language and the name are known from an integration, the rest of the documentation. */
export const VOICES = [
  { id: "voice-of-the-twin", name: "Ada", provider: "cartesia", language: "en" },
  { id: "french-voice-of-the-twin", name: "Amélie", provider: "elevenlabs", language: "fr" }
] as const

/** Fields that hold nothing. */
const nulls = (names: string): JsonObject => Object.fromEntries(names.split(" ").map((name) => [name, null]))

/** The fields of `call.assistant`, V2, with what a stored assistant has in them. */
const ASSISTANT = {
  ...nulls("background_sound calendly call_retry_config end_of_call_sentence structured_output_config"),
  ...nulls("transfer_phone_number voicemail_message webhook_url"),
  first_sentence: "Hello, this is the assistant of Quillworks.",
  first_sentence_delay_ms: 400,
  first_sentence_mode: "static",
  ivr_navigation_enabled: false,
  llm_model: LLM_MODEL,
  max_call_duration_secs: 600,
  name: "Twin assistant",
  prompt: "Invented prompt of the twin.",
  voice: { id: VOICES[0].id, provider: VOICES[0].provider, speed: 1 },
  faq_items: [],
  pending_faq_count: 0
}

/** The fields that V4 has added. */
const ASSISTANT_V4 = {
  ...nulls("after_call_sms_prompt email_notification_address from_phone_number human_transfer_mode"),
  ...nulls("max_duration_end_message sms_template structured_output_prompt thinking_sound voicemail_sms_prompt"),
  ...nulls("warm_transfer_summary_instructions"),
  background_sound_volume: 0.5,
  custom_tools: [],
  email_notification_outcomes: [],
  sms_enabled: false,
  thinking_sound_probability: 0,
  thinking_sound_volume: 0.5
}

/** The fields that V5 has added. Their names are documented, their forms in part only: what they hold is null or nothing. */
const ASSISTANT_V5 = {
  ...nulls("after_call_sms_outcomes cartesia_dictionary_pronunciation_id created_by logo_url position"),
  ...nulls("precall_lookup_url prompt_flow slack stt_context stt_model type zoho"),
  is_inbound_receptionist: false,
  is_realestate_assistant: false,
  transfer_destinations: []
}

const fieldsOf = (version: ApiVersion): JsonObject => {
  if (!since("V5", version)) return { ...ASSISTANT, ...(since("V4", version) ? ASSISTANT_V4 : {}) }
  const { transfer_phone_number: _, ...kept }: JsonObject = ASSISTANT
  return { ...kept, ...ASSISTANT_V4, ...ASSISTANT_V5 }
}

const STORED = [
  { id: uuidFrom("assistant", 1), name: ASSISTANT.name },
  { id: uuidFrom("assistant", 2), name: "French assistant of the twin" }
] as const

/** Undocumented: who talks where an order names nobody. */
export const DEFAULT_ASSISTANT = STORED[0].id

interface AssistantOfOrder {
  readonly id: string
  readonly createdAt: number
  /** As the order gave it; absent for a stored one. */
  readonly inline: JsonObject | undefined
  /** Of the order, with the defaults filled in. */
  readonly retry: RetryConfig
}

const recordOf = (id: string, createdAt: number, fields: JsonObject): JsonObject => ({
  id,
  created_at: isoOf(createdAt),
  organization_id: ORGANIZATION_ID,
  updated_at: isoOf(createdAt),
  ...fields
})

/** The assistant in the record of an order. What the order left out of it is filled in. */
export const assistantRecord = (
  { id, createdAt, inline, retry }: AssistantOfOrder,
  version: ApiVersion
): JsonObject => {
  const fields = fieldsOf(version)
  const given = Object.entries(inline ?? {}).filter(([key]) => Object.hasOwn(fields, key))
  const config = isJsonObject(inline?.["call_retry_config"]) ? { call_retry_config: retryRecord(retry, version) } : {}
  const { name = fields["name"] } = STORED.find((stored) => stored.id === id) ?? {}
  return recordOf(id, createdAt, { ...fields, name, ...Object.fromEntries(given), ...config })
}

const MADE_AT = Date.UTC(2026, 0, 1)

/** Assistants that are stored, for `GET /assistants`. */
export const storedAssistants = (version: ApiVersion): ReadonlyArray<TwinAgent> =>
  STORED.map(({ id, name }) => ({ ...recordOf(id, MADE_AT, { ...fieldsOf(version), name }), id }))

/** The number that calls where an order names none. */
export const DEFAULT_FROM = "+12025550199"

/**
 * For `GET /phone-numbers`. Documented: `label`, and that each may have an `inbound_assistant`, which is the whole of it. The name of
 * the field that holds the number is a guess.
 */
export const phoneNumbers = (version: ApiVersion): ReadonlyArray<JsonObject> => {
  const made = { created_at: isoOf(MADE_AT) }
  const [assistant = null] = storedAssistants(version)
  return [
    { id: uuidFrom("phone number", 1), phone_number: DEFAULT_FROM, label: null, inbound_assistant: null, ...made },
    {
      id: uuidFrom("phone number", 2),
      phone_number: "+33199009999",
      label: "Paris",
      inbound_assistant: assistant,
      ...made
    }
  ]
}
