/** What can be measured on a whole order, all of its dials taken together. */
import type { CallOrder } from "../domain/CallOrder.ts"
import { latest, secondsBetween } from "../domain/Instant.ts"
import type { CallMetric, Definition, RateAnswer, Subject, ValueAnswer } from "./Metric.ts"
import {
  connectedOf,
  conversationOf,
  hungUpSoonOf,
  MACHINES,
  OUTSIDE,
  ownWordOf,
  replyOf,
  transferredOf,
  yes
} from "./attemptAnswers.ts"
import { metricsOf } from "./metricsOf.ts"
import { anyDial, byVerdict, dialsOf, type OfAttempt, whenOver } from "./onOrder.ts"
import { CONVERSATION_RULE, REPLY_RULE } from "./transcriptRules.ts"

/** What an order must have come to before `of` is asked of it. */
const once =
  (condition: (subject: Subject) => RateAnswer, of: (subject: Subject, order: CallOrder) => number | undefined) =>
  (subject: Subject): ValueAnswer => {
    const answer = condition(subject)
    if (answer.is === "open" || answer.is === "missing") return answer.is
    if (answer.is !== "yes" || subject.order === undefined) return "outside"
    return of(subject, subject.order) ?? "missing"
  }

const timeToFirst =
  (of: OfAttempt) =>
  (subject: Subject, { createdAt, scheduledAt }: CallOrder): number | undefined =>
    secondsBetween(
      latest(createdAt, scheduledAt),
      dialsOf(subject).find((attempt) => of(attempt).is === "yes")?.answeredAt
    )

const dialsMade = (subject: Subject): ValueAnswer => {
  const { order, attempts } = subject
  if (order === undefined) return "outside"
  if (order.terminal !== true) return "open"
  if (attempts.length === 0 && order.status === "canceled") return "outside"
  return Math.max(attempts.length, order.attemptsMade ?? 0)
}

/** Seconds from the end of the last dial to the last change of the record. */
const settledAfter = ({ attempts }: Subject, { updatedAt }: CallOrder): number | undefined =>
  secondsBetween(latest(...attempts.map(({ endedAt }) => endedAt)), updatedAt)

const hasAll = whenOver(({ enriched }) => (enriched.transcript && enriched.recording ? yes("stated") : OUTSIDE))

/** Whether the order's outcome is one of those that count as success. */
const succeeded = (successes: ReadonlySet<string>) =>
  byVerdict(({ outcome }) => (outcome === undefined || outcome === "unrecognized" ? undefined : successes.has(outcome)))

/** Whether the provider takes the task of the order for done. */
const achieved = byVerdict(({ goal }) =>
  goal === undefined || goal.achieved === "unknown" ? undefined : goal.achieved === "yes"
)

/** Amounts in another currency are not converted, and less than nothing is no cost. */
const dollars = (subject: Subject): ValueAnswer => {
  const { order } = subject
  if (order === undefined) return "outside"
  if (order.terminal !== true) return "open"
  const amount = order.cost?.currency === "USD" ? Number(order.cost.amount) : undefined
  return amount !== undefined && amount >= 0 && amount < Infinity ? amount : "missing"
}

const { rate, value } = metricsOf<Subject, "order">("order", true)

interface Way extends Pick<Definition, "needs" | "trustsVerdicts"> {
  readonly of: OfAttempt
  readonly reached: string
  /** What each metric is called by it, where that is something else than a person reached. */
  readonly titles: { readonly [what in "any" | "soon" | "dials"]?: Pick<Definition, "title" | "among" | "claim"> }
  readonly rule: Pick<Definition, "transcriptRule">
}

/** The ways to tell that a person was reached. */
const HUMAN = {
  own_word: {
    needs: ["human", "voicemail"],
    trustsVerdicts: true,
    of: ownWordOf("human"),
    reached: "reached a person, by the provider's own verdict",
    titles: { any: { claim: "a person answered" } },
    rule: {}
  },
  conversation: {
    needs: ["connected", "transcript"],
    trustsVerdicts: false,
    of: conversationOf,
    reached: "came to a conversation, by a transcript with at least two replies to the agent",
    titles: {
      any: { title: "Conversation, any dial" },
      soon: { title: "Time to first conversation", among: "orders that came to a conversation" },
      dials: { title: "Dials per conversation" }
    },
    rule: { transcriptRule: CONVERSATION_RULE }
  }
} as const satisfies { readonly [word: string]: Way }

/** A definition for each of those ways. */
const byHuman = <A>(of: (way: Way, word: string) => A): { readonly [word: string]: A } =>
  Object.fromEntries(Object.entries(HUMAN).map(([word, way]) => [word, of(way, word)]))

/** `successes`: the outcomes that count as a success of the order. */
export const orderMetrics = (successes: ReadonlyArray<string>): ReadonlyArray<CallMetric> => [
  rate(
    "connected",
    { title: "Connected, any dial", better: "higher", smallestEffect: 0.03 },
    {
      answer_time: {
        text: "Somebody or something answered one of the order's dials.",
        needs: ["answer_time"],
        of: anyDial(connectedOf)
      },
      stated: {
        text: "The provider says that one of the order's dials was answered, with or without the time of it.",
        needs: ["connected"],
        of: anyDial(connectedOf)
      }
    }
  ),
  rate(
    "human_reached",
    { title: "Human reached, any dial", better: "higher", smallestEffect: 0.03 },
    {
      ...byHuman(({ needs, trustsVerdicts, of, reached, titles, rule }) => ({
        ...titles.any,
        text: `One of the order's dials ${reached}.`,
        ...rule,
        needs,
        trustsVerdicts,
        of: anyDial(of)
      })),
      reply: {
        title: "Reply, any dial",
        text: "One of the order's dials got a reply to the agent, by its transcript.",
        transcriptRule: REPLY_RULE,
        needs: ["connected", "transcript"],
        of: anyDial(replyOf)
      }
    }
  ),
  ...MACHINES.map(({ value: machine, title, who }) =>
    rate(
      machine,
      { title: `${title}, any dial`, better: "neither", smallestEffect: 0.03 },
      {
        own_word: {
          text: `The provider's own verdict on one of the order's dials is that ${who} answered.`,
          needs: [machine],
          trustsVerdicts: true,
          of: anyDial(ownWordOf(machine))
        }
      }
    )
  ),
  rate(
    "transferred",
    { title: "Transferred, any dial", better: "neither", smallestEffect: 0.03 },
    {
      own_word: {
        text: "One of the order's dials ended with a transfer to somebody else.",
        needs: ["transferred"],
        of: anyDial(transferredOf)
      }
    }
  ),
  rate(
    "remote_hangup_10s",
    { title: "Remote hung up within 10 s, any dial", better: "lower", smallestEffect: 0.03 },
    {
      own_word: {
        text: "One of the order's dials was answered, and the other side hung up at most ten seconds later.",
        needs: ["remote_hangup", "answer_time", "end_time"],
        of: anyDial(hungUpSoonOf)
      }
    }
  ),
  value(
    "seconds",
    "time_to_human",
    { title: "Time to first human", better: "lower", smallestEffect: 60, among: "orders that reached a human" },
    byHuman(({ needs, trustsVerdicts, of, reached, titles, rule }) => ({
      ...titles.soon,
      text: `Seconds from the creation of the order, or the later time it was scheduled for, to the answer of its first dial that ${reached}.`,
      ...rule,
      needs: [...needs, "created_time", "answer_time"],
      trustsVerdicts,
      of: once(anyDial(of), timeToFirst(of))
    }))
  ),
  value(
    "count",
    "dials_per_human",
    { title: "Dials per human reached", better: "lower", smallestEffect: 0.2 },
    byHuman(({ needs, trustsVerdicts, reached, titles, rule }, word) => ({
      ...titles.dials,
      text: `All dials of all orders, divided by the orders of which one dial ${reached}.`,
      ...rule,
      needs,
      trustsVerdicts,
      of: dialsMade,
      per: `order.human_reached.${word}`
    }))
  ),
  rate(
    "success",
    { title: "Success", better: "higher", smallestEffect: 0.03 },
    {
      own_word: {
        text: `The provider's verdict on the order is ${successes.map((word) => `"${word}"`).join(" or ")}; an order that never connected is none.`,
        needs: ["outcome"],
        of: succeeded(new Set(successes))
      }
    }
  ),
  rate(
    "goal_achieved",
    { title: "Goal achieved", better: "higher", smallestEffect: 0.03 },
    {
      own_verdict: {
        text: "The provider's verdict on the order is that its task was done; an order that never connected is none.",
        needs: ["goal"],
        of: achieved
      }
    }
  ),
  value(
    "count",
    "cost",
    { title: "Cost in US dollars", better: "lower", smallestEffect: 0.01 },
    {
      us_dollars: {
        text: "What the provider asks for the order, in US dollars; what is paid to others, such as carriers or models, is not in it.",
        needs: ["cost"],
        of: dollars
      }
    }
  ),
  value(
    "seconds",
    "record_complete",
    {
      title: "Record complete within",
      better: "neither",
      smallestEffect: 30,
      among: "orders with transcript and recording"
    },
    {
      last_change: {
        text: "Seconds from the end of the order's last dial to the last change of its record: transcript and recording had arrived by then.",
        needs: ["end_time", "updated_time", "transcript", "recording"],
        countsRetries: false,
        of: once(hasAll, settledAfter)
      }
    }
  )
]
