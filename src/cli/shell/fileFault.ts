/** Why a file cannot be read or written, in words. */
import { InputUnreadable } from "./CommandFailure.ts"

const REASONS = new Map([
  ["ENOENT", "no such file or folder"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EISDIR", "is a folder"],
  ["ENOTDIR", "no such file or folder"],
  ["ELOOP", "a link that leads to itself"],
  ["ENOSPC", "no space left on the device"]
])

export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "cannot be read"
  const code = "code" in error ? String(error.code) : ""
  return REASONS.get(code) ?? (code === "" ? error.message : `cannot be read (${code})`)
}

export const unreadable =
  (name: string) =>
  (error: unknown): InputUnreadable =>
    new InputUnreadable({ message: `${name}: ${reasonOf(error)}` })
