/** Standard error of a long run: notes, and on a terminal a line of progress. */
import { makeNoteOutput } from "./output.ts"
import { count } from "./terminal.ts"

const PROGRESS_EVERY_MS = 200

export const CLEAR_LINE = "\r\u001B[K"

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`

export interface Progress {
  readonly update: (bytes: number, tally: { readonly read: number; readonly rejected: number }) => void
  readonly clear: () => void
}

export const silent: Progress = { update: () => {}, clear: () => {} }

/** One line that is overwritten. `total` is absent where an input's size is unknown. */
const makeProgress = (show: (text: string) => void, total: number | undefined, now: () => number): Progress => {
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
      const rate = count(Math.round((read * 1000) / (time - started)))
      show(`${CLEAR_LINE}${megabytes(bytes)}${share}, ${rate} records/s, ${count(rejected)} rejected`)
    },
    clear: () => {
      if (shown) show(CLEAR_LINE)
      shown = false
    }
  }
}

export const makeNotes = (now: () => number) => {
  const { text, flush } = makeNoteOutput()
  const isTerminal = process.stderr.isTTY
  const show = (line: string): void => {
    text(line)
    flush()
  }
  return {
    text,
    flush,
    /** Progress of reading; `total` bytes, if that is known. */
    reading: (total: number | undefined): Progress => (isTerminal ? makeProgress(show, total, now) : silent),
    /** Shows the current step, on a terminal only. */
    step: (line: string): void => {
      if (isTerminal) show(`${CLEAR_LINE}${line}`)
    }
  }
}

export type Notes = ReturnType<typeof makeNotes>
