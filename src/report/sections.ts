/** The parts in words: what was read, by which settings it was compared, and what the words mean. */
import { isCompared } from "../compare/isCompared.ts"
import type { Analysis, Arm, Comparison, MetricResult } from "../compare/Comparison.ts"
import { counted, countText, figure, levelText, momentText, NOTHING, percent } from "../compare/format.ts"
import { shownWord, type ShownWord, wordText } from "../compare/verdictWords.ts"
import { balanceRemarks, balanceTable } from "./balance.ts"
import { FALLBACK_MARK, fullTitle, ROLES } from "./metrics.ts"
import { type Remark, said, type Said } from "./remark.ts"
import { isByAnother, isRandomized, isShown } from "./rules.ts"
import type { Cell, Table } from "./table.ts"

export interface Section {
  /** Names the section within a report. */
  readonly id: string
  readonly heading: string
  readonly table?: Table
  readonly remarks: ReadonlyArray<Remark>
}

/** What is to be said of a term; without a sentence the term is left out. */
type Entry = readonly [term: string, ...sentences: ReadonlyArray<Said>]

const remarksOf = (entries: ReadonlyArray<Entry>): ReadonlyArray<Remark> =>
  entries
    .map(([term, ...sentences]) => ({ about: [term], sentences: said(sentences) }))
    .filter(({ sentences }) => sentences.length > 0)

const providerText = ({ providers, agent }: Arm): string =>
  `${providers.length === 0 ? NOTHING : providers.join(", ")}${agent === undefined ? "" : `, agent ${agent}`}`

const ARM_HEAD = ["Arm", "Provider", "Orders", "Persons", "Not over yet", "Most dials"]

const armsTable = (arms: ReadonlyArray<Arm>): Table => {
  const shares = arms.reduce((sum, { share = 0 }) => sum + share, 0)
  return {
    title: "The arms",
    head: shares > 0 ? [...ARM_HEAD, "Planned share"] : ARM_HEAD,
    rows: arms.map((arm): ReadonlyArray<Cell> => [
      { arm: arm.name, ...(arm.baseline ? { note: "baseline" } : {}) },
      { words: providerText(arm) },
      ...[arm.orders, arm.persons, arm.open, arm.mostAttempts].map(countText),
      ...(shares > 0 ? [figure("rate", arm.share === undefined ? undefined : arm.share / shares)] : [])
    ])
  }
}

const recordsText = ({ records, orders, folded, leftOut, placements }: Comparison["data"]): string => {
  const parts = [
    `${countText(orders)} compared`,
    folded > 0 && `${countText(folded)} about the same orders`,
    placements > 0 && counted(placements, "placement"),
    ...leftOut.map(({ reason, count }) => `${countText(count)} left out: ${reason}`)
  ]
  return `Read ${counted(records, "record")}: ${said(parts).join("; ")}.`
}

const dataEntries = ({ data, settings }: Comparison): ReadonlyArray<Entry> => {
  const { attemptsOnly, from, to, asOf } = data
  const moment = (at: string) => momentText(at, settings.timeZone)
  return [
    [
      "Records",
      recordsText(data),
      attemptsOnly > 0 && `Of ${counted(attemptsOnly, "order")} only attempts are in the data, not the order itself.`
    ],
    [
      "Period",
      from && to && `Orders from ${moment(from)} to ${moment(to)}, ${settings.timeZone}.`,
      asOf && `The data ends at ${moment(asOf)}.`
    ]
  ]
}

const experimentEntry = ({ experiment, settings }: Comparison): Entry => {
  if (experiment === undefined) return ["Experiment", "None: arms are as found in the data."]
  const { id, frozen, digest, start, end, stopped, plannedUnits } = experiment
  const moment = (at: string) => momentText(at, settings.timeZone)
  const state = frozen
    ? `frozen${digest === undefined ? "" : `, digest ${digest}`}.`
    : "not started: its settings may still change."
  return [
    "Experiment",
    `Experiment ${id}, ${state}`,
    start && `It starts on ${moment(start)}.`,
    end && `It ends on ${moment(end)}.`,
    stopped && `It was stopped on ${moment(stopped.at)}.`,
    plannedUnits !== undefined && `${counted(plannedUnits, "unit is", "units are")} planned.`
  ]
}

/** How intervals may be read. */
const LOOKS = {
  sequential: "hold however often the data is looked at.",
  fixed:
    "hold for a single look at the data, once it is complete: who looks again and again finds differences that are none."
} as const satisfies Record<Analysis, string>

const settingsEntries = (comparison: Comparison): ReadonlyArray<Entry> => {
  const { analysis, alpha, timeZone } = comparison.settings
  return [
    ["Analysis", `${analysis === "sequential" ? "Sequential" : "Fixed"}: intervals of differences ${LOOKS[analysis]}`],
    [
      "Wrong verdicts by chance",
      `${percent(alpha)} at most for the primary metric, as much for all guardrails together, and as much for all other metrics together.`,
      "What is described only has a wrong interval as often, each by itself."
    ],
    experimentEntry(comparison),
    ["Time zone", timeZone]
  ]
}

const ONE_SIDE =
  "The whole interval lies on one side of no difference, and not only where a difference is too small to matter. The arm is compared with the baseline."

/** What the words of the verdicts mean, each said where it occurs. */
const VERDICT_MEANINGS: ReadonlyArray<readonly [words: ReadonlyArray<ShownWord>, meaning: string]> = [
  [["better", "worse"], ONE_SIDE],
  [
    ["higher", "lower"],
    `${ONE_SIDE} Chance did not assign the calls, so this says how they went, and not what the arm does.`
  ],
  [
    ["not_worse", "not_higher", "not_lower"],
    "Of a guardrail: the interval excludes a difference as large as matters in the direction that is not good. A smaller one may be there."
  ],
  [
    ["no_meaningful_difference"],
    "The whole interval lies within the smallest difference that matters, which the experiment sets, else the metric."
  ],
  [
    ["not_enough_data"],
    "The interval allows a difference that matters as well as none, or the planned end is not reached, or too little could be measured."
  ],
  [
    ["not_comparable"],
    "The arms do not tell the same thing in the same way, or do not have the same chances, or a check failed. A difference would mislead, so none is given."
  ],
  [["described"], "Neither more nor less of it is good by itself, so that there is a difference and no verdict."]
]

const MEANINGS: ReadonlyArray<Entry> = [
  [
    "Interval",
    "The range of true differences that fit the data. One for a single look is right for somebody who looks once, at the planned end; one for any number of looks stays right however often somebody looks, and is wider for it. Intervals of a single arm are for a single look."
  ],
  ["Points", "Percentage points: from 31.0 % to 35.0 % is 4.0 points."],
  [
    "Stated, detected, inferred",
    "How a claim about a call is known: the provider says so, a detector found it, or it follows from other facts."
  ],
  ["Open", "It is not over yet, or what the answer rests on may still arrive."],
  ["Not told", "The call is over and its record does not say."],
  ["Persons", "Orders to one person are not independent of each other; the intervals allow for that."]
]

const meanings = (comparison: Comparison): ReadonlyArray<Entry> => {
  const { metrics } = comparison
  const randomized = isRandomized(comparison)
  if (!metrics.some(isCompared)) return []
  const found = new Set(
    metrics.flatMap(({ better, contrasts }) =>
      contrasts.map(({ verdict }) => shownWord(verdict, { better, randomized }))
    )
  )
  const said = VERDICT_MEANINGS.map(([words, meaning]) => [words.filter((word) => found.has(word)), meaning] as const)
  return [
    ...said
      .filter(([words]) => words.length > 0)
      .map(([words, meaning]): Entry => [words.map(wordText).join(", "), meaning]),
    ...MEANINGS
  ]
}

export const sectionsOf = (comparison: Comparison): ReadonlyArray<Section> =>
  [
    ...(comparison.balance.length === 0
      ? []
      : [
          {
            id: "balance",
            heading: "Whether the arms have the same calls",
            table: balanceTable(comparison.balance),
            remarks: balanceRemarks(comparison)
          }
        ]),
    {
      id: "data",
      heading: "What was read",
      ...(comparison.arms.length === 0 ? {} : { table: armsTable(comparison.arms) }),
      remarks: remarksOf(dataEntries(comparison))
    },
    { id: "settings", heading: "Settings", remarks: remarksOf(settingsEntries(comparison)) },
    { id: "reading", heading: "What the words mean", remarks: remarksOf(meanings(comparison)) }
  ].filter(({ remarks }) => remarks.length > 0)

const levelsOf = (metrics: ReadonlyArray<MetricResult>): string => {
  const levels = metrics.flatMap(({ contrasts }) => contrasts.flatMap(({ level }) => level ?? []))
  return [...new Set(levels.map(levelText))].join(" or ")
}

/** As a sentence names the metrics of a role. */
const IN_LEGEND = {
  primary: "the primary metric",
  guardrail: "guardrails",
  secondary: "other metrics"
} as const satisfies Record<MetricResult["role"], string>

/** How to read the figures of the metrics. */
export const legendOf = ({ metrics, settings: { analysis, stratifiedBy } }: Comparison): ReadonlyArray<string> => {
  const compared = metrics.filter(isCompared)
  if (compared.length === 0) return []
  const judged = metrics.filter(({ better }) => better !== "neither")
  const levels = [
    ...ROLES.map(({ role }) => [levelsOf(judged.filter((metric) => metric.role === role)), IN_LEGEND[role]] as const),
    [levelsOf(metrics.filter(({ better }) => better === "neither")), "what is described only"] as const
  ].flatMap(([level, what]) => (level === "" ? [] : [`${level} for ${what}`]))
  const isWeighted = compared.some(({ kind, contrasts }) => kind === "rate" && contrasts.some(isShown))
  const crude = compared.filter(({ unstratified }) => unstratified === true).map(fullTitle)
  return said([
    "A rate is the share of those measured, a time the middle value: half took longer. “of” says how many were measured.",
    compared.some(isByAnother) &&
      `${FALLBACK_MARK} Counted by another definition than the metric’s first, the same for every arm; it stands below.`,
    levels.length > 0 &&
      `Confidence of the intervals: ${levels.join("; ")}. Several together share the risk of a wrong verdict, so that each is surer. They ${LOOKS[analysis]}`,
    stratifiedBy.length > 0 &&
      isWeighted &&
      `Rates are compared like with like, by ${stratifiedBy.join(", ")}: a difference may be another than that of the two rates beside it.${crude.length === 0 ? "" : ` Only ${crude.join(", ")} is not: of some that were never called it is not known what to sort them by.`}`
  ])
}
