/** Requests written once, as they are shown and as they are sent: address, headers, body. Authentication comes last. */
import type * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import type { HttpMethod } from "effect/http/HttpMethod"
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import { present } from "../../domain/present.ts"
import { type CallError, InvalidRequest } from "../CallError.ts"
import type { PlaceRequest } from "../CallProvider.ts"
import { headerFault } from "./configuration.ts"

/** Headers by their names. */
export type HeaderMap = { readonly [name: string]: string }

const FORM_TYPE = "application/x-www-form-urlencoded"

/**
 * Headers of a request whose body is a form: a list repeats its field, an object within it is written as JSON, `null` is
 * left out.
 */
export const FORM: HeaderMap = { "content-type": FORM_TYPE }

/** A request below the base URL. Nothing personal may stand in its path. */
export interface WireRequest {
  readonly method: HttpMethod
  readonly path: string
  readonly query?: ReadonlyArray<readonly [name: string, value: string]>
  /** Beyond authentication. `content-type` says how the body is written: as JSON, or by `FORM` as a form. */
  readonly headers?: HeaderMap
  readonly body?: JsonObject
}

/** A request whose body may be missing; one that places an order has one. */
export type WrittenRequest = Omit<PlaceRequest, "method" | "body"> & Pick<WireRequest, "method" | "body">

/**
 * The headers that carry the credentials of one request, or an effect that makes them, such as a signature of its text or
 * a token that lives for minutes. It is run for each try, and while it runs nothing has left.
 */
export type Authentication = (
  key: string,
  request: Pick<WrittenRequest, "method" | "url"> & { readonly body: string }
) => HeaderMap | Effect.Effect<HeaderMap, CallError>

/** With its credentials, and its body as text. */
export interface SignedRequest extends WrittenRequest {
  readonly headers: Headers.Headers
  readonly text: string
}

/** Caches on the way ask the server again: a list of a while ago lacks the newest calls, a call of then is not over. */
const NO_CACHE: HeaderMap = { "cache-control": "no-cache" }

export const writeRequest = (baseUrl: string, { method, path, query, headers, body }: WireRequest): WrittenRequest => {
  const search = new URLSearchParams(query?.map(([name, value]) => [name, value])).toString()
  const mark = search === "" ? "" : path.includes("?") ? "&" : "?"
  const type = body === undefined ? {} : { "content-type": "application/json" }
  const fresh = method === "GET" ? NO_CACHE : {}
  const merged = Headers.fromInput({ accept: "application/json", ...fresh, ...type, ...Headers.fromInput(headers) })
  return { method, url: `${baseUrl}${path}${mark}${search}`, headers: { ...merged }, ...present({ body }) }
}

/** A header that no transport would send: it would quote the value when it refuses. */
export const headersFault = (headers: HeaderMap): InvalidRequest | undefined => {
  const faults = Object.entries(headers).map(([name, value]) => headerFault(`headers.${name}`, value))
  const fault = faults.find((each) => each !== undefined)
  return fault === undefined ? undefined : new InvalidRequest(fault)
}

/** The body as it is sent, by its `content-type`. */
export const bodyTextOf = ({ headers, body }: Pick<WrittenRequest, "headers" | "body">): string => {
  if (body === undefined) return ""
  return headers["content-type"] === FORM_TYPE ? formOf(body) : JSON.stringify(body)
}

const formOf = (body: JsonObject): string =>
  new URLSearchParams(
    Object.entries(body).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value])
        .filter((each) => each !== undefined && each !== null)
        .map((each) => [name, isJsonObject(each) || Array.isArray(each) ? JSON.stringify(each) : String(each)])
    )
  ).toString()
