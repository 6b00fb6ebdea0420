/** What a run reads and what it writes, compared by what it really is before anything is written. */
import { fstatSync, statSync } from "node:fs"
import * as Effect from "effect/Effect"
import { UsageFailure } from "./CommandFailure.ts"
import { type Input, wouldRead } from "../inputs/findInputs.ts"
import { dataPath } from "./output.ts"
import { plainText } from "./terminal.ts"
import { nameInFolder, placeOf } from "./placeOf.ts"

/** A file that a run uses; `at` is its path, or a descriptor that is open already. */
export interface FileUse {
  /** As a message names it: a flag, or the file itself. */
  readonly name: string
  readonly at: string | number
}

const STDIN = 0
const STDOUT = 1
const STDERR = 2

/** Devices and pipes can be shared: only what is written into a file replaces what is there. */
const identityOf = ({ at }: FileUse): string | undefined => {
  try {
    const found = typeof at === "number" ? fstatSync(at, { bigint: true }) : statSync(at, { bigint: true })
    return found.isFile() ? `${found.dev} ${found.ino}` : undefined
  } catch {
    return typeof at === "number" ? undefined : `path ${placeOf(at)}`
  }
}

const usage = (message: string): UsageFailure => new UsageFailure({ message: plainText(message) })

/** What all commands write to: standard output or the file of `-o`, and standard error. */
const alwaysWritten = (): ReadonlyArray<FileUse> => {
  const file = dataPath()
  return [
    file === undefined ? { name: "standard output", at: STDOUT } : { name: "-o", at: file },
    { name: "standard error", at: STDERR }
  ]
}

/** Standard output and standard error may be one log, as after `> log 2>&1`. */
const isShared = (one: FileUse, other: FileUse): boolean => one.at === STDOUT && other.at === STDERR

export interface FilesOfRun {
  readonly reads: ReadonlyArray<FileUse>
  /** Besides standard output and standard error. */
  readonly writes: ReadonlyArray<FileUse>
  /** Folders and patterns that were asked for, as they were given. */
  readonly names?: ReadonlyArray<string>
}

/** Inputs as files that are read. */
export const readsOf = (inputs: ReadonlyArray<Input>): ReadonlyArray<FileUse> =>
  inputs.map(({ name, path }) => (path === undefined ? { name: "standard input", at: STDIN } : { name, at: path }))

/** Refuses a run that would write into what it reads, or twice into one file. */
export const checkFiles = Effect.fnUntraced(function* ({ reads, writes, names = [] }: FilesOfRun) {
  const taken = new Map(reads.map((use) => [identityOf(use), use]))
  const written = new Map<string, FileUse>()
  for (const use of [...writes, ...alwaysWritten()]) {
    const identity = identityOf(use)
    if (identity === undefined) continue
    const read = taken.get(identity)
    if (read !== undefined) {
      const lost = use.at === STDOUT ? "; what the shell opened with > is empty already" : ""
      return yield* usage(`${use.name}: expected another file than the inputs, got ${read.name}${lost}`)
    }
    const other = written.get(identity)
    if (other !== undefined && !isShared(other, use)) {
      return yield* usage(`${other.name} and ${use.name}: expected two files, got one`)
    }
    written.set(identity, use)
    const { at } = use
    const places = typeof at === "number" ? [] : [nameInFolder(at), placeOf(at)]
    const folder = names.find((name) => places.some((place) => wouldRead(name, place)))
    if (folder !== undefined) {
      return yield* usage(`${use.name}: expected a file outside ${folder}, which would be read with it the next time`)
    }
  }
})
