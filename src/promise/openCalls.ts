/** Opening: options read and checked, a client for each provider, the service over them. */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import type { AbsencePolicies, AbsencePolicy } from "../calls/absence.ts"
import type { ChangeFeed } from "../calls/changes/ChangeFeed.ts"
import { FeedHandle } from "../calls/changes/FeedHandle.ts"
import { layerMemoryFeed } from "../calls/changes/MemoryFeed.ts"
import { JournalHandle } from "../calls/JournalHandle.ts"
import { layerMemoryJournal } from "../calls/MemoryJournal.ts"
import type { JournalError } from "../calls/PlacementJournal.ts"
import { VoiceCalls } from "../calls/VoiceCalls.ts"
import { isEmptyObject, isJsonObject, type JsonObject, valueAt } from "../domain/Json.ts"
import { present } from "../domain/present.ts"
import { OutboxHandle } from "../outbox/OutboxHandle.ts"
import type { Adapter } from "../provider/Adapter.ts"
import type { CallError } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import type { ClientOptions } from "../provider/http/ClientOptions.ts"
import { type CallableAdapter, environmentOf } from "../provider/ProviderDeclaration.ts"
import { layerFetch } from "../provider/http/fetchClient.ts"
import type { Calls } from "./Calls.ts"
import * as Checking from "../provider/optionChecks.ts"
import { insist, invalid, rejectionOfCause } from "./failureOf.ts"
import { layerLogs } from "./layerLogs.ts"
import { makeCalls } from "./makeCalls.ts"
import {
  type ChangesSettings,
  CONNECTION,
  type Connection,
  type EnvironmentOptions,
  type OnlyKnown,
  type OpenedBy,
  type OptionsFor,
  type Settle,
  SHARED,
  type SharedOptions
} from "./OpenOptions.ts"
import { makeSession } from "./session.ts"

/** A provider that is opened: what reads its records, and its client. */
interface Connected {
  readonly adapter: Adapter
  readonly provider: Effect.Effect<CallProvider, CallError, HttpClient.HttpClient>
}

const inSeconds = (seconds: number | undefined): Duration.Duration | undefined =>
  seconds === undefined ? undefined : Duration.seconds(seconds)

const clientOptions = ({
  apiKey,
  baseUrl,
  timeouts = {},
  retry = {},
  rateLimit,
  maxConcurrency
}: Connection): ClientOptions => ({
  apiKey: Redacted.make(apiKey),
  baseUrl,
  timeouts: present({ read: inSeconds(timeouts.readSeconds), place: inSeconds(timeouts.placeSeconds) }),
  retry: present({
    tries: retry.tries,
    total: inSeconds(retry.totalSeconds),
    base: inSeconds(retry.baseSeconds),
    cap: inSeconds(retry.capSeconds)
  }),
  rateLimit: rateLimit && { limit: rateLimit.requests, window: Duration.seconds(rateLimit.perSeconds) },
  maxConcurrency
})

const layerFeed = ({ feed }: ChangesSettings): Layer.Layer<ChangeFeed, JournalError> =>
  feed === undefined ? layerMemoryFeed : FeedHandle.layerOf(feed)

/** What the checks of options cannot say: a policy that needs somebody's word has it. */
const policiesOf = ({ policies = {} }: Settle): AbsencePolicies =>
  Object.fromEntries(
    Object.entries(policies).map(([id, { absent, confirmedAt = "" }]): [string, AbsencePolicy] => [
      id,
      absent === "never" ? { absent } : { absent, confirmedAt }
    ])
  )

/** How requests are sent: what a runtime has of its own, or `fetch`. */
export type Transport = (options: Pick<SharedOptions, "fetch" | "ca">) => Layer.Layer<HttpClient.HttpClient, CallError>

/** Anywhere: the `fetch` given, or the global one. */
export const fetchTransport: Transport = ({ fetch }) => layerFetch(fetch)

const open = async <Provider extends string>(
  connected: ReadonlyMap<Provider, Connected>,
  {
    ca,
    fetch,
    journal,
    onWarning,
    tenant,
    sameAccount,
    settle,
    webhooks,
    changes,
    configuration,
    routingSecret,
    poll = {}
  }: SharedOptions,
  transport: Transport
): Promise<Calls<Provider>> => {
  if (ca !== undefined && (fetch !== undefined || transport === fetchTransport))
    throw invalid("configure", {
      field: "ca",
      expected: "nothing beside fetch, and Node: fetch has certificates of its own"
    })
  const looks = present({ first: inSeconds(poll.firstSeconds), longest: inSeconds(poll.longestSeconds) })
  const opened = [...connected.values()]
  // Routing is loaded where somebody wants it.
  const { makeRouter } = configuration === undefined ? {} : await import("../routes/makeRouter.ts")
  const calls = VoiceCalls.layer(
    opened.map(({ provider }) => provider),
    {
      poll: looks,
      tenant,
      sameAccount,
      router:
        configuration &&
        makeRouter?.(configuration, { secret: routingSecret === undefined ? undefined : Redacted.make(routingSecret) }),
      settle: settle && { every: inSeconds(settle.everySeconds), policies: policiesOf(settle) },
      changes: changes && { sweep: inSeconds(changes.sweepSeconds), keepFor: inSeconds(changes.keepForSeconds) }
    }
  )
  // Reading payloads is loaded where somebody wants it.
  const { Webhooks, webhooksLayer } = webhooks === undefined ? {} : await import("./openWebhooks.ts")
  const adapters = opened.map(({ adapter }) => adapter)
  const hooked =
    webhooks === undefined || webhooksLayer === undefined
      ? calls
      : webhooksLayer(adapters, tenant, webhooks).pipe(Layer.provideMerge(calls))
  const outbox = changes?.outbox
  const posting = outbox === undefined ? hooked : OutboxHandle.layerOf(outbox, tenant).pipe(Layer.provideMerge(hooked))
  const layer = posting.pipe(
    Layer.provide(changes === undefined ? Layer.empty : layerFeed(changes)),
    Layer.provide([
      journal === undefined ? layerMemoryJournal : JournalHandle.layerOf(journal),
      transport({ fetch, ca })
    ]),
    Layer.provideMerge(layerLogs(onWarning))
  )
  const runtime = ManagedRuntime.make(layer)
  const built = await runtime.runPromiseExit(runtime.contextEffect)
  if (Exit.isFailure(built)) {
    await runtime.dispose()
    throw rejectionOfCause(built.cause)
  }
  const service = Context.get(built.value, VoiceCalls)
  const hooks = Webhooks === undefined ? undefined : Option.getOrUndefined(Context.getOption(built.value, Webhooks))
  return makeCalls(service, makeSession(runtime, built.value), [...connected.keys()], hooks)
}

/** The environment of the process, where the runtime has one. Only the variables that are asked for are read. */
const processEnvironment = (): JsonObject => {
  const environment = valueAt(globalThis, ["process", "env"])
  return isJsonObject(environment) ? environment : {}
}

const nothing = (field: string, names: ReadonlyArray<string>) =>
  invalid("configure", { field, expected: `${names.join(" or ")}${names.length > 1 ? ", or several" : ""}` })

/** Providers by id; `Settings` are what each of them can be told of its own. */
export type Declared<Settings extends { readonly [Id in keyof Settings]: object }> = {
  readonly [Id in Extract<keyof Settings, string>]: CallableAdapter<Id, Settings[Id]>
}

/** The settings of providers that are declared. */
export type SettingsOf<D> = {
  readonly [Id in keyof D]: D[Id] extends CallableAdapter<string, infer Own> ? Own : never
}

/** What each provider is opened with. */
export type ConnectionsOf<Settings> = { readonly [Id in keyof Settings]: Connection & Settings[Id] }

/** `makeOpenCalls` with the transport that there is where it runs. */
export const makeOpenCallsWith =
  (transport: Transport) =>
  <const Declarations extends object>(declarations: Declarations & Declared<SettingsOf<Declarations>>) =>
    openCallsOver<SettingsOf<Declarations>>(declarations, transport)

const openCallsOver = <Settings extends { readonly [Id in keyof Settings]: object }>(
  declared: Declared<Settings>,
  transport: Transport
) => {
  type Providers = ConnectionsOf<Settings>
  type Id = Extract<keyof Settings, string>
  if (!isJsonObject(declared) || isEmptyObject(declared))
    throw new TypeError("makeOpenCalls: expected adapters by id, such as { acme }")
  const ids = Object.keys(declared).filter((id): id is Id => Object.hasOwn(declared, id))
  for (const id of ids) {
    const { [id]: adapter } = declared
    if (!isJsonObject(adapter) || adapter["id"] !== id || !isJsonObject(adapter["live"]))
      throw new TypeError(`makeOpenCalls: ${id}: expected an adapter of this id with live calls`)
    if (Object.hasOwn(SHARED, id))
      throw new TypeError(`makeOpenCalls: ${id}: expected another id: there is an option of this name`)
  }

  const checkOptions = Checking.options({
    ...Object.fromEntries(
      ids.map((id) => [id, Checking.optional(Checking.options({ ...CONNECTION, ...declared[id].live.settings }))])
    ),
    ...SHARED
  })

  const checkEnvironment = Checking.options({
    providers: Checking.optional(Checking.listOf(Checking.oneOf(ids))),
    environment: Checking.optional(Checking.that(isJsonObject, "an object such as process.env")),
    ...SHARED
  })

  const connect = <I extends Id>(id: I, connection: Connection, settings?: Settings[I]): Connected => {
    const client = clientOptions(connection)
    const provider = Effect.flatMap(Effect.promise(declared[id].live.load), (make) => make(client, settings))
    return { adapter: declared[id], provider }
  }

  const openGiven = async <Given extends OptionsFor<Providers>>(
    options: Given & OnlyKnown<Given, OptionsFor<Providers>>
  ): Promise<Calls<OpenedBy<Given, Id>>> => {
    insist("configure", checkOptions, options)
    const connections: { readonly [I in Id]?: Providers[I] | undefined } = options
    const connected = new Map<OpenedBy<Given, Id>, Connected>()
    const isGiven = (id: Id): id is OpenedBy<Given, Id> => options[id] !== undefined
    for (const id of ids.filter(isGiven)) {
      const given = connections[id]
      if (given !== undefined) connected.set(id, connect(id, given, given))
    }
    if (connected.size === 0) throw nothing("options", ids)
    return await open(connected, options, transport)
  }

  /** The same with keys, and base URLs if they are set, from the environment. */
  const fromEnvironment = async <Wanted extends Id = Id>(
    options: EnvironmentOptions<Wanted> = {}
  ): Promise<Calls<Wanted>> => {
    insist("configure", checkEnvironment, options)
    const { providers } = options
    const environment: JsonObject = options.environment ?? processEnvironment()
    /** A variable that is set to nothing is not set. */
    const variable = (name: string): string | undefined => {
      const value = environment[name]
      return typeof value === "string" && value.trim() !== "" ? value : undefined
    }
    const isWanted = (id: Id): id is Wanted =>
      providers?.some((wanted) => wanted === id) ?? variable(environmentOf(id).keyVariable) !== undefined
    const connected = new Map<Wanted, Connected>()
    for (const id of ids.filter(isWanted)) {
      const { keyVariable, urlVariable } = environmentOf(id)
      const apiKey = variable(keyVariable)
      if (apiKey === undefined)
        throw invalid("configure", { field: keyVariable, expected: "the API key in the environment" })
      connected.set(id, connect(id, { apiKey, baseUrl: variable(urlVariable) }))
    }
    if (providers?.length === 0) throw nothing("providers", ids)
    if (connected.size === 0)
      throw nothing(
        "environment",
        ids.map((id) => environmentOf(id).keyVariable)
      )
    return await open(connected, options, transport)
  }

  return Object.assign(openGiven, { fromEnvironment })
}
