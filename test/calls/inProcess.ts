/** The service over a Revox twin in this process, with answers to placing that a test can change. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Revox from "../../adapters/revox/index.ts"
import { makeRevoxTwin, type Twin, twinHttpClient } from "../../adapters/testing.ts"
import { layerMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import { type JournalError, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls, type VoiceCallsOptions } from "../../src/calls/VoiceCalls.ts"

export const START = Date.parse("2026-03-02T15:00:00.000Z")
export const KEY = "key-of-one"
const AT = "https://revox.example/api"

/** What an answer to placing becomes: its body as JSON, or the whole response. */
export type Rewrite = (body: { readonly [name: string]: unknown }) => unknown

export interface InProcess {
  /** The key that orders are placed with. */
  readonly key?: string
  readonly twin?: Twin
  readonly rewrite?: Rewrite
  /** The `date` header of each answer, by our time; absent: none is sent. */
  readonly dateOf?: () => Date | undefined
  readonly journal?: Layer.Layer<PlacementJournal, JournalError>
  readonly options?: VoiceCallsOptions
}

export const openInProcess = Effect.fnUntraced(function* ({
  key = KEY,
  twin = makeRevoxTwin({ apiKey: KEY, listItems: "orders" }),
  rewrite = (body) => body,
  dateOf,
  journal = Layer.fresh(layerMemoryJournal),
  options = {}
}: InProcess = {}) {
  const inner = twinHttpClient([{ twin, baseUrl: AT }])
  const client = HttpClient.transformResponse(inner, (answered) =>
    Effect.flatMap(answered, (response) =>
      Effect.map(response.text, (text) => {
        const isPlacing = response.request.method === "POST" && response.request.url === `${AT}/call`
        const body = isPlacing && response.status < 300 ? JSON.stringify(rewrite(JSON.parse(text))) : text
        const headers = new Headers({ ...response.headers })
        headers.delete("content-length")
        if (dateOf !== undefined) {
          headers.delete("date")
          const date = dateOf()
          if (date !== undefined) headers.set("date", date.toUTCString())
        }
        return HttpClientResponse.fromWeb(response.request, new Response(body, { status: response.status, headers }))
      })
    )
  )
  const layer = VoiceCalls.layer([Revox.make({ apiKey: Redacted.make(key), baseUrl: AT })], options).pipe(
    Layer.provideMerge(journal),
    Layer.provide(Layer.succeed(HttpClient.HttpClient)(client))
  )
  const context = yield* Layer.build(layer)
  return { calls: Context.get(context, VoiceCalls), journal: Context.get(context, PlacementJournal), twin }
})
