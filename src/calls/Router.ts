/**
 * The port of routing: what an order names (an agent, a route) becomes an order of one provider. `src/routes` implements it
 * by a configuration; placing knows no more of it than this.
 */
import * as Option from "effect/Option"
import type * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ProviderId } from "../domain/Identifiers.ts"
import type { Instant } from "../domain/Instant.ts"
import type { FieldFault, Omittable, PlaceCall } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import type { InvalidRequest, Unsupported } from "../provider/CallError.ts"
import type { CallProvider, PlaceRequest } from "../provider/CallProvider.ts"

/** A provider that a route looked at, and the field that it cannot take, if that is why it was not chosen. */
export interface RouteCandidate {
  readonly provider: ProviderId
  /** The rule that named it. */
  readonly rule: string
  /** What of the order it cannot take, and what it would take there. Absent for the one chosen, and for those after it. */
  readonly cannot?: FieldFault
}

/** Whether another provider would have taken the same order. */
export interface AlsoChecked {
  readonly provider: ProviderId
  /** What of the order it cannot take, and what it would take there. Absent where it would have taken it. */
  readonly cannot?: FieldFault
  /** What would have been left out, as the order allows. */
  readonly omitted?: ReadonlyArray<Omittable>
}

/** How the provider of an order was chosen, or what its named agent came from. It holds no number and nothing of the call. */
export interface Decision {
  readonly provider: ProviderId
  /** Absent where the order named its provider, or where it was placed before. */
  readonly route?: string
  /** The rule of the route that decided. */
  readonly rule?: string
  /** Those that were looked at, in that order; the one chosen is among them. */
  readonly candidates?: ReadonlyArray<RouteCandidate>
  /** What was left out of the order, as it allowed: the provider cannot take it. */
  readonly omitted?: ReadonlyArray<Omittable>
  /** Those of `alsoCheck` in the configuration: their requests were built and checked, and not sent. */
  readonly alsoChecked?: ReadonlyArray<AlsoChecked>
  /** One sentence. */
  readonly because: string
  /** Digest of the configuration it was decided by. */
  readonly configuration: string
}

/** The order of one provider, ready to be sent. */
export interface Routed {
  /** Without a route, a named agent, or anything else that no provider gets. */
  readonly order: PlaceCall
  readonly provider: CallProvider
  readonly request: PlaceRequest
  readonly decision: Decision
  /** Of a rule that keeps its assignments: under which key the journal keeps the provider. */
  readonly keptAs?: string
}

/** What a decision depends on, beside the order and the configuration. */
export interface RoutingContext {
  /** When it is decided; rules go by `scheduledAt` where the order has one. */
  readonly at: Instant
  /** The provider that the reference was placed with before, if it was: it stays there. */
  readonly placedWith?: ProviderId | undefined
  /** The provider that the journal keeps for what the route goes by, where its rule asks for that. */
  readonly kept?: ProviderId | undefined
}

/** Chooses the provider of an order and says what its names mean. Pure. */
export interface Router {
  /** Whether the configuration says something of the order: it has a name, goes by the default route, or is checked at others. */
  readonly concerns: (order: PlaceCall) => boolean
  /** Whether a rule keeps its assignments, for which the journal must have room. */
  readonly keeps: boolean
  /** Whether a route would choose its provider. */
  readonly chooses: (order: PlaceCall) => boolean
  readonly route: (order: PlaceCall, context: RoutingContext) => Result.Result<Routed, InvalidRequest | Unsupported>
}

/** The request of an order at its provider, or what of it the provider cannot take. */
export type ReadyAt = (
  order: PlaceCall,
  provider: CallProvider
) => Result.Result<PlaceRequest, InvalidRequest | Unsupported>

/** Fails where the configuration cannot be followed with these providers. */
export type MakeRouter = (
  providers: ReadonlyArray<CallProvider>,
  ready: ReadyAt
) => Result.Result<Router, InvalidRequest>

/** What a journal keeps of a decision: names of ours, no prefix and no number. */
export const RoutingNote = Schema.Struct({
  /** Digest of the configuration. */
  configuration: Schema.String,
  route: Schema.optionalKey(Schema.String),
  rule: Schema.optionalKey(Schema.String),
  candidates: Schema.optionalKey(Schema.Array(ProviderId)),
  omitted: Schema.optionalKey(Schema.Array(Schema.String))
})
export type RoutingNote = typeof RoutingNote.Type

const NoteText = Schema.fromJsonString(RoutingNote)
const decodeNote = Schema.decodeUnknownOption(NoteText)

/** A decision as a journal keeps it. */
export const noteOf = ({ configuration, route, rule, candidates, omitted }: Decision): string =>
  JSON.stringify(
    present({
      configuration,
      route,
      rule,
      candidates: candidates && [...new Set(candidates.map(({ provider }) => provider))],
      omitted
    })
  )

/** The decision that a placement was made by; none where there was none, or its text is not ours. */
export const readNote = (text: string | undefined): RoutingNote | undefined =>
  text === undefined ? undefined : Option.getOrUndefined(decodeNote(text))
