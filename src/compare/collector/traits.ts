/**
 * What orders bring with them and how they are handled, beside what comes of them: arms that differ in it may differ
 * because of it. Strata are made of it, and the balance of the arms is told by it.
 */
import type { Attempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import { latest } from "../../domain/Instant.ts"
import { type ClockTime, makeClock } from "../../domain/wallClock.ts"
import type { Stratum } from "../../experiment/Experiment.ts"
import { beginningOf, countryOfBeginning, LONGEST_NUMBER } from "../../experiment/stratumCountry.ts"
import { isDial } from "./dials.ts"
import { millisecondsOf } from "./moments.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"
import type { Candidate } from "./populations.ts"
import { makeTextHash } from "./textHash.ts"

/** The value of a trait that a record does not tell. */
export const UNKNOWN = "unknown"

/** What is read from a record in words. */
export interface OrderTraits {
  readonly country: string
  readonly campaign: string
  /** A hash: no number is kept. */
  readonly caller: string
  readonly agent: string
}

/** Reads the traits of orders; it remembers what numbers came to. */
export const makeTraitsOf = (): ((candidate: Candidate) => OrderTraits) => {
  const countryOf = makeCountryOf()
  const hash = makeTextHash()
  const callerOf = remembering((number) => {
    hash.ofNumber(number)
    return `${hash.high.toString(36)}-${hash.low.toString(36)}`
  })
  return ({ order, to }) => ({
    country: to === undefined ? UNKNOWN : countryOf(to),
    campaign: order?.campaign?.id ?? order?.campaign?.name ?? UNKNOWN,
    caller: order?.from === undefined ? UNKNOWN : callerOf(order.from),
    agent: order?.agent?.id ?? order?.agent?.name ?? UNKNOWN
  })
}

const LARGEST_CACHE = 100_000

const remembering = (of: (text: string) => string): ((text: string) => string) => {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    if (known.size >= LARGEST_CACHE) known.clear()
    const made = of(text)
    known.set(text, made)
    return made
  }
}

/** Each beginning is looked up once for each length. */
const makeCountryOf = (): ((to: string) => string) => {
  const ofLength = Array.from({ length: LONGEST_NUMBER + 1 }, (_, length) =>
    remembering((beginning) => countryOfBeginning(beginning, length) ?? UNKNOWN)
  )
  return (to) => ofLength[to.length]?.(beginningOf(to)) ?? UNKNOWN
}

/** Upper ends of the waits that are told apart, in seconds: a minute, a quarter of an hour, one hour, four, a day. */
const WAITS = [60, 900, 3_600, 14_400, 86_400]
const WAIT_TEXTS = ["within a minute", "within 15 min", "within 1 h", "within 4 h", "within a day", "later than a day"]

/** The wait from the order, or the later time that it was scheduled for, to its first dial: a place in the waits from 1; 0 if not told. */
export const waitOf = (order: CallOrder | undefined, attempts: ReadonlyArray<Attempt>): number => {
  if (order === undefined) return 0
  const ordered = latest(order.createdAt, order.scheduledAt)
  const seconds = (millisecondsOf(attempts.find(isDial)?.dialedAt) - millisecondsOf(ordered)) / 1000
  if (Number.isNaN(seconds)) return 0
  const place = WAITS.findIndex((most) => seconds <= most)
  return 1 + (place < 0 ? WAITS.length : place)
}

const MOST_DIALS = 4
const DIAL_TEXTS = ["1 dial", "2 dials", "3 dials", `${MOST_DIALS} dials or more`]

/** Dials that were made; 0 for none. */
export const dialsMadeOf = (attempts: ReadonlyArray<Attempt>): number =>
  Math.min(
    MOST_DIALS,
    attempts.reduce((sum, attempt) => sum + Number(isDial(attempt)), 0)
  )

/** A trait of the rows of a table: which of `texts` each has. */
export interface TraitReader {
  readonly texts: ReadonlyArray<string>
  readonly of: (row: number) => number
}

type Orders = ObservationTable<OrderColumn>

const inWords =
  (name: keyof OrderTraits) =>
  (table: Orders): TraitReader => {
    const { texts, get } = table.column(name)
    return { texts, of: get }
  }

const inBands =
  (name: "wait" | "dialsMade", bands: ReadonlyArray<string>) =>
  (table: Orders): TraitReader => ({ texts: [UNKNOWN, ...bands], of: table.column(name).get })

/** By the clock at the time of the order and not of its dial: when it is dialled is the arm's doing. */
const byClock =
  (texts: ReadonlyArray<string>, of: (time: { readonly day: number; readonly hour: number }) => number) =>
  (table: Orders, timeZone: string): TraitReader => {
    const [at, clock] = [table.column("at"), makeClock(timeZone)]
    // Rows come in order of time: most are of the same quarter of an hour as the one before.
    let [quarter, known] = [Number.NaN, texts.length]
    return {
      texts: [...texts, UNKNOWN],
      of: (row) => {
        const time = at.get(row)
        if (Number.isNaN(time)) return texts.length
        if (Math.floor(time / QUARTER) !== quarter) {
          quarter = Math.floor(time / QUARTER)
          known = of(clock(time))
        }
        return known
      }
    }
  }

/** Offsets of clocks from UTC are whole quarters of an hour. */
const QUARTER = 900_000

const hourText = (hour: number): string => `${String(hour).padStart(2, "0")}:00`

const HOURS = Array.from({ length: 24 }, (_, hour) => hourText(hour))
const PART_HOURS = 3
const PARTS_OF_DAY = Array.from(
  { length: 24 / PART_HOURS },
  (_, part) => `${hourText(part * PART_HOURS)} to ${hourText((part + 1) * PART_HOURS)}`
)
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

type Reading = (table: Orders, timeZone: string) => TraitReader

/** What orders may be sorted by: settled before anybody is called. */
export const STRATA = {
  country: inWords("country"),
  hour: byClock(HOURS, ({ hour }) => hour),
  weekday: byClock(WEEKDAYS, ({ day }) => day),
  campaign: inWords("campaign"),
  caller_number: inWords("caller")
} as const satisfies Record<Stratum, Reading>

/** A request to place an order, as far as it is known what orders may be sorted by. */
export interface PlacedRequest {
  readonly country: string | undefined
  /** In milliseconds since the epoch; NaN if not told. */
  readonly at: number
}

type Clock = (milliseconds: number) => ClockTime

const notTold = (): undefined => undefined

/** Of a request, in the words of `STRATA`. */
export const STRATA_OF_REQUEST = {
  country: ({ country }) => country,
  hour: ({ at }, clock) => (Number.isNaN(at) ? undefined : HOURS[clock(at).hour]),
  weekday: ({ at }, clock) => (Number.isNaN(at) ? undefined : WEEKDAYS[clock(at).day]),
  campaign: notTold,
  caller_number: notTold
} as const satisfies Record<Stratum, (request: PlacedRequest, clock: Clock) => string | undefined>

/** What arms are compared in, beside what comes of their orders. */
export const TRAITS = {
  ...STRATA,
  hour: byClock(PARTS_OF_DAY, ({ hour }) => Math.floor(hour / PART_HOURS)),
  agent: inWords("agent"),
  wait: inBands("wait", WAIT_TEXTS),
  dials: inBands("dialsMade", DIAL_TEXTS)
} as const satisfies { readonly [trait: string]: Reading }
export type TraitName = keyof typeof TRAITS

export const TRAIT_NAMES: ReadonlyArray<TraitName> = [
  "hour",
  "weekday",
  "country",
  "caller_number",
  "campaign",
  "agent",
  "wait",
  "dials"
]
