/** Notes about files in a folder that are not read, and how to read them. */
import { compareText } from "../../domain/textOrder.ts"
import { plainText, plural } from "../shell/terminal.ts"
import type { DeadEnd } from "./folder.ts"

const MOST_ENDINGS = 5
const MOST_DEAD_ENDS = 5
const ENDING = /[^/\\](\.[a-z][a-z0-9]{0,9}(?:\.gz)?)$/i

export const deadEndNotes = (deadEnds: ReadonlyArray<DeadEnd>): string => {
  const shown = deadEnds.slice(0, MOST_DEAD_ENDS).map(({ path, reason }) => `not read: ${plainText(path)}: ${reason}\n`)
  const left = deadEnds.length - shown.length
  return (
    shown.join("") + (left > 0 ? `not read: ${plural(left, "more link or folder", "more links or folders")}\n` : "")
  )
}

const endingOf = (path: string): string => ENDING.exec(path)?.[1]?.toLowerCase() ?? ""

/** Number of files by their endings, the most frequent first. */
const byEnding = (paths: ReadonlyArray<string>): ReadonlyArray<readonly [ending: string, count: number]> => {
  const counts = new Map<string, number>()
  for (const path of paths) counts.set(endingOf(path), (counts.get(endingOf(path)) ?? 0) + 1)
  return [...counts].toSorted(([one, ofOne], [other, ofOther]) => ofOther - ofOne || compareText(one, other))
}

/** A pattern takes no file below a name that begins with a dot. */
const HIDDEN = /[/\\]\./

/** A pattern that matches files of this ending, in their own case; the first file where no pattern matches any. */
const patternFor = (folder: string, ending: string | undefined, paths: ReadonlyArray<string>): string => {
  const example = paths.find(
    (path) => !HIDDEN.test(path.slice(folder.length)) && (ending === undefined || endingOf(path) === ending)
  )
  return example === undefined ? (paths[0] ?? folder) : `${folder}/**/*${ENDING.exec(example)?.[1] ?? ""}`
}

/** A file that another run of unicall is writing at this moment. */
const UNFINISHED = /\.\d+\.part$/

export const unreadFilesNote = (folder: string, others: ReadonlyArray<string>): string => {
  const paths = others.filter((path) => !UNFINISHED.test(path))
  if (paths.length === 0) return ""
  const counts = byEnding(paths)
  const shown = counts.slice(0, MOST_ENDINGS).map(([ending, count]) => `${count} ${ending || "without ending"}`)
  const more = counts.length > MOST_ENDINGS ? ", and others" : ""
  const [ending] = counts.find(([known]) => known !== "") ?? []
  const name = folder.replace(/[\\/]+$/, "")
  const pattern = patternFor(name, ending, paths)
  const hidden = paths.some((path) => HIDDEN.test(path.slice(name.length))) ? ", but none that is hidden" : ""
  return (
    `not read in ${plainText(folder)}: ${plural(paths.length, "file")} (${shown.join(", ")}${more}); ` +
    `a folder gives its .json, .ndjson, .jsonl, .csv and .tsv files, plain or .gz${hidden}. ` +
    `To read others, name them: ${plainText(JSON.stringify(pattern))}\n`
  )
}
