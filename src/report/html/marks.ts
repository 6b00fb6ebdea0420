/** What all charts and texts show: arms by shape and colour, verdicts, marks with their numbers, and the signs of keys. */
import type { ShownVerdict, ShownWord } from "../../compare/verdictWords.ts"
import { html, type Markup, type Piece } from "./markup.ts"
import { type Length, rect } from "./svg.ts"

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

/** The arm's shape with its middle at (x, y): `x` may be a percentage. */
export const shape = (arms: ArmNames, arm: string, x: Length, y: number): Markup =>
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

const [UP, DOWN, TICK] = ["M8 2L14 13H2Z", "M8 14L14 3H2Z", "M1 8L3 6L6 9L13 2L15 4L6 13Z"] as const

/** What is described only has none. */
const SIGNS = {
  better: UP,
  worse: DOWN,
  higher: UP,
  lower: DOWN,
  not_worse: TICK,
  not_higher: TICK,
  not_lower: TICK,
  no_meaningful_difference: "M2 4H14V7H2ZM2 9H14V12H2Z",
  not_enough_data: "M1 6H5V10H1ZM6 6H10V10H6ZM11 6H15V10H11Z",
  not_comparable: "M4 2L8 6L12 2L14 4L10 8L14 12L12 14L8 10L4 14L2 12L6 8L2 4Z",
  described: undefined
} as const satisfies Record<ShownWord, string | undefined>

/** The verdict as a word with a sign: colour is never the only difference. */
export const verdictBadge = ({ word, text }: ShownVerdict): Markup => {
  const sign = SIGNS[word]
  return html`<strong class="badge ${word}"
    >${
      sign !== undefined && html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${sign}" /></svg>`
    }${text}</strong
  >`
}

/** A sign of a chart in its key; `arm`: the class of the arm whose colour it has. */
export const swatch = (content: Markup, arm = ""): Markup =>
  html`<svg class="swatch ${arm}" width="28" height="16" aria-hidden="true">${content}</svg>`

/** A ground or band of that class. */
export const areaSwatch = (name: string, arm?: string): Markup => swatch(rect(name, [1, 26], [1, 14]), arm)

/** What is too small to matter. */
export const bandSwatch = areaSwatch("band")

/** More marks than this are stepped through by the arrow keys: one stop for the tab key, not dozens. */
const MOST_STOPS = 12

export const isRoving = (marks: number): boolean => marks > MOST_STOPS

/** Something in a chart that shows its numbers when pointed at, tapped or focused: `lines` are shown and read out. */
export const mark = (lines: ReadonlyArray<string>, content: Piece, classes: string, isStop: boolean): Markup =>
  html`<g
    class="mark ${classes}"
    role="img"
    tabindex="${isStop ? 0 : -1}"
    aria-label="${lines.join("; ")}"
    data-tip="${lines.join("\n")}"
    >${content}</g
  >`

/** Makes the marks of a drawing one after the other, as many as there are `lines`. */
export const marksOf = (lines: ReadonlyArray<ReadonlyArray<string>>) => {
  let next = 0
  return (content: Piece, classes = ""): Markup => {
    const place = next++
    return mark(lines[place] ?? [], content, classes, place === 0 || !isRoving(lines.length))
  }
}
