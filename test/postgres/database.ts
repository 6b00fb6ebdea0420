/** What the tests of this folder have in common: the server, pools on it, tables that nobody else has. */
import { Pool, type PoolConfig } from "pg"
import { inject } from "vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { layerPostgresJournal, type PostgresJournalOptions } from "../../src/postgres/index.ts"
import type { PostgresConnection } from "../../src/postgres/PostgresPool.ts"
import { addressIn } from "./server.ts"

/** Of the server's socket. */
export const folder = inject("postgresFolder")

/** Without a server the tests are skipped. */
export const isThere = folder !== undefined

/** The address of the server for all tests. */
export const address = (user?: string): string => addressIn(folder ?? "", user === undefined ? {} : { user })

/** The address, with a setting for every session. */
export const settingOf = (setting: string): string => `${address()}&options=${encodeURIComponent(`-c ${setting}`)}`

let tables = 0

/** The name of a table that is not there yet. */
export const freshTable = (): string => `t_${process.pid}_${process.hrtime.bigint()}_${tables++}`

export const newPool = (connectionString = address(), options: PoolConfig = {}): Pool => {
  const pool = new Pool({ connectionString, ...options })
  pool.on("error", () => undefined)
  return pool
}

/** A journal until the scope ends. */
export const open = (connection: PostgresConnection, options?: PostgresJournalOptions) =>
  Effect.map(Layer.build(Layer.fresh(layerPostgresJournal(connection, options))), Context.get(PlacementJournal))

/** The message of a failure. */
export const problem = <A, E extends { readonly message: string }>(effect: Effect.Effect<A, E>) =>
  Effect.map(Effect.flip(effect), ({ message }) => message)
