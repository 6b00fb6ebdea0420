/**
 * When lists were enough to call an order absent, by the time that really passed: after the end of its request, twice, apart,
 * and not after a list turned out to be wrong. The times stand here once more: a checker must not believe the code.
 */
import type { Placement } from "../../src/calls/PlacementJournal.ts"
import { type Checker, isWithout, MINUTE } from "./Checker.ts"
import type { Event, Life } from "./events.ts"

/** A list counts so long after the end of the request. */
const DELAY = 5 * MINUTE

/** When a request has certainly ended of which nothing was heard, since it may have been sent. */
const LIMIT = 11 * MINUTE

/** Two lists are so far apart. */
const APART = 7 * MINUTE

/** What walking a list may take, with tries that fail. */
const WALK = 2.5 * MINUTE

/** Between deciding and writing down nothing takes time but a walk, which comes before. */
const AT_ONCE = 1000

interface Known {
  readonly provider: string
  by: Life
  /** When its last request had certainly ended. */
  ended: number
  missedAt?: number | undefined
  /** What the journal has said last. */
  placement: Placement
}

const isPlacement = (answer: (Event & { readonly event: "journal" })["answer"]): answer is Placement =>
  typeof answer === "object" && answer !== null && "token" in answer

const isSameLife = (a: Life, b: Life): boolean => a.process === b.process && a.life === b.life

/** Machines that stood still have written late what they knew before. */
export const absenceFaults: Checker = (history) => {
  if (!isWithout(history, "sleep")) return []
  const faults: Array<string> = []
  const known = new Map<string, Known>()
  /** When it was written down that a list of a provider was wrong, and the moment that was written. */
  const wrongs: Array<{ readonly provider: string; readonly at: number; readonly wrongAt: string }> = []

  const settled = (event: Event & { readonly event: "journal" }, answer: Placement): void => {
    const { at } = event
    const of = known.get(answer.token)
    if (of === undefined) return
    const before = of.placement
    of.placement = answer
    const name = `${answer.tenant ?? ""}/${answer.sentAs ?? answer.reference}`
    if (answer.wrongAt !== undefined && answer.wrongAt !== before.wrongAt)
      wrongs.push({ provider: of.provider, at, wrongAt: answer.wrongAt })
    if (answer.state === "uncertain") {
      if (answer.because === "SentAgain") Object.assign(of, { by: event, ended: at + LIMIT })
      else if (isSameLife(of.by, event) && answer.evidence !== "not_listed" && answer.requestMillis !== undefined)
        of.ended = Math.min(of.ended, at)
      if (answer.missedMillis === undefined) of.missedAt = undefined
      else if (answer.missedMillis !== before.missedMillis) {
        of.missedAt = at
        if (at < of.ended + DELAY) faults.push(`${name} was missed by a list that came too early`)
      }
    }
    if (answer.state !== "absent" || answer.evidence !== "not_listed" || before.state === "absent") return
    if (of.missedAt === undefined || at - of.missedAt < APART - WALK)
      faults.push(`${name} was called absent without two lists that are apart`)
    if (wrongs.some((each) => each.provider === of.provider && each.at < at - AT_ONCE))
      faults.push(`${name} was called absent though a list had been wrong`)
  }

  for (const event of history.events) {
    if (event.event !== "journal" || !isPlacement(event.answer)) continue
    const { operation, answer, at } = event
    if (operation.do === "settle") settled(event, answer)
    const isReserving = operation.do === "reserve" || operation.do === "supersede"
    if (!isReserving || answer.token !== operation.reservation.token || known.has(answer.token)) continue
    known.set(answer.token, { provider: answer.provider, by: event, ended: at + LIMIT, placement: answer })
    const absent = operation.do === "supersede" ? known.get(operation.reservation.supersedes) : undefined
    if (absent?.placement.evidence !== "not_listed") continue
    const since = new Date(Date.parse(absent.placement.changedAt) - 10 * MINUTE).toISOString()
    if (wrongs.some((each) => each.provider === absent.provider && each.at < at - AT_ONCE && each.wrongAt > since))
      faults.push(`${answer.tenant}/${answer.reference} was placed again though it was in doubt`)
  }
  return faults
}
