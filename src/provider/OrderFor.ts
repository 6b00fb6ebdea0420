/** Orders whose provider is known: what it cannot take does not compile. */
import type { Omittable, PlaceCallInput, RetryPolicy } from "../domain/PlaceCall.ts"
import type { Capabilities } from "./Capabilities.ts"
import type { OrderNeed } from "./orderNeeds.ts"

declare global {
  /** What providers can do, to the word; each adapter adds its own under its id. */
  interface UnicallProviderCapabilities {}
}

/**
 * An order that every one of these providers takes: `OrderFor<"acme">`, `OrderFor<"acme" | "other">`. Of a provider that is
 * not in `UnicallProviderCapabilities` nothing is known here: what it cannot take is found when the order is placed. Where the
 * provider is known, no route chooses it.
 */
export type OrderFor<Provider extends string = string> = PlaceCallInput & {
  readonly provider?: Provider
} & Unrouted<Provider> &
  LimitsOf<Provider>

/** Of an order without a provider nothing is known: a route may choose it. */
type Unrouted<Provider> = [Provider] extends [never]
  ? unknown
  : [Provider] extends [keyof UnicallProviderCapabilities]
    ? { readonly route?: undefined }
    : unknown

/** What an order to every one of these providers has to leave out, or has to have. */
export type LimitsOf<Provider extends string> = AllOf<
  Provider extends unknown ? Limits<OrderNeed, CapabilitiesOf<Provider>> : never
>

/**
 * An order that a route may give to any of these providers: what one of them cannot take does not compile, unless the order says with
 * `mayOmit` that it may be left out.
 */
export type RoutedOrderFor<Provider extends string = string> = PlaceCallInput & {
  readonly provider?: undefined
} & RoutedLimitsOf<Provider>

/** The limits of an order that any of these providers may get. */
export type RoutedLimitsOf<Provider extends string> =
  | LimitsOf<Provider>
  | ({ readonly mayOmit: ReadonlyArray<Omittable> } & AllOf<
      Provider extends unknown ? Limits<FirmNeed, CapabilitiesOf<Provider>> : never
    >)

/** What cannot be left out. */
type FirmNeed = Exclude<OrderNeed, { readonly field: Omittable }>

type CapabilitiesOf<Provider> = Provider extends keyof UnicallProviderCapabilities
  ? UnicallProviderCapabilities[Provider]
  : Capabilities

/** The rule of `unmet`, for each need. Where a capability is not known to the word, there is no limit. */
type Limits<Need extends OrderNeed, Known extends Capabilities> = Need extends { readonly capability: "callerNumber" }
  ? Limit<CallerNumberLimit<Known["callerNumber"]>>
  : Need extends { readonly capability: "retries" }
    ? Limit<RetryLimit<Known["retries"]>>
    : Need extends unknown
      ? Limit<"yes" extends Known[Need["capability"]] ? unknown : Without<Need["field"]>>
      : never

/** One that is required may come with a named agent. */
type CallerNumberLimit<Ability> = [Ability] extends ["none"] ? Without<"from"> : unknown

type RetryLimit<Ability> = "yes" extends Ability
  ? unknown
  : [Ability] extends ["no"]
    ? { readonly retry?: OneDial | undefined }
    : Without<"retry">

type OneDial = { readonly maxAttempts: 1 } & {
  readonly [Other in Exclude<keyof RetryPolicy, "maxAttempts">]?: undefined
}

/** An order without this field; of `agent.inline`, one whose agent is without it. */
type Without<Field extends string> = Field extends `${infer Outer}.${infer Inner}`
  ? { readonly [Name in Outer]: Without<Inner> }
  : { readonly [Name in Field]?: undefined }

/** In a function's place, so that a union of them can become all of them at once. */
type Limit<Shape> = (order: Shape) => void

type AllOf<EachLimit> = [EachLimit] extends [(order: infer All) => void] ? All : never
