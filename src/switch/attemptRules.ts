/** By which rule each field of an attempt is compared. A field without a rule does not compile. */
import type { Attempt, attemptFields } from "../domain/CallAttempt.ts"
import { answeredBy, attemptReach } from "./contactRules.ts"
import { attemptStatus, disconnect, failure, transfer } from "./endingRules.ts"
import type { Rule } from "./Finding.ts"
import { equal, equalOfOneCall, length, moment, number, own, presence, transcript, word } from "./valueRules.ts"

export const attemptRules = {
  id: own,
  orderId: own,
  status: attemptStatus,
  to: number("attempt", "to", ({ to }) => to),
  carrierCallId: equalOfOneCall(({ carrierCallId }) => carrierCallId, { source: "attempt" }),
  dialedAt: moment(({ dialedAt }) => dialedAt, { observables: ["dialed_time"] }),
  answeredAt: moment(({ answeredAt }) => answeredAt, { observables: ["answer_time"] }),
  endedAt: moment(({ endedAt }) => endedAt, { observables: ["end_time"] }),
  // One that gives no time of the answer says that there was one by words alone, and not by all of them.
  answered: word(({ answered }) => (answered === undefined ? undefined : answered ? "answered" : "not answered"), {
    observables: ["connected", "answer_time"]
  }),
  ringSeconds: length(({ ringSeconds }) => ringSeconds, { observables: ["dialed_time", "answer_time"] }),
  talkSeconds: length(({ talkSeconds }) => talkSeconds, { observables: ["talk_time"] }),
  talkSource: own,
  answeredBy,
  handledBy: equal(({ handledBy }) => handledBy, { source: "attempt" }),
  failure,
  disconnect,
  transfer,
  transcript: transcript((record) => record.transcript, { ability: "transcript", observables: ["transcript"] }),
  recordingUrl: presence(({ recordingUrl }) => recordingUrl, { ability: "recording", observables: ["recording"] }),
  extracted: equalOfOneCall(({ extracted }) => extracted, { ability: "extraction", source: "attempt" }),
  metrics: own,
  timing: own,
  reach: attemptReach,
  native: own
} as const satisfies { readonly [field in keyof typeof attemptFields]: Rule<Attempt> }
