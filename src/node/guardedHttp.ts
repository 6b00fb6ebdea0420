/** HTTP to addresses that others chose: directly, without a proxy, and only to allowed addresses. */
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Scope from "effect/Scope"
import type { CallError } from "../provider/CallError.ts"
import { allowedLookup, type Resolve } from "./allowedAddress.ts"
import { makeNodeHttpOver, type NodeHttpOptions } from "./NodeHttp.ts"

export interface GuardedHttpOptions extends Pick<NodeHttpOptions, "ca"> {
  readonly allowPrivate: boolean
  /** @default by the system */
  readonly resolve?: Resolve
}

/** A proxy would look names up itself, and nobody would check what it finds. */
const NO_PROXY = {}

export const makeGuardedHttp = ({
  ca,
  allowPrivate,
  resolve
}: GuardedHttpOptions): Effect.Effect<HttpClient.HttpClient, CallError, Scope.Scope> =>
  makeNodeHttpOver({ ca, environment: NO_PROXY, lookup: allowedLookup(allowPrivate, resolve) })
