/** The counts of a run on standard error. */
import { count, plural } from "../../shell/terminal.ts"
import type { FactsWritten } from "./factsFile.ts"
import type { Tally } from "./job.ts"

const unlessNone = (number: number, text: string): ReadonlyArray<string> => (number > 0 ? [text] : [])

/** Records in = records out + rejections, and every other number of records. */
export const balance = (tally: Tally, seconds: number): string => {
  const { written, leftOut, merged, passedOver, rejected, read } = tally
  const { call_order: orders, call_attempt: attempts, call_hint: hints } = written
  const kinds = [
    ...unlessNone(orders, plural(orders, "order")),
    ...unlessNone(attempts, plural(attempts, "attempt")),
    ...unlessNone(hints, plural(hints, "hint"))
  ]
  const parts = [
    `${count(orders + attempts + hints)} out${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}`,
    ...unlessNone(merged, `${count(merged)} merged into them`),
    ...unlessNone(leftOut, `${count(leftOut)} left out by --only`),
    ...unlessNone(passedOver, `${count(passedOver)} without a call, passed over`),
    `${count(rejected)} rejected`
  ]
  return `${plural(read, "record")} in = ${parts.join(" + ")}, in ${seconds.toFixed(1)} s`
}

/** A record that unicall wrote holds less than the payloads it was made from. */
export const viewsNote = (views: number): string =>
  `${count(views)} of them written by unicall, and read as they stand: what they were made of is not in them (--facts keeps it)\n`

/** What became of the file of facts. */
export const factsNote = (name: string, { kept, written }: FactsWritten): string =>
  `${name}: ${plural(kept, "line")} untouched, ${count(written)} new or folded into\n`
