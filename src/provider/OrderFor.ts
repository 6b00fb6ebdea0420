/** Orders whose provider is known: what it cannot take does not compile. */
import type { PlaceCallInput, RetryPolicy } from "../domain/PlaceCall.ts"
import type { Capabilities } from "./Capabilities.ts"
import type { OrderNeed } from "./orderNeeds.ts"

declare global {
  /** What providers can do, to the word; each adapter adds its own under its id. */
  interface UnicallProviderCapabilities {}
}

/**
 * An order that every one of these providers takes: `OrderFor<"acme">`, `OrderFor<"acme" | "other">`. Of a provider that is
 * not in `UnicallProviderCapabilities` nothing is known here: what it cannot take is found when the order is placed.
 */
export type OrderFor<Provider extends string = string> = PlaceCallInput & {
  readonly provider?: Provider
} & LimitsOf<Provider>

/** What an order to every one of these providers has to leave out, or has to have. */
export type LimitsOf<Provider extends string> = AllOf<
  Provider extends unknown ? Limits<OrderNeed, CapabilitiesOf<Provider>> : never
>

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

type CallerNumberLimit<Ability> = [Ability] extends ["required"]
  ? { readonly from: string }
  : [Ability] extends ["none"]
    ? Without<"from">
    : unknown

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
