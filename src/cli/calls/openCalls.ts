/** The live service of a command: the providers with a key in the environment, and the journal. */
import { existsSync } from "node:fs"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { layerMemoryJournal } from "../../calls/MemoryJournal.ts"
import type { JournalError, PlacementJournal } from "../../calls/PlacementJournal.ts"
import { isTenant } from "../../calls/ownership.ts"
import { VoiceCalls } from "../../calls/VoiceCalls.ts"
import { layerNodeHttp } from "../../node/NodeHttp.ts"
import { layerSqliteJournal } from "../../node/SqliteJournal.ts"
import type { CallError } from "../../provider/CallError.ts"
import type { CallProvider } from "../../provider/CallProvider.ts"
import type { ClientOptions } from "../../provider/http/ClientOptions.ts"
import { LONGEST_PLACE } from "../../provider/placingLimits.ts"
import { CallsFailed } from "../shell/CommandFailure.ts"
import { EXIT } from "../ExitCode.ts"
import { failureLine } from "./failures.ts"
import type { ConnectionFlags } from "./callFlags.ts"
import type { JournalOptions } from "./journalFile.ts"
import { timed } from "./latency.ts"
import { type LiveProvider, liveProviders, variable } from "./environment.ts"
import { tell } from "../shell/terminal.ts"

export interface OpenOptions extends Pick<ConnectionFlags, "timeout"> {
  /** Providers that must have a key; where none is named, one of all must. */
  readonly needed?: ReadonlyArray<string>
  /**
   * Where placements are written down: a file that must open; a file that is done without where it is missing or does not open; or, for
   * what neither places nor ends a call, nowhere.
   */
  readonly journal: JournalOptions | undefined
  /** Nothing is sent, so that no key is needed. */
  readonly keyless?: boolean
}

export interface OpenedCalls {
  readonly calls: VoiceCalls["Service"]
  readonly providers: ReadonlyArray<CallProvider>
}

const NOWHERE = "To try without telephones: unicall twin"

const failed = (message: string): Effect.Effect<never, CallsFailed> => {
  tell(`${message}\n`)
  return Effect.fail(new CallsFailed({ exitCode: EXIT.setup }))
}

export const clientOptions = (
  { urlVariable }: LiveProvider,
  apiKey: string,
  timeout: ConnectionFlags["timeout"]
): ClientOptions => {
  const longest = Option.getOrUndefined(timeout)
  return {
    apiKey: Redacted.make(apiKey),
    baseUrl: variable(urlVariable),
    ...(longest === undefined
      ? {}
      : { timeouts: { read: longest, place: Duration.min(longest, LONGEST_PLACE) }, retry: { total: longest } })
  }
}

const chosen = Effect.fnUntraced(function* ({ needed = [], keyless = false }: OpenOptions) {
  const wanted = liveProviders.filter(({ id }) => needed.length === 0 || needed.includes(id))
  const unknown = needed.find((id) => !liveProviders.some((each) => each.id === id))
  if (unknown !== undefined) {
    return yield* failed(`expected a provider before the colon: ${liveProviders.map(({ id }) => id).join(" or ")}`)
  }
  const anyKey = wanted.some(({ keyVariable }) => variable(keyVariable) !== undefined)
  const keys = wanted.map((provider) => ({
    provider,
    key: variable(provider.keyVariable) ?? (keyless && !anyKey ? "none" : undefined)
  }))
  const missing = keys.filter(({ key }) => key === undefined).map(({ provider }) => provider.keyVariable)
  if (needed.length > 0 && missing.length > 0) {
    return yield* failed(`${missing.join(" and ")} is not set. Set it to the provider's API key. ${NOWHERE}`)
  }
  const found = keys.flatMap(({ provider, key }) => (key === undefined ? [] : [{ provider, key }]))
  if (found.length === 0) {
    return yield* failed(`No provider has a key: set ${missing.join(" or ")}. ${NOWHERE}`)
  }
  return found
})

const journalLayer = ({ journal }: OpenOptions): Layer.Layer<PlacementJournal, JournalError> => {
  if (journal === undefined) return layerMemoryJournal
  const durable = layerSqliteJournal({ file: journal.file })
  if (journal.required) return durable
  if (!existsSync(journal.file)) return layerMemoryJournal
  return Layer.catch(durable, (error) => {
    tell(`${failureLine(error)} Going on without it.\n`)
    return layerMemoryJournal
  })
}

/** Tells on standard error what keeps it from opening. Closed with the scope. */
export const openCalls = Effect.fnUntraced(function* (options: OpenOptions) {
  if (options.journal?.tenant !== undefined && !isTenant(options.journal.tenant)) {
    return yield* failed("tenant: expected one line of 1 to 200 characters (--tenant or UNICALL_TENANT)")
  }
  const found = yield* chosen(options)
  const opening = Effect.gen(function* () {
    const http = yield* Layer.build(layerNodeHttp())
    const providers = yield* Effect.forEach(found, ({ provider, key }) =>
      provider.make(clientOptions(provider, key, options.timeout)).pipe(Effect.provideContext(http))
    )
    const { tenant, sameAccount } = options.journal ?? {}
    const layer = VoiceCalls.layer(
      providers.map((made) => Effect.succeed(timed(made))),
      { tenant, sameAccount }
    )
    const context = yield* Layer.build(Layer.provide(layer, journalLayer(options)))
    const calls = yield* VoiceCalls.pipe(Effect.provideContext(context))
    return { calls, providers } satisfies OpenedCalls
  })
  return yield* opening.pipe(Effect.catch((error: CallError | JournalError) => failed(failureLine(error))))
})
