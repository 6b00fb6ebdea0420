/** The verdicts at the top: a card per primary metric and guardrail, a line in it per arm. */
import type { Check, Comparison, Contrast, MetricResult, VerdictWord } from "../../Comparison.ts"
import type { Scope } from "../../Metric.ts"
import * as format from "../format.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import { armLabel } from "./marks.ts"

const SIGNS: { readonly [verdict in VerdictWord]: string } = {
  better: "M8 2L14 13H2Z",
  worse: "M8 14L14 3H2Z",
  no_meaningful_difference: "M2 4H14V7H2ZM2 9H14V12H2Z",
  not_enough_data: "M1 6H5V10H1ZM6 6H10V10H6ZM11 6H15V10H11Z",
  not_comparable: "M4 2L8 6L12 2L14 4L10 8L14 12L12 14L8 10L4 14L2 12L6 8L2 4Z"
}

/** The verdict as a word with a sign: colour is never the only difference. */
export const verdictBadge = (verdict: VerdictWord | undefined): Markup =>
  html`<strong class="badge ${verdict ?? "described"}"
    >${
      verdict !== undefined && html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${SIGNS[verdict]}" /></svg>`
    }${format.verdictText(verdict)}</strong
  >`

/** What is measured, in the order of the page. */
export const SCOPES = ["first_attempt", "order", "placement"] as const satisfies ReadonlyArray<Scope>

export const anchorOf = (index: number): string => `metric-${index}`

/** A sentence instead where nothing was singled out. */
export const verdictCards = ({ metrics, arms, checks, settings }: Comparison): Markup => {
  const names = arms.map(({ name }) => name)
  const cards = (["primary", "guardrail"] as const).flatMap((role) =>
    metrics.flatMap((metric, index) => (metric.role === role ? [card(metric, index, { arms: names, checks })] : []))
  )
  return cards.length === 0
    ? html`<p>There is no primary metric and no guardrail to give a verdict on.</p>`
    : html`<div class="cards">${cards}</div>
        ${showsRates(metrics.filter(({ role }) => role !== "secondary")) && likeWithLike(settings)}`
}

/** Why a difference may not be that of the two rates beside it; nothing where all rates are as they were counted. */
export const likeWithLike = ({ stratifiedBy }: Comparison["settings"]): Piece =>
  stratifiedBy.length > 0 &&
  html`<p class="note">
    Rates are compared like with like, by ${stratifiedBy.join(", ")}: a difference may be another than that of the two
    rates beside it.
  </p>`

/** Whether a difference of rates may be shown. */
export const showsRates = (metrics: ReadonlyArray<MetricResult>): boolean =>
  metrics.some(
    ({ kind, contrasts }) =>
      kind === "rate" &&
      contrasts.some(({ effect, notComparable }) => effect !== undefined && notComparable === undefined)
  )

/** What a failed check says of every metric is said once, among the checks. */
export const checkFailed = ({ notComparable }: Contrast, checks: ReadonlyArray<Check>): Markup | undefined =>
  checks.some(({ outcome, sentence }) => outcome === "failed" && sentence === notComparable)
    ? html`<a href="#checks">A check failed</a>, so there is no verdict.`
    : undefined

interface CardPlace {
  readonly arms: ArmNames
  readonly checks: ReadonlyArray<Check>
}

const card = (metric: MetricResult, index: number, place: CardPlace): Markup =>
  html`<article class="card ${metric.role}" aria-labelledby="card-${index}">
    <p class="eyebrow">${format.roleText(metric.role)}</p>
    <h3 id="card-${index}"><a href="#${anchorOf(index)}">${metric.title}</a></h3>
    <p class="quiet">${scopeAndAmong(metric)}${directionText(metric)}</p>
    ${metric.contrasts.length === 0 ? emptyLine(metric) : html`<div class="card-lines">${metric.contrasts.map((contrast) => line(metric, contrast, place))}</div>`}
  </article>`

/** "First attempts, connected calls only". */
export const scopeAndAmong = ({ scope, among }: MetricResult): string =>
  among === undefined ? format.scopeText(scope) : `${format.scopeText(scope)}, ${among} only`

const directionText = ({ better }: MetricResult): string => (better === "neither" ? "" : `; ${better} is better`)

/** Refused, or only one arm in the data. */
const emptyLine = ({ definition, refused }: MetricResult): Markup =>
  definition === undefined
    ? html`<div class="card-line">
        ${verdictBadge("not_comparable")}${refused.slice(0, 1).map(({ sentence }) => html`<p>${sentence}</p>`)}
      </div>`
    : html`<div class="card-line">
        ${verdictBadge("not_enough_data")}
        <p>There is nothing to compare it with.</p>
      </div>`

const line = (metric: MetricResult, contrast: Contrast, { arms, checks }: CardPlace): Markup => {
  const { kind } = metric
  const { effect, interval, level, notComparable } = contrast
  const value = (arm: string): Piece =>
    html`<b>${format.figure(kind, metric.arms.find((each) => each.arm === arm)?.value)}</b>`
  return html`<div class="card-line">
    <p class="who">${armLabel(arms, contrast.arm)} ${verdictBadge(contrast.verdict)}</p>
    ${
      notComparable !== undefined || effect === undefined
        ? html`<p>${checkFailed(contrast, checks) ?? notComparable ?? contrast.sentence}</p>`
        : html`<p class="effect">
              <b>${format.effect(kind, effect)}</b>
              ${
                interval !== undefined &&
                html`<span class="quiet"
                  >${level !== undefined && `${format.levelText(level)} `}interval
                  ${format.effectIntervalText(kind, interval)}</span
                >`
              }
            </p>
            <p>
              ${value(contrast.arm)} <span class="quiet">against</span> ${value(contrast.baseline)}
              <span class="quiet">of</span> ${armLabel(arms, contrast.baseline)}
            </p>`
    }
    ${
      contrast.robust === false &&
      html`<p class="quiet">
        Not certain to hold: <a href="#${anchorOfContrast(metric)}">see what would change it</a>.
      </p>`
    }
  </div>`
}

/** Where the scenarios of a metric are. */
export const anchorOfContrast = ({ id }: MetricResult): string => `scenarios-${id.replace(/[^\w-]/gu, "-")}`
