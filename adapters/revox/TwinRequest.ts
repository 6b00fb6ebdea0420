/** Requests to the Revox twin: their bodies and queries, checked as documented. */
import * as Schema from "effect/Schema"
import { AtLeastOne, bodyReader, E164, optional, TextMap, Time } from "../../src/twin/requestBody.ts"
import { DEFAULT_CALLING_WINDOW, DIRECTIONS, ORDER_STATUSES, ORDER_STATUSES_V2, OUTCOMES, RESULTS } from "./Wire.ts"

/** The versions that the twin speaks. V3 is known from one page only, V0 from fragments; V5 is known in part. */
export type ApiVersion = "V1" | "V2" | "V4" | "V5"

const AGE = { V1: 1, V2: 2, V4: 4, V5: 5 } as const satisfies Record<ApiVersion, number>

export const since = (first: ApiVersion, version: ApiVersion): boolean => AGE[version] >= AGE[first]

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const

const RetryBody = Schema.Struct({
  allowed_days: Schema.optionalKey(Schema.Array(Schema.Literals(DAYS))),
  call_twice_in_a_row: Schema.optionalKey(Schema.Boolean),
  calling_windows: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        calling_window_end_time: Schema.optionalKey(Schema.NonEmptyString),
        calling_window_start_time: Schema.optionalKey(Schema.NonEmptyString),
        retry_delay_seconds: Schema.optionalKey(AtLeastOne)
      })
    )
  ),
  max_retry_attempts: Schema.optionalKey(AtLeastOne),
  timezone: Schema.optionalKey(Schema.NonEmptyString)
})

const CreateBody = Schema.Struct({
  phone_number: E164,
  assistant: optional(
    Schema.Struct({
      prompt: Schema.NonEmptyString,
      first_sentence: optional(Schema.String),
      voicemail_message: optional(Schema.String),
      webhook_url: optional(Schema.String),
      max_call_duration_secs: optional(Schema.Finite),
      call_retry_config: optional(RetryBody)
    })
  ),
  assistant_id: optional(Schema.NonEmptyString),
  /** Only documented inside `assistant`; V0 had it here. */
  call_retry_config: optional(RetryBody),
  concurrency: optional(
    Schema.Struct({
      key: Schema.NonEmptyString,
      /** Required until V4; V5 documents the key alone. */
      max: optional(Schema.Finite.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(1))))
    })
  ),
  force_now: optional(Schema.Boolean),
  skip_calling_window: optional(Schema.Boolean),
  from_phone_number: optional(E164),
  metadata: optional(TextMap),
  prompt_variables: optional(TextMap),
  scheduled_at: optional(Time)
})

export const readCreate = bodyReader(CreateBody, {
  phone_number: "a telephone number in E.164",
  "assistant.prompt": "a text",
  "assistant.call_retry_config": "a retry configuration as documented",
  assistant: "an assistant with a prompt",
  assistant_id: "an id",
  call_retry_config: "a retry configuration as documented",
  concurrency: "a key, and a max of at least 1 if there is one",
  force_now: "true or false",
  skip_calling_window: "true or false",
  from_phone_number: "a telephone number in E.164",
  metadata: "text by name",
  prompt_variables: "text by name",
  scheduled_at: "ISO 8601 with a zone"
})

/** A change of an assistant; what is not looked at is taken as it is. */
export const readAssistant = bodyReader(
  Schema.StructWithRest(Schema.Struct({ webhook_url: optional(Schema.String) }), [
    Schema.Record(Schema.String, Schema.Unknown)
  ]),
  { webhook_url: "an address, or null" }
)

/** With the documented defaults. */
export const retryFrom = (given: typeof RetryBody.Type | null | undefined) => ({
  allowed_days: DAYS.slice(0, 5),
  call_twice_in_a_row: false,
  max_retry_attempts: 3,
  ...given,
  calling_windows: (given?.calling_windows ?? [{}]).map((window) => ({ ...DEFAULT_CALLING_WINDOW, ...window }))
})

export type RetryConfig = ReturnType<typeof retryFrom>

/** Search, V5: what its body requires; every list may be empty. */
const SearchBody = Schema.Struct({
  assignee_ids: Schema.Array(Schema.String),
  assistant_ids: Schema.Array(Schema.String),
  campaign_ids: Schema.Array(Schema.String),
  directions: Schema.Array(Schema.Literals(DIRECTIONS)),
  from_phone_numbers: Schema.Array(Schema.String),
  outcomes: Schema.Array(Schema.Literals(OUTCOMES)),
  page: Schema.Int.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0))),
  page_size: AtLeastOne,
  results: Schema.Array(Schema.Literals(RESULTS)),
  statuses: Schema.Array(Schema.Literals(ORDER_STATUSES)),
  call_ids: optional(Schema.Array(Schema.String)),
  to_phone_number: optional(Schema.String)
})

const LISTS = "assignee_ids assistant_ids campaign_ids directions from_phone_numbers outcomes results statuses call_ids"

export const readSearch = bodyReader(SearchBody, {
  ...Object.fromEntries(LISTS.split(" ").map((name) => [name, "a list as documented"])),
  page: "the number of a page",
  page_size: "at least 1",
  to_phone_number: "a text"
})

/** The order statuses that a state of the API knows. V1 has none, and takes those of V2. */
export const statusesOf = (version: ApiVersion): ReadonlyArray<string> =>
  since("V5", version) ? ORDER_STATUSES : ORDER_STATUSES_V2

/** How `statuses` is encoded is undocumented: repeated, with brackets, or joined by commas. */
export const statusesIn = (query: URLSearchParams): ReadonlyArray<string> =>
  [...query]
    .filter(([name]) => /^statuses(\[\d*\])?$/.test(name))
    .flatMap(([, value]) => value.split(","))
    .filter((status) => status !== "")
