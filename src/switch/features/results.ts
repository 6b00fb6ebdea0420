/** What records tell of a call and of its order: the basis of everything that is counted and decided afterwards. */
import { countText } from "../../compare/format.ts"
import { toldBy } from "../../metrics/evidence.ts"
import type { Observable } from "../../provider/Evidence.ts"
import {
  byAbility,
  byEvidence,
  byField,
  countUse,
  different,
  type Feature,
  lost,
  type Move,
  notKnown,
  same,
  type Use
} from "../Becoming.ts"
import { hasField, type QuestionId } from "../questions.ts"

type Counted = Observable & QuestionId

const observed = (id: Counted, title: string, did: string): Feature => ({
  title,
  area: "results",
  use: (move) => countUse(move, id, did, toldBy(move.source, id) !== undefined),
  becomes: byEvidence(id)
})

const failure = (id: Counted, words: string): Feature => observed(id, `Failure: ${words}`, `failed: ${words}`)

const recorded = (id: QuestionId, field: string, title: string, did: string, what: string): Feature => ({
  title,
  area: "results",
  use: (move) => countUse(move, id, did),
  becomes: byField(field, what)
})

/** How the target reads a field that both have. */
const ruleOf = ({ target }: Move, field: string): string | undefined =>
  [...target.sources.order, ...target.sources.attempt].find((each) => each.field === field)?.rule

const transferred: Feature = {
  ...observed("transferred", "Transfers", "ended by a transfer or had one"),
  becomes: (move, use) => {
    const becoming = byEvidence("transferred")(move, use)
    const rule = ruleOf(move, "transfer")
    if (becoming === undefined || becoming.fate === "lost" || rule === undefined) return becoming
    return {
      ...becoming,
      sentences: [...becoming.sentences, `How far one came is read so at ${move.target.title}: ${rule}.`]
    }
  }
}

const REASON_WORDS = {
  transferred: "transferred",
  agent_hangup: "the agent hung up",
  remote_hangup: "the other side hung up",
  voicemail: "voicemail",
  ivr_dead_end: "a menu without a way out",
  silence: "silence",
  max_duration: "the longest duration",
  stopped: "stopped",
  taken_over: "taken over by an operator",
  transfer_failed: "a failed transfer",
  unrecognized: "a word nobody knows"
} as const

const disconnect: Feature = {
  title: "How calls ended",
  area: "results",
  use: (move) => {
    const use = countUse(move, "disconnect", "had a word for the end")
    const reasons = [...move.usage.disconnects].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    if (reasons.length === 0) return use
    const list = reasons.map(([reason, count]) => `${REASON_WORDS[reason]} ${countText(count)}`)
    return { ...use, sentences: [...use.sentences, `In all: ${list.join(", ")}.`] }
  },
  becomes: (move) => {
    const [had, rule] = [hasField(move.source, "disconnect"), ruleOf(move, "disconnect")]
    if (rule === undefined)
      return had ? lost(`Records of ${move.target.title} do not tell how a call ended.`) : undefined
    return different(`${move.target.title} has other words for it, and maybe fewer: ${rule}.`)
  }
}

const unclassified: Feature = {
  title: "Failure: not understood",
  area: "results",
  use: (move) => countUse(move, "unclassified", "failed in words that no table knows"),
  becomes: ({ target }) => notKnown(`Nobody can say how ${target.title} would tell these.`)
}

const unreachedUse = (move: Move): Use => {
  const use = countUse(move, "unreached", "ended with nobody reached")
  const statuses = [...move.usage.unreachedStatuses].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  if (statuses.length === 0) return use
  const list = statuses.map(([status, count]) => `\`${status}\` ${countText(count)}`)
  return { ...use, sentences: [...use.sentences, `Their \`status\`: ${list.join(", ")}.`] }
}

const unreached: Feature = {
  title: "Status of who was not reached",
  area: "results",
  use: unreachedUse,
  becomes: ({ usage, source, target }) => {
    const [had, has] = [source.endings?.order.unreached, target.endings?.order.unreached]
    if (has === undefined) return notKnown(`Nobody has said which status ${target.title} gives such an order.`)
    const found = [...usage.unreachedStatuses.keys()]
    const isSame = found.length > 0 ? found.every((status) => status === has) : had === has
    return isSame
      ? same(`At ${target.title} it is \`${has}\` as a rule, too.`)
      : different(
          `At ${target.title} such an order is \`${has}\` as a rule. Build on \`reach\`, which means the same at both.`
        )
  }
}

const outcome: Feature = {
  ...observed("outcome", "Business verdict", "had a verdict on what came of it"),
  becomes: byAbility("outcome", {
    can: "give a verdict on what came of an order",
    lost: ({ target }) =>
      lost(
        `${target.title} gives none: have the agent ask for what you need to know and say it, and read it in the transcript.`
      ),
    both: ({ source, target }) => different(`${source.title} and ${target.title} judge by rules of their own.`)
  })
}

const extraction: Feature = {
  title: "Data extracted from the talk",
  area: "results",
  use: (move) => countUse(move, "extraction", "had data extracted"),
  becomes: byAbility("extraction", {
    can: "extract data from the conversation",
    lost: ({ target }) => lost(`${target.title} extracts none: do it yourself, from the transcript.`),
    both: ({ target }) =>
      different(`${target.title} extracts data as well, by a schema that you write there; its form is its own.`)
  })
}

const summary: Feature = {
  title: "Summary",
  area: "results",
  use: (move) => countUse(move, "summary", "had a summary"),
  becomes: byAbility("summary", {
    can: "summarise the conversation",
    lost: ({ target }) => lost(`${target.title} gives none: write it yourself, from the transcript.`)
  })
}

/** In the order of the plan. */
export const resultFeatures = {
  connected: observed("connected", "Answered at all", "got an answer"),
  human: observed("human", "A person answered", "reached a person"),
  voicemail: observed("voicemail", "A mailbox answered", "reached a mailbox"),
  ivr: observed("ivr", "A telephone menu answered", "reached a telephone menu"),
  call_screening: observed("call_screening", "Call screening answered", "reached a call screening"),
  busy: failure("busy", "busy"),
  no_answer: failure("no_answer", "no answer"),
  unreachable: failure("unreachable", "not reachable"),
  declined: failure("declined", "declined"),
  blocked: failure("blocked", "blocked on the way"),
  invalid_number: failure("invalid_number", "invalid number"),
  congestion: failure("congestion", "network congestion"),
  not_permitted: failure("not_permitted", "not permitted"),
  precondition_failed: failure("precondition_failed", "a precondition"),
  timeout: failure("timeout", "timed out"),
  account: failure("account", "the account"),
  account_limit: failure("account_limit", "the account's limit"),
  customer_error: failure("customer_error", "your own server or setting"),
  provider_error: failure("provider_error", "the provider's fault"),
  unclassified,
  unreached_status: unreached,
  transferred,
  remote_hangup: observed("remote_hangup", "The other side hung up", "ended by the other side"),
  disconnect,
  outcome,
  goal: observed("goal", "Whether the task was done", "had a verdict on the task"),
  extraction,
  summary,
  transcript: observed("transcript", "Transcript", "had a transcript"),
  recording: observed("recording", "Recording", "had a recording"),
  cost: observed("cost", "Cost", "had a cost"),
  dialed_time: observed("dialed_time", "Time of the dial", "had a time of the dial"),
  answer_time: observed("answer_time", "Time of the answer", "had a time of the answer"),
  end_time: observed("end_time", "Time of the end", "had a time of the end"),
  talk_time: observed("talk_time", "Length of the call", "had a length"),
  created_time: observed("created_time", "Time of the order", "had a time of the order"),
  updated_time: observed("updated_time", "Time of the last change", "had a time of the last change"),
  response_latency: observed("response_latency", "Latency of responses", "had a latency of responses"),
  interruptions_by_agent: observed("interruptions_by_agent", "Interruptions by the agent", "had a count of them"),
  interruptions_by_remote: observed("interruptions_by_remote", "Interruptions by people", "had a count of them"),
  remote_speech: observed("remote_speech", "Speech of people", "had a length of their speech"),
  campaign: recorded("campaign", "campaign", "Campaigns", "belonged to a campaign", "the campaign of an order"),
  handled_by: recorded(
    "handled_by",
    "handledBy",
    "Agent or operator",
    "told who talked",
    "whether the agent or an operator talked"
  ),
  carrier_id: recorded(
    "carrier_id",
    "carrierCallId",
    "The carrier's id",
    "told the carrier's id",
    "the carrier's id of a call"
  )
} as const satisfies { readonly [id: string]: Feature }
