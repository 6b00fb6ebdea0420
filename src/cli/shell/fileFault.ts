/** Why a file cannot be read or written, in words. */
import { closeSync, openSync } from "node:fs"
import * as Effect from "effect/Effect"
import { type CommandFailure, inputFailure } from "./CommandFailure.ts"

const REASONS = new Map([
  ["ENOENT", "no such file or folder"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EISDIR", "is a folder"],
  ["ENOTDIR", "no such file or folder"],
  ["ELOOP", "a link that leads to itself"],
  ["ENOSPC", "no space left on the device"]
])

/** The system's word for what went wrong. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined

export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "cannot be read"
  const code = codeOf(error)
  return code === undefined ? error.message : (REASONS.get(code) ?? `cannot be read (${code})`)
}

export const unreadable =
  (name: string) =>
  (error: unknown): CommandFailure =>
    inputFailure(`${name}: ${reasonOf(error)}`)

/** Uses a file; what the system refuses is a failure that names it. */
export const tryFile = <A>(name: string, use: () => A): Effect.Effect<A, CommandFailure> =>
  Effect.try({ try: use, catch: unreadable(name) })

/** Opens a file or folder for reading, and closes it after use. */
export const whileOpen = <A>(path: string, use: (descriptor: number) => A): A => {
  const descriptor = openSync(path, "r")
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
