/** When a request may leave, and when what is under way may be given up: by the time that really passed. */
import type { Settlement } from "../../src/calls/PlacementJournal.ts"
import { type Checker, isWithout, MINUTE } from "./Checker.ts"
import type { Event } from "./events.ts"
import { textOf } from "./placingModel.ts"
import { WINDOW_SECONDS } from "./providers.ts"
import type { Script } from "./script.ts"

/** A reservation so old, of which nothing was heard, may be given up. */
const LIMIT = 11 * MINUTE

/** The most by which the clocks of two processes differ, where none is set. */
const mostSkew = ({ setup }: Script): number => {
  const ahead = setup.processes.map(({ aheadMillis }) => aheadMillis)
  return Math.max(...ahead) - Math.min(...ahead)
}

/** By when a step wants its order to have left, since the beginning of the history. */
const latestOf = ({ steps }: Script, { step, at }: { readonly step: number; readonly at: number }): number => {
  const asked = steps[step]
  const seconds = asked?.do === "place" ? asked.notAfterSeconds : undefined
  return seconds === undefined ? Number.POSITIVE_INFINITY : at + seconds * 1000
}

const isMark = (settlement: Settlement): boolean => "because" in settlement && settlement.because === "SentAgain"

export const sendingFaults: Checker = (history, { requests }) => {
  const { script, events } = history
  if (!isWithout(history, "sleep", "setClock")) return []
  const faults: Array<string> = []
  const asked = new Map<number, Event & { readonly event: "asked" }>()
  /** What is sent again, by whoever has written that down. */
  const marked = new Set<string>()
  const reservedAt = new Map<string, number>()
  for (const event of events) {
    if (event.event === "journal" && (event.operation.do === "reserve" || event.operation.do === "supersede")) {
      const { token } = event.operation.reservation
      if (!reservedAt.has(token)) reservedAt.set(token, event.at)
    }
    if (event.event === "journal" && event.operation.do === "settle" && isMark(event.operation.settlement))
      marked.add(event.operation.token)
    if (event.event === "asked" && event.kind === "place") asked.set(event.step, event)
    // What was interrupted goes on by itself.
    if (event.event === "answered" && event.answer.is !== "interrupted") asked.delete(event.step)
    if (event.event !== "sent") continue
    const { key, process, life, at, request } = event
    const text = textOf(key)
    const token = requests.get(request) ?? ""
    const wanting = [...asked.values()].filter(
      (each) => each.process === process && each.life === life && each.key !== undefined && textOf(each.key) === text
    )
    if (wanting.length > 0 && wanting.every((each) => at > latestOf(script, each)))
      faults.push(`${text} was sent too late`)
    const since = reservedAt.get(token) ?? at
    if (marked.has(token)) {
      if (at - since > (WINDOW_SECONDS * 1000) / 2 + mostSkew(script))
        faults.push(`${text} was sent again when the provider may have forgotten it`)
    } else if (at - since > LIMIT) faults.push(`${text} was sent when others may have given it up`)
  }
  return faults
}

/** Nobody gives up what may be under way, by the clocks of who has reserved it and who gives it up. */
export const givingUpFaults: Checker = (history, { placings }) => {
  const { script, events } = history
  if (!isWithout(history, "setClock")) return []
  const aheadOf = (process: number): number => script.setup.processes[process]?.aheadMillis ?? 0
  const faults: Array<string> = []
  const reserved = new Map<string, Event & { readonly event: "journal" }>()
  for (const event of events) {
    if (event.event !== "journal") continue
    const { operation, answer, process, life, at } = event
    if (operation.do === "reserve" || operation.do === "supersede") {
      const { token } = operation.reservation
      const isOwn = typeof answer === "object" && answer !== null && "token" in answer && answer.token === token
      if (isOwn && !reserved.has(token)) reserved.set(token, event)
    }
    if (operation.do === "settle" && operation.settlement.state !== "absent") reserved.delete(operation.token)
    const isGivingUp =
      (operation.do === "release" && answer === true) ||
      (operation.do === "settle" && operation.settlement.state === "absent")
    if (!isGivingUp) continue
    const since = reserved.get(operation.token)
    reserved.delete(operation.token)
    const placing = placings.get(operation.token)
    if (since === undefined || placing === undefined || (since.process === process && since.life === life)) continue
    if (at + aheadOf(process) - since.at - aheadOf(since.process) < LIMIT)
      faults.push(`${textOf(placing.key)} was given up while it may have been under way`)
  }
  return faults
}
