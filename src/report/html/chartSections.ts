/** The plots about the calls as a whole, each below its heading; one without data says so. */
import type { Comparison, MetricResult } from "../../compare/Comparison.ts"
import { distributionChart } from "./distributionChart.ts"
import { heatMaps } from "./heatMap.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"
import { overTimeChart } from "./overTimeChart.ts"
import { failureChart, funnelChart } from "./reachCharts.ts"

export const chartSections = (comparison: Comparison): Markup => {
  if (comparison.data.orders === 0) return html`<p>There is no order to show.</p>`
  const { checks, funnel, failureKinds, heatMap } = comparison
  const arms = comparison.arms.map(({ name }) => name)
  const heat = heatMap === undefined ? undefined : heatMaps(heatMap, titleOf(comparison, heatMap.metric), arms)
  return html`${checks.some(({ outcome }) => outcome === "failed") && html`<p class="refused"><b>A check failed:</b> these charts describe what was seen. They allow no conclusion.</p>`}
  ${part("How far orders came", funnelChart(funnel, arms), "No step is told in the same way by all arms.")}
  ${part("Why first attempts did not connect", failureChart(failureKinds, arms), "No first attempt is known to have failed.")}
  ${comparison.distributions.map((distribution, index) =>
    part(
      `${distribution.title}: how it spreads`,
      distributionChart(distribution, `distribution-${index}`, arms),
      "No value was measured."
    )
  )}
  ${part("Results over time", overTime(comparison), "There is no comparable result to follow over time.")}
  ${part("Time of day", heat, "No order has a time that could be shown.")}`
}

const part = (title: string, content: Piece, otherwise: string): Markup =>
  html`<section class="plot">
    <h3>${title}</h3>
    ${content ?? html`<p class="quiet">${otherwise}</p>`}
  </section>`

const titleOf = ({ metrics }: Comparison, id: string): string => metrics.find((metric) => metric.id === id)?.title ?? id

const isRefused = ({ contrasts }: MetricResult, arm: string): boolean =>
  contrasts.some((contrast) => contrast.arm === arm && contrast.notComparable !== undefined)

const overTime = ({ overTime: courses, metrics, arms, settings }: Comparison): Piece => {
  const names = arms.map(({ name }) => name)
  const charts = courses.flatMap((course, index) => {
    const metric = metrics.find(({ id }) => id === course.metric)
    if (metric === undefined || isRefused(metric, course.arm)) return []
    return [overTimeChart(course, { id: `over-time-${index}`, arms: names, metric, settings, explained: index === 0 })]
  })
  return charts.some((each) => each !== undefined) ? charts : undefined
}
