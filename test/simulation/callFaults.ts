/** Calls that were taken: whether their answers are written down, whether they are found, and whose is told of whom. */
import { type Checker, isWithout, MINUTE } from "./Checker.ts"
import { textOf } from "./placingModel.ts"

/** Failures in a row after which a result is not written any more. */
const MOST_TRIES = 5

/** An answer is written down at the latest so long after the order was taken. */
const SOON = 10 * MINUTE

/** Whoever has been answered that an order is taken writes it down, whatever becomes of who has asked for it. */
export const writingFaults: Checker = (history, { requests }) => {
  const { events, script } = history
  const fails = script.steps.reduce((sum, step) => sum + (step.do === "journal" ? step.fails : 0), 0)
  if (fails > MOST_TRIES || script.setup.slowestMillis > 2000 || !isWithout(history, "sleep", "setClock")) return []
  const faults: Array<string> = []
  events.forEach((event, place) => {
    if (event.event !== "sent") return
    const { request, process, life, key } = event
    const taken = events.find((each) => each.event === "placed" && each.request === request)
    if (taken?.event !== "placed" || taken.fault !== undefined || taken.order === undefined) return
    if (taken.status < 200 || taken.status > 299) return
    const after = events.slice(place).filter((each) => "life" in each && each.process === process && each.life === life)
    if (after.some((each) => each.event === "died")) return
    const isWritten = after.some(
      (each) =>
        each.event === "journal" &&
        each.operation.do === "settle" &&
        each.operation.token === requests.get(request) &&
        "orderId" in each.operation.settlement &&
        each.operation.settlement.orderId === taken.order &&
        each.at < taken.at + SOON
    )
    if (!isWritten) faults.push(`${textOf(key)} was taken, and that was not written down`)
  })
  return faults
}

/** Who looks for an order once the faults have stopped finds it, where lists tell references. */
export const findingFaults: Checker = (history, { placings }) => {
  if (!isWithout(history, "sleep")) return []
  const { events } = history
  const recovered = events.findIndex(({ event }) => event === "recovered")
  const looked = new Set(
    events
      .slice(recovered)
      .flatMap((each) => (each.event === "journal" && each.operation.do === "settle" ? [each.operation.token] : []))
  )
  // A provider that knows an order again has answered with that of an earlier placement.
  const known = new Set([...placings.values()].flatMap(({ orderId }) => orderId ?? []))
  return [...placings.values()].flatMap(({ key, token, provider, state, orders, freed }) =>
    looked.has(token) &&
    provider !== "revox" &&
    freed === undefined &&
    orders.some((order) => !known.has(order)) &&
    (state === "uncertain" || state === "absent")
      ? [`${textOf(key)} has an order that is in the list, and was not found`]
      : []
  )
}

const READING: ReadonlySet<string> = new Set(["get", "cancel", "awaitEnd"])

/** Whoever asks about a call is told of that one, and nothing else is canceled. */
export const namingFaults: Checker = ({ events, orders }) => {
  const keys = new Map(orders.map(({ provider, id, key }) => [`${provider}:${id}`, textOf(key)]))
  const asked = new Map(events.flatMap((event) => (event.event === "asked" ? [[event.step, event] as const] : [])))
  const told = events.flatMap((event) => {
    const of = event.event === "answered" ? asked.get(event.step) : undefined
    if (event.event !== "answered" || of?.key === undefined || !READING.has(of.kind)) return []
    const text = textOf(of.key)
    return (event.answer.calls ?? []).some((call) => keys.get(call) !== text)
      ? [`${of.kind} of ${text} was answered with another call`]
      : []
  })
  const canceled = new Set(
    [...asked.values()].flatMap(({ kind, key }) => (kind === "cancel" && key !== undefined ? [textOf(key)] : []))
  )
  const wrongly = orders.flatMap(({ key, canceledAt }) =>
    canceledAt !== undefined && !canceled.has(textOf(key))
      ? [`${textOf(key)} was canceled, and nobody had asked for it`]
      : []
  )
  return [...told, ...wrongly]
}
