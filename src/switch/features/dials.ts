/** Several attempts for one order: who dials again, and what it was good for. */
import { countText } from "../../compare/format.ts"
import {
  countSentence,
  countUse,
  different,
  type Feature,
  gained,
  type Move,
  notesOf,
  notKnown,
  same,
  unitText,
  type Use,
  yours
} from "../Becoming.ts"
import { redialLines } from "../lines.ts"
import type { Usage } from "../Usage.ts"

/** More dials of one order are nobody's wish. */
const MOST_DIALS = 10

const ORDINALS = ["first", "second", "third"]

/** "on the first attempt in 200, on the second in 60, on a later one in 20". */
const reachedText = (reachedOn: ReadonlyArray<number>): string => {
  const early = ORDINALS.map((word, index) => ({ which: `the ${word} attempt`, count: reachedOn[index] ?? 0 }))
  const later = reachedOn.slice(ORDINALS.length).reduce((sum, count) => sum + count, 0)
  return [...early, { which: "a later one", count: later }]
    .filter(({ count }, index) => index === 0 || count > 0)
    .map(({ which, count }) => `on ${which} in ${countText(count)}`)
    .join(", ")
}

const straysText = ({ strays }: Usage): ReadonlyArray<string> =>
  strays === 0
    ? []
    : strays === 1
      ? ["1 attempt names no order: whether it was a further one is not told."]
      : [`${countText(strays)} attempts name no order: whether they were further ones is not told.`]

const dialsUse = (move: Move): Use => {
  const { usage, source } = move
  const { orders, several, reachedOn, reachedOnUnknown } = usage.dials
  if (source.capabilities.retries === "no" && several === 0)
    return { used: "no", sentences: [`${source.title} dials once for each order.`] }
  if (orders === 0) {
    return {
      used: "not_told",
      sentences: ["Your records do not tell how many attempts an order had.", ...straysText(usage)]
    }
  }
  const reached = reachedOn.reduce((sum, count) => sum + count, 0)
  const allows = countUse(move, "allows_several", "allowed more than one attempt")
  return {
    used: several > 0 || allows.used === "yes" ? "yes" : "no",
    unit: "placed",
    count: several,
    total: orders,
    sentences: [
      countSentence(several, orders, "placed", "needed more than one attempt"),
      ...(allows.used === "yes" ? allows.sentences : []),
      ...(reached > 0 ? [`A person was reached in ${unitText(reached, "placed")}: ${reachedText(reachedOn)}.`] : []),
      ...(reachedOnUnknown > 0 ? [`In ${countText(reachedOnUnknown)} the records do not tell on which.`] : []),
      ...straysText(usage)
    ]
  }
}

/** Both together ring people more often than anybody meant. */
const ONCE_ONLY =
  "If your code places again whoever was not reached, take that out before the move: both together ring people more often."

export const dials: Feature = {
  title: "Several attempts for one order",
  area: "placing",
  use: dialsUse,
  becomes: ({ usage, source, target }, { used }) => {
    const had = used === "yes" && source.capabilities.retries === "no" ? "yes" : source.capabilities.retries
    const has = target.capabilities.retries
    if (has === "unknown") return notKnown(`No source says whether ${target.title} dials again.`)
    if (had === "no" && has === "no") return undefined
    const note = notesOf(target, "retry")
    if (had === has) return same(`${target.title} dials again, too.`, ...note)
    if (has !== "no") {
      const how =
        has === "automatic"
          ? `${target.title} dials again by itself; an order cannot say whether or how often.`
          : `${target.title} dials again by itself, by the rules of the agent or the \`retry\` of an order.`
      return had === "no" ? gained(how, ...note, ONCE_ONLY) : different(how, ...note)
    }
    const most = Math.min(MOST_DIALS, Math.max(2, usage.dials.most))
    return yours(
      [`${target.title} dials once: place again, under a new reference, whoever was not reached.`],
      redialLines(target.id, most)
    )
  }
}
