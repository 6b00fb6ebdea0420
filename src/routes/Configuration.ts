/**
 * What an application says once about its agents and its choice of providers: named agents, routes, prices. As a file it is
 * JSON; in code a rule may also be a function or hold an experiment.
 */
import * as Schema from "effect/Schema"
import { ProviderId } from "../domain/Identifiers.ts"
import { JsonObject } from "../domain/Json.ts"
import { PhoneNumber } from "../domain/PhoneNumber.ts"
import { DAYS, InlineAgent, Omittable, type PlaceCall, WallClock } from "../domain/PlaceCall.ts"
import { Experiment } from "../experiment/Experiment.ts"
import { NEEDED_FIELDS } from "../provider/orderNeeds.ts"
import { isFunction } from "effect/Predicate"

/** Of a name, in characters. */
export const LONGEST_NAME = 64

export /** Not seven digits or more, whatever stands between them. */
const NAME = /^(?!.*\d(?:[._-]*\d){6})[A-Za-z][A-Za-z0-9._-]{0,63}$/u

/** Of agents, routes and rules. A journal keeps them: they are no place for a telephone number. */
const Name = Schema.String.pipe(Schema.check(Schema.isPattern(NAME)))

export const isName = (text: string): boolean => NAME.test(text)

const TextMap = Schema.Record(Schema.String, Schema.String)

const Weight = Schema.Finite.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0)))

const listOf = <S extends Schema.Constraint>(item: S) =>
  Schema.Array(item).pipe(Schema.check(Schema.isMinLength(1), Schema.isMaxLength(1000)))

/** What a named agent is at one provider. */
export const AgentAt = Schema.Struct({
  /** Of the agent that the provider stores. */
  id: Schema.optionalKey(Schema.NonEmptyString),
  /** An agent defined here, where the provider takes one. */
  inline: Schema.optionalKey(InlineAgent),
  /** Numbers to call from, where the order has none. Of several, a person is always called from the same one. */
  from: Schema.optionalKey(listOf(PhoneNumber)),
  /** Of these numbers, those of the called number's country come first. @default false */
  localPresence: Schema.optionalKey(Schema.Boolean),
  /** Where the order does not say otherwise. */
  variables: Schema.optionalKey(TextMap),
  /** Where the order does not say otherwise. */
  metadata: Schema.optionalKey(TextMap),
  /** What else the provider takes, in its own words. */
  options: Schema.optionalKey(JsonObject)
})
export type AgentAt = typeof AgentAt.Type

/** An agent by the application's own name. */
export const NamedAgent = Schema.Struct({
  /** Everywhere, where the order does not say otherwise. */
  variables: Schema.optionalKey(TextMap),
  /** Everywhere, where the order does not say otherwise: every provider of the agent must take it. */
  metadata: Schema.optionalKey(TextMap),
  /** What it is at each provider. */
  providers: Schema.Record(Schema.String, AgentAt)
})
export type NamedAgent = typeof NamedAgent.Type

/** Hours by the clock of a time zone; `from` after `to` spans midnight. */
const Hours = Schema.Struct({
  from: WallClock,
  to: WallClock,
  /** IANA name. */
  timeZone: Schema.NonEmptyString,
  /** On which the hours begin. @default all */
  days: Schema.optionalKey(listOf(Schema.Literals(DAYS)))
})
export type Hours = typeof Hours.Type

/** Which orders a rule is for: those of which all of it holds. */
export const When = Schema.Struct({
  /** Countries of the called number, ISO 3166. */
  country: Schema.optionalKey(listOf(Schema.String.pipe(Schema.check(Schema.isPattern(/^[A-Z]{2}$/u))))),
  /** Beginnings of the called number. */
  prefix: Schema.optionalKey(listOf(Schema.String.pipe(Schema.check(Schema.isPattern(/^\+[1-9]\d{0,14}$/u))))),
  /** When it is to be called: `scheduledAt`, or now. */
  hours: Schema.optionalKey(Hours),
  /** Fields that the order has, all of them. */
  needs: Schema.optionalKey(listOf(Schema.Literals(NEEDED_FIELDS)))
})
export type When = typeof When.Type

/** By chance, but always the same for one key. */
const Weighted = Schema.Struct({
  /** By provider, relative to each other: 1 and 1, or 90 and 10. Where a weight grows, keys move to its provider only. 0: none any more. */
  weights: Schema.Record(Schema.String, Weight),
  /** `number`: a person is called by one provider. `key`: the order's `routeKey`, which it must have. @default "number" */
  by: Schema.optionalKey(Schema.Literals(["number", "key", "reference"])),
  /**
   * Whether the journal keeps who was chosen, so that nobody moves when weights change; unless the weight is 0 then. It keeps a digest under
   * a secret of yours (`secret` of `makeRouter`), and no number. @default false
   */
  keep: Schema.optionalKey(Schema.Boolean)
})
export type Weighted = typeof Weighted.Type

/** The least price first; a provider without a price for the number is not chosen. */
const Cheapest = Schema.Struct({
  cheapest: listOf(ProviderId),
  /** How long a call is taken to be. @default 1 */
  minutes: Schema.optionalKey(Schema.Finite.pipe(Schema.check(Schema.isGreaterThan(0))))
})
export type Cheapest = typeof Cheapest.Type

const inFile = [
  /** One provider. */
  ProviderId,
  /** The first that can take the order. */
  listOf(ProviderId),
  Weighted,
  Cheapest
] as const

/** The running experiment of a file, beside that of the configuration. */
const ExperimentFile = Schema.Struct({ experiment: Schema.NonEmptyString })

/** The arms of a running experiment. Every order must be one that all arms can take. */
const Experimental = Schema.Struct({ experiment: Experiment })
export type Experimental = typeof Experimental.Type

/** Chooses one provider, or several in order of preference; `undefined` leaves it to the next rule. It must always choose the same for one order. */
export type Choose = (order: PlaceCall) => string | ReadonlyArray<string> | undefined

const Choosing = Schema.Struct({
  choose: Schema.declare((value): value is Choose => isFunction(value))
})

const Price = Schema.String.pipe(Schema.check(Schema.isPattern(/^\d{1,9}(?:\.\d{1,9})?$/u)))

/** Prices by the beginning of a number, the longest that fits; `default` fits every number. Decimal texts. */
export const RateCard = Schema.Struct({
  /** ISO 4217. All rate cards have the same. */
  currency: Schema.String.pipe(Schema.check(Schema.isPattern(/^[A-Z]{3}$/u))),
  perMinute: Schema.Record(Schema.String, Price),
  /** For each call, whatever its length. @default "0" */
  perCall: Schema.optionalKey(Price)
})
export type RateCard = typeof RateCard.Type

const ruleOf = <S extends Schema.Constraint>(use: S) =>
  Schema.Struct({
    /** What decisions call it. */
    name: Name,
    /** @default every order */
    when: Schema.optionalKey(When),
    /** Who places them. */
    use
  })

const configurationOf = <S extends Schema.Constraint>(use: S) =>
  Schema.Struct({
    /** By the application's own name. */
    agents: Schema.optionalKey(Schema.Record(Schema.String, NamedAgent)),
    /** By name. */
    routes: Schema.optionalKey(
      Schema.Record(
        Schema.String,
        Schema.Struct({
          /** The first that is for the order, and has a provider that can take it, decides. */
          rules: listOf(ruleOf(use)),
          /** What may be left out of every order, as its own `mayOmit` says. @default nothing */
          mayOmit: Schema.optionalKey(Schema.Array(Omittable))
        })
      )
    ),
    /** The route of orders that name neither a route nor a provider. @default none */
    defaultRoute: Schema.optionalKey(Name),
    /** Providers at which each order is also checked, as if it were placed there: what one of them cannot take is told, and nothing sent. */
    alsoCheck: Schema.optionalKey(listOf(ProviderId)),
    /** By provider: what a call costs. */
    rates: Schema.optionalKey(Schema.Record(Schema.String, RateCard))
  })

/** A configuration as it stands in a file. */
export const ConfigurationFile = configurationOf(Schema.Union([...inFile, ExperimentFile]))
export type ConfigurationFile = typeof ConfigurationFile.Type

const RuleUse = Schema.Union([...inFile, Experimental, Choosing])
export type RuleUse = typeof RuleUse.Type

/** A configuration, checked. */
export const Configuration = configurationOf(RuleUse)
export type Configuration = typeof Configuration.Type

/** A configuration as it is written in code. */
export interface ConfigurationInput extends Schema.Codec.Encoded<typeof Configuration> {
  /** Of a file: where editors find its JSON Schema. */
  readonly $schema?: string
}
export type Route = NonNullable<Configuration["routes"]>[string]
export type Rule = Route["rules"][number]
