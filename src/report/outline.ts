/** What a report says, and in which order, whatever it is written in: terminal, Markdown and HTML only lay it out. */
import type { Analysis, Check, Comparison } from "../compare/Comparison.ts"
import { counted, dayText } from "../compare/format.ts"
import { type Figures, figuresOf } from "./figures/index.ts"
import { groupsOf, metricEntries, type MetricEntry, type MetricGroup, verdictCounts } from "./metrics.ts"
import { type Topic, topicsOf } from "./notes.ts"
import { said } from "./remark.ts"
import { legendOf, type Section, sectionsOf } from "./sections.ts"

/** In the order of a report. */
export interface Outline {
  readonly title: { readonly name: string; readonly about: string }
  /** What came of it. */
  readonly headline: ReadonlyArray<string>
  /** What forbids or qualifies conclusions first. */
  readonly checks: ReadonlyArray<Pick<Check, "outcome" | "sentence"> & { readonly title: string }>
  readonly metrics: {
    /** The baseline first. */
    readonly arms: ReadonlyArray<string>
    readonly all: ReadonlyArray<MetricEntry>
    /** Those that are compared. */
    readonly groups: ReadonlyArray<MetricGroup>
    /** Why no difference is shown; absent where one is. */
    readonly whyNone: string | undefined
    /** How many verdicts of each kind an arm has. */
    readonly counts: ReadonlyArray<string>
    readonly legend: ReadonlyArray<string>
    readonly analysis: Analysis
  }
  readonly topics: ReadonlyArray<Topic>
  readonly figures: Figures
  readonly sections: ReadonlyArray<Section>
}

/** A report of headline and sections alone. */
export type Brief = Pick<Outline, "title" | "headline" | "sections">

/** How a report is written: a part that is added to the outline appears in every report, or that report does not compile. */
export type Layout<Out> = { readonly [Part in keyof Outline]: (content: Outline[Part]) => Out }

/** All parts, laid out in the order of a report. */
export const layOut = <Out>(outline: Outline, layout: Layout<Out>): ReadonlyArray<Out> => {
  const part = <Part extends keyof Outline>(name: Part): Out => layout[name](outline[name])
  const isPart = (name: string): name is keyof Outline => Object.hasOwn(layout, name)
  return Object.keys(outline).filter(isPart).map(part)
}

const GRAVITY = { failed: 0, warning: 1, passed: 2 } as const satisfies Record<Check["outcome"], number>

/** They name what was looked at, so that they fit both outcomes. */
const CHECK_TITLES = {
  sample_ratio: "Split between arms",
  crossovers: "Provider and agent of each order",
  losses: "Losses on the way",
  orders_per_person: "Orders for each person",
  open_orders: "Finished orders",
  no_assignment: "Random assignment",
  unmarked_orders: "Marks of the experiment",
  not_started: "Start of the experiment",
  definitions_not_fixed: "Definitions of the metrics",
  stopped: "Stop of the experiment",
  placed_before_start: "Orders before the start",
  overlapping_persons: "Persons across arms",
  unequal_time: "Time span of the arms",
  unconnected_dials: "Calls that did not connect",
  running_calls: "Calls that were going on",
  balance: "The same calls in each arm",
  caller_numbers: "Caller numbers",
  waiting: "Wait for the first dial",
  redialling: "Dials of an order",
  changed_midway: "Change on the way"
} as const satisfies Record<Check["id"], string>

const nameOf = (arms: ReadonlyArray<string>): string => {
  const last = arms.at(-1)
  if (last === undefined) return "Nothing to compare"
  if (arms.length === 1) return `${last}, with nothing to compare it with`
  return arms.length > 3 ? `${arms.length} arms compared` : `${arms.slice(0, -1).join(", ")} and ${last} compared`
}

const aboutOf = ({ arms, data, experiment, settings }: Comparison): string => {
  const baseline = arms.find((arm) => arm.baseline)?.name
  const days = [data.from, data.to].flatMap((at) => (at === undefined ? [] : dayText(at, settings.timeZone)))
  const period = days.length > 0 ? `, ${[...new Set(days)].join(" to ")}` : ""
  return said([
    experiment && `Experiment ${experiment.id}.`,
    `${counted(data.orders, "order")} to ${counted(data.persons, "person", "persons")}${period}.`,
    baseline !== undefined &&
      arms.filter(({ orders }) => orders > 0).length > 1 &&
      `Compared with ${baseline}, the baseline.`
  ]).join(" ")
}

const whyNone = ({ arms, checks, data }: Comparison): string => {
  if (data.orders === 0) return "There is no order to compare."
  if (arms.length < 2) return "There is only one arm, so there is nothing to compare it with."
  return checks.some(({ outcome }) => outcome === "failed")
    ? "A check failed, so no metric is compared."
    : "No metric could be compared."
}

export const outlineOf = (comparison: Comparison): Outline => {
  const { arms, checks, headline, settings } = comparison
  const all = metricEntries(comparison)
  const groups = groupsOf(all)
  const isDrawn = groups.some((group) => group.metrics.some(({ contrasts }) => contrasts.some(({ lane }) => lane)))
  return {
    title: {
      name: nameOf(arms.filter(({ orders }) => orders > 0).map(({ name }) => name)),
      about: aboutOf(comparison)
    },
    headline,
    checks: checks
      .toSorted((a, b) => GRAVITY[a.outcome] - GRAVITY[b.outcome])
      .map(({ id, outcome, sentence }) => ({ title: CHECK_TITLES[id], outcome, sentence })),
    metrics: {
      arms: arms.toSorted((a, b) => Number(b.baseline) - Number(a.baseline)).map(({ name }) => name),
      all,
      groups,
      whyNone: isDrawn ? undefined : whyNone(comparison),
      counts: verdictCounts(groups),
      legend: legendOf(comparison),
      analysis: settings.analysis
    },
    topics: topicsOf(comparison),
    figures: figuresOf(comparison),
    sections: sectionsOf(comparison)
  }
}
