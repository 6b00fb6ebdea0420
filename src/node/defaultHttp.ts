/** The transport that calls are opened with on Node: ours, or `fetch` where one was given or put in place of Node's. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { CallError } from "../provider/CallError.ts"
import { type Fetch, layerFetch } from "../provider/http/fetchClient.ts"
import { makeNodeHttp, type NodeHttpOptions } from "./NodeHttp.ts"
import { isFetchReplaced } from "./replacedFetch.ts"

const chosenAtEachRequest = (node: HttpClient.HttpClient, fetch: HttpClient.HttpClient): HttpClient.HttpClient =>
  HttpClient.makeWith<never, never, HttpClientError, never>(
    Effect.flatMap((request) => (isFetchReplaced() ? fetch : node).execute(request)),
    Effect.succeed
  )

export const layerDefaultHttp = ({
  fetch,
  ...options
}: NodeHttpOptions & { readonly fetch?: Fetch | undefined }): Layer.Layer<HttpClient.HttpClient, CallError> =>
  fetch === undefined
    ? Layer.effect(HttpClient.HttpClient)(
        Effect.zipWith(makeNodeHttp(options), HttpClient.HttpClient, chosenAtEachRequest)
      ).pipe(Layer.provide(layerFetch()))
    : layerFetch(fetch)
