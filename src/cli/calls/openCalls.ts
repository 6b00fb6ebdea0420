/** The live service of a command: the providers with a key in the environment, and the journal. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { AbsencePolicies } from "../../calls/absence.ts"
import { layerMemoryJournal } from "../../calls/MemoryJournal.ts"
import type { JournalError, PlacementJournal } from "../../calls/PlacementJournal.ts"
import { VoiceCalls } from "../../calls/VoiceCalls.ts"
import { layerNodeHttp } from "../../node/NodeHttp.ts"
import type { CallError } from "../../provider/CallError.ts"
import type { CallProvider } from "../../provider/CallProvider.ts"
import type { ClientOptions } from "../../provider/http/ClientOptions.ts"
import { LONGEST_PLACE } from "../../provider/placingLimits.ts"
import type { Configuration } from "../../routes/Configuration.ts"
import { makeRouter } from "../../routes/makeRouter.ts"
import { EXIT, type ExitCode } from "../ExitCode.ts"
import { CallsFailed, type CommandFailure } from "../shell/failures.ts"
import { tell } from "../shell/terminal.ts"
import { callableIds, type ConnectionFlags, type RecordingFlags } from "./callFlags.ts"
import { exitOf, failureLine } from "./callFailures.ts"
import {
  feedPlace,
  journalPlace,
  type LiveProvider,
  liveProviders,
  routingSecret,
  tenantNamed,
  variable
} from "./environment.ts"
import { feedAt } from "./feed.ts"
import { journalAt } from "./journal.ts"

export interface ServiceFlags extends Pick<ConnectionFlags, "timeout">, Partial<RecordingFlags> {}

export interface OpenOptions {
  /** Providers that must have a key. If empty, at least one provider needs a key. */
  readonly needed?: ReadonlyArray<string>
  /** Whether every other provider that has a key is opened, too: an order may name it, or have been placed there. */
  readonly others?: boolean
  /**
   * Where placements are written down. If it is optional and missing or does not open, the command runs without it. Absent for what neither places nor ends a call.
   */
  readonly journal?: "required" | "optional" | undefined
  /** Nothing is sent, so that no key is needed. */
  readonly keyless?: boolean
  /** Providers whose orders may be called absent by lists. */
  readonly policies?: AbsencePolicies | undefined
  /** Named agents and routes. */
  readonly configuration?: Configuration | undefined
}

const TRY_TWIN_HINT = "To try without telephones: unicall twin"

const failed = (message: string, exitCode: ExitCode = EXIT.setup): Effect.Effect<never, CallsFailed> => {
  tell(`${message}\n`)
  return Effect.fail(new CallsFailed({ exitCode }))
}

export const clientOptions = (
  { urlVariable }: LiveProvider,
  apiKey: string,
  longest: ConnectionFlags["timeout"]
): ClientOptions => ({
  apiKey: Redacted.make(apiKey),
  baseUrl: variable(urlVariable),
  ...(longest === undefined
    ? {}
    : { timeouts: { read: longest, place: Duration.min(longest, LONGEST_PLACE) }, retry: { total: longest } })
})

const chosen = Effect.fnUntraced(function* ({ needed = [], others = false, keyless = false }: OpenOptions) {
  if (needed.some((id) => !callableIds.includes(id))) {
    return yield* failed(`expected a provider before the colon: ${callableIds.join(" or ")}`)
  }
  const wanted = liveProviders.filter(({ id }) => needed.length === 0 || others || needed.includes(id))
  const keyed = wanted.flatMap((provider) => {
    const key = variable(provider.keyVariable)
    return key === undefined ? [] : [{ provider, key }]
  })
  const isEach = keyless && (keyed.length === 0 || needed.length > 0)
  const found = isEach ? wanted.map((provider) => ({ provider, key: variable(provider.keyVariable) ?? "none" })) : keyed
  const isNeeded = ({ id }: LiveProvider) => needed.length === 0 || needed.includes(id)
  const without = wanted.filter((provider) => isNeeded(provider) && !found.some((each) => each.provider === provider))
  const missing = without.map(({ keyVariable }) => keyVariable)
  if (needed.length > 0 && missing.length > 0) {
    return yield* failed(`${missing.join(" and ")} is not set. Set it to the provider's API key. ${TRY_TWIN_HINT}`)
  }
  if (found.length === 0) return yield* failed(`No provider has a key: set ${missing.join(" or ")}. ${TRY_TWIN_HINT}`)
  return found
})

const journalLayer = Effect.fnUntraced(function* (
  given: string | undefined,
  { journal }: OpenOptions
): Effect.fn.Return<Layer.Layer<PlacementJournal, JournalError>, CommandFailure> {
  if (journal === undefined) return layerMemoryJournal
  const { layer, isMissing } = journalAt(yield* journalPlace(given))
  if (journal === "optional" && isMissing()) return layerMemoryJournal
  if (journal === "required") return layer
  return Layer.catch(layer, (error) => {
    tell(`${failureLine(error)} Going on without it.\n`)
    return layerMemoryJournal
  })
})

/** Only what has a journal knows which calls have been placed. */
const feedLayer = Effect.fnUntraced(function* (
  given: string | undefined,
  { journal }: OpenOptions
): Effect.fn.Return<Layer.Layer<never, JournalError>, CommandFailure> {
  const place = journal === undefined ? undefined : yield* feedPlace(given)
  return place === undefined ? Layer.empty : feedAt(place).layer
})

interface Stopwatch {
  millis: number | undefined
}

const RunningStopwatch = Context.Reference<Stopwatch | undefined>("unicall/cli/RunningStopwatch", {
  defaultValue: () => undefined
})

/** The same provider; each placement is timed by the stopwatch of its caller. */
const timed = (provider: CallProvider): CallProvider => ({
  ...provider,
  place: (request) =>
    Effect.gen(function* () {
      const stopwatch = yield* RunningStopwatch
      const from = yield* Clock.currentTimeNanos
      const stop = Effect.map(Clock.currentTimeNanos, (to) => {
        if (stopwatch !== undefined) stopwatch.millis = Math.round(Number(to - from) / 1e6)
      })
      return yield* Effect.onExit(provider.place(request), () => stop)
    })
})

/** A placement with the milliseconds of its request, if one was sent. */
export const withLatency = <A, E, R>(
  placing: Effect.Effect<A, E, R>
): Effect.Effect<{ readonly result: A; readonly latencyMs?: number }, E, R> =>
  Effect.suspend(() => {
    const stopwatch: Stopwatch = { millis: undefined }
    return Effect.map(Effect.provideService(placing, RunningStopwatch, stopwatch), (result) => ({
      result,
      ...(stopwatch.millis === undefined ? {} : { latencyMs: stopwatch.millis })
    }))
  })

/** Shows on standard error why it cannot be opened. Closed with the scope. */
export const openCalls = Effect.fnUntraced(function* (flags: ServiceFlags, options: OpenOptions = {}) {
  const { timeout, journal, sameAccount, feed } = flags
  const tenant = options.journal === undefined ? undefined : yield* tenantNamed(flags.tenant)
  const itsJournal = yield* journalLayer(journal, options)
  const itsFeed = yield* feedLayer(feed, options)
  const found = yield* chosen(options)
  const opening = Effect.gen(function* () {
    const http = yield* Layer.build(layerNodeHttp())
    const providers = yield* Effect.forEach(found, ({ provider, key }) =>
      provider.make(clientOptions(provider, key, timeout)).pipe(Effect.provideContext(http))
    )
    const layer = VoiceCalls.layer(
      providers.map((made) => Effect.succeed(timed(made))),
      {
        tenant,
        sameAccount,
        settle: { policies: options.policies },
        router: options.configuration && makeRouter(options.configuration, { secret: routingSecret() })
      }
    )
    const context = yield* Layer.build(Layer.provide(layer, [itsJournal, itsFeed]))
    return { calls: yield* VoiceCalls.pipe(Effect.provideContext(context)), providers }
  })
  return yield* opening.pipe(
    Effect.catch((error: CallError | JournalError) => failed(failureLine(error), exitOf(error)))
  )
})

export type OpenedCalls = Effect.Success<ReturnType<typeof openCalls>>
