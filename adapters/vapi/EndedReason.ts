/**
 * Why a Vapi call ended: exact words first, then the families whose meaning the documentation defines. Its vocabulary has some
 * six hundred words and grows. The phase in a word is not the phase of the call: `call.in-progress.…-never-connected` is a
 * telephone that never rang.
 */
import type { Disconnect } from "../../src/domain/Disconnect.ts"
import { type FailureKind, failureOfSipCode } from "../../src/domain/Failure.ts"
import type { Transfer } from "../../src/domain/Transfer.ts"
import { type WordTable, wordTable } from "../../src/domain/Words.ts"

/** What a reason says. A word may say nothing of these, and be known all the same. */
export interface ReasonMeaning {
  readonly canceled?: true
  /** Whether somebody or something was on the line; not who. */
  readonly answered?: boolean
  readonly answeredBy?: "voicemail"
  readonly ended?: Disconnect
  readonly failure?: FailureKind
  readonly sipCode?: number
  /**
   * A code in `endedMessage` is SIP's, and says more than the word (`decides`) or is kept beside it (`adds`). With any other
   * word it may be the status of an HTTP request: of the caller's server, of a model.
   */
  readonly codeInMessage?: "decides" | "adds"
  /** How far a transfer came, by the word alone. */
  readonly transfer?: Transfer["state"]
  /** A connection outwards failed: the customer's, or the third party's if the customer was on the line already. */
  readonly ofTransferToo?: true
}

const byRemote: ReasonMeaning = { answered: true, ended: { reason: "remote_hangup", by: "remote" } }
const byAgent: ReasonMeaning = { answered: true, ended: { reason: "agent_hangup", by: "agent" } }
const bySystem: ReasonMeaning = { ended: { by: "system" } }
// Initiated, not taken: documented of `assistant-forwarded-call`.
const forwarded: ReasonMeaning = { ended: { reason: "transferred", by: "system" }, transfer: "initiated" }
const transferFailed: ReasonMeaning = { ended: { reason: "transfer_failed", by: "system" }, transfer: "not_connected" }
const notConnected: ReasonMeaning = { failure: "unclassified", codeInMessage: "decides", ofTransferToo: true }
const failed = (failure: FailureKind): ReasonMeaning => ({ failure })

/** `endedReason` by exact word. `answered` by the groups of the page: "call ended normally", "phone rang but nobody answered". */
const exactWords = wordTable<ReasonMeaning>({
  "customer-ended-call": byRemote,
  "customer-ended-call-before-warm-transfer": byRemote,
  "customer-ended-call-after-warm-transfer-attempt": byRemote,
  "customer-ended-call-during-transfer": byRemote,
  "assistant-ended-call": byAgent,
  "assistant-ended-call-after-message-spoken": byAgent,
  "assistant-ended-call-with-hangup-task": byAgent,
  "assistant-said-end-call-phrase": byAgent,
  "assistant-forwarded-call": { answered: true, ended: { reason: "transferred", by: "agent" }, transfer: "initiated" },
  "exceeded-max-duration": { answered: true, ended: { reason: "max_duration", by: "system" } },
  "silence-timed-out": { answered: true, ended: { reason: "silence", by: "system" } },
  voicemail: { answeredBy: "voicemail", ended: { reason: "voicemail", by: "system" } },
  "customer-did-not-answer": { answered: false, failure: "no_answer", codeInMessage: "adds" },
  "customer-busy": { answered: false, failure: "busy", codeInMessage: "adds" },
  "customer-did-not-give-microphone-permission": { answered: false, failure: "declined" },
  // An inbound call that this side did not take.
  "call.ringing.sip-inbound-caller-hungup-before-call-connect": { answered: false, failure: "no_answer" },
  "manually-canceled": { canceled: true, ended: { reason: "stopped", by: "operator" } },
  "scheduled-call-deleted": { canceled: true },
  /** The record was deleted: of the call it says nothing. */
  "call-deleted": {},

  "call.forwarding.operator-busy": transferFailed,
  "call.forwarding.no-answer": transferFailed,
  "call.in-progress.error-transfer-failed": transferFailed,
  "call.in-progress.error-warm-transfer-max-duration": transferFailed,
  "call.in-progress.error-warm-transfer-assistant-cancelled": transferFailed,
  "call.in-progress.error-warm-transfer-silence-timeout": transferFailed,
  "call.in-progress.error-warm-transfer-microphone-timeout": transferFailed,
  "assistant-request-returned-forwarding-phone-number": forwarded,
  "call.ringing.hook-executed-transfer": forwarded,
  "call.ending.hook-executed-transfer": forwarded,
  "call.ringing.hook-executed-say": bySystem,
  "call.ending.hook-executed-say": bySystem,
  "call.in-progress.twilio-completed-call": bySystem,
  "call.in-progress.sip-completed-call": bySystem,
  "vonage-completed": bySystem,

  "call.in-progress.error-sip-outbound-call-failed-to-connect": notConnected,
  "twilio-failed-to-connect-call": notConnected,
  "vonage-failed-to-connect-call": notConnected,
  "vonage-rejected": { failure: "not_permitted", ofTransferToo: true },
  "twilio-reported-customer-misdialed": failed("invalid_number"),
  "call.ringing.error-sip-inbound-call-failed-to-connect": { failure: "unclassified", codeInMessage: "adds" },
  "call.in-progress.error-sip-inbound-call-failed-to-connect": { failure: "unclassified", codeInMessage: "adds" },
  "call.in-progress.error-assistant-did-not-receive-customer-audio": failed("unclassified"),

  "call.start.error-subscription-frozen": failed("account"),
  "call.start.error-subscription-insufficient-credits": failed("account"),
  "call.start.error-subscription-wallet-does-not-exist": failed("account"),
  "call.start.error-subscription-upgrade-failed": failed("account"),
  "call.start.error-enterprise-feature-not-available-recording-consent": failed("account"),
  "call.start.error-subscription-concurrency-limit-reached": failed("account_limit"),
  "call.start.error-vapi-number-outbound-daily-limit": failed("account_limit"),
  "call.start.error-vapi-number-international": failed("not_permitted"),
  "call.start.error-fraud-check-failed": failed("not_permitted"),

  "call.start.error-get-assistant": failed("customer_error"),
  "call.start.error-get-phone-number": failed("customer_error"),
  "call.start.error-get-customer": failed("customer_error"),
  "call.start.error-get-resources-validation": failed("customer_error"),
  "call.start.assistant-version-error-validation": failed("customer_error"),
  "assistant-not-found": failed("customer_error"),
  "assistant-not-valid": failed("customer_error"),
  "call-start-error-neither-assistant-nor-server-set": failed("customer_error"),
  "assistant-request-failed": failed("customer_error"),
  "assistant-request-returned-error": failed("customer_error"),
  "assistant-request-returned-unspeakable-error": failed("customer_error"),
  "assistant-request-returned-invalid-assistant": failed("customer_error"),
  "assistant-request-returned-no-assistant": failed("customer_error"),
  "call.in-progress.error-pipeline-no-available-llm-model": failed("customer_error"),
  "pipeline-no-available-llm-model": failed("customer_error"),
  "call.in-progress.error-pipeline-ws-model-connection-failed": failed("customer_error"),
  "phone-call-provider-bypass-enabled-but-no-call-received": failed("customer_error"),

  "call.start.error-get-org": failed("provider_error"),
  "call.start.error-get-subscription": failed("provider_error"),
  "call.start.error-get-transport": failed("provider_error"),
  "assistant-join-timed-out": failed("provider_error"),
  "worker-shutdown": failed("provider_error"),
  "phone-call-provider-closed-websocket": failed("provider_error"),
  "vonage-disconnected": failed("provider_error")
})

/** Families in the order in which they are tried: their beginning, and what the rest of the word adds. */
const FAMILIES: ReadonlyArray<readonly [start: string, meaning: (rest: string) => ReasonMeaning]> = [
  // The code and its phrase follow.
  [
    "call.in-progress.error-providerfault-outbound-sip-",
    (rest) => {
      const sipCode = /^[4-6]\d\d(?!\d)/.exec(rest)?.[0]
      return sipCode === undefined
        ? notConnected
        : { failure: failureOfSipCode(Number(sipCode), rest), sipCode: Number(sipCode), ofTransferToo: true }
    }
  ],
  // The caller's own server.
  ["call.in-progress.error-providerfault-custom-", () => failed("customer_error")],
  ["pipeline-error-custom-", () => failed("customer_error")],
  ["call.in-progress.error-providerfault-", () => failed("provider_error")],
  ["call.in-progress.error-vapifault-", () => failed("provider_error")],
  ["call.start.error-vapifault-", () => failed("provider_error")],
  // Whose keys were used is not in the word.
  ["pipeline-error-", () => failed("provider_error")]
]

/** The families by their beginnings, for documentation: what each means where nothing in the rest of a word says more. */
export const reasonFamilies: ReadonlyArray<readonly [start: string, meaning: ReasonMeaning]> = FAMILIES.map(
  ([start, meaning]) => [start, meaning("")]
)

const byFamily = (word: string): ReasonMeaning | undefined => {
  const text = word.toLowerCase()
  const family = FAMILIES.find(([start]) => text.startsWith(start) && text.length > start.length)
  return family?.[1](text.slice(family[0].length))
}

/** `endedReason`: what it means; `undefined` for a word of no known family. */
export const endedReasonWords: WordTable<ReasonMeaning> = Object.assign(
  (word: string) => exactWords(word) ?? byFamily(word),
  { rows: exactWords.rows }
)
