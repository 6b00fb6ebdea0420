/** The parts in words and plain tables: headline, checks, data, settings, and how to read the page. */
import type { Arm, Check, Comparison } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import { byGravity, OTHER_DIFFERENCE } from "../rules.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import { armLabel } from "./marks.ts"
import { dataTable, definitionList } from "./table.ts"

/** The headline sentences, the first one largest. */
export const headline = ({ headline: sentences }: Comparison): Markup =>
  html`${sentences.map((sentence, index) => html`<p class="${index === 0 ? "headline" : "subline"}">${sentence}</p>`)}`

/** Titles name what was looked at, so that they fit both outcomes. */
const CHECKS: { readonly [id in Check["id"]]: string } = {
  sample_ratio: "Split between arms",
  crossovers: "Provider and agent of each order",
  open_orders: "Finished orders",
  no_assignment: "Random assignment",
  unmarked_orders: "Marks of the experiment",
  not_started: "Start of the experiment",
  overlapping_persons: "Persons across arms",
  unequal_time: "Time span of the arms"
}

/** What forbids or qualifies conclusions first. */
export const checks = ({ checks: all }: Comparison): Markup => {
  return all.length === 0
    ? html`<p>Nothing was checked.</p>`
    : html`<ul class="checks">
        ${byGravity(all).map(
          ({ id, outcome, sentence }) =>
            html`<li class="${outcome}">
              <b class="outcome">${format.outcomeText(outcome)}</b>
              <p><b>${CHECKS[id]}.</b> ${sentence}</p>
            </li>`
        )}
      </ul>`
}

const armsTable = ({ arms }: Comparison): Piece => {
  const names = arms.map(({ name }) => name)
  const shares = arms.reduce((sum, { share }) => sum + (share ?? 0), 0)
  return (
    arms.length > 0 &&
    dataTable(
      "The arms",
      [
        { title: "Arm" },
        { title: "Provider" },
        { title: "Orders", numeric: true },
        { title: "Persons", numeric: true },
        { title: "Not over yet", numeric: true },
        { title: "Most dials per order", numeric: true },
        ...(shares > 0 ? [{ title: "Planned share", numeric: true }] : [])
      ],
      arms.map((arm): ReadonlyArray<Piece> => [
        html`${armLabel(names, arm.name)}${arm.baseline && html` <span class="tag">baseline</span>`}`,
        providerOf(arm),
        format.countText(arm.orders),
        format.countText(arm.persons),
        format.countText(arm.open),
        format.countText(arm.mostAttempts),
        ...(shares > 0 ? [format.figure("rate", arm.share === undefined ? undefined : arm.share / shares)] : [])
      ])
    )
  )
}

const providerOf = ({ providers, agent }: Arm): string =>
  `${providers.length === 0 ? format.NOTHING : providers.join(", ")}${agent === undefined ? "" : `, agent ${agent}`}`

const momentIn =
  ({ timeZone }: Comparison["settings"]) =>
  (at: string | undefined): Piece =>
    at !== undefined && format.momentText(at, timeZone)

export const dataSummary = (comparison: Comparison): Markup => {
  const { data, settings } = comparison
  const left = data.leftOut.reduce((sum, { count }) => sum + count, 0)
  const moment = momentIn(settings)
  return html`<p>
      ${format.counted(data.records, "record")} ${data.records === 1 ? "was" : "were"} read:
      ${format.counted(data.orders, "order")} to compare,
      ${data.placements > 0 && `${format.counted(data.placements, "request")} to place an order, `}${format.countText(data.folded)}
      more about the same, and ${format.countText(left)} left out.
    </p>
    ${armsTable(comparison)}
    ${
      data.leftOut.length > 0 &&
      html`<h3>Left out</h3>
        ${dataTable(
          "Records left out and why",
          [{ title: "Why" }, { title: "Records", numeric: true }],
          data.leftOut.map(({ reason, count }) => [reason, format.countText(count)])
        )}`
    }
    ${definitionList([
      ["Persons called", format.countText(data.persons)],
      ["First order", moment(data.from)],
      ["Last order", moment(data.to)],
      ["Data as of", moment(data.asOf)],
      ["Orders known by attempts only", data.attemptsOnly > 0 && format.countText(data.attemptsOnly)]
    ])}`
}

export const settingsSummary = ({ experiment, settings }: Comparison): Markup => {
  const moment = momentIn(settings)
  return definitionList([
    [
      "Analysis",
      settings.analysis === "sequential"
        ? "Sequential: the intervals of differences hold however often somebody looks."
        : "Fixed: the intervals are for a single look, once the data is complete. Who looks again and again finds differences that are none."
    ],
    [
      "Wrong verdicts by chance",
      `${format.percent(settings.alpha)} at most for the primary metric, as much for all guardrails together, and as much for all other metrics together. What is described only has a wrong interval as often, each by itself.`
    ],
    [
      "Rates compared like with like",
      settings.stratifiedBy.length > 0 && `By ${settings.stratifiedBy.join(", ")}: ${OTHER_DIFFERENCE}`
    ],
    ["Time zone", settings.timeZone],
    [
      "Experiment",
      experiment === undefined ? "None: arms are as found in the data." : html`<bdi>${experiment.id}</bdi>`
    ],
    ["Start", moment(experiment?.start)],
    ["End", moment(experiment?.end)],
    ["Planned", experiment?.plannedUnits !== undefined && format.counted(experiment.plannedUnits, "unit")],
    [
      "Configuration",
      experiment &&
        (experiment.frozen ? "Fixed since the start." : "Not fixed: it could have been changed after looking.")
    ],
    ["Its digest", experiment?.digest !== undefined && html`<code>${experiment.digest}</code>`]
  ])
}

export const howToRead = (): Markup =>
  html`${definitionList([
      [
        "Better, Worse",
        "The whole interval lies on one side of no difference, and not only where a difference is too small to matter. The arm is compared with the baseline."
      ],
      [
        "No meaningful difference",
        "The whole interval lies within the smallest difference that matters: whatever the true difference in it, it is too small to matter."
      ],
      [
        "Not enough data",
        "The interval allows a difference that matters as well as none, or the planned end is not reached, or too little could be measured."
      ],
      [
        "Not comparable",
        "The arms do not tell the same thing in the same way, or do not have the same chances, or a check failed. A difference would mislead, so none is given."
      ],
      ["Interval", "The range of true differences that fit the data. A narrower one means that more is known."],
      [
        "Single look, any number of looks",
        "The first interval is right for somebody who looks once, at the planned end. The second stays right however often somebody looks, and is wider for it. Intervals of a single arm are for a single look."
      ],
      [
        "Described only",
        "Neither more nor less of it is better by itself, so that there is a difference and no verdict."
      ],
      ["Matters from", "The least difference that matters: set by the experiment, else the usual one of the metric."],
      ["Points", "Percentage points: from 31.0 % to 35.0 % is 4.0 points."],
      [
        "Stated, detected, inferred",
        "How a claim about a call is known: the provider says so, a detector found it, or it follows from other facts."
      ],
      ["Open", "It is not over yet, or what the answer rests on may still arrive."],
      ["Not told", "The call is over and its record does not say."],
      ["Persons", "Orders to one person are not independent of each other; the intervals allow for that."]
    ])}
    <p class="quiet">
      In charts, point at a mark, tap it or reach it with the tab key to see its numbers. All of them are in tables as
      well.
    </p>`
