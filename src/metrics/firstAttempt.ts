/** What can be measured on the first dial of an order: one dial each, so that a provider that dials again has no more chances. */
import { NOT_REACHED } from "../domain/Failure.ts"
import { secondsBetween } from "../domain/Instant.ts"
import { hasWords } from "../domain/Transcript.ts"
import type { CallMetric } from "./Metric.ts"
import { connectedOf, conversationOf, hungUpSoonOf, MACHINES, ownWordOf, transferredOf } from "./attemptAnswers.ts"
import { failedWith, failureKindMetrics } from "./failureKinds.ts"
import { onFirst, opposite, presence, rate, seconds } from "./onFirst.ts"

/** For mailboxes, where verdicts cannot be compared: whatever answered and did not talk. */
const noConversation = rate({
  id: "first_attempt.voicemail.no_conversation",
  text: "The first dial was answered, but its transcript shows fewer than two replies to the agent: mailboxes, and whatever else did not talk.",
  needs: ["connected", "transcript"],
  of: (first) => {
    const connected = connectedOf(first)
    return connected.is === "yes" ? opposite(conversationOf(first)) : connected
  }
})

export const firstAttemptMetrics: ReadonlyArray<CallMetric> = [
  {
    id: "first_attempt.connected",
    scope: "first_attempt",
    title: "Connected",
    kind: "rate",
    better: "higher",
    smallestEffect: 0.03,
    definitions: [
      rate({
        id: "first_attempt.connected.answer_time",
        text: "Somebody or something answered the first dial: a person, a mailbox, a menu or a call screening.",
        needs: ["answer_time"],
        of: connectedOf
      }),
      rate({
        id: "first_attempt.connected.stated",
        text: "The provider says that the first dial was answered, with or without the time of it.",
        needs: ["connected"],
        of: connectedOf
      })
    ]
  },
  {
    id: "first_attempt.human_reached",
    scope: "first_attempt",
    title: "Human reached",
    kind: "rate",
    better: "higher",
    smallestEffect: 0.03,
    definitions: [
      rate({
        id: "first_attempt.human_reached.own_word",
        text: "The provider's own verdict on the first dial is that a person answered.",
        needs: ["human", "voicemail"],
        trustsVerdicts: true,
        of: ownWordOf("human")
      }),
      rate({
        id: "first_attempt.human_reached.conversation",
        text: "The first dial was answered, and its transcript shows at least two replies to the agent.",
        needs: ["connected", "transcript"],
        of: conversationOf
      })
    ]
  },
  ...MACHINES.map(({ value, title, who }): CallMetric => ({
    id: `first_attempt.${value}`,
    scope: "first_attempt",
    title,
    kind: "rate",
    better: "neither",
    smallestEffect: 0.03,
    definitions: [
      rate({
        id: `first_attempt.${value}.own_word`,
        text: `The provider's own verdict on the first dial is that ${who} answered.`,
        needs: [value],
        trustsVerdicts: true,
        of: ownWordOf(value)
      }),
      ...(value === "voicemail" ? [noConversation] : [])
    ]
  })),
  {
    id: "first_attempt.not_reached",
    scope: "first_attempt",
    title: "Not reached",
    kind: "rate",
    better: "lower",
    smallestEffect: 0.03,
    definitions: [
      rate({
        id: "first_attempt.not_reached.own_word",
        text: "The first dial did not connect for a reason on the other side: busy, no answer, unreachable or declined.",
        needs: ["busy", "no_answer", "unreachable"],
        of: failedWith([...NOT_REACHED])
      }),
      {
        id: "first_attempt.not_reached.not_connected",
        text: "The first dial did not connect, or the order failed before any; whatever the reason.",
        needs: ["connected"],
        kind: "rate",
        countsRetries: false,
        trustsVerdicts: false,
        of: (subject) => opposite(onFirst(connectedOf)(subject))
      }
    ]
  },
  ...failureKindMetrics,
  {
    id: "first_attempt.transferred",
    scope: "first_attempt",
    title: "Transferred",
    kind: "rate",
    better: "neither",
    smallestEffect: 0.03,
    definitions: [
      rate({
        id: "first_attempt.transferred.own_word",
        text: "The first dial ended with a transfer to somebody else.",
        needs: ["transferred"],
        of: transferredOf
      })
    ]
  },
  {
    id: "first_attempt.remote_hangup_10s",
    scope: "first_attempt",
    title: "Remote hung up within 10 s",
    kind: "rate",
    better: "lower",
    smallestEffect: 0.03,
    definitions: [
      rate({
        id: "first_attempt.remote_hangup_10s.own_word",
        text: "The first dial was answered, and the other side hung up at most ten seconds later.",
        needs: ["remote_hangup", "answer_time", "end_time"],
        of: hungUpSoonOf
      })
    ]
  },
  {
    id: "first_attempt.ring_time",
    scope: "first_attempt",
    title: "Ring time",
    kind: "seconds",
    better: "neither",
    smallestEffect: 2,
    among: "connected calls",
    definitions: [
      seconds({
        id: "first_attempt.ring_time.dial_to_answer",
        text: "Seconds from the start of the first dial to its answer.",
        needs: ["dialed_time", "answer_time"],
        of: ({ dialedAt, answeredAt }) => secondsBetween(dialedAt, answeredAt)
      })
    ]
  },
  {
    id: "first_attempt.talk_time",
    scope: "first_attempt",
    title: "Talk time",
    kind: "seconds",
    better: "neither",
    smallestEffect: 5,
    among: "connected calls",
    definitions: [
      seconds({
        id: "first_attempt.talk_time.own_duration",
        text: "Duration of the first dial as the provider counts it.",
        needs: ["talk_time"],
        of: ({ talkSeconds }) => talkSeconds
      }),
      seconds({
        id: "first_attempt.talk_time.answer_to_end",
        text: "Seconds from the answer of the first dial to its end.",
        needs: ["answer_time", "end_time"],
        of: ({ answeredAt, endedAt }) => secondsBetween(answeredAt, endedAt)
      })
    ]
  },
  {
    id: "first_attempt.transcript_present",
    scope: "first_attempt",
    title: "Transcript there",
    kind: "rate",
    better: "higher",
    smallestEffect: 0.03,
    among: "connected calls",
    definitions: [
      presence({
        id: "first_attempt.transcript_present.given",
        text: "The record of the first dial has a transcript with words in it.",
        needs: ["transcript", "connected"],
        of: ({ transcript }) => hasWords(transcript)
      })
    ]
  },
  {
    id: "first_attempt.recording_present",
    scope: "first_attempt",
    title: "Recording there",
    kind: "rate",
    better: "higher",
    smallestEffect: 0.03,
    among: "connected calls",
    definitions: [
      presence({
        id: "first_attempt.recording_present.given",
        text: "The record of the first dial has a link to a recording.",
        needs: ["recording", "connected"],
        of: ({ recordingUrl }) => recordingUrl !== undefined
      })
    ]
  }
]
