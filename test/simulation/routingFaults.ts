/** Routes: whom an order may be placed with, and that nobody is asked for an order but who has it. */
import type { Checker } from "./Checker.ts"
import type { Event, Life } from "./events.ts"
import { EMPTY, isSameLife, modelStep, textOf } from "./placingModel.ts"
import type { ProviderName } from "./script.ts"

interface Asked extends Life {
  readonly text: string
  readonly step: number
  readonly chooses: ProviderName
  /** Where its reference was placed, at any moment since. */
  readonly held: Set<ProviderName>
}

/**
 * An order is placed where it says, or where its route sends it, or where its reference is placed when it is asked for or has been
 * since. It is told of histories with routes.
 */
export const choosingFaults: Checker = ({ events }) => {
  const faults: Array<string> = []
  let open: ReadonlyArray<Asked> = []
  let model = EMPTY
  for (const event of events) {
    const before = model
    model = modelStep(model, event)
    if (event.event === "asked" && event.key !== undefined && event.chooses !== undefined) {
      const { process, life, step, key, chooses } = event
      open = [...open, { process, life, step, chooses, text: textOf(key), held: new Set() }]
    }
    // What is interrupted may go on.
    if (event.event === "answered" && event.answer.is !== "interrupted")
      open = open.filter(({ step }) => step !== event.step)
    const placed = reservedBy(event)
    if (placed !== undefined) {
      const allowed = open
        .filter((each) => each.text === placed.text && isSameLife(each, placed))
        .flatMap(({ chooses, held }) => [chooses, ...held])
      if (open.length > 0 && allowed.length > 0 && !allowed.some((each) => each === placed.provider))
        faults.push(`${placed.text} was placed with ${placed.provider}, where nothing sent it`)
    }
    for (const each of open)
      for (const { placings, holders } of [before, model]) {
        const held = placings.get(holders.get(each.text) ?? "")?.provider
        if (held !== undefined && placed?.text !== each.text) each.held.add(held)
      }
  }
  return faults
}

/** What an event has reserved by itself, or in the place of an absent one. */
const reservedBy = (event: Event) => {
  if (event.event !== "journal") return undefined
  const { operation, answer, process, life } = event
  if (operation.do !== "reserve" && operation.do !== "supersede") return undefined
  const { tenant = "", reference, token, provider } = operation.reservation
  const isOwn = typeof answer === "object" && answer !== null && "token" in answer && answer.token === token
  return isOwn ? { text: `${tenant}/${reference}`, provider, process, life } : undefined
}

/** What is read or canceled is read or canceled where it is. */
export const astrayFaults: Checker = ({ events }) =>
  events.flatMap((event) =>
    event.event === "astray" ? [`${event.provider} was asked for the order ${event.order} of another provider`] : []
  )
