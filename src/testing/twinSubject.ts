/** An adapter and its twin as the subject of the live contract. */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import type { ClientOptions } from "../provider/http/ClientOptions.ts"
import type { CallableAdapter } from "../provider/ProviderDeclaration.ts"
import { twinHttpClient } from "../twin/inProcess.ts"
import type { Twin } from "../twin/twin.ts"
import type { LiveSubject } from "./liveSite.ts"

/** What else the live contract is told of an adapter and its twin. */
export interface TwinSubjectOptions<Settings extends object> extends Pick<
  LiveSubject,
  "agent" | "options" | "statuses"
> {
  /** What its client is told beside key and address. @default nothing */
  readonly settings?: Settings
}

const KEY = "key-of-the-contract-7c1e"

/** A loopback address: nothing here rings a real telephone. */
const BASE_URL = "http://127.0.0.1:4010"

/**
 * The subject of `liveContract` that an adapter and its twin make, without a network. `makeTwin` is called for each case.
 *
 * @example
 * for (const { name, run } of liveContract(twinSubject(acme, (apiKey) => makeAcmeTwin({ apiKey })))) it(name, run)
 */
export const twinSubject = <Settings extends object>(
  adapter: CallableAdapter<string, Settings>,
  makeTwin: (apiKey: string) => Twin | PromiseLike<Twin>,
  { settings, ...more }: TwinSubjectOptions<Settings> = {}
): LiveSubject => {
  const connect = (options: ClientOptions, http = twinHttpClient([])) =>
    Effect.flatMap(Effect.promise(adapter.live.load), (make) => make(options, settings)).pipe(
      Effect.provideService(HttpClient.HttpClient, http)
    )
  return {
    ...more,
    adapter,
    secrets: [KEY],
    connect: (options) => connect(options),
    open: Effect.fnUntraced(function* (key) {
      const twin = yield* Effect.promise(async () => await makeTwin(KEY))
      const apiKey = Redacted.make(key === "right" ? KEY : "another-key")
      return {
        provider: yield* connect({ apiKey, baseUrl: BASE_URL }, twinHttpClient([{ twin, baseUrl: BASE_URL }])),
        requests: () => twin.requests.length,
        posts: () => twin.requests.filter(({ operation }) => operation === "place").length,
        orders: () => twin.orders,
        agents: () => twin.agents,
        setFaults: twin.setFaults,
        endingOf: twin.endingOf
      }
    })
  }
}
