/** What the environment says: keys and addresses of the providers that can be called, and where the journal is. */
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { isTenant } from "../../calls/ownership.ts"
import type { ClientOptions } from "../../provider/http/ClientOptions.ts"
import { looksLikeAddress } from "../../node/sqliteFileName.ts"
import { isPostgresAddress } from "../../postgres/PostgresPool.ts"
import { environmentOf } from "../../provider/ProviderDeclaration.ts"
import { callable } from "../providers.ts"
import { type CommandFailure, usage } from "../shell/failures.ts"

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

/**
 * The address of a database, or the path of a file. An address that is mistyped would be a file: what is in the database
 * would not be known, and its password would be a name. It is not repeated.
 */
const placeNamed = (source: string, named: string): Effect.Effect<string, CommandFailure> => {
  if (isPostgresAddress(named)) return Effect.succeed(named)
  return looksLikeAddress(named)
    ? Effect.fail(
        usage(
          `${source}: expected an address that begins with postgres://, or the path of a file, with ./ before one that looks like an address`
        )
      )
    : Effect.succeed(resolve(named))
}

/** Where the journal is: by the flag, by `UNICALL_JOURNAL`, or in the user's state folder. */
export const journalPlace = (given: string | undefined): Effect.Effect<string, CommandFailure> => {
  if (given !== undefined) return placeNamed("--journal", given)
  const named = variable("UNICALL_JOURNAL")
  return named === undefined
    ? Effect.succeed(resolve(stateFolder(), "unicall", "journal.sqlite"))
    : placeNamed("UNICALL_JOURNAL", named)
}

/** Where the inbox of webhooks is: by the flag, by `UNICALL_INBOX`, or in the user's state folder. */
export const inboxPlace = (given: string | undefined): Effect.Effect<string, CommandFailure> => {
  const named = given ?? variable("UNICALL_INBOX") ?? join(stateFolder(), "unicall", "webhooks.sqlite")
  return placeNamed(given === undefined ? "UNICALL_INBOX" : "--inbox", named)
}

/** What rules that keep their assignments need. */
export const routingSecret = (): Redacted.Redacted | undefined => {
  const secret = variable("UNICALL_ROUTING_SECRET")
  return secret === undefined ? undefined : Redacted.make(secret)
}

/** The file of named agents and routes, if there is one: by the flag, or by `UNICALL_CONFIG`. */
export const configurationPlace = (given: string | undefined): string | undefined => given ?? variable("UNICALL_CONFIG")

/** Where the feed of changes is, if anywhere: by the flag, or by `UNICALL_FEED`. */
export const feedPlace = (given: string | undefined): Effect.Effect<string | undefined, CommandFailure> => {
  const named = given ?? variable("UNICALL_FEED")
  return named === undefined
    ? Effect.succeed(undefined)
    : placeNamed(given === undefined ? "UNICALL_FEED" : "--feed", named)
}

/** Whose calls these are, where somebody says so: by the flag, or by `UNICALL_TENANT`. */
export const tenantNamed = (given: string | undefined): Effect.Effect<string | undefined, CommandFailure> => {
  const named = given ?? variable("UNICALL_TENANT")
  if (named === undefined || isTenant(named)) return Effect.succeed(named)
  const source = given === undefined ? "UNICALL_TENANT" : "--tenant"
  return Effect.fail(usage(`${source}: expected one line of 1 to 200 characters`))
}

/** SQLite keeps two more files beside the database. */
const PARTS = ["", "-wal", "-shm"] as const

/** The files that a journal, an inbox or a feed consists of. */
export const journalFiles = (place: string): ReadonlyArray<string> =>
  isPostgresAddress(place) ? [] : PARTS.map((part) => place + part)
