/** Synthetic call records of Revox and RevRing, the same for the same seed: nothing in them is anybody's. */
import { closeSync, openSync, writeSync } from "node:fs"

type JsonRecord = Record<string, unknown>

export interface DataOptions {
  readonly count: number
  readonly seed?: number
  /** Share of records, 0 to 1, in which one to three fields are damaged; they stay well-formed JSON. */
  readonly damaged?: number
}

/** A small generator of numbers (mulberry32); each record has its own, so a record depends on its index alone. */
class Dice {
  private state: number

  constructor(seed: number, index: number) {
    this.state = (seed * 0x9e3779b1 + index * 0x85ebca6b) | 0
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  between(first: number, last: number): number {
    return first + this.below(last - first + 1)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  pick<A>(first: A, ...others: ReadonlyArray<A>): A {
    return others[this.below(others.length + 1) - 1] ?? first
  }

  hex(digits: number): string {
    let text = ""
    while (text.length < digits) text += this.below(0x10000).toString(16).padStart(4, "0")
    return text.slice(0, digits)
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-a${this.hex(3)}-${this.hex(12)}`
  }
}

/** Only numbers that no one has: 555-0100 to 0199, and 10 digits under +33 1 99 00. */
const telephone = (dice: Dice): string =>
  dice.chance(0.6)
    ? `+120255501${String(dice.below(100)).padStart(2, "0")}`
    : `+331990000${String(dice.below(100)).padStart(2, "0")}`

const START = Date.UTC(2026, 0, 5, 8)
const DAY = 86_400_000

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()

const seconds = (milliseconds: number): string => `${iso(milliseconds).slice(0, 19)}Z`

const withOffset = (milliseconds: number): string => `${iso(milliseconds + 3_600_000).slice(0, 23)}+01:00`

const AGENT_TEXTS = [
  "Good morning, this is the assistant of the Quillworks booking desk. Am I speaking with the right person?",
  "I am calling about the appointment that was asked for last week. Would Thursday at ten suit you?",
  "Of course. I have moved it to Friday at half past two; you will get a message with the details.",
  "May I ask which of the two addresses we should note down?",
  "Understood. Is there anything else I can help you with today?",
  "Thank you very much, and have a pleasant day. Goodbye."
]

const REMOTE_TEXTS = [
  "Yes, speaking.",
  "Thursday is difficult for me. Do you have something on Friday, after lunch?",
  "The second one, please – the one in the Rue de l’Église.",
  "Who gave you this number?",
  "No, that is all. Thank you.",
  "Hold on a moment, I have to look at my calendar."
]

const revoxTranscript = (dice: Dice): Array<JsonRecord> => {
  const turns: Array<JsonRecord> = []
  const length = dice.between(6, 14)
  for (let index = 0; index < length; index++) {
    if (index > 2 && dice.chance(0.08)) {
      const query = { day: "friday", part: "afternoon", limit: dice.below(9) }
      turns.push({
        content: "",
        role: "tool",
        tool_name: "find_slot",
        tool_arguments: dice.chance(0.5) ? query : JSON.stringify(query),
        tool_is_error: false,
        tool_output: '{"slots":["14:30","16:00"]}'
      })
      continue
    }
    const texts = index % 2 === 0 ? AGENT_TEXTS : REMOTE_TEXTS
    turns.push({ content: texts[(index >> 1) % texts.length], role: index % 2 === 0 ? "assistant" : "user" })
  }
  return turns
}

const DIAL_ERRORS = [
  "no_answer",
  "busy",
  "temporarily_unavailable",
  "number_non_attributed",
  "too_many_calls",
  "non_classified_error"
] as const

const revoxAttempt = (dice: Dice, to: string, startedAt: number, answered: boolean): JsonRecord => {
  const ring = dice.between(2_000, 25_000)
  const talk = dice.between(8_000, 240_000)
  if (!answered) {
    return {
      id: dice.uuid(),
      answered_at: null,
      dial_error: dice.pick("no_answer", ...DIAL_ERRORS),
      ended_at: iso(startedAt + ring),
      phone_number: to,
      recording_url: null,
      result: null,
      started_at: iso(startedAt),
      status: "error",
      end_reason: null,
      ended_by: null,
      structured_output: null,
      transcript: null
    }
  }
  const result = dice.pick("human", "human", "human", "human", "voicemail", "IVR", "ios-screening-filter")
  return {
    id: dice.uuid(),
    answered_at: iso(startedAt + ring),
    dial_error: null,
    ended_at: iso(startedAt + ring + talk),
    phone_number: to,
    recording_url: `https://media.example.com/recordings/${dice.hex(16)}.mp3`,
    result,
    started_at: iso(startedAt),
    status: "completed",
    end_reason: result === "voicemail" ? "voicemail" : dice.pick(null, "tool_end_call", "transfer"),
    ended_by: dice.pick("user", "agent", "system"),
    structured_output: {
      appointment: "friday",
      confirmed: dice.chance(0.5),
      party: dice.between(1, 6),
      note: "rear entrance"
    },
    transcript: result === "voicemail" ? revoxTranscript(dice).slice(0, 1) : revoxTranscript(dice)
  }
}

const retryConfig = (dice: Dice): JsonRecord => ({
  allowed_days: ["monday", "tuesday", "wednesday", "thursday", "friday"],
  call_twice_in_a_row: dice.chance(0.2),
  calling_windows: [
    { calling_window_end_time: "12:00", calling_window_start_time: "09:00", retry_delay_seconds: 3600 },
    { calling_window_end_time: "18:30", calling_window_start_time: "14:00", retry_delay_seconds: 7200 }
  ],
  max_retry_attempts: dice.between(1, 3),
  timezone: "Europe/Paris"
})

const customModel = (dice: Dice): JsonRecord => ({
  type: "custom",
  api_url: "https://llm.example.com/v1",
  model_name: "invented-large",
  api_key: `sk-invented-${dice.hex(24)}`
})

/** All 39 fields of the newest assistant known. */
const assistant = (dice: Dice, organization: string): JsonRecord => ({
  id: dice.uuid(),
  after_call_sms_prompt: null,
  background_sound: "audio/office.ogg",
  background_sound_volume: 0.4,
  calendly: null,
  call_retry_config: null,
  created_at: iso(START - 90 * DAY),
  custom_tools: dice.chance(0.3)
    ? [
        {
          body_template: "{}",
          description: "Finds a free slot.",
          headers: [{ key: "Authorization", value: `Bearer invented-${dice.hex(8)}` }],
          input_schema: [{ name: "day", required: true, type: "string" }],
          method: "GET",
          name: "find_slot",
          query_params: [],
          url: "https://tools.example.com/slots?shop=invented"
        }
      ]
    : [],
  email_notification_address: null,
  email_notification_outcomes: ["interested"],
  end_of_call_sentence: "Thank you, goodbye.",
  first_sentence: "Good morning, this is the booking desk.",
  first_sentence_delay_ms: 400,
  first_sentence_mode: "static",
  from_phone_number: null,
  human_transfer_mode: null,
  ivr_navigation_enabled: true,
  llm_model: customModel(dice),
  max_call_duration_secs: 600,
  max_duration_end_message: null,
  name: dice.pick("Booking desk", "Reminder line", "Survey"),
  organization_id: organization,
  prompt:
    "You are the friendly voice of a booking desk. Confirm the appointment, offer another slot if it does not suit, never promise a discount, and end politely.",
  sms_enabled: false,
  sms_template: null,
  structured_output_config: [
    { name: "appointment", required: true, type: "string" },
    { name: "confirmed", required: false, type: "boolean" }
  ],
  structured_output_prompt: null,
  thinking_sound: null,
  thinking_sound_probability: 0,
  thinking_sound_volume: 0,
  transfer_phone_number: null,
  updated_at: iso(START - 3 * DAY),
  voice: { id: "invented-voice", provider: "cartesia", speed: 1, volume: 1 },
  voicemail_message: "Please call us back.",
  voicemail_sms_prompt: null,
  warm_transfer_summary_instructions: null,
  webhook_url: "https://hooks.example.org/revox?team=blue",
  faq_items: [{ answer: "From nine to six.", question: "When are you open?", id: "faq-1" }],
  pending_faq_count: 0
})

const OPEN_STATUSES = ["scheduled", "queued_for_calling", "calling"] as const

const revoxOrder = (dice: Dice): JsonRecord => {
  const organization = "org-invented-0001"
  const to = telephone(dice)
  const createdAt = START + dice.below(60 * DAY)
  const open = dice.chance(0.08)
  const reached = !open && dice.chance(0.8)
  const count = open ? dice.below(2) : dice.pick(1, 1, 2, 2, 3)
  const attempts: Array<JsonRecord> = []
  for (let index = 0; index < count; index++) {
    attempts.unshift(revoxAttempt(dice, to, createdAt + 60_000 + index * 3_600_000, reached && index === count - 1))
  }
  const status = open
    ? dice.pick(OPEN_STATUSES[0], ...OPEN_STATUSES)
    : reached || dice.chance(0.5)
      ? "completed"
      : dice.pick("errored", "cancelled")
  return {
    id: dice.uuid(),
    assistant: assistant(dice, organization),
    call_attempts: attempts,
    call_retry_config: retryConfig(dice),
    calls_count: count,
    campaign: dice.chance(0.4) ? { id: "camp-invented-7", name: "Spring round" } : null,
    created_at: iso(createdAt),
    direction: dice.chance(0.95) ? "outbound" : "inbound",
    first_sentence_delay_ms: 400,
    from_phone_number: telephone(dice),
    is_cancelled: status === "cancelled",
    is_completed: status === "completed",
    last_call_attempt: attempts[0] ?? null,
    llm_model: customModel(dice),
    metadata: { reference: `lead-${dice.below(1_000_000)}`, list: "spring", source_system: "invented-crm" },
    organization_id: organization,
    prompt_variables: { first_name: "Testa", city: "Lyon", appointment: "Thursday at ten" },
    scheduled_at: dice.chance(0.2) ? withOffset(createdAt + 30_000) : null,
    status,
    to_phone_number: to,
    updated_at: iso(createdAt + count * 3_600_000 + 300_000),
    outcome: reached
      ? dice.pick("interested", "not_interested", "completed", "requested_callback_later", "do_not_contact")
      : null,
    outcome_summary: reached ? "The person confirmed another slot and asked for a written confirmation." : null
  }
}

const revoxListed = (dice: Dice): JsonRecord => {
  const answered = dice.chance(0.7)
  const attempt = revoxAttempt(dice, telephone(dice), START + dice.below(60 * DAY), answered)
  return dice.chance(0.3) ? { ...attempt, call_order_id: dice.uuid() } : attempt
}

const revringTranscript = (dice: Dice): Array<JsonRecord> => {
  const turns: Array<JsonRecord> = []
  const length = dice.between(8, 20)
  for (let index = 0; index < length; index++) {
    const texts = index % 2 === 0 ? AGENT_TEXTS : REMOTE_TEXTS
    turns.push({ role: index % 2 === 0 ? "agent" : "user", content: texts[(index >> 1) % texts.length] })
  }
  return turns
}

const ERROR_TEXTS = [
  "SIP 486 Busy Here",
  "call failed: no answer from the remote party",
  "upstream answered with status 503",
  "temporarily unavailable",
  "SIP/2.0 404 Not Found",
  "the trunk refused the call",
  "request timed out"
] as const

const END_CAUSES = [
  "USER_ENDED",
  "USER_ENDED",
  "END_CALL_TOOL",
  "SILENCE_TIMEOUT",
  "MAX_DURATION",
  "VOICEMAIL_DETECTED"
] as const

const revringCall = (dice: Dice): JsonRecord => {
  const id = dice.uuid()
  const agentId = `cm7z${dice.hex(20)}`
  const web = dice.chance(0.04)
  const createdAt = START + dice.below(60 * DAY)
  const initiatedAt = createdAt + dice.between(300, 4_000)
  const startedAt = initiatedAt + dice.between(2_000, 25_000)
  const talk = dice.between(8_000, 240_000)
  const kind = dice.next()
  const answered = kind < 0.75
  const running = kind >= 0.97
  const status = running
    ? dice.pick("QUEUED", "INITIATED", "ONGOING")
    : answered
      ? dice.chance(0.06)
        ? "TRANSFERRED"
        : "COMPLETED"
      : dice.pick("FAILED", "FAILED", "CANCELED")
  const cause = answered
    ? dice.pick("USER_ENDED", ...END_CAUSES)
    : status === "FAILED"
      ? dice.pick(null, null, "NO_ANSWER", "BUSY")
      : null
  const coarse = dice.chance(0.2)
  const time = coarse ? seconds : iso
  const ended = !running
  return {
    id,
    organizationId: "0f1e2d3c-0000-4000-8000-00000000f00d",
    direction: web || dice.chance(0.1) ? "INBOUND" : "OUTBOUND",
    status,
    fromNumber: telephone(dice),
    toNumber: web ? agentId : telephone(dice),
    ...(web ? { source: "web_widget" } : {}),
    initiatedAt: time(initiatedAt),
    createdAt: iso(createdAt),
    updatedAt: time(startedAt + talk + 20_000),
    agentId,
    sipTrunkId: "trunk-zz-01",
    agentCallerIdName: "Quillworks",
    agentName: "Booking Desk Nimbus",
    variables: {
      customer_name: "Zefira Quill",
      appointment: "Thursday at ten",
      call_reference: `lead-${dice.below(1_000_000)}`,
      direction: "OUTBOUND",
      current_time: iso(initiatedAt),
      timezone: "Europe/Paris",
      language: "en",
      auth_token: `invented-${dice.hex(12)}`
    },
    recordingUrl: answered ? `https://media.example.com/rec/${dice.hex(12)}.mp3` : null,
    hangupCause: cause,
    errorMessage: status === "FAILED" && dice.chance(0.7) ? dice.pick(ERROR_TEXTS[0], ...ERROR_TEXTS) : null,
    transcript: answered ? revringTranscript(dice) : ended ? [] : null,
    summary: answered
      ? "The person confirmed another slot, asked for a written confirmation and had no further wishes."
      : null,
    metrics: {
      latencyMs: dice.between(300, 1500),
      mos: null,
      interruptions: dice.below(5),
      packetsLost: dice.below(40)
    },
    startedAt: answered ? time(startedAt) : null,
    endedAt: ended ? time(startedAt + talk) : null,
    durationSeconds: answered ? Math.round(talk / 1000) : ended ? 0 : null,
    postCallWebhookStatus: "sent",
    preCallWebhookStatus: "sent"
  }
}

const retyped = (dice: Dice, value: unknown): unknown =>
  typeof value === "string" ? dice.pick<unknown>(42, false, ["x"]) : dice.pick<unknown>("not what it was", ["x"])

const UNKNOWN_WORDS = ["half_done", "constructor", "REROUTED"] as const

const zoneless = (value: unknown): unknown => (typeof value === "string" ? value.slice(0, 19) : "2026-03-02 15:00:00")

/** Fields that a damage can hit, by the kind of damage; the keys that tell the provider are left alone. */
const DAMAGEABLE = {
  revox: {
    types: [
      "calls_count",
      "metadata",
      "prompt_variables",
      "outcome_summary",
      "from_phone_number",
      "assistant",
      "campaign"
    ],
    attemptTypes: ["recording_url", "structured_output", "transcript", "phone_number"],
    words: ["status", "outcome", "direction"],
    attemptWords: ["status", "result", "ended_by"],
    times: ["created_at", "updated_at", "scheduled_at"],
    attemptTimes: ["started_at", "answered_at", "ended_at"]
  },
  revring: {
    types: [
      "durationSeconds",
      "variables",
      "summary",
      "recordingUrl",
      "transcript",
      "metrics",
      "agentName",
      "errorMessage"
    ],
    words: ["status", "hangupCause", "direction"],
    times: ["createdAt", "updatedAt", "startedAt", "endedAt"]
  }
} as const

const damageFields = (
  dice: Dice,
  record: JsonRecord,
  types: ReadonlyArray<string>,
  words: ReadonlyArray<string>,
  times: ReadonlyArray<string>
): void => {
  const kind = dice.next()
  const oneOf = (keys: ReadonlyArray<string>): string => keys[dice.below(keys.length)] ?? "id"
  if (kind < 0.4) {
    const key = oneOf(types)
    record[key] = retyped(dice, record[key])
  } else if (kind < 0.65) record[oneOf(words)] = dice.pick(UNKNOWN_WORDS[0], ...UNKNOWN_WORDS)
  else if (kind < 0.9) {
    const key = oneOf(times)
    record[key] = zoneless(record[key])
  } else delete record["id"]
}

const damageRevox = (dice: Dice, record: JsonRecord): void => {
  const { types, words, times, attemptTypes, attemptWords, attemptTimes } = DAMAGEABLE.revox
  const attempts: unknown = record["call_attempts"]
  const first: unknown = Array.isArray(attempts) ? attempts[0] : undefined
  if (typeof first !== "object" || first === null || dice.chance(0.5))
    return damageFields(dice, record, types, words, times)
  const attempt: JsonRecord = { ...first }
  damageFields(dice, attempt, attemptTypes, attemptWords, attemptTimes)
  record["call_attempts"] = [attempt, ...(Array.isArray(attempts) ? attempts.slice(1) : [])]
  record["last_call_attempt"] = attempt
}

const wrap = (dice: Dice, key: string, record: JsonRecord): JsonRecord =>
  dice.chance(0.5) ? { [key]: record } : record

/** The payload with a given index. */
export const payloadAt = (index: number, { seed = 1, damaged = 0 }: Omit<DataOptions, "count"> = {}): JsonRecord => {
  const dice = new Dice(seed, index)
  const damages = dice.next() < damaged ? dice.between(1, 3) : 0
  const kind = dice.next()
  if (kind < 0.55) {
    const order = revoxOrder(dice)
    for (let index = 0; index < damages; index++) damageRevox(dice, order)
    return wrap(dice, "call", order)
  }
  if (kind < 0.63) {
    const attempt = revoxListed(dice)
    const { attemptTypes, attemptWords, attemptTimes } = DAMAGEABLE.revox
    for (let index = 0; index < damages; index++) damageFields(dice, attempt, attemptTypes, attemptWords, attemptTimes)
    return dice.chance(0.3) ? { calls: [attempt] } : attempt
  }
  const call = revringCall(dice)
  const { types, words, times } = DAMAGEABLE.revring
  for (let index = 0; index < damages; index++) damageFields(dice, call, types, words, times)
  return wrap(dice, "data", call)
}

/** Writes an NDJSON file, a block at a time; returns its size in bytes. */
export const writeData = (path: string, { count, ...options }: DataOptions): number => {
  const file = openSync(path, "w")
  let bytes = 0
  let block = ""
  const flush = (): void => {
    bytes += writeSync(file, block)
    block = ""
  }
  try {
    for (let index = 0; index < count; index++) {
      block += `${JSON.stringify(payloadAt(index, options))}\n`
      if (block.length > 1 << 20) flush()
    }
    flush()
  } finally {
    closeSync(file)
  }
  return bytes
}
