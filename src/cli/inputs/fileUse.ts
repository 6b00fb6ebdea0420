/** Compares the files that a run reads and writes, by their identity, before anything is written. */
import { fstatSync, statSync } from "node:fs"
import * as Effect from "effect/Effect"
import { type Input, wouldRead } from "./findInputs.ts"
import { usage } from "../shell/failures.ts"
import { dataPath, STDERR, STDOUT } from "../shell/output.ts"
import { nameInFolder, placeOf } from "../shell/placeOf.ts"
import { plainText } from "../shell/terminal.ts"

interface FileUse {
  /** As a message names it: a flag, or the file itself. */
  readonly name: string
  /** Its path, or a descriptor that is open already. */
  readonly at: string | number
}

const STDIN = 0

/** None for devices and pipes, which can be shared: only writing to a file replaces its content. */
const identityOf = ({ at }: FileUse): string | undefined => {
  try {
    const found = typeof at === "number" ? fstatSync(at, { bigint: true }) : statSync(at, { bigint: true })
    return found.isFile() ? `${found.dev} ${found.ino}` : undefined
  } catch {
    return typeof at === "number" ? undefined : `path ${placeOf(at)}`
  }
}

/** Standard output and standard error may be one log, as after `> log 2>&1`. */
const isShared = (one: FileUse, other: FileUse): boolean => one.at === STDOUT && other.at === STDERR

interface FilesOfRun {
  readonly reads: ReadonlyArray<FileUse>
  /** Besides standard output and standard error. */
  readonly writes?: ReadonlyArray<FileUse>
  /** Folders and patterns that were asked for, as they were given. */
  readonly names?: ReadonlyArray<string>
}

export const readsOf = (inputs: ReadonlyArray<Input>): ReadonlyArray<FileUse> =>
  inputs.map(({ name, path }) => (path === undefined ? { name: "standard input", at: STDIN } : { name, at: path }))

/** The files that flags name, where they do. */
export const usesOf = (paths: { readonly [flag: string]: string | undefined }): ReadonlyArray<FileUse> =>
  Object.entries(paths).flatMap(([name, at]) => (at === undefined ? [] : [{ name, at }]))

const conflictIn = ({ reads, writes = [], names = [] }: FilesOfRun): string | undefined => {
  const taken = new Map(reads.map((use) => [identityOf(use), use]))
  const written = new Map<string, FileUse>()
  const file = dataPath()
  const data = file === undefined ? { name: "standard output", at: STDOUT } : { name: "-o", at: file }
  for (const use of [...writes, data, { name: "standard error", at: STDERR }]) {
    const identity = identityOf(use)
    if (identity === undefined) continue
    const { name, at } = use
    const read = taken.get(identity)
    if (read !== undefined) {
      const lost = at === STDOUT ? "; what the shell opened with > is empty already" : ""
      return `${name}: expected another file than the inputs, got ${read.name}${lost}`
    }
    const other = written.get(identity)
    if (other !== undefined && !isShared(other, use)) return `${other.name} and ${name}: expected two files, got one`
    written.set(identity, use)
    const places = typeof at === "number" ? [] : [nameInFolder(at), placeOf(at)]
    const folder = names.find((asked) => places.some((place) => wouldRead(asked, place)))
    if (folder !== undefined) {
      return `${name}: expected a file outside ${folder}, which would be read with it the next time`
    }
  }
  return undefined
}

/** Refuses a run that would write to a file that it reads, or twice to one file. */
export const checkFiles = (files: FilesOfRun) =>
  Effect.suspend(() => {
    const conflict = conflictIn(files)
    return conflict === undefined ? Effect.void : Effect.fail(usage(plainText(conflict)))
  })
