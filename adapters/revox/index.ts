/**
 * Revox in one declaration: what it can do, what its records prove, how its bodies are told apart, and its live calls.
 *
 * | File | What it holds |
 * | --- | --- |
 * | `Capabilities.ts` | what it can do, and which page says so |
 * | `Wire.ts` | what Revox sends: the fields that are read, and its known words |
 * | `Words.ts` | what the words mean, one by one and together: who answered, why it failed, how it ended |
 * | `Mapping.ts` | the mapping: a body becomes a fact of the call model |
 * | `Timing.ts` | the segments of speech of an attempt as latencies, interruptions and lengths |
 * | `Sources.ts` | where each field of a record stands in a body, for `explain` and the documentation |
 * | `Request.ts` | an order becomes the body of `POST /call` |
 * | `Client.ts`, `Search.ts`, `Catalog.ts` | the endpoints: of calls, of search, of the assistants and numbers there are |
 * | `CodeSigns.ts` | by what code tells that it speaks to Revox, for `unicall switch scan` |
 * | `Twin.ts` | a simulation of Revox: its endpoints; with what it takes (`TwinRequest.ts`), what it answers (`TwinRecords.ts`), the assistants, voices and numbers of its account (`TwinAccount.ts`), and what it sends of its own (`TwinMessages.ts`) |
 */
import "../../src/supportedNode.ts"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { isEmptyObject, type JsonObject } from "../../src/domain/Json.ts"
import type { RecordlessShape, Shape } from "../../src/provider/Adapter.ts"
import { hasKeys, hasSomeKey } from "../../src/provider/bodies.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { clientConfig } from "../../src/provider/clientConfig.ts"
import type { Envelopes } from "../../src/provider/envelopes.ts"
import type { Observable, Proof } from "../../src/provider/Evidence.ts"
import * as Check from "../../src/provider/optionChecks.ts"
import { choice, declareTwin, type ProviderDeclaration } from "../../src/provider/ProviderDeclaration.ts"
import { capabilities, capabilitySources } from "./Capabilities.ts"
import { makeClient, type RevoxClientOptions, type RevoxSettings } from "./Client.ts"
import { attemptFrom, hintFrom, orderFrom, providerId } from "./Mapping.ts"
import { attemptSources, hintSources, locateAttempts, orderSources } from "./Sources.ts"
import { endReasonWords, interpretation, roleWords } from "./Words.ts"

const ownWord = (from: string): Proof => ({ certainty: "stated", basis: "own_word", from })
const dialError = (word: string): Proof => ownWord(`\`dial_error\` = \`${word}\``)

/** What its records prove; sources of each fact in docs/providers/revox.md. */
const evidence = {
  dialed_time: { certainty: "stated", basis: "dialing_instant", from: "`started_at`" },
  answer_time: { certainty: "stated", basis: "answer_instant", from: "`answered_at`" },
  connected: { certainty: "stated", basis: "answer", from: "`answered_at`" },
  end_time: { certainty: "stated", basis: "end_instant", from: "`ended_at`" },
  created_time: { certainty: "stated", basis: "record_instant", from: "`created_at`" },
  updated_time: { certainty: "stated", basis: "record_instant", from: "`updated_at`" },
  // There is no duration field.
  talk_time: { certainty: "stated", basis: "answer_to_end", from: "the time between `answered_at` and `ended_at`" },
  human: ownWord("`result` = `human`"),
  voicemail: ownWord("`result` = `voicemail`"),
  ivr: ownWord("`result` = `IVR`"),
  call_screening: ownWord("`result` = `ios-screening-filter`"),
  busy: dialError("busy"),
  no_answer: dialError("no_answer"),
  unreachable: dialError("temporarily_unavailable"),
  declined: undefined,
  blocked: undefined,
  invalid_number: dialError("number_non_attributed"),
  congestion: dialError("too_many_calls"),
  not_permitted: dialError("no_international_permission"),
  precondition_failed: dialError("precondition_failed"),
  timeout: undefined,
  account: undefined,
  account_limit: undefined,
  customer_error: undefined,
  provider_error: undefined,
  transferred: ownWord("`end_reason` = `transfer`"),
  remote_hangup: ownWord("`ended_by` = `user`"),
  outcome: ownWord("`outcome`"),
  goal: undefined,
  cost: undefined,
  transcript: { certainty: "stated", basis: "turns", from: "`transcript`" },
  recording: { certainty: "stated", basis: "link", from: "`recording_url`" },
  own_number: ownWord("`from_phone_number`, or `to_phone_number` of a call that came in"),
  // Figures over segments of speech, which records have from V5 on.
  response_latency: {
    certainty: "stated",
    basis: "own_duration",
    from: "the time in `speech_events` from the end of the other side's segment to the start of the agent's next"
  },
  interruptions_by_agent: undefined,
  // That the other side cut it off is a conclusion from the name.
  interruptions_by_remote: { certainty: "inferred", basis: "other", from: "`speech_events[].was_cut` of the agent" },
  remote_speech: { certainty: "stated", basis: "own_duration", from: "the other side's segments in `speech_events`" }
} as const satisfies Record<Observable, Proof | undefined>

const envelopes: Envelopes = {
  /** Of one order, and in the row of a campaign, which is about a contact. */
  call: { holds: "either", around: "row" },
  calls: { holds: "list" },
  data: { holds: "either" },
  /** Of a campaign. */
  rows: { holds: "list" }
}

// Its bodies are told apart by their keys alone.

const isOrder = (body: object): boolean =>
  hasKeys(body, "call_attempts") || hasKeys(body, "to_phone_number", "direction")

/** Of a campaign, `GET /campaigns/{id}/rows`: it has a number, and may tell a state, and is no attempt. */
const isRow = (body: object): boolean => hasKeys(body, "row_index", "input_data")

const isAttempt = (body: object): boolean =>
  hasKeys(body, "phone_number", "status") &&
  hasSomeKey(body, "answered_at", "result", "dial_error") &&
  !isOrder(body) &&
  !isRow(body)

const isWebhook = (body: object): boolean => hasKeys(body, "call_order_id") && !hasKeys(body, "phone_number")

/** A row whose `call` is there is an envelope. */
const isRowWithoutCall = (body: JsonObject): boolean =>
  isRow(body) && (body["call"] == null || isEmptyObject(body["call"]))

const shapes: ReadonlyArray<Shape> = [
  {
    name: "order",
    signs: "call_attempts, or to_phone_number with direction",
    matches: isOrder,
    read: orderFrom
  },
  {
    name: "attempt",
    signs: "phone_number and status with answered_at, result or dial_error",
    matches: isAttempt,
    read: attemptFrom
  },
  { name: "webhook", signs: "call_order_id without phone_number", matches: isWebhook, read: hintFrom }
]

const recordless: ReadonlyArray<RecordlessShape> = [
  {
    name: "campaign row without a call",
    signs: "row_index and input_data without call",
    matches: isRowWithoutCall
  }
]

/** Revox in one declaration. */
export const revox: ProviderDeclaration<"revox", RevoxSettings> = {
  id: "revox",
  providerId,
  title: "Revox",
  capabilities,
  capabilitySources,
  evidence,
  orderNotes: {
    retry: "Revox takes `retry` only beside an agent that is defined in the order; a stored one has rules of its own."
  },
  endings: {
    order: { unreached: "completed", broken: "failed" },
    attempt: { failed: "failed", canceled: "ended" },
    reasons: ["remote_hangup", ...endReasonWords.rows.map(([, { reason }]) => reason)]
  },
  shapes,
  recordless,
  envelopes,
  roleWords,
  secretKeys: { callees: ["custom tools"], addresses: ["api url", "precall lookup url"] },
  interpretation,
  sources: { order: orderSources, attempt: attemptSources, hint: hintSources, locateAttempts },
  live: {
    settings: {
      pageSize: Check.optional(Check.count),
      statusesEncoding: Check.optional(Check.oneOf(["repeat", "brackets", "comma"])),
      searchPath: Check.optional(Check.text("the path of search"))
    },
    load: async () => {
      const { makeClient } = await import("./Client.ts")
      return (options, settings) => makeClient(revox, { ...settings, ...options })
    }
  },
  code: { load: async () => (await import("./CodeSigns.ts")).codeSigns },
  twin: declareTwin({
    flags: {
      apiVersion: choice(
        { V1: "V1", V2: "V2", V4: "V4", V5: "V5" },
        "the state of the API that is spoken (default V4)"
      ),
      pageBase: choice({ 0: 0, 1: 1, either: "either" }, "the number of the first page of its list (default either)"),
      listItems: choice({ orders: "orders", attempts: "attempts" }, "what its list holds (default attempts)")
    },
    demo: { listItems: "orders" },
    load: async () => (await import("./Twin.ts")).makeRevoxTwin
  })
}

/** Live calls of Revox, as a service. */
export class Revox extends Context.Service<Revox, CallProvider>()("unicall/Revox") {}

/** Needs an `HttpClient`. Fails with `InvalidRequest`, operation `configure`, if key or base URL cannot be used. */
export const make = (options: RevoxClientOptions) => makeClient(revox, options)

/** Live calls of Revox as a layer; see `make`. */
export const layer = (options: RevoxClientOptions) => Layer.effect(Revox, make(options))

/** `REVOX_API_KEY`, and `REVOX_BASE_URL` if it is set: the names that the provider's own SDK reads. */
export const config = clientConfig(revox.id)

/** `make` with key and base URL from the configuration; fails with a `ConfigError` that names what is missing. */
export const makeConfig = (options: Omit<RevoxClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Effect.flatMap(config, (read) => make({ ...options, ...read }))

/** `layer` with key and base URL from the configuration. */
export const layerConfig = (options: Omit<RevoxClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Layer.effect(Revox, makeConfig(options))

export type { RevoxClientOptions } from "./Client.ts"
export { RevoxOptions } from "./Request.ts"
export { capabilities, capabilitySources } from "./Capabilities.ts"
