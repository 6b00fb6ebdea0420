/**
 * Whether everybody who has a database's name has the same database. Beside the file SQLite keeps `<file>-wal` and
 * `<file>-shm`, found by name: a file that two processes have under two names has two of each, and neither process sees
 * what the other writes. The same holds for one name when one of the three files is removed or replaced while it is open.
 *
 * Only names are looked at. Opening and closing the database file here would drop the locks that this process has on it.
 */
import { type BigIntStats, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs"
import { basename, dirname } from "node:path"
import process from "node:process"
import { fileIdentity, identityOf, NO_FILE, statOf } from "./fileIdentity.ts"

const FOLDER_NOT_FILE = "mount the folder, never the file"

const linksFault = (found: BigIntStats | undefined): string | undefined =>
  found?.isFile() === true && found.nlink > 1n
    ? `the file has ${found.nlink} names (hard links), each with a WAL of its own: keep one name; ${FOLDER_NOT_FILE}`
    : undefined

/** Mount points as Linux lists them, spaces and the like as octal numbers; nothing where it does not. */
const mountPoints = (): ReadonlyArray<string> | undefined => {
  try {
    return readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .map((line) =>
        (line.split(" ")[4] ?? "").replace(/\\([0-7]{3})/g, (_, octal: string) =>
          String.fromCharCode(Number.parseInt(octal, 8))
        )
      )
  } catch {
    return undefined
  }
}

/** In an overlay a file can have another device than its folder: devices count only where mounts are not listed. */
const isMountPoint = (file: string): boolean => {
  // A link that leads nowhere yet leads to no mount point either; what is no file fails by itself.
  if (process.platform === "win32" || statOf(file)?.isFile() !== true) return false
  const path = realpathSync(file)
  return mountPoints()?.includes(path) ?? statOf(path)?.dev !== statOf(dirname(path))?.dev
}

/** Why others may have this file under another name, where they see another WAL; nothing if nothing says so. */
export const otherNameFault = (file: string): string | undefined =>
  linksFault(statOf(file)) ??
  (isMountPoint(file)
    ? `the file itself is a mount point, and has another WAL under its other name: ${FOLDER_NOT_FILE}`
    : undefined)

/** Where Linux tells which files this process has open: whether one of them is the one that the path leads to. */
const isHeld = (path: string): boolean => {
  const identity = fileIdentity(path)
  const own = "/proc/self/fd"
  const leadsThere = (descriptor: string): boolean => {
    try {
      const link = readlinkSync(`${own}/${descriptor}`)
      return basename(link) === basename(path) && fileIdentity(`${own}/${descriptor}`) === identity
    } catch {
      // Closed since they were listed.
      return false
    }
  }
  if (process.platform !== "linux") return true
  try {
    return readdirSync(own).some(leadsThere)
  } catch {
    return true
  }
}

const besideFault = (suffix: string): string =>
  `the file's ${suffix} has been removed or replaced since it was opened, and others see another one: ` +
  `stop all processes that use the file before you open it again; ${FOLDER_NOT_FILE}`

export interface OpenFiles {
  /** Why what is written would not be seen by whoever opens the file by its name, or not be kept; nothing if it is. */
  readonly fault: () => string | undefined
  /** Others have put another WAL, or its index, in the place of ours. */
  readonly isDisplaced: () => boolean
}

/**
 * The three files of a database in WAL mode that has just been read, so that all are open.
 *
 * @param path the file's path as SQLite has it, all links resolved
 */
export const openFiles = (file: string, path: string): OpenFiles => {
  const identity = fileIdentity(file)
  const beside = ["-wal", "-shm"].map((suffix) => {
    const opened = fileIdentity(`${path}${suffix}`)
    return { suffix, path: `${path}${suffix}`, opened: isHeld(`${path}${suffix}`) ? opened : NO_FILE }
  })
  return {
    fault: () => {
      const found = statOf(file)
      if (identityOf(found) !== identity) return "the file has been removed or replaced since it was opened"
      const lost = beside.find((each) => each.opened === NO_FILE || fileIdentity(each.path) !== each.opened)
      return linksFault(found) ?? (lost === undefined ? undefined : besideFault(lost.suffix))
    },
    isDisplaced: () => beside.some((each) => ![NO_FILE, each.opened].includes(fileIdentity(each.path)))
  }
}
