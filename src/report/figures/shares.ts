/** How far orders came, and why first attempts did not connect: shares of each arm. */
import type { FailureKinds, Funnel } from "../../compare/Charts.ts"
import { countText, figure } from "../../compare/format.ts"
import { type BarGroup, type Figure, nothing } from "./Figure.ts"

type Share = BarGroup["bars"][number]

export const shareText = ({ count, of }: Omit<Share, "arm">): string => figure("rate", of > 0 ? count / of : undefined)

/** "417 of 1,190 (35.0 %)". */
const wholeText = (share: Share): string => `${countText(share.count)} of ${countText(share.of)} (${shareText(share)})`

const sharesFigure = (
  [title, first]: readonly [title: string, first: string],
  message: ReadonlyArray<string>,
  groups: ReadonlyArray<BarGroup>
): Figure => ({
  title,
  message,
  drawn: {
    plot: { kind: "bars", groups },
    table: {
      title,
      head: [first, "Arm", "Share", "Count", "Out of"],
      rows: groups.flatMap(({ title: group, caution, bars }) =>
        bars.map((bar) => [
          { words: caution === undefined ? group : `${group} (${caution})` },
          { arm: bar.arm },
          shareText(bar),
          countText(bar.count),
          countText(bar.of)
        ])
      )
    }
  }
})

const REACH = "How far orders came"

export const funnelFigure = ({ steps, arms }: Funnel): Figure => {
  const groups = steps.map(({ title }, step) => ({
    title,
    caution: undefined,
    bars: arms.map(({ arm, counts }) => ({ arm, count: counts[step] ?? 0, of: counts[0] ?? 0 }))
  }))
  const last = groups.at(-1)
  if (last === undefined || arms.length === 0) return nothing(REACH, "No step is told in the same way by all arms.")
  const shares = last.bars.map((bar) => `${bar.arm} ${wholeText(bar)}`).join("; ")
  const all =
    steps[0]?.id === "assigned" ? "all who were assigned, also of those never called," : "all orders, also of those"
  const ofAll = `Shares are of ${all} not over yet or not told; a rate, which is of those measured, may differ.`
  return sharesFigure([REACH, "Step"], [`${last.title}: ${shares}.`, ofAll], groups)
}

const FAILURES = "Why first attempts did not connect"

/** `no_answer` → "No answer". */
const kindText = (kind: string): string => (kind.slice(0, 1).toUpperCase() + kind.slice(1)).replaceAll("_", " ")

export const failureFigure = ({ kinds, arms }: FailureKinds): Figure => {
  const groups = kinds.map(({ kind, comparable }, index) => ({
    title: kindText(kind),
    caution: comparable ? undefined : "own words, not comparable",
    bars: arms.map(({ arm, counts, dialed }) => ({ arm, count: counts[index] ?? 0, of: dialed }))
  }))
  if (groups.length === 0 || arms.length === 0) return nothing(FAILURES, "No first attempt is known to have failed.")
  const frequent = arms.flatMap((_, index) => {
    const own = groups.flatMap(({ title, bars }) => bars.slice(index, index + 1).map((bar) => ({ title, bar })))
    const most = own.toSorted((a, b) => b.bar.count - a.bar.count).find(({ bar }) => bar.count > 0)
    return most === undefined ? [] : [`${most.bar.arm} ${most.title.toLowerCase()}, ${wholeText(most.bar)}`]
  })
  const own = groups.filter(({ caution }) => caution !== undefined).map(({ title }) => title.toLowerCase())
  return sharesFigure(
    [FAILURES, "Kind"],
    [
      frequent.length === 0
        ? "No first attempt failed."
        : `Most frequent, of first attempts dialled: ${frequent.join("; ")}.`,
      ...(own.length === 0 ? [] : [`Each provider's own words, not to be compared between arms: ${own.join(", ")}.`])
    ],
    groups
  )
}
