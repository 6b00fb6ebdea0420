/** Parts of drawings by class and place. Places are in percent of the width, so that text keeps its size on a phone. */
import type { MetricResult } from "../../compare/Comparison.ts"
import { html, type Markup, type Piece } from "./markup.ts"

/** A place or length along the width, 0 to 100. */
export const percentOf = (place: number): string => `${place.toFixed(2)}%`

export type Length = string | number
type Pair = readonly [Length, Length]

/** From one place along the width to another. */
export const span = (from: number, to: number): Pair => [percentOf(from), percentOf(to - from)]

export const rect = (name: string, [x, width]: Pair, [y, height]: Pair): Markup =>
  html`<rect class="${name}" x="${x}" width="${width}" y="${y}" height="${height}" />`

export const line = (name: string, [x1, x2]: Pair, [y1, y2]: Pair): Markup =>
  html`<line class="${name}" x1="${x1}" x2="${x2}" y1="${y1}" y2="${y2}" />`

export const label = (name: string, x: Length, y: Length, text: Piece): Markup =>
  html`<text class="${name}" x="${x}" y="${y}">${text}</text>`

/** A difference at an axis, without its unit: "+5", "−1.5". Rates are in points. */
export const differenceTick = (kind: MetricResult["kind"], value: number): string => {
  const shown = kind === "rate" ? value * 100 : value
  const digits = Math.abs(shown).toLocaleString("en-US", { maximumFractionDigits: 3 })
  return digits === "0" ? digits : `${shown < 0 ? "−" : "+"}${digits}`
}

/** What the figures beside an axis of differences are in. */
export const AXIS_UNITS = { rate: "percentage points", seconds: "seconds", count: "number" } as const satisfies Record<
  MetricResult["kind"],
  string
>
