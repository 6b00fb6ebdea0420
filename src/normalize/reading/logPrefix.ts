/** Lines of a log begin with a time, a level, a name; what stands before an object on its line is no damage, nor what ends it. */
import type { Damage, DocumentSink } from "./outlet.ts"

const LONGEST_PREFIX = 200

/** Punctuation of JSON in it would be what is left of a record. */
const isPrefix = (text: string): boolean => text.length <= LONGEST_PREFIX && !/["{}\\]/.test(text)

type Held =
  | { readonly value: unknown; readonly line: number; readonly index: number }
  | { readonly damage: Damage; readonly line: number }

export interface PrefixSink extends DocumentSink {
  /** Hands over what waits for the rest of its line. */
  readonly settle: () => void
}

/** Drops what turns out to be the text around the object of a line of a log; everything else is handed on in its order. */
export const withoutPrefixes = (sink: DocumentSink): PrefixSink => {
  let held: Array<Held> = []
  let lastLine = 0
  /** The last line that was seen to be one of a log. */
  let logLine = 0
  const settle = (): void => {
    if (held.length === 0) return
    const waiting = held
    held = []
    for (const each of waiting) {
      if ("damage" in each) sink.damaged(each.damage)
      else sink.value(each.value, each.line, each.index)
    }
  }
  const drop = (line: number): void => {
    if (held[0]?.line !== line) return
    held = []
    logLine = line
  }
  /** Whether nothing but such beginnings has been met on the line. */
  const isAtBeginning = (line: number): boolean => {
    if (held.length > 0 && held[0]?.line !== line) settle()
    return held.length > 0 || lastLine !== line
  }
  return {
    value: (value, line, index) => {
      const isObject = typeof value === "object" && value !== null
      if (!isObject && typeof value !== "string" && isAtBeginning(line)) {
        held.push({ value, line, index })
        return
      }
      if (isObject) drop(line)
      settle()
      lastLine = line
      sink.value(value, line, index)
    },
    damaged: (damage) => {
      if (isAtBeginning(damage.line) && isPrefix(damage.raw)) {
        held.push({ damage, line: damage.line })
        return
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
