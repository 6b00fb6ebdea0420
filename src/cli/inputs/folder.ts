/** What is below a folder: files, also behind links, and notes about what is not read. */
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { compareText } from "../../domain/textOrder.ts"
import { reasonOf } from "../shell/failures.ts"
import { plainText, plural } from "../shell/terminal.ts"

export interface FoundFile {
  readonly path: string
  /** Absent for a pipe. */
  readonly size: number | undefined
  /** The same for all paths to one file. */
  readonly identity: string
  /** Whether a link below the folder leads to it. */
  readonly isLinked: boolean
}

/** Each file once: by its own path, or by a link if only links lead to it. */
export const distinctFiles = (files: ReadonlyArray<FoundFile>): ReadonlyArray<FoundFile> => {
  const own = files.filter(({ isLinked }) => !isLinked)
  const known = new Map(own.toReversed().map((file) => [file.identity, file]))
  for (const file of files) if (!known.has(file.identity)) known.set(file.identity, file)
  return files.filter((file) => known.get(file.identity) === file)
}

/** A link or folder that cannot be followed. */
interface DeadEnd {
  readonly path: string
  readonly reason: string
}

/** Follows links. */
export const statOf = (path: string) => {
  const found = statSync(path, { bigint: true })
  return {
    isFile: found.isFile(),
    isFolder: found.isDirectory(),
    size: Number(found.size),
    identity: `${found.dev} ${found.ino}`
  }
}

/**
 * Files in the order of their paths. `depth` is how many folders deep it looks. Each folder is looked into once, so that a
 * loop of links ends.
 */
export const filesBelow = (folder: string, depth = Infinity) => {
  const files: Array<FoundFile> = []
  const deadEnds: Array<DeadEnd> = []
  const seen = new Set<string>()
  let isLinked = false
  const links: Array<{ readonly path: string; readonly left: number }> = []
  const look = (path: string, left: number): void => {
    try {
      const { isFile, isFolder, size, identity } = statOf(path)
      if (isFile) files.push({ path, size, identity, isLinked })
      if (!isFolder || left < 0 || seen.has(identity)) return
      seen.add(identity)
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const below = { path: join(path, entry.name), left: left - 1 }
        if (entry.isSymbolicLink()) links.push(below)
        else look(below.path, below.left)
      }
    } catch (error) {
      if (path === folder) throw error
      deadEnds.push({ path, reason: reasonOf(error) })
    }
  }
  look(folder, depth)
  isLinked = true
  for (let link = links.shift(); link !== undefined; link = links.shift()) look(link.path, link.left)
  return { files: files.toSorted((one, other) => compareText(one.path, other.path)), deadEnds }
}

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
