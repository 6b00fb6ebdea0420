/** The looks of charts and of the box that shows a mark's numbers. Colours come from `pageStyle.ts`. */
import { SHADES } from "./heatMap.ts"
import { LOOKS } from "./marks.ts"

const ARMS = Array.from(
  { length: LOOKS },
  (_, look) => `.arm-${look} { --arm: var(--arm-${look}); }
.bar.hatch-${look} { fill: url(#hatch-${look}); stroke: var(--arm); }`
).join("\n")

export const CHART_STYLE = `
${ARMS}
figure { margin: 14px 0 18px; }
.message { font-size: 15px; margin: 2px 0 8px; }
.key { list-style: none; padding: 0; margin: 6px 0 10px; display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: 13px; color: var(--quiet); }
.key li { min-width: 0; }
svg.chart { display: block; overflow: visible; max-width: 720px; font: 12px/1 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
.shape { overflow: visible; }
.shape path, .icon path { fill: var(--arm); stroke: var(--ground); stroke-width: 1; paint-order: stroke; }
.patterns { position: absolute; }
.swatch { vertical-align: -3px; flex: none; overflow: visible; }
.swatch:not([class*="arm-"]) { --arm: var(--quiet); }
.long-key { flex-direction: column; gap: 4px; }
.long-key li { display: flex; gap: 7px; align-items: flex-start; }
.hatch-ground { fill: var(--ground); }
.hatch-line { fill: var(--arm); }
text { fill: var(--text); }
.tick { fill: var(--quiet); }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
.row-label { font-size: 13px; font-weight: 600; }
.caution { fill: var(--refused); font-weight: 400; font-size: 12px; }
.bar-label { font-variant-numeric: tabular-nums; }
.halo { paint-order: stroke; stroke: var(--ground); stroke-width: 3px; stroke-linejoin: round; }
.grid { stroke: var(--line); stroke-dasharray: 2 3; }
.axis { stroke: var(--strong-line); }
.zero { stroke: var(--zero); stroke-width: 1.5; }
.band { fill: var(--band); }
.bar { fill: var(--arm); }
.median-label { pointer-events: none; font-weight: 600; }
.median { stroke: var(--text); stroke-width: 2; pointer-events: none; }
.outer { rx: 3px; fill: var(--arm); fill-opacity: 0.16; stroke: var(--arm); stroke-width: 1.5; }
.inner { stroke: var(--arm); stroke-width: 3; }
.any-look { fill: var(--arm); fill-opacity: 0.14; stroke: var(--arm); stroke-dasharray: 4 3; vector-effect: non-scaling-stroke; }
.one-look { fill: var(--arm); fill-opacity: 0.3; }
.course { fill: none; stroke: var(--arm); stroke-width: 2; vector-effect: non-scaling-stroke; }
.dot { fill: var(--arm); stroke: var(--ground); stroke-width: 1; }
.hit { fill: transparent; }
.beyond { fill: var(--arm); }
.shape path.beyond { stroke: none; }
.glance { list-style: none; margin: 0; padding: 0; }
.lane-axis + .glance { margin-top: 12px; }
.glance > li, .glance + .lane-axis { display: grid; gap: 0 20px; grid-template-columns: minmax(0, 252px) minmax(0, 1fr); }
.glance > li { border-top: 1px solid var(--line); padding: 5px 0; align-items: center; }
.glance-title { font-size: 15px; line-height: 1.35; }
.glance-title .quiet { font-size: 13px; margin: 0; }
.lane { display: grid; gap: 0 20px; grid-template-columns: minmax(0, 1fr) 240px; grid-template-areas: "plot text"; align-items: center; }
.lane svg.chart { grid-area: plot; }
.lane-text { grid-area: text; display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: center; font-size: 14px; line-height: 1.4; padding: 3px 0; font-variant-numeric: tabular-nums; }
.lane-text .badge { font-size: 13px; padding: 1px 7px; }
.glance + .lane-axis svg { grid-column: 2; }
.lane-axis svg { width: calc(100% - 260px); }
@media (max-width: 719px) {
  .glance > li, .glance + .lane-axis { display: block; }
  .glance > li { padding: 10px 0; }
  .lane { grid-template-columns: minmax(0, 1fr); grid-template-areas: "text" "plot"; }
  .lane + .lane { margin-top: 8px; }
  .lane-axis svg { width: 100%; }
}
.mark { outline-offset: 0; }
.mark:hover > .hit, .mark:focus > .hit { fill: var(--text); fill-opacity: 0.07; }
.mark:focus { outline: none; }
.mark:focus-visible { outline: 2px solid var(--focus); }
#tip { position: fixed; z-index: 2; max-width: min(300px, calc(100vw - 16px)); padding: 8px 11px; border-radius: 7px; white-space: pre-line;
  background: var(--text); color: var(--ground); font-size: 14px; line-height: 1.4; font-variant-numeric: tabular-nums; }
#tip::first-line { font-weight: 650; }
#tip[hidden] { display: none; }

.heat-maps { display: grid; gap: 20px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); }
.heat-maps .scroll { margin: 0; background: none; }
table.heat { border-collapse: separate; border-spacing: 2px; table-layout: fixed; width: 100%; min-width: 300px; }
.heat caption { text-align: left; padding-bottom: 4px; font-weight: 600; }
.heat th, .heat td { border: 0; padding: 3px 0; text-align: center; min-width: 0; white-space: nowrap; line-height: 1.15; }
.heat thead th:first-child, .heat tbody th { width: 36px; text-align: left; color: var(--quiet); font-size: 12px; vertical-align: middle; }
.heat b { display: block; font-size: 13px; }
.heat .unit { font-size: 10px; font-weight: 400; }
.cell-n { font-size: 11px; }
.heat td { border-radius: 4px; background: var(--surface); }
.heat td.none { background: none; }
.heat td.few { outline: 1px dashed var(--strong-line); outline-offset: -1px; color: var(--quiet); }
${SHADES.map((share, shade) => `.heat td.shade-${shade} { background: color-mix(in srgb, var(--shade) ${share}%, var(--ground)); }`).join("\n")}
@media print {
  svg.chart, .key, .message, .glance > li { break-inside: avoid; }
  .lane-axis { break-before: avoid; }
  svg.chart { max-width: none; }
}
`
