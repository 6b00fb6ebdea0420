/** What can be measured on the first dial of an order: one dial each, so that a provider that dials again has no more chances. */
import { NOT_REACHED } from "../domain/Failure.ts"
import { secondsBetween } from "../domain/Instant.ts"
import { hasWords } from "../domain/Transcript.ts"
import type { CallMetric, RateAnswer, Subject } from "./Metric.ts"
import {
  connectedOf,
  conversationOf,
  hungUpSoonOf,
  MACHINES,
  ownWordOf,
  replyOf,
  transferredOf
} from "./attemptAnswers.ts"
import { failedWith, failureKindMetrics } from "./failureKinds.ts"
import { metricsOf } from "./metricsOf.ts"
import { figureOfFirst, onFirst, opposite, presentOnFirst } from "./onFirst.ts"
import { timingMetrics } from "./timing.ts"
import { CONVERSATION_RULE, REPLY_RULE } from "./transcriptRules.ts"

const { rate, value } = metricsOf<Subject, "first_attempt">("first_attempt", false)

const CONNECTED = "connected calls"

/** Of a first dial that was answered: that nobody talked. */
const noConversation = onFirst((first): RateAnswer => {
  const connected = connectedOf(first)
  return connected.is === "yes" ? opposite(conversationOf(first)) : connected
})

export const firstAttemptMetrics: ReadonlyArray<CallMetric> = [
  rate(
    "connected",
    { title: "Connected", better: "higher", smallestEffect: 0.03 },
    {
      answer_time: {
        text: "Somebody or something answered the first dial: a person, a mailbox, a menu or a call screening.",
        needs: ["answer_time"],
        of: onFirst(connectedOf)
      },
      stated: {
        text: "The provider says that the first dial was answered, with or without the time of it.",
        needs: ["connected"],
        of: onFirst(connectedOf)
      }
    }
  ),
  rate(
    "human_reached",
    { title: "Human reached", better: "higher", smallestEffect: 0.03 },
    {
      own_word: {
        text: "The provider's own verdict on the first dial is that a person answered.",
        claim: "a person answered",
        needs: ["human", "voicemail"],
        trustsVerdicts: true,
        of: onFirst(ownWordOf("human"))
      },
      conversation: {
        title: "Conversation",
        text: "The first dial was answered, and its transcript shows a conversation: at least two replies to the agent.",
        transcriptRule: CONVERSATION_RULE,
        needs: ["connected", "transcript"],
        of: onFirst(conversationOf)
      },
      reply: {
        title: "Reply",
        text: "The first dial was answered, and its transcript shows at least one reply to the agent.",
        transcriptRule: REPLY_RULE,
        needs: ["connected", "transcript"],
        of: onFirst(replyOf)
      }
    }
  ),
  ...MACHINES.map(({ value: machine, title, who }) =>
    rate(
      machine,
      { title, better: "neither", smallestEffect: 0.03 },
      {
        own_word: {
          text: `The provider's own verdict on the first dial is that ${who} answered.`,
          claim: `${who} answered`,
          needs: [machine],
          trustsVerdicts: true,
          of: onFirst(ownWordOf(machine))
        },
        // Where verdicts on mailboxes cannot be compared: whatever answered and did not talk.
        ...(machine === "voicemail" && {
          no_conversation: {
            title: "Answered, no conversation",
            text: "The first dial was answered, but its transcript shows fewer than two replies to the agent: mailboxes, and whatever else did not talk.",
            transcriptRule: CONVERSATION_RULE,
            needs: ["connected", "transcript"],
            of: noConversation
          }
        })
      }
    )
  ),
  rate(
    "not_reached",
    { title: "Not reached", better: "lower", smallestEffect: 0.03 },
    {
      own_word: {
        text: "The first dial did not connect for a reason on the other side: busy, no answer, unreachable or declined; or it was blocked on the way.",
        needs: ["busy", "no_answer", "unreachable"],
        of: onFirst(failedWith([...NOT_REACHED]))
      },
      not_connected: {
        title: "Not connected",
        text: "The first dial did not connect, or the order failed before any; whatever the reason.",
        needs: ["connected"],
        of: (subject) => opposite(onFirst(connectedOf)(subject))
      }
    }
  ),
  ...failureKindMetrics,
  rate(
    "transferred",
    { title: "Transferred", better: "neither", smallestEffect: 0.03 },
    {
      own_word: {
        text: "The first dial ended with a transfer to somebody else.",
        needs: ["transferred"],
        of: onFirst(transferredOf)
      }
    }
  ),
  rate(
    "remote_hangup_10s",
    { title: "Remote hung up within 10 s", better: "lower", smallestEffect: 0.03 },
    {
      own_word: {
        text: "The first dial was answered, and the other side hung up at most ten seconds later.",
        needs: ["remote_hangup", "answer_time", "end_time"],
        of: onFirst(hungUpSoonOf)
      }
    }
  ),
  value(
    "seconds",
    "ring_time",
    { title: "Ring time", better: "neither", smallestEffect: 2, among: CONNECTED },
    {
      dial_to_answer: {
        text: "Seconds from the start of the first dial to its answer.",
        needs: ["dialed_time", "answer_time"],
        of: figureOfFirst(connectedOf, ({ dialedAt, answeredAt }) => secondsBetween(dialedAt, answeredAt))
      }
    }
  ),
  value(
    "seconds",
    "talk_time",
    { title: "Talk time", better: "neither", smallestEffect: 5, among: CONNECTED },
    {
      own_duration: {
        text: "Duration of the first dial as the provider counts it.",
        needs: ["talk_time"],
        of: figureOfFirst(connectedOf, ({ talkSeconds }) => talkSeconds)
      },
      answer_to_end: {
        text: "Seconds from the answer of the first dial to its end.",
        needs: ["answer_time", "end_time"],
        of: figureOfFirst(connectedOf, ({ answeredAt, endedAt }) => secondsBetween(answeredAt, endedAt))
      }
    }
  ),
  ...timingMetrics,
  rate(
    "transcript_present",
    { title: "Transcript there", better: "higher", smallestEffect: 0.03, among: CONNECTED },
    {
      given: {
        text: "The record of the first dial has a transcript with words in it.",
        needs: ["transcript", "connected"],
        mayStillArrive: true,
        of: presentOnFirst(({ transcript }) => hasWords(transcript))
      }
    }
  ),
  rate(
    "recording_present",
    { title: "Recording there", better: "higher", smallestEffect: 0.03, among: CONNECTED },
    {
      given: {
        text: "The record of the first dial has a link to a recording.",
        needs: ["recording", "connected"],
        mayStillArrive: true,
        of: presentOnFirst(({ recordingUrl }) => recordingUrl !== undefined)
      }
    }
  )
]
