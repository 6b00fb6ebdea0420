/**
 * RevRing in one declaration: what it can do, what its records prove, how its bodies are told apart, and its live calls.
 *
 * | File | What it holds |
 * | --- | --- |
 * | `Capabilities.ts` | what it can do, and which page says so |
 * | `Wire.ts` | what RevRing sends: the fields that are read, and its known words |
 * | `Words.ts` | what the words mean, one by one and together: who answered, why it failed, how it ended |
 * | `Mapping.ts` | the mapping: a body becomes a fact of the call model |
 * | `Sources.ts` | where each field of a record stands in a body, for `explain` and the documentation |
 * | `Request.ts` | an order becomes the body of `POST /calls` |
 * | `Client.ts`, `Catalog.ts` | the endpoints: of calls, of the agents there are and their numbers |
 * | `CodeSigns.ts` | by what code tells that it speaks to RevRing, for `unicall switch scan` |
 * | `Twin.ts`, `TwinRecords.ts`, `TwinMessages.ts` | a simulation of RevRing: its endpoints, the records that it answers, and what it sends of its own |
 */
import "../../src/supportedNode.ts"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Shape } from "../../src/provider/Adapter.ts"
import { hasKeys, hasSomeKey, locateOwnAttempt } from "../../src/provider/bodies.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { clientConfig } from "../../src/provider/clientConfig.ts"
import type { Observable, Proof } from "../../src/provider/Evidence.ts"
import * as Check from "../../src/provider/optionChecks.ts"
import { amount, choice, declareTwin, type ProviderDeclaration } from "../../src/provider/ProviderDeclaration.ts"
import { capabilities, capabilitySources } from "./Capabilities.ts"
import { makeClient, type RevRingClientOptions, type RevRingSettings } from "./Client.ts"
import { hintFrom, orderFrom, providerId } from "./Mapping.ts"
import { attemptSources, hintSources, orderSources } from "./Sources.ts"
import { hangupCauseWords, interpretation, roleWords } from "./Words.ts"

const inText: Proof = { certainty: "inferred", basis: "text", from: "phrases and SIP codes in `errorMessage`" }

/** What its records prove; sources of each fact in docs/providers/revring.md. */
const evidence = {
  dialed_time: { certainty: "stated", basis: "dialing_instant", from: "`initiatedAt`" },
  answer_time: { certainty: "stated", basis: "answer_instant", from: "`startedAt`" },
  connected: { certainty: "stated", basis: "answer", from: "`startedAt`, or a `durationSeconds` above 0" },
  end_time: { certainty: "stated", basis: "end_instant", from: "`endedAt`" },
  created_time: { certainty: "stated", basis: "record_instant", from: "`createdAt`" },
  updated_time: { certainty: "stated", basis: "record_instant", from: "`updatedAt`" },
  // Whole seconds; whether a transferred call's time goes on is not documented.
  talk_time: { certainty: "stated", basis: "own_duration", from: "`durationSeconds`" },
  human: {
    certainty: "inferred",
    basis: "reply_or_transfer",
    from: "a reply in the transcript after the agent spoke, or a transfer"
  },
  // Known to fire on call screening, and once on a conversation.
  voicemail: { certainty: "detected", basis: "detector", from: "`hangupCause` = `VOICEMAIL_DETECTED`" },
  ivr: undefined,
  call_screening: undefined,
  // Neither cause is documented: both were seen in use, and the same may stand in the text only.
  busy: { certainty: "inferred", basis: "word_or_text", from: "`hangupCause` = `BUSY`, or `errorMessage`" },
  no_answer: { certainty: "inferred", basis: "word_or_text", from: "`hangupCause` = `NO_ANSWER`, or `errorMessage`" },
  unreachable: inText,
  declined: inText,
  blocked: inText,
  invalid_number: inText,
  congestion: inText,
  not_permitted: inText,
  precondition_failed: inText,
  timeout: inText,
  account: undefined,
  account_limit: undefined,
  customer_error: undefined,
  provider_error: inText,
  transferred: { certainty: "stated", basis: "own_word", from: "`status` = `TRANSFERRED`" },
  remote_hangup: { certainty: "stated", basis: "own_word", from: "`hangupCause` = `USER_ENDED`" },
  outcome: undefined,
  goal: undefined,
  cost: undefined,
  transcript: { certainty: "stated", basis: "turns", from: "`transcript`" },
  recording: { certainty: "stated", basis: "link", from: "`recordingUrl`" },
  own_number: { certainty: "stated", basis: "own_word", from: "`fromNumber`, or `toNumber` of a call that came in" },
  response_latency: undefined,
  interruptions_by_agent: undefined,
  interruptions_by_remote: undefined,
  remote_speech: undefined
} as const satisfies Record<Observable, Proof | undefined>

// Its bodies are told apart by their keys alone.
const shapes: ReadonlyArray<Shape> = [
  {
    name: "call",
    signs: "toNumber and status with fromNumber, direction or agentId; or organizationId and initiatedAt",
    matches: (body) =>
      (hasKeys(body, "toNumber", "status") && hasSomeKey(body, "fromNumber", "direction", "agentId")) ||
      hasKeys(body, "organizationId", "initiatedAt"),
    read: orderFrom
  },
  {
    name: "pre-call",
    signs: "event = pre_call",
    matches: (body) => Object.hasOwn(body, "event") && body["event"] === "pre_call",
    read: hintFrom
  }
]

/** RevRing in one declaration. */
export const revring: ProviderDeclaration<"revring", RevRingSettings> = {
  id: "revring",
  providerId,
  title: "RevRing",
  capabilities,
  capabilitySources,
  evidence,
  endings: {
    order: { unreached: "failed", broken: "failed" },
    attempt: { failed: "failed", canceled: "canceled" },
    reasons: ["transferred", ...hangupCauseWords.rows.flatMap(([, { ended }]) => ended?.reason ?? [])]
  },
  shapes,
  envelopes: { data: { holds: "either" } },
  roleWords,
  interpretation,
  sources: { order: orderSources, attempt: attemptSources, hint: hintSources, locateAttempts: locateOwnAttempt },
  live: {
    settings: { pageSize: Check.optional(Check.overlappingPageSize) },
    load: async () => {
      const { makeClient } = await import("./Client.ts")
      return (options, settings) => makeClient(revring, { ...settings, ...options })
    }
  },
  code: { load: async () => (await import("./CodeSigns.ts")).codeSigns },
  twin: declareTwin({
    flags: {
      generation: choice({ 1: 1, 2: 2, 3: 3 }, "the generation of the API that is spoken (default 3)"),
      concurrencyLimit: amount(10_000, "calls at a time; others queue")
    },
    load: async () => (await import("./Twin.ts")).makeRevRingTwin
  })
}

/** Live calls of RevRing, as a service. */
export class RevRing extends Context.Service<RevRing, CallProvider>()("unicall/RevRing") {}

/** Needs an `HttpClient`. Fails with `InvalidRequest`, operation `configure`, if key or base URL cannot be used. */
export const make = (options: RevRingClientOptions) => makeClient(revring, options)

/** Live calls of RevRing as a layer; see `make`. */
export const layer = (options: RevRingClientOptions) => Layer.effect(RevRing, make(options))

/** `REVRING_API_KEY`, and `REVRING_BASE_URL` if it is set. */
export const config = clientConfig(revring.id)

/** `make` with key and base URL from the configuration; fails with a `ConfigError` that names what is missing. */
export const makeConfig = (options: Omit<RevRingClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Effect.flatMap(config, (read) => make({ ...options, ...read }))

/** `layer` with key and base URL from the configuration. */
export const layerConfig = (options: Omit<RevRingClientOptions, "apiKey" | "baseUrl"> = {}) =>
  Layer.effect(RevRing, makeConfig(options))

export type { RevRingClientOptions } from "./Client.ts"
export { RevRingOptions } from "./Request.ts"
export { capabilities, capabilitySources } from "./Capabilities.ts"
