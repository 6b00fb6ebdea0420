/** Files that are written completely or not at all. */
import { accessSync, closeSync, constants, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs"
import { dirname } from "node:path"
import * as Effect from "effect/Effect"
import { tryFile, usage } from "./failures.ts"
import { writeFully } from "./output.ts"
import { placeOf } from "./placeOf.ts"

/** A place where a file can be written. */
export interface Target {
  /** As the user named it. */
  readonly name: string
  /** Where it really is: a link stays a link. */
  readonly path: string
  /** A device or a pipe, which takes what is written as it comes. */
  readonly isStream: boolean
}

/** Checked before anything is read: a file that cannot be written should be reported at once, not after a long run. */
export const findTarget = Effect.fnUntraced(function* (name: string) {
  const found = yield* tryFile(name, () => statSync(name, { throwIfNoEntry: false }))
  if (found?.isDirectory() === true) return yield* usage(`${name}: expected the name of a file to write`)
  const isStream = found !== undefined && !found.isFile()
  const path = yield* tryFile(name, () => {
    // A pipe has no path of its own, as behind /dev/stdout.
    const real = isStream ? name : placeOf(name)
    accessSync(isStream ? real : dirname(real), constants.W_OK)
    return real
  })
  return { name, path, isStream } satisfies Target
})

export interface OpenFile {
  readonly descriptor: number
  /** Puts the file in its place. */
  readonly keep: () => void
  /** Leaves what was there before as it was. */
  readonly discard: () => void
}

/** For the owner alone. */
const PRIVATE = 0o600

/** Writes to `part`, which then replaces the file. `isPrivate`: nobody else may read it, whatever was there before. */
export const openWhole = (
  { path, isStream }: Target,
  {
    part = `${path}.${process.pid}.part`,
    isPrivate = false
  }: { readonly part?: string; readonly isPrivate?: boolean } = {}
): OpenFile => {
  if (isStream) {
    const descriptor = openSync(path, "w")
    const close = () => closeSync(descriptor)
    return { descriptor, keep: close, discard: close }
  }
  rmSync(part, { force: true })
  const mode = isPrivate ? PRIVATE : (statSync(path, { throwIfNoEntry: false })?.mode ?? 0o666) & 0o777
  const descriptor = openSync(part, "wx", mode)
  const discard = () => {
    closeSync(descriptor)
    rmSync(part, { force: true })
  }
  const keep = () => {
    try {
      fsyncSync(descriptor)
      renameSync(part, path)
    } finally {
      discard()
    }
  }
  return { descriptor, keep, discard }
}

export const writeWhole = (target: Target, text: string) =>
  tryFile(target.name, () => {
    const file = openWhole(target)
    try {
      writeFully(file.descriptor, Buffer.from(text))
    } catch (error) {
      file.discard()
      throw error
    }
    file.keep()
  })
