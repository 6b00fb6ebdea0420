/** What all charts are made of: places in percent of the width, so that text keeps its size on a phone; arms' shapes; marks. */
import type { MetricResult } from "../../compare/Comparison.ts"
import type { Markup, Piece } from "./markup.ts"
import { html } from "./markup.ts"

/** Names of arms in their order: the index gives colour and shape. */
export type ArmNames = ReadonlyArray<string>

const SHAPES = [
  "M0-5.5A5.5 5.5 0 1 1 0 5.5A5.5 5.5 0 1 1 0-5.5Z",
  "M0-7L7 0L0 7L-7 0Z",
  "M-5-5H5V5H-5Z",
  "M0-6.5L6.5 5H-6.5Z",
  "M0 6.5L6.5-5H-6.5Z",
  "M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z"
] as const

/** How many arms have a colour and a shape of their own. */
export const LOOKS = SHAPES.length

export const lookOf = (arms: ArmNames, arm: string): number => Math.max(0, arms.indexOf(arm)) % LOOKS

/** The class that sets `--arm`, the colour of the arm. */
export const armClass = (arms: ArmNames, arm: string): string => `arm-${lookOf(arms, arm)}`

/** A place or length along the width, 0 to 100. */
export const percentOf = (place: number): string => `${place.toFixed(2)}%`

/** The arm's shape with its middle at (x, y): `x` may be a percentage. */
export const shape = (arms: ArmNames, arm: string, x: string | number, y: number): Markup =>
  html`<svg x="${x}" y="${y}" class="shape"><path d="${SHAPES[lookOf(arms, arm)]}" /></svg>`

/** The arm's shape beside its name in text. */
const icon = (arms: ArmNames, arm: string): Markup =>
  html`<svg class="icon ${armClass(arms, arm)}" viewBox="-8 -8 16 16" aria-hidden="true">
    <path d="${SHAPES[lookOf(arms, arm)]}" />
  </svg>`

/** Shape and name of an arm, in text. */
export const armLabel = (arms: ArmNames, arm: string): Markup =>
  html`<span class="arm"
    >${icon(arms, arm)}<span><bdi>${arm}</bdi></span></span
  >`

/** Which shape and colour is which arm. */
export const armKey = (arms: ArmNames, shown: ArmNames): Markup =>
  html`<ul class="key" aria-label="Arms">
    ${shown.map((arm) => html`<li>${armLabel(arms, arm)}</li>`)}
  </ul>`

/** A sign of a chart in its key; `arm`: the class of the arm whose colour it has. */
export const swatch = (content: Markup, arm = ""): Markup =>
  html`<svg class="swatch ${arm}" width="28" height="16" aria-hidden="true">${content}</svg>`

/** A ground or band of that class. */
export const areaSwatch = (name: string, arm?: string): Markup =>
  swatch(html`<rect class="${name}" x="1" y="1" width="26" height="14" />`, arm)

/** What is too small to matter. */
export const bandSwatch = areaSwatch("band")

/**
 * Something in a chart that shows its numbers when pointed at, tapped or focused: `lines` are shown and read out.
 * `reachable` by the tab key; in a chart with many marks only the first, the others by the arrow keys.
 */
export const mark = (lines: ReadonlyArray<string>, content: Piece, classes = "", reachable = true): Markup =>
  html`<g
    class="mark ${classes}"
    role="img"
    tabindex="${reachable ? 0 : -1}"
    aria-label="${lines.join("; ")}"
    data-tip="${lines.join("\n")}"
    >${content}</g
  >`

/** Text in a chart cannot wrap: the middle of a long name goes, since names often differ at the end. */
export const shortName = (name: string, longest = 24): string => {
  const letters = Array.from(name)
  const kept = Math.floor((longest - 1) / 2)
  return letters.length <= longest ? name : `${letters.slice(0, kept).join("")}…${letters.slice(-kept).join("")}`
}

/** A difference at an axis, without its unit: "+5", "−1.5". Rates are in points. */
export const differenceTick = (kind: MetricResult["kind"], value: number): string => {
  const shown = kind === "rate" ? value * 100 : value
  const digits = Math.abs(shown).toLocaleString("en-US", { maximumFractionDigits: 3 })
  return digits === "0" ? digits : `${shown < 0 ? "−" : "+"}${digits}`
}

const UNITS: { readonly [kind in MetricResult["kind"]]: string } = {
  rate: "percentage points",
  seconds: "seconds",
  count: "number"
}

/** What the figures beside an axis of differences are in. */
export const axisUnit = (kind: MetricResult["kind"]): string => UNITS[kind]
