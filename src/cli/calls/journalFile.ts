/** Where the journal of placements is. */
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import * as Option from "effect/Option"
import type { JournalFlags } from "./callFlags.ts"
import { variable } from "./environment.ts"

const stateFolder = (): string => {
  if (process.platform === "win32") return variable("LOCALAPPDATA") ?? join(homedir(), "AppData", "Local")
  return variable("XDG_STATE_HOME") ?? join(homedir(), ".local", "state")
}

export interface JournalOptions {
  readonly file: string
  readonly required: boolean
  readonly tenant: string | undefined
  readonly sameAccount: boolean
}

/** The journal of a command, and whose placements in it are meant. */
export const journalOf = (flags: JournalFlags, required: boolean): JournalOptions => ({
  file: journalFile(flags),
  required,
  tenant: Option.getOrUndefined(flags.tenant) ?? variable("UNICALL_TENANT"),
  sameAccount: flags.sameAccount
})

/** The flag, `UNICALL_JOURNAL`, or the user's state folder. */
export const journalFile = ({ journal }: JournalFlags): string =>
  resolve(
    Option.getOrUndefined(journal) ?? variable("UNICALL_JOURNAL") ?? join(stateFolder(), "unicall", "journal.sqlite")
  )
