/** How the conversation of a first dial went in time. Each provider measures by a rule of its own. */
import { timingFigure, type TimingFigure } from "../domain/Timing.ts"
import { conversationOf } from "./attemptAnswers.ts"
import type { CallMetric, Subject, ValueDefinition } from "./Metric.ts"
import { metricsOf } from "./metricsOf.ts"
import { figureOfFirst } from "./onFirst.ts"
import { CONVERSATION_RULE } from "./transcriptRules.ts"

const { value } = metricsOf<Subject, "first_attempt">("first_attempt", false)

/** A mailbox that talks on is no conversation: what the agent does there says nothing about how it talks to people. */
const ofConversation = (figure: TimingFigure): Pick<ValueDefinition<Subject>, "transcriptRule" | "needs" | "of"> => ({
  transcriptRule: CONVERSATION_RULE,
  needs: ["connected", "transcript", figure],
  of: figureOfFirst(conversationOf, ({ timing }) => (timing === undefined ? undefined : timingFigure(timing, figure)))
})

const CONVERSATIONS = "conversations"
const PER_CONVERSATION = "first_attempt.human_reached.conversation"

export const timingMetrics: ReadonlyArray<CallMetric> = [
  value(
    "seconds",
    "response_latency",
    { title: "Response latency", better: "lower", smallestEffect: 0.2, among: CONVERSATIONS },
    {
      median: {
        text: "The median, within the conversation, of the seconds from the end of the other side's speech to the start of the agent's, as the provider measures them.",
        ...ofConversation("response_latency")
      }
    }
  ),
  value(
    "count",
    "interruptions_by_agent",
    {
      title: "Interruptions by the agent",
      better: "lower",
      smallestEffect: 0.2,
      among: CONVERSATIONS
    },
    {
      count: {
        text: "How often the agent cut the other side off, by the provider's count, divided by the first dials that came to a conversation.",
        ...ofConversation("interruptions_by_agent"),
        per: PER_CONVERSATION
      }
    }
  ),
  value(
    "count",
    "interruptions_by_remote",
    {
      title: "Interruptions of the agent",
      better: "neither",
      smallestEffect: 0.2,
      among: CONVERSATIONS
    },
    {
      count: {
        text: "How often the other side cut the agent off, by the provider's count, divided by the first dials that came to a conversation.",
        ...ofConversation("interruptions_by_remote"),
        per: PER_CONVERSATION
      }
    }
  ),
  value(
    "seconds",
    "remote_speech",
    { title: "Speech of the other side", better: "neither", smallestEffect: 5, among: CONVERSATIONS },
    {
      own_duration: {
        text: "Seconds that the other side spoke in the conversation, as the provider measures them.",
        ...ofConversation("remote_speech")
      }
    }
  )
]
