/** Whether the arms have the same calls, as a table: of each trait the value in which an arm and the baseline differ the most. */
import { GUARD_CHANCE } from "../compare/guard/chance.ts"
import type { Comparison } from "../compare/Comparison.ts"
import type { Balance } from "../compare/guard/Balance.ts"
import { NOTHING, percent } from "../compare/format.ts"
import { type Remark, said } from "./remark.ts"
import type { Cell, Table } from "./table.ts"

const OUTCOMES = {
  alike: "Not shown",
  differs: "Yes",
  nothing_shared: "Nothing shared",
  too_few: "Too few"
} as const satisfies Record<Balance["outcome"], string>

const GROUPS = [
  { from: "before", heading: "Settled before anybody is called" },
  { from: "after", heading: "What arms make of their orders" }
] as const satisfies ReadonlyArray<{ readonly from: Balance["from"]; readonly heading: string }>

const HEAD = ["Trait", "Differs most in", "Shares", "Beyond chance"]

const rowOf = ({ title, most, outcome }: Balance): ReadonlyArray<Cell> => [
  { words: title },
  { words: most?.value ?? NOTHING },
  most === undefined
    ? NOTHING
    : { parts: [`${most.arm} ${percent(most.share)}`, `${most.baseline} ${percent(most.baselineShare)}`] },
  { words: OUTCOMES[outcome] }
]

export const balanceTable = (balance: ReadonlyArray<Balance>): Table => ({
  title: "The same calls in each arm",
  head: HEAD,
  rows: GROUPS.flatMap(({ from, heading }) => {
    const rows = balance.filter((each) => each.from === from).map(rowOf)
    return rows.length === 0 ? [] : [[{ words: heading }], ...rows]
  })
})

/** Of each trait that some records do not tell. */
const notTold = (balance: ReadonlyArray<Balance>): ReadonlyArray<string> =>
  balance.flatMap(({ title, arms }) => {
    const lacking = arms.filter(({ notTold }) => notTold > 0)
    const each = lacking.map(({ arm, n, notTold: count }) => `${arm} ${percent(count / (n + count))}`)
    return lacking.length === 0 ? [] : [`${title}: ${each.join(", ")}`]
  })

export const balanceRemarks = ({ balance, experiment }: Comparison): ReadonlyArray<Remark> => {
  const untold = notTold(balance)
  const isRandomized = experiment !== undefined
  return [
    {
      about: [],
      sentences: said([
        "Of each trait the value is shown in which an arm and the baseline differ the most; a share is of the orders that tell.",
        isRandomized
          ? "Chance makes alike what is settled before: where that differs, the assignment is broken."
          : "Without an experiment nothing makes the arms alike, and a difference of theirs may come from any of these.",
        `What is settled before, and how soon and how often is dialled, is together thought to differ by chance in one of ${GUARD_CHANCE} comparisons at most, however often somebody looks; orders for each person in another.`
      ])
    },
    ...(untold.length === 0 ? [] : [{ about: ["Not told"], sentences: [`${untold.join("; ")}.`] }])
  ]
}
