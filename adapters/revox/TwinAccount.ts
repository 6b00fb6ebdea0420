/** What an account of the Revox twin has: a few assistants, voices and numbers, always the same. */
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { uuidFrom } from "../../src/twin/seeded.ts"
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

/** The fields of `call.assistant`, V2, with what a stored assistant has in them. */
const ASSISTANT = {
  background_sound: null,
  calendly: null,
  call_retry_config: null,
  end_of_call_sentence: null,
  first_sentence: "Hello, this is the assistant of Quillworks.",
  first_sentence_delay_ms: 400,
  first_sentence_mode: "static",
  ivr_navigation_enabled: false,
  llm_model: LLM_MODEL,
  max_call_duration_secs: 600,
  name: "Twin assistant",
  prompt: "Invented prompt of the twin.",
  structured_output_config: null,
  transfer_phone_number: null,
  voice: { id: VOICES[0].id, provider: VOICES[0].provider, speed: 1 },
  voicemail_message: null,
  webhook_url: null,
  faq_items: [],
  pending_faq_count: 0
} as const

/** The fields that V4 has added. */
const ASSISTANT_V4 = {
  after_call_sms_prompt: null,
  background_sound_volume: 0.5,
  custom_tools: [],
  email_notification_address: null,
  email_notification_outcomes: [],
  from_phone_number: null,
  human_transfer_mode: null,
  max_duration_end_message: null,
  sms_enabled: false,
  sms_template: null,
  structured_output_prompt: null,
  thinking_sound: null,
  thinking_sound_probability: 0,
  thinking_sound_volume: 0.5,
  voicemail_sms_prompt: null,
  warm_transfer_summary_instructions: null
} as const

/** The fields that V5 has added. Their names are documented, their forms in part only: what they hold is null or nothing. */
const ASSISTANT_V5 = {
  after_call_sms_outcomes: null,
  cartesia_dictionary_pronunciation_id: null,
  created_by: null,
  is_inbound_receptionist: false,
  is_realestate_assistant: false,
  logo_url: null,
  position: null,
  precall_lookup_url: null,
  prompt_flow: null,
  slack: null,
  stt_context: null,
  stt_model: null,
  transfer_destinations: [],
  type: null,
  zoho: null
} as const

const fieldsOf = (version: ApiVersion): JsonObject => {
  if (!since("V5", version)) return { ...ASSISTANT, ...(since("V4", version) ? ASSISTANT_V4 : {}) }
  const { transfer_phone_number: _, ...kept } = ASSISTANT
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

/** The assistant in the record of an order. What the order left out of it is filled in. */
export const assistantRecord = (
  { id, createdAt, inline, retry }: AssistantOfOrder,
  version: ApiVersion
): JsonObject => {
  const fields = fieldsOf(version)
  const given = Object.entries(inline ?? {}).filter(([key]) => Object.hasOwn(fields, key))
  const config = isJsonObject(inline?.["call_retry_config"]) ? { call_retry_config: retryRecord(retry, version) } : {}
  const name = STORED.find((stored) => stored.id === id)?.name
  return {
    id,
    created_at: isoOf(createdAt),
    organization_id: ORGANIZATION_ID,
    updated_at: isoOf(createdAt),
    ...fields,
    ...(name === undefined ? {} : { name }),
    ...Object.fromEntries(given),
    ...config
  }
}

const MADE_AT = Date.UTC(2026, 0, 1)

/** Assistants that are stored, for `GET /assistants`. */
export const storedAssistants = (version: ApiVersion): ReadonlyArray<JsonObject> =>
  STORED.map(({ id, name }) => ({
    id,
    created_at: isoOf(MADE_AT),
    organization_id: ORGANIZATION_ID,
    updated_at: isoOf(MADE_AT),
    ...fieldsOf(version),
    name
  }))

/** The number that calls where an order names none. */
export const DEFAULT_FROM = "+12025550199"

/** For `GET /phone-numbers`; documented is that each may have an `inbound_assistant`, the other names are a guess. */
export const PHONE_NUMBERS: ReadonlyArray<JsonObject> = [
  { id: uuidFrom("phone number", 1), phone_number: DEFAULT_FROM, inbound_assistant: null },
  { id: uuidFrom("phone number", 2), phone_number: "+33199009999", inbound_assistant: null }
]
