/** The files below a folder, also behind links. What cannot be followed is reported, and the others are read. */
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { compareText } from "../../domain/textOrder.ts"
import { reasonOf } from "../shell/failures.ts"

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
export interface DeadEnd {
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
