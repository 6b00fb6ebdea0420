/**
 * When lists were enough to call an order absent, by the time that really passed and by the lists that really were asked for.
 * The rule stands here once more: a checker must not believe the code. Two whole lists, both later than the end of the request
 * by the greater of five minutes and three times the slowest delay that was seen, and apart by two minutes more than that; by
 * eleven minutes more where nobody has seen the end; and not after a list turned out to be wrong.
 */
import type { Placement } from "../../src/calls/PlacementJournal.ts"
import { SENT_AGAIN } from "../../src/calls/heldReference.ts"
import { type Checker, isWithout, MINUTE } from "./Checker.ts"
import type { Event, Life } from "./events.ts"
import { type History, START } from "./history.ts"
import { isSameLife } from "./placingModel.ts"

/** A list counts so long after the end of the request, where no delay was seen that is longer than a third of it. */
const LEAST_DELAY = 5 * MINUTE

/** Of the slowest delay that was seen. */
const TIMES_SLOWEST = 3

/** Between the two lists, beside the time that the first must wait. */
const APART = 2 * MINUTE

/** When a request has certainly ended of which nothing was heard, since it may have been sent. */
const LIMIT = 11 * MINUTE

/** What walking a list may take, with tries that fail. */
const WALK = 2.5 * MINUTE

/** What reading what else there is may take before and after it. */
const LONGEST_WALK = 2 * WALK

/** Between deciding and writing down nothing takes time but a walk, which comes before. */
const AT_ONCE = 1000

/** The end of a request is written down so much later at the most. */
const WRITING = 5000

/** Of a clock that counts as known. */
const MOST_WRONG = 5 * MINUTE

/**
 * The first page of a walk: when the earliest may have been asked for that is of it, and the latest that was answered whole. Of a
 * miss that is by the clocks as they were known.
 */
interface Walk {
  readonly earliest: number
  readonly latest: number
}

interface Known {
  readonly provider: string
  by: Life
  /** When it was reserved. */
  readonly since: number
  /** When its last request had certainly ended. */
  ended: number
  /** Whether somebody has seen that. */
  isEndSeen: boolean
  /** The first list that counts. */
  missed?: Walk | undefined
  /** What was asked for when each that is written down was, since it was sent last: several processes may write theirs again. */
  readonly misses: Map<number, Walk | undefined>
  /** What the journal has said last. */
  placement: Placement
}

type Journaled = Event & { readonly event: "journal" }

type Listed = Event & { readonly event: "listed" }

const isPlacement = (answer: Journaled["answer"]): answer is Placement =>
  typeof answer === "object" && answer !== null && "token" in answer

/**
 * How much later than it was a list may have seemed: of our clock and the provider's, as it was measured when the order was placed,
 * the one counts that says less. Between two lists the clocks of the reservation cancel out.
 */
const seemedLater = ({ since, placement }: Known, at: number, writtenAt: string): number => {
  const { reservedAt, clockOffset } = placement
  const ahead = Date.parse(reservedAt) - START - since
  const ours = Date.parse(writtenAt) - START - at - ahead
  const error = clockOffset === undefined ? 0 : Math.min(ours, -ahead - clockOffset)
  return error > 0 && error <= MOST_WRONG ? error : 0
}

/** Whether a request may have waited for its turn, or have been tried before without leaving: then nobody saw when it was asked for. */
const mayHaveWaited = ({ script: { setup, steps } }: History, process: number): boolean => {
  const own = setup.processes[process]
  return (
    own?.maxConcurrency !== undefined || own?.ratePerMinute !== undefined || steps.some((step) => step.do === "cut")
  )
}

/** When the questions were asked that a process had not answered at a moment. */
const openSince = ({ events }: History, life: Life, moment: number): ReadonlyArray<number> =>
  events.flatMap((asked) =>
    asked.event === "asked" &&
    isSameLife(asked, life) &&
    asked.at <= moment &&
    !events.some((each) => each.event === "answered" && each.step === asked.step && each.at < moment)
      ? [asked.at]
      : []
  )

/** The walks of lists, and what each process rests on when it writes something down. */
const makeWalks = (history: History) => {
  const lists: Array<Listed> = []
  return {
    add: (list: Listed): void => void lists.push(list),
    /** What was asked for last by this life; none if no whole list was. */
    before: ({ at, ...life }: Journaled, provider: string): Walk | undefined => {
      const mayWait = mayHaveWaited(history, life.process)
      const all = lists.filter((list) => list.isFirst && list.provider === provider && isSameLife(list, life))
      const recent = all.filter(({ askedAt }) => askedAt >= at - LONGEST_WALK)
      // Where each page waits for its turn, a walk goes on for as long as others take turns.
      const longer = mayWait ? all.filter((list) => !recent.includes(list)).slice(-1) : []
      const own = [...longer, ...recent]
      const whole = own.filter(({ isWhole }) => isWhole).map(({ askedAt }) => askedAt)
      if (whole.length === 0) return undefined
      const late = own.map(({ askedAt }) => askedAt).filter((askedAt) => askedAt >= at - WALK)
      // Where it may have waited, what is written rests on a walk that began no earlier than the first question still open.
      const unseen = mayWait ? [Math.min(...late, ...whole.slice(-1)) - WALK, ...openSince(history, life, at)] : []
      return { earliest: Math.min(...late, ...whole.slice(-1), ...unseen), latest: Math.max(...whole) }
    }
  }
}

/** Machines that stood still have written late what they knew before. */
export const absenceFaults: Checker = (history) => {
  if (!isWithout(history, "sleep")) return []
  const faults: Array<string> = []
  const known = new Map<string, Known>()
  const walks = makeWalks(history)
  /** When it was written down that a list of a provider was wrong, and the moment that was written. */
  const wrongs: Array<{ readonly provider: string; readonly at: number; readonly wrongAt: string }> = []
  /** How late lists have been seen to be, and when that was written down. */
  const delays: Array<{ readonly provider: string; readonly at: number; readonly delay: number }> = []

  /** How long after the end of its request a list must have been asked for, as far as was known at a moment. */
  const delayAt = (provider: string, at: number): number => {
    const seen = delays.filter((each) => each.provider === provider && each.at < at - AT_ONCE)
    return Math.max(LEAST_DELAY, ...seen.map(({ delay }) => TIMES_SLOWEST * (delay - WRITING)))
  }

  /** What is wrong with calling it absent, if anything is. */
  const faultOf = ({ provider, missed, ended, isEndSeen }: Known, event: Journaled): string | undefined => {
    const walk = walks.before(event, provider)
    if (missed === undefined || walk === undefined) return "was called absent without two whole lists"
    const delay = delayAt(provider, event.at) - WRITING
    if (missed.latest < ended + delay) return "was called absent by a list that came too early"
    const apart = delay + APART + (isEndSeen ? 0 : LIMIT)
    return walk.latest - missed.earliest < apart ? "was called absent without two lists that are apart" : undefined
  }

  const settled = (event: Journaled, answer: Placement): void => {
    const { at, operation } = event
    const of = known.get(answer.token)
    if (of === undefined || operation.do !== "settle") return
    const before = of.placement
    of.placement = answer
    const { provider } = of
    const name = `${answer.tenant ?? ""}/${answer.sentAs ?? answer.reference}`
    if (answer.wrongAt !== undefined && answer.wrongAt !== before.wrongAt)
      wrongs.push({ provider, at, wrongAt: answer.wrongAt })
    if (answer.listDelay !== undefined && before.listDelay === undefined) {
      const walk = walks.before(event, provider)
      if (walk !== undefined) delays.push({ provider, at, delay: walk.earliest - of.ended })
    }
    if (answer.state === "uncertain") {
      const { settlement } = operation
      // What is said of an order that somebody else has sent again meanwhile is answered by that, and changes nothing.
      const because = "because" in settlement ? settlement.because : undefined
      if (because === SENT_AGAIN && answer.because === SENT_AGAIN) {
        Object.assign(of, { by: event, ended: at + LIMIT, isEndSeen: false })
        of.misses.clear()
      } else if (isSameLife(of.by, event) && "requestMillis" in settlement && because !== SENT_AGAIN)
        Object.assign(of, { ended: Math.min(of.ended, at), isEndSeen: true })
      if (answer.missedMillis === undefined) of.missed = undefined
      else if (answer.missedMillis !== before.missedMillis) {
        if (!of.misses.has(answer.missedMillis)) {
          const asked = walks.before(event, provider)
          const walk = asked && { ...asked, latest: asked.latest + seemedLater(of, at, operation.at) }
          of.misses.set(answer.missedMillis, walk)
          if (walk === undefined) faults.push(`${name} was missed by a list that was not whole`)
          else if (walk.latest < of.ended + LEAST_DELAY - WRITING)
            faults.push(`${name} was missed by a list that came too early`)
        }
        of.missed = of.misses.get(answer.missedMillis)
      }
    }
    if (answer.state !== "absent" || answer.evidence !== "not_listed" || before.state === "absent") return
    const fault = faultOf(of, event)
    if (fault !== undefined) faults.push(`${name} ${fault}`)
    if (wrongs.some((each) => each.provider === provider && each.at < at - AT_ONCE))
      faults.push(`${name} was called absent though a list had been wrong`)
  }

  for (const event of history.events) {
    if (event.event === "listed") walks.add(event)
    if (event.event !== "journal" || !isPlacement(event.answer)) continue
    const { operation, answer, at } = event
    if (operation.do === "settle") settled(event, answer)
    const isReserving = operation.do === "reserve" || operation.do === "supersede"
    if (!isReserving || answer.token !== operation.reservation.token || known.has(answer.token)) continue
    known.set(answer.token, {
      provider: answer.provider,
      by: event,
      since: at,
      ended: at + LIMIT,
      isEndSeen: false,
      misses: new Map(),
      placement: answer
    })
    const absent = operation.do === "supersede" ? known.get(operation.reservation.supersedes) : undefined
    if (absent?.placement.evidence !== "not_listed") continue
    const since = new Date(Date.parse(absent.placement.changedAt) - 10 * MINUTE).toISOString()
    if (wrongs.some((each) => each.provider === absent.provider && each.at < at - AT_ONCE && each.wrongAt > since))
      faults.push(`${answer.tenant}/${answer.reference} was placed again though it was in doubt`)
  }
  return faults
}
