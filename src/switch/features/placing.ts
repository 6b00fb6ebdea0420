/** What an order says, and who places it. */
import { dials } from "./dials.ts"
import { counted, countText, percent } from "../../compare/format.ts"
import { LONGEST_REFERENCE } from "../../domain/PlaceCall.ts"
import {
  byAbility,
  countUse,
  different,
  type Feature,
  lost,
  type Move,
  notesOf,
  same,
  unseen,
  type Use,
  yours
} from "../Becoming.ts"
import {
  agentLines,
  agentList,
  callerLines,
  concurrencyLines,
  metadataLines,
  numberList,
  scheduleLines,
  variablesLines
} from "../lines.ts"
import { shownId } from "../shownId.ts"

const schedule: Feature = {
  title: "A start time in the order",
  area: "placing",
  use: (move) => countUse(move, "scheduled", "had a start time"),
  becomes: byAbility("schedule", {
    can: "take a start time in the order",
    lost: ({ target }) =>
      yours(
        [`${target.title} takes no start time: keep the order, and place it at that time.`],
        scheduleLines(target.id)
      )
  })
}

const metadata: Feature = {
  title: "Values of your own",
  area: "placing",
  use: (move) => countUse(move, "metadata", "carried `metadata` beside the reference"),
  becomes: byAbility("metadata", {
    can: "store values of your own with an order",
    lost: ({ target }) =>
      target.capabilities.variables === "yes"
        ? yours(
            [
              `${target.title} stores variables only: send the values as such, and read them there again. The agent's prompt can refer to them.`
            ],
            metadataLines(target.id)
          )
        : lost(`${target.title} stores no values: keep them beside the reference on your side.`)
  })
}

const variables: Feature = {
  title: "Values for the prompt",
  area: "placing",
  use: (move) => countUse(move, "variables", "carried `variables`"),
  becomes: byAbility("variables", {
    can: "put values into the agent's prompt",
    lost: ({ target }) =>
      target.capabilities.metadata === "yes"
        ? yours([`${target.title} puts no values into a prompt; it can only store them.`], variablesLines(target.id))
        : lost(`${target.title} puts no values into a prompt.`)
  })
}

const concurrency: Feature = {
  title: "A cap on calls at a time",
  area: "placing",
  use: unseen,
  becomes: byAbility("concurrency", {
    can: "cap simultaneous calls of orders with one key",
    lost: ({ target }) =>
      yours([`${target.title} has no such cap: begin the next call when one has ended.`], concurrencyLines(target.id))
  })
}

const callerUse = (move: Move): Use => {
  const use = countUse(move, "caller_number", "told the number to call from")
  return use.used === "yes"
    ? { ...use, sentences: [...use.sentences, `In all: ${counted(move.usage.callerNumbers, "number")}.`] }
    : use
}

const callerNumber: Feature = {
  title: "The number to call from",
  area: "placing",
  use: callerUse,
  becomes: ({ source, target }, { used }) => {
    const [had, has] = [source.capabilities.callerNumber, target.capabilities.callerNumber]
    const list = target.capabilities.listNumbers === undefined ? [] : [numberList(target.id)]
    if (has === "none") {
      return had === "none"
        ? undefined
        : lost(`At ${target.title} an order cannot say which number to call from, and records do not tell it.`)
    }
    const must = [`It must be a number of your account at ${target.title}.`, ...notesOf(target, "from")]
    if (has === "required") {
      const need = had === "required" ? "at both" : `at ${target.title}, and was not at ${source.title}`
      return yours([`It is required ${need}.`, ...must], callerLines(target.id), ...list)
    }
    if (used === "yes") return yours([`${target.title} takes it, and does not require it.`, ...must], ...list)
    return had === "optional"
      ? same("It may be left out at both.")
      : different(`It may be left out at ${target.title}.`)
  }
}

const MOST_IDS = 20

const agentUse = (move: Move): Use => {
  const { agents } = move.usage
  const use = countUse(move, "agent", "named an agent by its id")
  if (agents.length === 0) return use
  const shown = agents
    .slice(0, MOST_IDS)
    .map(({ id, orders }) => `${shownId(id) ?? "an id that may be a telephone number"} (${countText(orders)})`)
  const more = agents.length - shown.length
  const rest = more > 0 ? `, and ${countText(more)} more` : ""
  return {
    ...use,
    sentences: [
      ...use.sentences,
      `${counted(agents.length, "agent")} in all, with the orders of each: ${shown.join(", ")}${rest}.`
    ]
  }
}

const agents: Feature = {
  title: "Stored agents",
  area: "placing",
  use: agentUse,
  becomes: ({ usage, target }) =>
    yours(
      [`Agents live at their provider: each needs a counterpart at ${target.title}, under another id.`],
      ...(usage.agents.length > 0 ? [agentLines(target.id, usage.agents)] : []),
      ...(target.capabilities.listAgents === undefined ? [] : [agentList(target.id)])
    )
}

const inlineUse = (move: Move): Use => {
  const use = countUse(move, "without_agent", "named no agent by its id")
  const certain = "Your records do not tell whether an agent was defined in the order itself."
  return { used: "not_told", sentences: use.used === "yes" ? [...use.sentences, certain] : [certain] }
}

const inlineAgent: Feature = {
  title: "Agents defined in the order",
  area: "placing",
  use: (move) => (move.source.capabilities.inlineAgent === "no" ? { used: "no", sentences: [] } : inlineUse(move)),
  becomes: byAbility("inlineAgent", {
    can: "take an agent that is defined in the order itself",
    lost: ({ target }) =>
      yours(
        [`${target.title} takes stored agents only: store each there, and name it by its id.`],
        ...(target.capabilities.listAgents === undefined ? [] : [agentList(target.id)])
      )
  })
}

const referenceUse = (move: Move): Use => {
  const use = countUse(move, "reference", "carried a reference")
  const longest = Math.max(0, ...move.usage.referenceLengths.keys())
  return longest === 0
    ? use
    : { ...use, sentences: [...use.sentences, `The longest has ${countText(longest)} characters.`] }
}

const PLACES = {
  metadata: "in the metadata",
  variables: "among the variables",
  field: "in a field of its own"
} as const

const reference: Feature = {
  title: "The reference",
  area: "placing",
  use: referenceUse,
  becomes: ({ usage, source, target }) => {
    const most = target.longestReference ?? LONGEST_REFERENCE
    const [was, is] = [source.capabilities.referenceIn, target.capabilities.referenceIn]
    const rides = `It rides ${PLACES[is]} there${was === is ? "" : `, and not ${PLACES[was]}`}; your code reads \`reference\` either way.`
    const lengths = [...usage.referenceLengths]
    const tooLong = lengths.reduce((sum, [length, count]) => sum + (length > most ? count : 0), 0)
    if (tooLong > 0) {
      const all = lengths.reduce((sum, [, count]) => sum + count, 0)
      return yours([
        `${target.title} carries at most ${countText(most)} characters: ${countText(tooLong)} of ${countText(all)} references (${percent(tooLong / all)}) are longer and would be refused.`,
        "Make shorter ones before the move. A shorter reference is another order: never place under it what may have been placed under the long one.",
        rides
      ])
    }
    const fewer = most < (source.longestReference ?? LONGEST_REFERENCE)
    if (was === is && !fewer) return same(rides)
    return different(rides, ...(fewer ? [`${target.title} carries at most ${countText(most)} characters.`] : []))
  }
}

const cancel: Feature = {
  title: "Cancelling",
  area: "placing",
  use: (move) => {
    const use = countUse(move, "canceled", "ended canceled")
    return use.used === "no"
      ? { ...use, used: "not_told", sentences: [...use.sentences, "Whether you try to, your records do not tell."] }
      : use
  },
  becomes: byAbility("cancel", {
    can: "cancel an order",
    lost: ({ target }) =>
      lost(
        `${target.title} has no request for it: \`cancel\` fails with \`Unsupported\`, unless its client is told another way.`
      )
  })
}

/** In the order of the plan. */
export const placingFeatures = {
  attempts: dials,
  schedule,
  metadata,
  variables,
  concurrency,
  caller_number: callerNumber,
  agents,
  inline_agent: inlineAgent,
  reference,
  cancel
} as const satisfies { readonly [id: string]: Feature }
