/** What is looked at before any figure: whether the arms are what they should be, and whether the data is whole. */
import type { Check } from "./Comparison.ts"
import type { Experiment } from "../experiment/Experiment.ts"
import type { ArmFacts, Collected, Observations } from "./Observations.ts"
import { counted, countText, percent } from "./format.ts"
import { quantileOf } from "./statistics/armValues.ts"
import { sampleRatio } from "./statistics/sampleRatio.ts"

/** Below this chance the split is not the experiment's: so low that looking often does no harm. */
export const SAMPLE_RATIO_ALPHA = 0.001

/** Open orders above this share, or shares further apart than this, are worth a warning. */
const MANY_OPEN = 0.05

/** Less than this share of an arm's orders in the time that all arms share is worth a warning. */
const SHARED_TIME = 0.8

export interface ArmCounts {
  readonly orders: number
  readonly persons: number
}

/** Orders and distinct persons of each arm. */
export const countArms = ({ size, arm, arms, person, persons }: Observations): ReadonlyArray<ArmCounts> =>
  arms.map((_, wanted) => {
    const seen = new Uint8Array(persons)
    const counts = { orders: 0, persons: 0 }
    for (let row = 0; row < size; row++) {
      if (arm[row] !== wanted) continue
      const who = person[row] ?? 0
      counts.orders += 1
      if (seen[who] !== 1) counts.persons += 1
      seen[who] = 1
    }
    return counts
  })

export const checksOf = (
  collected: Collected,
  counts: ReadonlyArray<ArmCounts>,
  experiment: Experiment | undefined
): ReadonlyArray<Check> => [
  ...(experiment === undefined
    ? [notAssigned]
    : [
        ratioCheck(experiment, collected, counts),
        ...notStarted(experiment),
        ...unmarkedOrders(collected),
        ...crossovers(collected)
      ]),
  ...(collected.orders.size === 0 ? [] : [openOrders(collected.facts, counts)]),
  ...overlap(collected.orders, counts),
  ...(experiment === undefined ? unequalTime(collected.orders, counts) : [])
]

const notAssigned: Check = {
  id: "no_assignment",
  outcome: "warning",
  sentence:
    "These calls are not known to have been assigned to the arms at random: a difference may come from who was called, when and why, and not from the arms. Only an experiment can tell.",
  figures: {}
}

const notStarted = ({ frozen }: Experiment): ReadonlyArray<Check> =>
  frozen !== undefined
    ? []
    : [
        {
          id: "not_started",
          outcome: "warning",
          sentence:
            "The experiment was never started, so nothing fixed its arms and goals: nobody can tell whether they were chosen before the results were seen.",
          figures: {}
        }
      ]

const ratioCheck = (experiment: Experiment, { orders }: Collected, counts: ReadonlyArray<ArmCounts>): Check => {
  const units = counts.map((arm) => (experiment.unit === "reference" ? arm.orders : arm.persons))
  const total = experiment.arms.reduce((sum, { share }) => sum + share, 0)
  const shares = orders.arms.map((name) => (experiment.arms.find((arm) => arm.name === name)?.share ?? 0) / total)
  const all = units.reduce((sum, count) => sum + count, 0)
  if (all === 0) {
    return {
      id: "sample_ratio",
      outcome: "passed",
      sentence: "There are no orders of the experiment yet.",
      figures: {}
    }
  }
  const { p } = sampleRatio(units, shares)
  const failed = p < SAMPLE_RATIO_ALPHA
  const what = experiment.unit === "reference" ? "orders" : "persons"
  const found = orders.arms.map((name, arm) => `${name} ${percent((units[arm] ?? 0) / all)}`).join(", ")
  const planned = orders.arms.map((name, arm) => `${name} ${percent(shares[arm] ?? 0)}`).join(", ")
  return {
    id: "sample_ratio",
    outcome: failed ? "failed" : "passed",
    sentence: failed
      ? `The ${what} are not split as the experiment says (${planned}) but ${found}; by chance that happens less than once in ${countText(Math.max(1000, Math.floor(1 / Math.max(p, 1e-6))))} experiments. Something adds or removes ${what} of one arm, so no conclusion is drawn.`
      : `The ${what} are split as the experiment says (${planned}): ${found}.`,
    figures: { ...Object.fromEntries(orders.arms.map((name, arm) => [name, units[arm] ?? 0])), p }
  }
}

/** An export may hold orders that were never part of the experiment. */
const unmarkedOrders = ({ unmarked, orders }: Collected): ReadonlyArray<Check> =>
  unmarked === 0
    ? []
    : [
        {
          id: "unmarked_orders",
          outcome: unmarked === orders.size ? "passed" : "warning",
          sentence:
            unmarked === orders.size
              ? "No order carries the mark of the experiment; the arm of each was computed from what it was assigned by."
              : `${counted(unmarked, "order does", "orders do")} not carry the mark of the experiment that the others carry; their arm was computed. If they are not of the experiment, compare again without them.`,
          figures: { unmarked }
        }
      ]

const crossovers = ({ crossovers: count, orders }: Collected): ReadonlyArray<Check> => [
  {
    id: "crossovers",
    outcome: count === 0 ? "passed" : "warning",
    sentence:
      count === 0
        ? "Every order went to the provider and agent of its arm."
        : `${counted(count, "order")} of ${countText(orders.size)} went to another provider or agent than their arm's. They are counted in the arm they were assigned to, which mostly makes differences look smaller than they are.`,
    figures: { crossovers: count }
  }
]

const openOrders = (facts: ReadonlyArray<ArmFacts>, counts: ReadonlyArray<ArmCounts>): Check => {
  const arms = facts
    .map(({ name, open }, arm) => ({ name, open, share: open / Math.max(1, counts[arm]?.orders ?? 0) }))
    .toSorted((a, b) => b.share - a.share)
  const open = arms.reduce((sum, arm) => sum + arm.open, 0)
  const orders = counts.reduce((sum, arm) => sum + arm.orders, 0)
  const [most, least] = [arms[0], arms.at(-1)]
  const apart = (most?.share ?? 0) - (least?.share ?? 0)
  const share = open / Math.max(1, orders)
  const many = share > MANY_OPEN || apart > MANY_OPEN
  const each = arms.map(({ name, share: part }) => `${name} ${percent(part)}`).join(", ")
  return {
    id: "open_orders",
    outcome: many ? "warning" : "passed",
    sentence:
      open === 0
        ? "Every order is over."
        : `${counted(open, "order is", "orders are")} not over yet (${each}). What ${open === 1 ? "its record does" : "their records do"} not tell yet counts neither as a success nor as a failure.${many ? " What is over quickly may not be like the rest: compare again later." : ""}`,
    figures: { open, orders }
  }
}

const overlap = ({ persons }: Observations, counts: ReadonlyArray<ArmCounts>): ReadonlyArray<Check> => {
  const shared = counts.reduce((sum, arm) => sum + arm.persons, 0) - persons
  if (shared <= 0) return []
  return [
    {
      id: "overlapping_persons",
      outcome: "warning",
      sentence: `${counted(shared, "person was", "persons were")} called in more than one arm. The intervals allow for it, but a call in one arm may change how the person takes the next one.`,
      figures: { persons: shared }
    }
  ]
}

/** This share of an arm's orders may lie before or after all others without the time counting as the arm's. */
const STRAGGLERS = 0.02

/** Without an experiment the arms may be from different weeks. */
const unequalTime = ({ at, arm, arms, size }: Observations, counts: ReadonlyArray<ArmCounts>): ReadonlyArray<Check> => {
  const timed = arms
    .map((_, wanted) => at.filter((time, row) => arm[row] === wanted && !Number.isNaN(time)).toSorted())
    .filter(({ length }) => length > 0)
  if (timed.length < 2) return []
  const from = Math.max(...timed.map((times) => quantileOf(times, STRAGGLERS)))
  const to = Math.min(...timed.map((times) => quantileOf(times, 1 - STRAGGLERS)))
  const inside = new Float64Array(arms.length)
  for (let row = 0; row < size; row++) {
    const time = at[row] ?? Number.NaN
    if (time >= from && time <= to) inside[arm[row] ?? 0] = (inside[arm[row] ?? 0] ?? 0) + 1
  }
  const least = arms
    .map((name, index) => ({ name, share: (inside[index] ?? 0) / Math.max(1, counts[index]?.orders ?? 0) }))
    .toSorted((a, b) => a.share - b.share)[0]
  if (least === undefined || least.share >= SHARED_TIME) return []
  return [
    {
      id: "unequal_time",
      outcome: "warning",
      sentence: `The arms are not from the same time: ${least.share === 0 ? "none" : `only ${percent(least.share)}`} of the orders of ${least.name} ${least.share === 0 ? "falls" : "fall"} into the time that all arms share, a few stragglers aside. What changed with time looks like a difference between the arms.`,
      figures: { share: least.share }
    }
  ]
}
