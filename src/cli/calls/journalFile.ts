/** Where the journal of placements is. */
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import type { JournalFlags } from "./callFlags.ts"
import { variable } from "./liveProviders.ts"

const stateFolder = (): string =>
  process.platform === "win32"
    ? (variable("LOCALAPPDATA") ?? join(homedir(), "AppData", "Local"))
    : (variable("XDG_STATE_HOME") ?? join(homedir(), ".local", "state"))

/** The flag, `UNICALL_JOURNAL`, or the user's state folder. */
export const journalFile = ({ journal }: Pick<JournalFlags, "journal">): string =>
  resolve(journal ?? variable("UNICALL_JOURNAL") ?? join(stateFolder(), "unicall", "journal.sqlite"))
