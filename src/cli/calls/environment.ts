/** What the environment says: keys and addresses of the providers that can be called, and where the journal is. */
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import * as Effect from "effect/Effect"
import type { ClientOptions } from "../../provider/http/ClientOptions.ts"
import { isPostgresAddress } from "../../postgres/PostgresPool.ts"
import { environmentOf } from "../../provider/ProviderDeclaration.ts"
import { callable } from "../providers.ts"

/** Each with the names of the environment variables of its key and its address. */
export const liveProviders = callable.map(({ id, title, live, twin }) => ({
  id,
  title,
  twin,
  ...environmentOf(id),
  make: (client: ClientOptions) => Effect.flatMap(Effect.promise(live.load), (make) => make(client))
}))

export type LiveProvider = (typeof liveProviders)[number]

/** An empty variable is none. */
export const variable = (name: string): string | undefined => {
  const value = process.env[name]
  return value === undefined || value.trim() === "" ? undefined : value
}

const stateFolder = (): string =>
  process.platform === "win32"
    ? (variable("LOCALAPPDATA") ?? join(homedir(), "AppData", "Local"))
    : (variable("XDG_STATE_HOME") ?? join(homedir(), ".local", "state"))

/** The flag, `UNICALL_JOURNAL`, or the user's state folder: the address of a database, or the path of a file. */
export const journalPlace = (given: string | undefined): string => {
  const named = given ?? variable("UNICALL_JOURNAL") ?? join(stateFolder(), "unicall", "journal.sqlite")
  return isPostgresAddress(named) ? named : resolve(named)
}

/** SQLite keeps two more files beside the database. */
const PARTS = ["", "-wal", "-shm"] as const

/** The files that a journal consists of. */
export const journalFiles = (place: string): ReadonlyArray<string> =>
  isPostgresAddress(place) ? [] : PARTS.map((part) => place + part)
