/** From an order as it was asked for to one that can be sent: read, routed where it has to be, and checked at its provider. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { ProviderId } from "../domain/Identifiers.ts"
import type { Instant } from "../domain/Instant.ts"
import { parsePlaceCall, type PlaceCall, type PlaceCallInput } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import { CallError, InvalidRequest, type Unsupported } from "../provider/CallError.ts"
import type { CallProvider, PlaceRequest } from "../provider/CallProvider.ts"
import { nowInstant } from "./currentInstant.ts"
import { contentDigest } from "./orderDigest.ts"
import { findPlacement } from "./heldReference.ts"
import type { JournalError, PlacementJournal } from "./PlacementJournal.ts"
import type { Prepared } from "./preparedOrder.ts"
import { storedForm } from "./references.ts"
import type { MakeRouter, ReadyAt, Routed, Router } from "./Router.ts"
import { unsupportedIn } from "./support.ts"
import { decisionMade } from "./telemetry.ts"

export const readyAt: ReadyAt = (order, provider): Result.Result<PlaceRequest, InvalidRequest | Unsupported> => {
  const { capabilities } = provider.adapter
  const unsupported = unsupportedIn(order, capabilities)
  if (unsupported !== undefined) return Result.fail(unsupported)
  const request = provider.request(order)
  // What a provider says itself comes first: it may say how.
  if (Result.isSuccess(request) && capabilities.callerNumber === "required" && order.from === undefined)
    return Result.fail(new InvalidRequest({ field: "from", expected: CALLER_NUMBER }))
  return request
}

const CALLER_NUMBER = "a number to call from: this provider has none of its own"

/** Fails with `InvalidRequest`, operation `configure`, if the configuration cannot be followed with these providers and this journal. */
export const routerOf = (
  make: MakeRouter | undefined,
  providers: ReadonlyArray<CallProvider>,
  { assign }: PlacementJournal["Service"]
): Effect.Effect<Router | undefined, CallError> => {
  if (make === undefined) return Effect.undefined
  const router = Result.flatMap(make(providers, readyAt), (made) =>
    made.keeps && assign === undefined
      ? Result.fail(new InvalidRequest({ field: "journal", expected: NO_ASSIGNMENTS }))
      : Result.succeed(made)
  )
  return Effect.fromResult(Result.mapError(router, (reason) => new CallError({ operation: "configure", reason })))
}

const NO_ASSIGNMENTS =
  "one that keeps assignments, as a rule asks for: a journal of your own needs assign, a role of PostgreSQL SELECT and INSERT on NAME_assigned"

export interface PrepareContext {
  readonly journal: PlacementJournal["Service"]
  readonly tenant: string
  readonly router: Router | undefined
  /** The provider of an id, or the only one there is. */
  readonly providerOf: (id: string | undefined) => Effect.Effect<CallProvider, CallError>
}

/** What is asked of the journal before an order is routed for good. */
interface Looks<E> {
  /** The provider that the reference was placed with, where a route would choose one now. */
  readonly before: (givenReference: string) => Effect.Effect<ProviderId | undefined, E>
  /** The provider that is kept for what the route goes by: the first that was chosen. */
  readonly keep: (routed: Routed, at: Instant) => Effect.Effect<ProviderId | undefined, E>
}

export const makePrepare = ({ journal, tenant, router, providerOf }: PrepareContext) => {
  const prepareAfter = Effect.fnUntraced(function* <E>(
    input: PlaceCallInput,
    { before, keep }: Looks<E>
  ): Effect.fn.Return<Prepared, CallError | E> {
    const parsed = parsePlaceCall(input)
    if (Result.isFailure(parsed)) return yield* failing(new InvalidRequest(parsed.failure))
    const { notAfter, ...given } = parsed.success
    const givenReference = given.reference
    const asked = { ...given, reference: storedForm(givenReference) }
    const content = contentDigest(asked)
    if (router?.concerns(asked) === true) {
      const placedWith = router.chooses(asked) ? yield* before(givenReference) : undefined
      const at = yield* nowInstant
      const first = router.route(asked, { at, placedWith })
      if (Result.isFailure(first)) return yield* failing(first.failure, asked.provider)
      const kept = yield* keep(first.success, at)
      const isKept = kept === undefined || kept === first.success.decision.provider
      const routed = isKept ? first : router.route(asked, { at, placedWith, kept })
      if (Result.isFailure(routed)) return yield* failing(routed.failure, asked.provider)
      yield* decisionMade(routed.success.decision)
      return { ...routed.success, content, givenReference, notAfter }
    }
    const named = namedIn(asked)
    if (named !== undefined) return yield* failing(new InvalidRequest({ field: named, expected: NO_CONFIGURATION }))
    const provider = yield* providerOf(asked.provider)
    const request = readyAt(asked, provider)
    if (Result.isFailure(request)) return yield* failing(request.failure, provider.adapter.providerId)
    return { provider, order: asked, request: request.success, content, givenReference, notAfter }
  })

  return {
    /** An order to place. One that a route would choose a provider for stays where it was placed before. */
    prepare: (input: PlaceCallInput): Effect.Effect<Prepared, CallError | JournalError> =>
      prepareAfter(input, {
        before: (reference) => Effect.map(findPlacement(journal, tenant, reference), (found) => found?.provider),
        keep: ({ keptAs: key, decision: { provider } }, at) =>
          key === undefined || journal.assign === undefined
            ? Effect.undefined
            : journal.assign({ tenant, key, provider, at })
      }),
    /** An order that is only looked at. */
    prepareDry: (input: PlaceCallInput): Effect.Effect<Prepared, CallError> =>
      prepareAfter(input, { before: () => Effect.undefined, keep: () => Effect.undefined })
  }
}

const failing = (reason: InvalidRequest | Unsupported, provider?: ProviderId): CallError =>
  new CallError({ operation: "place", reason, ...present({ provider }) })

const NO_CONFIGURATION = "none: no configuration with agents or routes was given"

const namedIn = ({ agent, ...order }: PlaceCall): string | undefined =>
  agent.name !== undefined ? "agent.name" : ROUTING_FIELDS.find((field) => order[field] !== undefined)

const ROUTING_FIELDS = ["route", "routeKey", "mayOmit"] as const
