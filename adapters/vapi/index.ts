/**
 * Vapi in one declaration: what it can do, what its records prove, how its bodies are told apart, and its live calls.
 *
 * | File | What it holds |
 * | --- | --- |
 * | `Capabilities.ts` | what it can do, and which page says so |
 * | `Wire.ts` | what Vapi sends: the fields that are read, and its known words |
 * | `Words.ts`, `EndedReason.ts` | what the words mean, one by one and together: who answered, why it failed, how it ended |
 * | `Mapping.ts` | the mapping: a body becomes a fact of the call model; with its messages (`Messages.ts`), a transfer (`Transfer.ts`), and the verdict, cost and figures (`Analysis.ts`) |
 * | `Sources.ts` | where each field of a record stands in a body, for `explain` and the documentation |
 * | `Request.ts` | an order becomes the body of `POST /call` |
 * | `Client.ts`, `Catalog.ts`, `Cancel.ts` | the endpoints: of calls, of the assistants and numbers there are, and what may stand for canceling |
 * | `CodeSigns.ts` | by what code tells that it speaks to Vapi, for `unicall switch scan` |
 * | `Twin.ts`, `TwinRequest.ts`, `TwinRecords.ts`, `TwinMessages.ts` | a simulation of Vapi: its endpoints, what it takes, the records that it answers, and what it sends of its own |
 */
import "../../src/supportedNode.ts"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import type { RecordlessShape, Shape } from "../../src/provider/Adapter.ts"
import { hasKeys, hasSomeKey } from "../../src/provider/bodies.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { clientConfig } from "../../src/provider/clientConfig.ts"
import type { Observable, Proof } from "../../src/provider/Evidence.ts"
import * as Check from "../../src/provider/optionChecks.ts"
import { amount, choice, declareTwin, type ProviderDeclaration } from "../../src/provider/ProviderDeclaration.ts"
import { capabilities, capabilitySources } from "./Capabilities.ts"
import { makeClient, type VapiClientOptions, type VapiSettings } from "./Client.ts"
import { hintFrom, locateAttempts, orderFrom, providerId, reportFrom, statusUpdateFrom } from "./Mapping.ts"
import { attemptSources, hintSources, orderSources } from "./Sources.ts"
import * as Wire from "./Wire.ts"
import { endedReasonWords, interpretation, roleWords } from "./Words.ts"

const byReason = (words: string): Proof => ({
  certainty: "stated",
  basis: "own_word",
  from: `\`endedReason\` = ${words}`
})

/** There are words for a few SIP codes; of the others the text may tell. */
const byReasonOrText = (words: string): Proof => ({
  certainty: "stated",
  basis: "word_or_text",
  from: `\`endedReason\` = ${words}, or a SIP code in \`endedMessage\``
})

const inText: Proof = { certainty: "inferred", basis: "text", from: "a SIP code in `endedMessage`" }

const ownCount = (figure: string): Proof => ({
  certainty: "stated",
  basis: "other",
  from: `\`artifact.performanceMetrics.${figure}\``
})

/** What its records prove; sources of each fact in docs/providers/vapi.md. */
const evidence = {
  // `startedAt` is when the call was started: neither the dial nor the answer.
  dialed_time: undefined,
  answer_time: undefined,
  connected: {
    certainty: "stated",
    basis: "answer",
    from: "an `endedReason` that needs somebody on the line, or nobody"
  },
  end_time: { certainty: "stated", basis: "end_instant", from: "`endedAt`" },
  created_time: { certainty: "stated", basis: "record_instant", from: "`createdAt`" },
  updated_time: { certainty: "stated", basis: "record_instant", from: "`updatedAt`" },
  talk_time: undefined,
  // No transfer counts: a mailbox may be forwarded too.
  human: { certainty: "inferred", basis: "other", from: "a reply in the transcript after the agent spoke" },
  // Like nobody's: that there is no such word proves nothing where the detector is off, and that is the default.
  voicemail: {
    certainty: "detected",
    basis: "other",
    from: "`endedReason` = `voicemail`, of a detector that is off unless it is set up: without it a mailbox looks like any other call",
    setUpBy: [
      "assistant.voicemailDetection",
      "assistantOverrides.voicemailDetection",
      "squadOverrides.voicemailDetection"
    ]
  },
  ivr: undefined,
  call_screening: undefined,
  busy: byReasonOrText("`customer-busy`"),
  no_answer: byReasonOrText("`customer-did-not-answer`"),
  unreachable: byReasonOrText("`…outbound-sip-480-…`"),
  declined: byReasonOrText("`customer-did-not-give-microphone-permission`"),
  blocked: inText,
  invalid_number: byReasonOrText("`twilio-reported-customer-misdialed`"),
  congestion: byReasonOrText("`…outbound-sip-503-…`"),
  not_permitted: byReasonOrText("`…outbound-sip-403-…`, `vonage-rejected` or a refusal of the number"),
  precondition_failed: inText,
  timeout: byReasonOrText("`…outbound-sip-408-…`"),
  account: byReason("a word about the subscription or its credit"),
  account_limit: byReason("a word about the account's limits"),
  customer_error: byReason("a word about the assistant, or the caller's own server or model"),
  provider_error: byReason("a word about Vapi's or a third party's fault"),
  transferred: byReason("`assistant-forwarded-call`"),
  remote_hangup: byReason("`customer-ended-call`"),
  outcome: undefined,
  goal: { certainty: "stated", basis: "own_verdict", from: "`analysis.successEvaluation`, where it is true or false" },
  cost: { certainty: "stated", basis: "us_dollars", from: "`cost`" },
  transcript: { certainty: "stated", basis: "turns", from: "`artifact.messages`" },
  recording: { certainty: "stated", basis: "link", from: "`artifact.recordingUrl`" },
  // By its id, which no record tells the number of.
  own_number: undefined,
  // Of the latencies of turns no unit is said.
  response_latency: undefined,
  interruptions_by_agent: ownCount("numUserInterrupted"),
  interruptions_by_remote: ownCount("numAssistantInterrupted"),
  remote_speech: undefined
} as const satisfies Record<Observable, Proof | undefined>

// Its bodies are told apart by their keys alone.

const typeOf = ({ type }: JsonObject): string | undefined => (typeof type === "string" ? type : undefined)

const CALL_TYPES: ReadonlySet<string | undefined> = new Set(Wire.CALL_TYPES)
const SESSION_STATUSES: ReadonlySet<unknown> = new Set(Wire.SESSION_STATUSES)

/**
 * Calls have a type that is known, or went somewhere: tools, insights and evaluations have a type and no status, so that a call
 * of a new type is still read. Without a type it is the status that tells a session.
 */
const isTypedAsCall = (body: JsonObject): boolean => {
  const type = typeOf(body)
  if (type === undefined) return !SESSION_STATUSES.has(body["status"])
  return CALL_TYPES.has(type) || hasSomeKey(body, "status", "endedReason")
}

const isCall = (body: JsonObject): boolean =>
  hasKeys(body, "orgId", "createdAt", "updatedAt") && !hasSomeKey(body, ...Wire.KEYS_OF_OTHERS) && isTypedAsCall(body)

const isMessage =
  (type: string) =>
  (body: JsonObject): boolean =>
    typeOf(body) === type && !isCall(body)

const namesCall = ({ call }: JsonObject): boolean => isJsonObject(call) && isCall(call)

const holdsRecord = (body: JsonObject): boolean => isMessage(Wire.REPORT)(body) || isMessage(Wire.STATUS_UPDATE)(body)

const isHint = (body: JsonObject): boolean =>
  typeOf(body) !== undefined && namesCall(body) && !holdsRecord(body) && !isCall(body)

const OTHERS: ReadonlySet<string> = new Set(Wire.OTHER_MESSAGES)

/** `transcript[transcriptType="final"]` is a `transcript`. */
const plainType = (type: string): string => type.replace(/\[.*$/, "")

const isAboutNoCall = (body: JsonObject): boolean =>
  hasKeys(body, "timestamp") && OTHERS.has(plainType(typeOf(body) ?? "")) && body["call"] == null && !isCall(body)

const shapes: ReadonlyArray<Shape> = [
  {
    name: "call",
    signs: "orgId, createdAt and updatedAt, and neither key nor type of another resource",
    matches: isCall,
    read: orderFrom
  },
  { name: "report", signs: `type = ${Wire.REPORT}`, matches: isMessage(Wire.REPORT), read: reportFrom },
  {
    name: "status",
    signs: `type = ${Wire.STATUS_UPDATE}`,
    matches: isMessage(Wire.STATUS_UPDATE),
    read: statusUpdateFrom
  },
  { name: "message", signs: "another type, and a call in call", matches: isHint, read: hintFrom }
]

const recordless: ReadonlyArray<RecordlessShape> = [
  { name: "message without a call", signs: "the type of a message, timestamp, and no call", matches: isAboutNoCall }
]

/** Vapi in one declaration. */
export const vapi: ProviderDeclaration<"vapi", VapiSettings> = {
  id: "vapi",
  providerId,
  title: "Vapi",
  capabilities,
  capabilitySources,
  evidence,
  // The reference is the name of the call.
  longestReference: Wire.LONGEST_NAME,
  orderNotes: {
    from: "Vapi calls from a number by its id: the setting `phoneNumbers` has it, or `providerOptions.vapi.phoneNumberId` of the order."
  },
  endings: {
    order: { unreached: "completed", broken: "completed" },
    attempt: { failed: "ended", canceled: "canceled" },
    reasons: endedReasonWords.rows.flatMap(([, { ended }]) => ended?.reason ?? [])
  },
  shapes,
  recordless,
  envelopes: { message: { holds: "one" }, results: { holds: "list" } },
  roleWords,
  secretKeys: {
    // Whole: whoever has one of these may listen, command, join or fetch, and the path is the secret. The time at which presigned
    // addresses expire is another at each read, like the addresses themselves.
    secrets: ["listen url", "control url", "call url", "presigned", "presigned urls expires at"],
    pairs: ["sip headers"],
    addresses: ["server url", "log url", "pcap url", "background sound"],
    callees: ["server", "model", "voice", "transcriber"]
  },
  interpretation,
  sources: { order: orderSources, attempt: attemptSources, hint: hintSources, locateAttempts },
  live: {
    settings: {
      phoneNumbers: Check.optional(Check.textsByName("ids of numbers by number")),
      cancelBy: Check.optional(
        Check.options({
          scheduled: Check.optional(Check.oneOf(["deleting_record"])),
          running: Check.optional(Check.oneOf(["control_address"]))
        })
      ),
      pageSize: Check.optional(Check.overlappingPageSize)
    },
    load: async () => {
      const { makeClient } = await import("./Client.ts")
      return (options, settings) => makeClient(vapi, { ...settings, ...options })
    }
  },
  code: { load: async () => (await import("./CodeSigns.ts")).codeSigns },
  twin: declareTwin({
    flags: {
      voicemailDetection: choice({ on: true, off: false }, "whether its assistants detect mailboxes (default on)"),
      concurrencyLimit: amount(10_000, "calls at a time; others wait")
    },
    options: { phoneNumberId: "number-of-the-twin" },
    load: async () => (await import("./Twin.ts")).makeVapiTwin
  })
}

/** Live calls of Vapi, as a service. */
export class Vapi extends Context.Service<Vapi, CallProvider>()("unicall/Vapi") {}

/** Needs an `HttpClient`. Fails with `InvalidRequest`, operation `configure`, if key or base URL cannot be used. */
export const make = (options: VapiClientOptions) => makeClient(vapi, options)

/** Live calls of Vapi as a layer; see `make`. */
export const layer = (options: VapiClientOptions) => Layer.effect(Vapi, make(options))

/** `VAPI_API_KEY`, and `VAPI_BASE_URL` if it is set. */
export const config = clientConfig(vapi.id)

/** `make` with key and base URL from the configuration; fails with a `ConfigError` that names what is missing. */
export const makeConfig = (options: Omit<VapiClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Effect.flatMap(config, (read) => make({ ...options, ...read }))

/** `layer` with key and base URL from the configuration. */
export const layerConfig = (options: Omit<VapiClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Layer.effect(Vapi, makeConfig(options))

export type { VapiClientOptions } from "./Client.ts"
export { VapiOptions } from "./Request.ts"
export { capabilities, capabilitySources } from "./Capabilities.ts"
