/** Rejections on standard error: equal ones share a line, with their number. */
import { count as shown, plainText, plural } from "../shell/terminal.ts"

/** What is shown of a rejection; never the rejected data. */
export interface Refused {
  readonly source: string
  readonly reason?: string
  readonly path: string
  readonly message: string
}

/** Kinds of rejection beyond these are only counted. */
const MOST_KINDS = 1000

const PLACE = /:\d+(?:#\d+)?$/
const PLACES_IN_MESSAGE = /(?:,? (?:in row \d+ )?at line \d+, column \d+ \(byte offset \d+\))/g

interface Kind {
  readonly first: Refused
  count: number
  told: number
}

const keyOf = ({ source, reason = "", path, message }: Refused): string =>
  [
    source.replace(PLACE, ""),
    reason,
    path.replace(/\[\d+\]/g, "[]"),
    message.replace(PLACES_IN_MESSAGE, "").replace(/\d[\d,]*/g, "#")
  ].join("\n")

const lineOf = ({ source, reason = "", path, message }: Refused, more: number): string => {
  const others = more === 0 ? "" : ` and ${shown(more)} more`
  const why = [reason, path === "" ? "" : `at ${path}`].filter((part) => part !== "").join(" ")
  return `rejected ${plainText(source)}${others}: ${why === "" ? "" : `${why}: `}${plainText(message)}\n`
}

export const makeRejectionNotes = () => {
  const kinds = new Map<string, Kind>()
  let others = 0
  const lines = (isOver: boolean): string => {
    let text = ""
    for (const kind of kinds.values()) {
      const { first, count, told } = kind
      if (told === 0) text += lineOf(first, isOver ? count - 1 : 0)
      else if (isOver && count > told) text += lineOf(first, count - told)
      kind.told = isOver ? count : Math.max(told, 1)
    }
    return text
  }
  return {
    add: (refused: Refused): void => {
      const key = keyOf(refused)
      const kind = kinds.get(key)
      if (kind !== undefined) kind.count += 1
      else if (kinds.size < MOST_KINDS) kinds.set(key, { first: refused, count: 1, told: 0 })
      else others += 1
    },
    /** Lines about what is new since they were asked for last, while reading goes on. */
    soFar: (): string => lines(false),
    /** Lines about everything that has not been shown. */
    rest: (): string =>
      lines(true) + (others === 0 ? "" : `rejected ${plural(others, "other record")}, each for its own reason\n`)
  }
}
