/** How far orders came, and why first attempts did not connect. */
import type { FailureKinds, Funnel } from "../../compare/Comparison.ts"
import * as format from "../../compare/format.ts"
import type { Bar, BarGroup } from "./barChart.ts"
import { barChart, shareOf, shareText } from "./barChart.ts"
import { chart } from "./chartFrame.ts"
import type { Markup, Piece } from "./markup.ts"
import type { ArmNames } from "./marks.ts"
import { armKey, armLabel } from "./marks.ts"
import { dataTable } from "./table.ts"

/** Nothing without steps. */
export const funnelChart = (funnel: Funnel, arms: ArmNames): Markup | undefined => {
  const groups = funnel.steps.map(({ title }, step): BarGroup => ({
    title,
    bars: funnel.arms.map(({ arm, counts }) => ({ arm, count: counts[step] ?? 0, of: counts[0] ?? 0 }))
  }))
  const last = groups.at(-1)
  if (last === undefined || funnel.arms.length === 0) return undefined
  return chart({
    id: "funnel",
    title: "How far orders came",
    message: `${last.title}: ${last.bars.map((bar) => `${bar.arm} ${shareText(bar)}`).join("; ")}. Shares are of all orders, also of those not over yet or not told; a rate, which is of those measured, may differ.`,
    key: armKey(arms, shownArms(funnel.arms)),
    drawing: barChart("How far orders came", groups, arms),
    table: sharesTable("How far orders came, by arm", "Step", groups, arms)
  })
}

/** What a provider tells in words that others do not share is marked so, and not to be compared. */
const OWN_WORDS = "own words, not comparable"

/** `no_answer` → "No answer". */
const kindText = (kind: string): string => {
  const text = kind.replaceAll("_", " ")
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** Nothing if no attempt failed. */
export const failureChart = (failures: FailureKinds, arms: ArmNames): Markup | undefined => {
  const groups = failures.kinds.map(({ kind, comparable }, index): BarGroup => ({
    title: kindText(kind),
    ...(comparable ? {} : { caution: OWN_WORDS }),
    bars: failures.arms.map(({ arm, counts, dialed }) => ({ arm, count: counts[index] ?? 0, of: dialed }))
  }))
  if (groups.length === 0 || failures.arms.length === 0) return undefined
  const anyOwn = groups.some(({ caution }) => caution !== undefined)
  const frequent = failures.arms.flatMap(({ arm }) => mostFrequent(arm, groups))
  return chart({
    id: "failures",
    title: "Why first attempts did not connect",
    message: [
      frequent.length === 0
        ? "No first attempt failed."
        : `Most frequent, of first attempts dialled: ${frequent.join("; ")}.`,
      anyOwn ? " Hatched kinds are each provider's own words: do not compare them between arms." : ""
    ].join(""),
    key: armKey(arms, shownArms(failures.arms)),
    drawing: barChart("Why first attempts did not connect", groups, arms),
    table: sharesTable("Why first attempts did not connect, as shares of attempts dialled", "Kind", groups, arms)
  })
}

const mostFrequent = (arm: string, groups: ReadonlyArray<BarGroup>): ReadonlyArray<string> => {
  const bars = groups.flatMap(({ title, bars: all }) =>
    all.filter((bar) => bar.arm === arm).map((bar) => ({ title, bar }))
  )
  const first = bars.reduce<(typeof bars)[number] | undefined>(
    (best, each) => (each.bar.count > (best?.bar.count ?? 0) ? each : best),
    undefined
  )
  return first === undefined ? [] : [`${arm} ${first.title.toLowerCase()}, ${shareText(first.bar)}`]
}

const shownArms = (arms: ReadonlyArray<{ readonly arm: string }>): ArmNames => arms.map(({ arm }) => arm)

const sharesTable = (label: string, first: string, groups: ReadonlyArray<BarGroup>, arms: ArmNames): Markup =>
  dataTable(
    label,
    [
      { title: first },
      { title: "Arm" },
      { title: "Share", numeric: true },
      { title: "Count", numeric: true },
      { title: "Out of", numeric: true }
    ],
    groups.flatMap(({ title, caution, bars }) =>
      bars.map((bar): ReadonlyArray<Piece> => [
        caution === undefined ? title : `${title} (${caution})`,
        armLabel(arms, bar.arm),
        ...figures(bar)
      ])
    )
  )

const figures = (bar: Bar): ReadonlyArray<Piece> => [
  format.figure("rate", shareOf(bar)),
  format.countText(bar.count),
  format.countText(bar.of)
]
