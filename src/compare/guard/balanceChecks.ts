/** What an imbalance of the arms forbids, and what it only has to be read with. */
import type { Check } from "../Comparison.ts"
import type { Balance, BalanceMost } from "./Balance.ts"
import { percent } from "../format.ts"
import { GUARD_CHANCE } from "./chance.ts"

export interface BalanceReading {
  readonly randomized: boolean
  /** The least difference of the primary metric that matters, as a share: what differs less cannot make one by itself. */
  readonly smallestShare: number
  readonly stratifiedBy: ReadonlyArray<string>
  /** Whether orders of all arms may be dialled equally often, as far as records say. */
  readonly sameChances: boolean
}

type Found = Check | undefined

export const balanceChecks = (all: ReadonlyArray<Balance>, reading: BalanceReading): ReadonlyArray<Found> => {
  const differing = all.filter(({ outcome }) => outcome === "differs" || outcome === "nothing_shared")
  const isLarge = ({ distance }: Balance): boolean => distance >= reading.smallestShare
  const large = (trait: Balance["trait"]) => differing.find((each) => each.trait === trait && isLarge(each))
  const before = differing.filter(({ from, trait, outcome }) => from === "before" && !isOfArms(trait, outcome))
  const { randomized } = reading
  return [
    randomized ? brokenAssignment(before, isLarge) : otherCalls(before.filter(isLarge), reading),
    all.some(({ trait, outcome }) => trait === "caller_number" && outcome === "nothing_shared")
      ? OWN_NUMBERS
      : undefined,
    // In an experiment of persons a check of its own says what this does.
    randomized ? undefined : manyOrders(large("orders_per_person")),
    waiting(large("wait")),
    reading.sameChances ? redialling(large("dials")) : undefined
  ]
}

/** Numbers and campaigns of a provider's own are part of the arm. */
const isOfArms = (trait: Balance["trait"], outcome: Balance["outcome"]): boolean =>
  (trait === "caller_number" || trait === "campaign") && outcome === "nothing_shared"

const figuresOf = (all: ReadonlyArray<Balance>): Check["figures"] =>
  Object.fromEntries(all.map(({ trait, distance }) => [trait, distance]))

/** As a sentence says it. */
const WHERE = {
  hour: ({ value }) => `orders from ${value}`,
  weekday: ({ value }) => `orders of a ${value}`,
  country: ({ value }) => `calls to ${value}`,
  caller_number: ({ value }) => `calls from ${value}`,
  campaign: ({ value }) => `orders of campaign ${value}`,
  agent: ({ value }) => `calls of agent ${value}`,
  wait: ({ value }) => `first dials ${value} of the order`,
  dials: ({ value }) => `orders with ${value}`,
  orders_per_person: ({ value }) => `persons with ${value}`
} as const satisfies Record<Balance["trait"], (most: BalanceMost) => string>

const differenceText = ({ trait, title, most }: Balance): string =>
  most === undefined
    ? ""
    : `${title.toLowerCase()} (${WHERE[trait](most)}: ${most.arm} ${percent(most.share)}, ${most.baseline} ${percent(most.baselineShare)})`

const listed = (all: ReadonlyArray<Balance>): string => all.map(differenceText).join("; ")

const brokenAssignment = (before: ReadonlyArray<Balance>, isLarge: (each: Balance) => boolean): Found => {
  if (before.length === 0) return undefined
  const forbids = before.some(isLarge)
  const why = `Chance should have given the arms the same calls, and they differ in ${listed(before)}. By chance that happens in less than one of ${GUARD_CHANCE} experiments, however often they are looked at: the assignment is broken, or orders of one arm were placed otherwise or left out`
  const sentence = forbids
    ? `${why}. No conclusion is drawn.`
    : `${why}. Each is less than the smallest difference that matters, and cannot make one by itself.`
  return { id: "balance", outcome: forbids ? "failed" : "warning", sentence, figures: figuresOf(before) }
}

const otherCalls = (before: ReadonlyArray<Balance>, { stratifiedBy }: BalanceReading): Found => {
  if (before.length === 0) return undefined
  const isSorted = ({ trait }: Balance): boolean => stratifiedBy.includes(trait)
  const left = before.filter((each) => !isSorted(each))
  if (left.length === 0) {
    const sentence = `The arms do not have the same calls: they differ in ${listed(before)}. Rates are compared like with like by that; times and counts are not.`
    return { id: "balance", outcome: "passed", sentence, figures: figuresOf(before) }
  }
  const sortable = left.filter(({ outcome }) => outcome === "differs").map(({ trait }) => trait)
  const advice =
    sortable.length === 0
      ? "No value is found in two arms, so nothing in this data can tell it from the arms"
      : `Compare like with like: --strata ${[...stratifiedBy, ...sortable].join(",")}`
  const sentence = `The arms do not have the same calls: they differ in ${listed(left)}. A difference may come from that alone. ${advice}.`
  return { id: "balance", outcome: "warning", sentence, figures: figuresOf(left) }
}

const OWN_NUMBERS: Check = {
  id: "caller_numbers",
  outcome: "warning",
  sentence:
    "Each arm calls from numbers of its own: nothing in this data tells what the numbers do (a bad name, a foreign code) from what the arms do.",
  figures: {}
}

const manyOrders = (found: Balance | undefined): Found => {
  if (found === undefined) return undefined
  const sentence = `Persons do not have as many orders in each arm: they differ in ${differenceText(found)}. Whoever was not reached may have been called again in one arm only, and every order counts. In an experiment each person counts once.`
  return { id: "orders_per_person", outcome: "warning", sentence, figures: figuresOf([found]) }
}

const waiting = (found: Balance | undefined): Found => {
  if (found === undefined) return undefined
  const sentence = `The arms do not dial equally soon after the order: they differ in ${differenceText(found)}. So people are called at other times. That is the doing of the arm or of its limits, and part of every difference.`
  return { id: "waiting", outcome: "warning", sentence, figures: figuresOf([found]) }
}

const redialling = (found: Balance | undefined): Found => {
  if (found === undefined) return undefined
  const sentence = `Orders are not dialled equally often: they differ in ${differenceText(found)}. Metrics of whole orders have more chances where more is dialled; those of first attempts do not.`
  return { id: "redialling", outcome: "warning", sentence, figures: figuresOf([found]) }
}
