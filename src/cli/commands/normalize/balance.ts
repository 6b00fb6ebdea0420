/** What a run says about itself on standard error: progress while it works, the balance when it is done. */
import type { FactsWritten } from "./factsFile.ts"
import type { Tally } from "./job.ts"
import { plural } from "../../shell/terminal.ts"

/** Records in = records out + rejections, with every other place a record can have gone to. */
export const balance = (tally: Tally, seconds: number): string => {
  const { written, leftOut, merged, passedOver, rejected, read } = tally
  const kinds = [
    written.call_order > 0 ? plural(written.call_order, "order") : "",
    written.call_attempt > 0 ? plural(written.call_attempt, "attempt") : "",
    written.call_hint > 0 ? plural(written.call_hint, "hint") : ""
  ].filter((part) => part !== "")
  const out = written.call_order + written.call_attempt + written.call_hint
  const parts = [
    `${out.toLocaleString("en-US")} out${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}`,
    ...(merged > 0 ? [`${merged.toLocaleString("en-US")} merged into them`] : []),
    ...(leftOut > 0 ? [`${leftOut.toLocaleString("en-US")} left out by --only`] : []),
    ...(passedOver > 0 ? [`${passedOver.toLocaleString("en-US")} without a call, passed over`] : []),
    `${rejected.toLocaleString("en-US")} rejected`
  ]
  return `${plural(read, "record")} in = ${parts.join(" + ")}, in ${seconds.toFixed(1)} s`
}

/** Records of ours are less than what they were made of. */
export const viewsNote = (views: number): string =>
  `${views.toLocaleString("en-US")} of them written by unicall, and read as they stand: what they were made of is not in them (--facts keeps it)\n`

/** What became of the file of facts. */
export const factsNote = (name: string, { kept, written }: FactsWritten): string =>
  `${name}: ${plural(kept, "line")} untouched, ${written.toLocaleString("en-US")} new or folded into\n`

const PROGRESS_EVERY_MS = 200

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`

export interface Progress {
  readonly update: (bytes: number, tally: Pick<Tally, "read" | "rejected">) => void
  readonly clear: () => void
}

/** One line that is overwritten; only for terminals. `total` is absent where an input's size is unknown. */
export const makeProgress = (write: (text: string) => void, total: number | undefined, now: () => number): Progress => {
  const started = now()
  let shownAt = started
  let shown = false
  return {
    update: (bytes, { read, rejected }) => {
      const time = now()
      if (time - shownAt < PROGRESS_EVERY_MS) return
      shownAt = time
      shown = true
      const share =
        total === undefined || total === 0
          ? ""
          : ` of ${megabytes(total)} (${Math.min(100, Math.floor((100 * bytes) / total))} %)`
      const rate = Math.round((read * 1000) / (time - started)).toLocaleString("en-US")
      write(`\r\u001B[K${megabytes(bytes)}${share}, ${rate} records/s, ${rejected.toLocaleString("en-US")} rejected`)
    },
    clear: () => {
      if (shown) write("\r\u001B[K")
      shown = false
    }
  }
}

export const silent: Progress = { update: () => {}, clear: () => {} }
