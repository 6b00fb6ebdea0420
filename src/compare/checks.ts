/** What is looked at before any figure: whether the arms are what they should be, and whether the data is whole. */
import type { Check } from "./Comparison.ts"
import type { Experiment } from "../experiment/Experiment.ts"
import { LEFT_OUT } from "./collector/populations.ts"
import { GUARD_ALPHA } from "./guard/chance.ts"
import { type Collected, LOSSES, type Observations } from "./Observations.ts"
import { counted, countText, momentText, percent } from "./format.ts"
import { quantileOf } from "./statistics/armValues.ts"
import { kindsTest, rankTest } from "./statistics/homogeneity.ts"
import { rowsWhere } from "./rows.ts"
import { sampleRatio } from "./statistics/sampleRatio.ts"

/** Open orders above this share, or shares further apart than this, are worth a warning. */
const MANY_OPEN = 0.05

/** Less than this share of an arm's orders in the time that all arms share is worth a warning. */
const SHARED_TIME = 0.8

export interface ArmCounts {
  readonly orders: number
  readonly persons: number
  /** Units that were assigned and never called; in neither of the others. */
  readonly lost: number
}

/** Orders and distinct persons of each arm; persons that are judged within a window have several orders in one row. */
export const countArms = ({ orders, units, lost: never }: Collected): ReadonlyArray<ArmCounts> => {
  const { arm, arms, person, persons } = orders
  const inWindow = units?.windowHours === undefined ? undefined : units.ordersPerPerson.map(totalOf)
  return arms.map((_, wanted) => {
    const own = rowsWhere(person.length, (row) => arm[row] === wanted)
    const isSeen = new Uint8Array(persons)
    for (const row of own) isSeen[person[row] ?? 0] = 1
    const seen = isSeen.reduce((count, each) => count + each, 0)
    const lost = never?.units[wanted] ?? 0
    return { orders: inWindow?.[wanted]?.orders ?? own.length - lost, persons: seen - lost, lost }
  })
}

type Found = Check | undefined

export const checksOf = (
  collected: Collected,
  counts: ReadonlyArray<ArmCounts>,
  experiment: Experiment | undefined
): ReadonlyArray<Check> => {
  const { orders } = collected
  const ofExperiment = (own: Experiment): ReadonlyArray<Found> => [
    ratioCheck(own, collected, counts),
    notStarted(own),
    definitionsNotFixed(own),
    stoppedEarly(own),
    placedBeforeStart(own, orders),
    unmarkedOrders(collected),
    crossovers(collected),
    lossesDiffer(collected),
    ordersPerPerson(collected)
  ]
  const found = [
    ...(experiment === undefined ? [check("no_assignment", "warning", NOT_ASSIGNED)] : ofExperiment(experiment)),
    orders.size === 0 ? undefined : openOrders(collected, counts),
    overlap(collected, counts),
    experiment === undefined ? unequalTime(orders, counts) : undefined
  ]
  return found.filter((each) => each !== undefined)
}

const check = (
  id: Check["id"],
  outcome: Check["outcome"],
  sentence: string,
  figures: Check["figures"] = {}
): Check => ({ id, outcome, sentence, figures })

const NOT_ASSIGNED =
  "These calls are not known to have been assigned to the arms at random: a difference may come from who was called, when and why, and not from the arms. Only an experiment can tell."

const NOT_STARTED =
  "The experiment was never started, so nothing fixed its arms and goals: nobody can tell whether they were chosen before the results were seen."

const notStarted = ({ frozen }: Experiment): Found =>
  frozen === undefined ? check("not_started", "warning", NOT_STARTED) : undefined

const DEFINITIONS_NOT_FIXED =
  "An earlier version of unicall started the experiment and did not fix how each metric is defined: which definition is used may change with the data, from one look to the next."

const definitionsNotFixed = ({ frozen }: Experiment): Found =>
  frozen !== undefined && frozen.definitions === undefined
    ? check("definitions_not_fixed", "warning", DEFINITIONS_NOT_FIXED)
    : undefined

const stoppedEarly = ({ stopped, timeZone = "UTC" }: Experiment): Found => {
  if (stopped === undefined) return undefined
  const why = stopped.reason === undefined ? "No reason was given." : `The reason given: “${stopped.reason}”.`
  const sentence = `The experiment was stopped on ${momentText(stopped.at, timeZone)} (${timeZone}). ${why} Orders placed after that are left out.`
  return check("stopped", "warning", sentence)
}

/** Further off than clocks are: nothing can be placed under an experiment before its start. */
const CLOCKS_APART = 15 * 60_000

const placedBeforeStart = ({ frozen, start, timeZone = "UTC" }: Experiment, { at }: Observations): Found => {
  if (frozen === undefined || start === undefined) return undefined
  // What carries no mark and is older than the start is left out.
  const early = at.filter((time) => time < Date.parse(start) - CLOCKS_APART)
  if (early.length === 0) return undefined
  const sentence = `${counted(early.length, "order carries", "orders carry")} the mark of the experiment and ${early.length === 1 ? "was" : "were"} asked for before it started on ${momentText(start, timeZone)} (${timeZone}): it was started anew under the same id, so arms, goals or the assignment may have been changed after the first results. No conclusion is drawn; what is started anew needs an id of its own.`
  return check("placed_before_start", "failed", sentence, { orders: early.length })
}

const ratioCheck = (experiment: Experiment, { orders }: Collected, counts: ReadonlyArray<ArmCounts>): Check => {
  const what = experiment.unit === "reference" ? "orders" : "persons"
  const units = counts.map((arm) => arm[what] + arm.lost)
  const total = experiment.arms.reduce((sum, { share }) => sum + share, 0)
  const shares = orders.arms.map((name) => (experiment.arms.find((arm) => arm.name === name)?.share ?? 0) / total)
  const all = units.reduce((sum, count) => sum + count, 0)
  if (all === 0) return check("sample_ratio", "passed", "There are no orders of the experiment yet.")
  const { p } = sampleRatio(units, shares)
  const listed = (shareOf: (arm: number) => number): string =>
    orders.arms.map((name, arm) => `${name} ${percent(shareOf(arm))}`).join(", ")
  const [planned, found] = [listed((arm) => shares[arm] ?? 0), listed((arm) => (units[arm] ?? 0) / all)]
  const figures = { ...Object.fromEntries(orders.arms.map((name, arm) => [name, units[arm] ?? 0])), p }
  if (p >= GUARD_ALPHA) {
    const sentence = `The ${what} are split as the experiment says (${planned}): ${found}.`
    return check("sample_ratio", "passed", sentence, figures)
  }
  const times = countText(Math.max(1 / GUARD_ALPHA, Math.floor(1 / Math.max(p, 1e-6))))
  const sentence = `The ${what} are not split as the experiment says (${planned}) but ${found}; by chance that happens less than once in ${times} experiments. Something adds or removes ${what} of one arm, so no conclusion is drawn.`
  return check("sample_ratio", "failed", sentence, figures)
}

/** An export may hold orders that were never part of the experiment. */
const unmarkedOrders = ({ unmarked, data }: Collected): Found => {
  const without = data.leftOut.find(({ reason }) => reason === LEFT_OUT.unmarked)?.count ?? 0
  if (unmarked + without === 0) return undefined
  const areAll = unmarked === data.orders && without === 0
  const sentences = [
    areAll && "No order carries the mark of the experiment; the arm of each was computed from what it was assigned by.",
    !areAll &&
      unmarked > 0 &&
      `${counted(unmarked, "order does", "orders do")} not carry the mark of the experiment that the others carry; their arm was computed. If they are not of the experiment, compare again without them.`,
    without > 0 &&
      `${counted(without, "order was", "orders were")} left out, since most orders of their provider carry the mark of the experiment and they do not.`
  ]
  const sentence = sentences.filter((each) => each !== false).join(" ")
  const outcome = areAll || unmarked === 0 ? "passed" : "warning"
  return check("unmarked_orders", outcome, sentence, { unmarked, leftOut: without })
}

const crossovers = ({ crossovers: count, data }: Collected): Check => {
  const sentence =
    count === 0
      ? "Every order went to the provider and agent of its arm."
      : `${counted(count, "order")} of ${countText(data.orders)} went to another provider or agent than their arm's. They are counted in the arm they were assigned to, which mostly makes differences look smaller than they are.`
  return check("crossovers", count === 0 ? "passed" : "warning", sentence, { crossovers: count })
}

const openOrders = ({ facts, overdue = 0 }: Collected, counts: ReadonlyArray<ArmCounts>): Check => {
  const arms = facts
    .map(({ name, open }, arm) => ({ name, open, share: open / Math.max(1, counts[arm]?.orders ?? 0) }))
    .toSorted((a, b) => b.share - a.share)
  const open = arms.reduce((sum, arm) => sum + arm.open, 0)
  const orders = counts.reduce((sum, arm) => sum + arm.orders, 0)
  const apart = (arms[0]?.share ?? 0) - (arms.at(-1)?.share ?? 0)
  const many = open / Math.max(1, orders) > MANY_OPEN || apart > MANY_OPEN
  const each = arms.map(({ name, share }) => `${name} ${percent(share)}`).join(", ")
  const sentence =
    open === 0
      ? "Every order is over."
      : `${counted(open, "order is", "orders are")} not over yet (${each}). What ${open === 1 ? "its record does" : "their records do"} not tell yet counts neither as a success nor as a failure${overdueText(overdue)}.${many ? " What is over quickly may not be like the rest: compare again later." : ""}`
  return check("open_orders", many ? "warning" : "passed", sentence, { open, orders, overdue })
}

const overdueText = (overdue: number): string =>
  overdue === 0
    ? ""
    : `, but for ${counted(overdue, "order that is", "orders that are")} not over after a week: to the primary metric that is a no`

const LOSS_TEXTS = {
  refused: "refused",
  uncertain: "uncertain",
  withoutRecord: "accepted but without a record",
  notOver: "not over after a week"
} as const satisfies Record<(typeof LOSSES)[number], string>

/** Who is lost is seldom like the rest. */
const lossesDiffer = ({ losses, lost: never, orders: { arms } }: Collected): Found => {
  if (losses === undefined) return undefined
  const p = kindsTest(
    losses.map(({ assigned }) => assigned),
    losses.map(({ lost }) => lost)
  )
  const each = losses.map(({ assigned, lost }, arm) => {
    const kinds = LOSSES.flatMap((kind, at) => (lost[at] ? [`${countText(lost[at])} ${LOSS_TEXTS[kind]}`] : []))
    const share = percent(lost.reduce((sum, count) => sum + count, 0) / Math.max(1, assigned))
    return `${arms[arm]} ${share} of ${countText(assigned)}${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}`
  })
  const figures = Object.fromEntries(
    losses.flatMap(({ assigned, lost }, arm) => [
      [`${arms[arm]}: assigned`, assigned],
      ...LOSSES.map((kind, at): [string, number] => [`${arms[arm]}: ${kind}`, lost[at] ?? 0])
    ])
  )
  const isAlike = p >= GUARD_ALPHA
  const sentence = isAlike
    ? `Each arm lost the same share on the way, as far as can be told: ${each.join("; ")}.${countingText(never)}`
    : `The arms lost different shares on the way: ${each.join("; ")}. Who is lost is seldom like the rest, so no conclusion is drawn.`
  return check("losses", isAlike ? "passed" : "failed", sentence, { ...figures, p })
}

/** What the primary metric makes of those who were never called. */
const countingText = (lost: Collected["lost"]): string => {
  const all = lost?.units.reduce((sum, count) => sum + count, 0) ?? 0
  if (lost === undefined || all === 0) return ""
  const none = ` Of ${counted(all, "assigned unit")} there is no order`
  if (!lost.areCounted)
    return `${none}; no metric counts them, since the primary one is no rate of which more is better.`
  return lost.withoutStratum === 0
    ? `${none}; the primary metric counts them.`
    : `${none}; the primary metric counts them. Of ${countText(lost.withoutStratum)} it is not told what orders are sorted by, so it alone is not compared like with like.`
}

/** What is judged, and what a difference in the number of orders does to it. */
const JUDGED = {
  byFirst: {
    outcome: "warning",
    consequence:
      "Each person is judged by their first order, so no figure counts the others; what later orders achieve is compared nowhere."
  },
  byWindow: {
    outcome: "failed",
    consequence: "A success of any order counts, so one arm had more chances, and no conclusion is drawn."
  }
} as const satisfies Record<string, { readonly outcome: Check["outcome"]; readonly consequence: string }>

/** Orders after a person's first follow from it: from what was agreed in the talk, or from what the application made of it. */
const ordersPerPerson = ({ units, orders: { arms } }: Collected): Found => {
  if (units === undefined) return undefined
  const { ordersPerPerson: counts, laterOrders, windowHours } = units
  const means = counts.map(totalOf).map(({ persons, orders }) => orders / Math.max(1, persons))
  const each = arms.map((name, arm) => `${name} ${(means[arm] ?? 0).toFixed(2)}`).join(", ")
  const p = rankTest(counts)
  const figures = { ...Object.fromEntries(arms.map((name, arm) => [name, means[arm] ?? 0])), laterOrders, p }
  if (p >= GUARD_ALPHA) {
    const sentence = `Persons have as many orders in each arm, as far as can be told (on average ${each}); each person counts once.`
    return check("orders_per_person", "passed", sentence, figures)
  }
  const { outcome, consequence } = windowHours === undefined ? JUDGED.byFirst : JUDGED.byWindow
  const sentence = `Persons do not have as many orders in each arm (on average ${each}): call-backs may have been agreed in one arm, or the application called again. ${consequence}`
  return check("orders_per_person", outcome, sentence, figures)
}

const totalOf = (counts: ReadonlyMap<number, number>): Omit<ArmCounts, "lost"> =>
  [...counts].reduce(
    (sum, [orders, persons]) => ({ orders: sum.orders + orders * persons, persons: sum.persons + persons }),
    { orders: 0, persons: 0 }
  )

const overlap = ({ orders, units }: Collected, counts: ReadonlyArray<ArmCounts>): Found => {
  const shared =
    units?.personsInSeveralArms ?? counts.reduce((sum, arm) => sum + arm.persons + arm.lost, 0) - orders.persons
  const consequence =
    units === undefined
      ? "The intervals allow for it, but a call in one arm may change how the person takes the next one."
      : "Each is judged in the arm of their first order; the experiment gives a person one arm, so something assigned them anew."
  const sentence = `${counted(shared, "person was", "persons were")} called in more than one arm. ${consequence}`
  return shared > 0 ? check("overlapping_persons", "warning", sentence, { persons: shared }) : undefined
}

/** This share of an arm's orders may lie before or after all others without the time counting as the arm's. */
const STRAGGLERS = 0.02

/** Without an experiment the arms may be from different weeks. */
const unequalTime = ({ at, arm, arms }: Observations, counts: ReadonlyArray<ArmCounts>): Found => {
  const ordered = arms.map((_, wanted) =>
    at.filter((time, row) => arm[row] === wanted && !Number.isNaN(time)).toSorted()
  )
  const timed = ordered.filter(({ length }) => length > 0)
  if (timed.length < 2) return undefined
  const from = Math.max(...timed.map((times) => quantileOf(times, STRAGGLERS)))
  const to = Math.min(...timed.map((times) => quantileOf(times, 1 - STRAGGLERS)))
  const inside = ordered.map((times) => times.filter((time) => time >= from && time <= to).length)
  const [least] = arms
    .map((name, index) => ({ name, share: (inside[index] ?? 0) / Math.max(1, counts[index]?.orders ?? 0) }))
    .toSorted((a, b) => a.share - b.share)
  if (least === undefined || least.share >= SHARED_TIME) return undefined
  const fall = least.share === 0 ? "falls" : "fall"
  const sentence = `The arms are not from the same time: ${least.share === 0 ? "none" : `only ${percent(least.share)}`} of the orders of ${least.name} ${fall} into the time that all arms share, a few stragglers aside. What changed with time looks like a difference between the arms.`
  return check("unequal_time", "warning", sentence, { share: least.share })
}
