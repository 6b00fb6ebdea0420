/** How calls are heard of, found and read; and calls that nobody ordered. */
import { counted, countText } from "../../compare/format.ts"
import type { Capabilities } from "../../provider/Capabilities.ts"
import {
  byAbility,
  countUse,
  different,
  type Feature,
  gained,
  lost,
  notKnown,
  same,
  unseen,
  UNUSED,
  yours
} from "../Becoming.ts"
import { addressLines, numberList } from "../lines.ts"

const inbound: Feature = {
  title: "Inbound calls",
  area: "reading",
  use: (move) => {
    const use = countUse(move, "inbound", "came from outside")
    const { calledNumbers } = move.usage
    return use.used === "yes" && calledNumbers > 0
      ? {
          ...use,
          sentences: [...use.sentences, `People called ${counted(calledNumbers, "number")} of yours.`]
        }
      : use
  },
  becomes: ({ target }) =>
    yours(
      [`The numbers that people call have to be moved to ${target.title}, each with an agent that answers.`],
      ...(target.capabilities.listNumbers === undefined ? [] : [numberList(target.id)])
    )
}

const webCalls: Feature = {
  title: "Calls from a browser",
  area: "reading",
  use: (move) => (move.source.capabilities.webCalls === "no" ? UNUSED : countUse(move, "web", "came from a browser")),
  becomes: byAbility("webCalls", {
    can: "take calls from a browser",
    lost: ({ target }) => lost(`${target.title} takes no calls from a browser.`)
  })
}

const webhook: Feature = {
  title: "Messages when calls are over",
  area: "reading",
  use: (move) => (move.source.capabilities.webhook === "no" ? UNUSED : unseen()),
  becomes: ({ source, target }) => {
    const [had, has] = [source.capabilities.webhook, target.capabilities.webhook]
    if (has === "no")
      return had === "no" ? undefined : lost(`${target.title} sends none: read calls until they are over.`)
    const settable = target.capabilities.webhookAddresses?.includes("calls") === true
    const trust =
      had === has
        ? `They are ${has}, as at ${source.title}.`
        : had === "no"
          ? `They are ${has}.`
          : `They are ${has}; those of ${source.title} are ${had}.`
    if (had === "no") return gained(`${target.title} sends a message when a call is over. ${trust}`)
    return yours(
      [`Give ${target.title} the address of yours${settable ? ", for each agent" : ""}. ${trust}`],
      ...(settable ? [addressLines(target.id, "calls")] : [])
    )
  }
}

const preCall: Feature = {
  title: "Messages before an inbound call",
  area: "reading",
  use: (move) => (move.source.capabilities.preCallWebhook === "no" ? UNUSED : unseen()),
  becomes: byAbility("preCallWebhook", {
    can: "ask you before an inbound call is answered",
    lost: ({ target }) => lost(`${target.title} does not ask before an inbound call is answered.`),
    both: ({ target }) =>
      yours(
        [`Give ${target.title} the address that it is to ask.`],
        ...(target.capabilities.webhookAddresses?.includes("preCall") === true
          ? [addressLines(target.id, "pre-call")]
          : [])
      )
  })
}

const batchRead: Feature = {
  title: "Reading many orders at once",
  area: "reading",
  use: (move) => (move.source.capabilities.batchRead === 0 ? UNUSED : unseen()),
  becomes: ({ source, target }) => {
    const [had, has] = [source.capabilities.batchRead, target.capabilities.batchRead]
    if (had === has) return had === 0 ? undefined : same(`At most ${countText(has)} in one request, at both.`)
    if (had === 0) return gained(`${target.title} answers up to ${countText(has)} orders in one request.`)
    return has === 0
      ? lost(`${target.title} answers one order in a request: reading many takes as many requests.`)
      : different(`At most ${countText(has)} in one request, and not ${countText(had)}.`)
  }
}

const LIST_WORDS = {
  documented: "documented",
  observed: "not documented, and only seen in use",
  no: "not there"
} as const satisfies Record<Capabilities["list"], string>

const ITEM_WORDS = {
  orders: "orders",
  attempts: "attempts",
  either: "orders or attempts"
} as const satisfies Record<Capabilities["listItems"], string>

const list: Feature = {
  title: "Listing past calls",
  area: "reading",
  use: (move) => (move.source.capabilities.list === "no" ? UNUSED : unseen()),
  becomes: ({ source, target }) => {
    const [had, has] = [source.capabilities, target.capabilities]
    if (has.list === "no") return had.list === "no" ? undefined : lost(`${target.title} lists no past calls.`)
    const about = `The list of ${target.title} is ${LIST_WORDS[has.list]}, and holds ${ITEM_WORDS[has.listItems]}.`
    return had.list === "no"
      ? gained(about)
      : had.list === has.list && had.listItems === has.listItems
        ? same(about)
        : different(about)
  }
}

const filters: Feature = {
  title: "Narrowing the list",
  area: "reading",
  use: (move) => (move.source.capabilities.listFilters.length === 0 ? UNUSED : unseen()),
  becomes: ({ source, target }) => {
    const [had, has] = [source.capabilities.listFilters, target.capabilities.listFilters]
    const [gone, added] = [had.filter((each) => !has.includes(each)), has.filter((each) => !had.includes(each))]
    const sentences = [
      ...(gone.length > 0 ? [`${target.title} cannot narrow it by ${gone.join(", ")}.`] : []),
      ...(added.length > 0 ? [`It can by ${added.join(", ")}, which ${source.title} cannot.`] : [])
    ]
    if (had.length === 0 && has.length === 0) return undefined
    if (gone.length > 0) return has.length === 0 ? lost(...sentences) : different(...sentences)
    return added.length > 0
      ? gained(`${target.title} can narrow it by ${added.join(", ")}, which ${source.title} cannot.`)
      : same(`It can be narrowed by the same: ${has.join(", ")}.`)
  }
}

const found: Feature = {
  title: "Finding an order by reference",
  area: "reading",
  use: (move) => (move.source.capabilities.listTells.reference === "no" ? UNUSED : unseen()),
  becomes: ({ source, target }) => {
    const [had, has] = [source.capabilities.listTells.reference, target.capabilities.listTells.reference]
    if (has === "unknown")
      return notKnown(
        `No source says whether the list of ${target.title} tells the reference: \`unicall doctor --list\` can show it.`
      )
    if (has === "no") return had === "no" ? undefined : lost(`The list of ${target.title} does not tell the reference.`)
    return had === "yes"
      ? same(`The list of ${target.title} tells the reference, too.`)
      : gained(`The list of ${target.title} tells the reference.`)
  }
}

/** In the order of the plan. */
export const readingFeatures = {
  inbound,
  web_calls: webCalls,
  webhook,
  pre_call: preCall,
  batch_read: batchRead,
  list,
  list_filters: filters,
  list_reference: found
} as const satisfies { readonly [id: string]: Feature }
