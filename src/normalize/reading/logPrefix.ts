/** Lines of a log begin with a time, a level, a name; what stands before an object on its line is no damage, nor what ends it. */
import type { DocumentSink } from "./outlet.ts"

const LONGEST_PREFIX = 200

/** Punctuation of JSON in it would be what is left of a record. */
const isPrefix = (text: string): boolean => text.length <= LONGEST_PREFIX && !/["{}\\]/.test(text)

export interface PrefixSink extends DocumentSink {
  /** Hands over what waits for the rest of its line. */
  readonly settle: () => void
}

/** Drops what turns out to be the text around the object of a line of a log; everything else is handed on in its order. */
export const withoutPrefixes = (sink: DocumentSink): PrefixSink => {
  /** Hands over each thing that may be the beginning of a line of a log, all of them on one line. */
  let held: Array<() => void> = []
  let heldLine = 0
  let lastLine = 0
  /** The last line that was seen to be one of a log. */
  let logLine = 0
  const settle = (): void => {
    if (held.length === 0) return
    const waiting = held
    held = []
    for (const handOver of waiting) handOver()
  }
  const hold = (line: number, handOver: () => void): void => {
    held.push(handOver)
    heldLine = line
  }
  const drop = (line: number): void => {
    if (held.length === 0 || heldLine !== line) return
    held = []
    logLine = line
  }
  /** Whether nothing but such beginnings has been met on the line. */
  const isAtBeginning = (line: number): boolean => {
    if (heldLine !== line) settle()
    return held.length > 0 || lastLine !== line
  }
  return {
    value: (value, line, index) => {
      const isObject = typeof value === "object" && value !== null
      if (!isObject && typeof value !== "string" && isAtBeginning(line)) {
        return hold(line, () => sink.value(value, line, index))
      }
      if (isObject) drop(line)
      settle()
      lastLine = line
      sink.value(value, line, index)
    },
    damaged: (damage) => {
      if (isAtBeginning(damage.line) && isPrefix(damage.raw)) {
        return hold(damage.line, () => sink.damaged(damage))
      }
      if (damage.line === logLine && isPrefix(damage.raw)) return
      if (damage.raw.includes("{")) drop(damage.line)
      settle()
      lastLine = damage.line
      sink.damaged(damage)
    },
    settle
  }
}
