/** Checks of a configuration: what its schema says of single fields, and what no schema can say. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isJsonObject, type PathStep } from "../domain/Json.ts"
import { misfitOf } from "../domain/misfit.ts"
import { isCountry } from "../domain/PhoneNumber.ts"
import { faultOf, type FieldFault, NO_SUCH_FIELD } from "../domain/PlaceCall.ts"
import { isTimeZone } from "../domain/wallClock.ts"
import { NEEDED_FIELDS } from "../provider/orderNeeds.ts"
import { Configuration, isName, type Rule } from "./Configuration.ts"
import { DEFAULT_RATE } from "./rateCard.ts"

/** The first mistake of a configuration by its place, or the configuration. Which providers there are is another question; see `makeRouter`. */
export const parseConfiguration = (input: unknown): Result.Result<Configuration, FieldFault> => {
  if (!isJsonObject(input)) return Result.fail({ field: "configuration", expected: "an object" })
  const { $schema: _editor, ...fields } = input
  const decoded = decode(fields, { onExcessProperty: "error" })
  if (Result.isFailure(decoded)) return Result.fail(inOwnWords(decoded.failure))
  for (const fault of faultsOf(decoded.success)) if (fault !== undefined) return Result.fail(fault)
  return Result.succeed(decoded.success)
}

const decode = Schema.decodeUnknownResult(Configuration)

const NAME =
  "a name that begins with a letter: 1 to 64 letters, digits, dots, dashes and underscores, no telephone number"
const NUMBER = "telephone numbers in E.164, such as +12025550100"
const TEXTS = "text by name"
const USE =
  'a provider, a list of providers, { "weights": { PROVIDER: NUMBER } }, { "cheapest": [PROVIDER] } or { "experiment": … }'

const ONE_USE =
  "one of weights (with by, keep), cheapest (with minutes), experiment and choose, and nothing of another one"

/** What to say instead of a schema's own words; `[]` stands for a place in a list, `*` for a name of one's own. */
export const EXPECTED: { readonly [place: string]: string } = {
  agents: "named agents by name",
  "agents.*": '{ "providers": { PROVIDER: { "id": … } } }',
  "agents.*.providers": "what the agent is, by provider",
  "agents.*.providers.*": '{ "id": … }',
  "agents.*.providers.*.id": "the id of the agent at the provider",
  "agents.*.providers.*.from": `a list of ${NUMBER}`,
  "agents.*.providers.*.from[]": NUMBER,
  "agents.*.providers.*.localPresence": "true or false",
  "agents.*.providers.*.variables": TEXTS,
  "agents.*.providers.*.metadata": TEXTS,
  "agents.*.providers.*.variables.*": "text",
  "agents.*.providers.*.metadata.*": "text",
  "agents.*.providers.*.options": "options of the provider by name",
  "agents.*.variables": TEXTS,
  "agents.*.metadata": TEXTS,
  "agents.*.variables.*": "text",
  "agents.*.metadata.*": "text",
  routes: "routes by name",
  "routes.*": '{ "rules": [ … ] }',
  "routes.*.rules": 'a list of rules: { "name": …, "use": … }, with when if wished',
  "routes.*.rules[]": '{ "name": …, "use": … }, with when if wished',
  "routes.*.rules[].name": NAME,
  "routes.*.rules[].use": USE,
  "routes.*.rules[].use.weights": "a number by provider",
  "routes.*.rules[].use.weights.*": "a number, 0 or more",
  "routes.*.rules[].use.by": "number, key or reference",
  "routes.*.rules[].use.keep": "true or false",
  "routes.*.rules[].use.cheapest": "a list of providers",
  "routes.*.rules[].use.minutes": "a number above 0",
  "routes.*.rules[].use.experiment": "an experiment",
  "routes.*.rules[].when": "country, prefix, hours or needs",
  "routes.*.rules[].when.country": "a list of countries by their two letters (ISO 3166), such as FR",
  "routes.*.rules[].when.country[]": "a country by its two letters (ISO 3166), such as FR",
  "routes.*.rules[].when.prefix": "a list of beginnings of numbers in E.164, such as +33",
  "routes.*.rules[].when.prefix[]": "the beginning of a number in E.164, such as +33",
  "routes.*.rules[].when.hours": '{ "from": "09:00", "to": "18:00", "timeZone": "Europe/Paris" }, with days if wished',
  "routes.*.rules[].when.hours.from": "a time of day such as 09:00",
  "routes.*.rules[].when.hours.to": "a time of day such as 18:00",
  "routes.*.rules[].when.hours.timeZone": "the IANA name of a time zone, such as Europe/Paris",
  "routes.*.rules[].when.hours.days": "a list of days, such as monday",
  "routes.*.rules[].when.hours.days[]": "a day, such as monday",
  "routes.*.rules[].when.needs": `a list of fields: ${NEEDED_FIELDS.join(", ")}`,
  "routes.*.rules[].when.needs[]": `one of ${NEEDED_FIELDS.join(", ")}`,
  "routes.*.mayOmit": "a list of metadata, retry, concurrency",
  "routes.*.mayOmit[]": "metadata, retry or concurrency",
  defaultRoute: "the name of a route",
  alsoCheck: "a list of providers",
  "alsoCheck[]": "a provider",
  rates: "rate cards by provider",
  "rates.*": '{ "currency": "USD", "perMinute": { "default": "0.10" } }',
  "rates.*.currency": "a currency by its three letters (ISO 4217), such as USD",
  "rates.*.perMinute": 'prices by prefix: { "default": "0.10", "+33": "0.14" }',
  "rates.*.perMinute.*": 'a decimal number as text, such as "0.10"',
  "rates.*.perCall": 'a decimal number as text, such as "0.01"'
}

/** Members whose names are the writer's own. */
const NAMED = [
  "agents",
  "routes",
  "rates",
  "agents.*.providers",
  "agents.*.variables",
  "agents.*.metadata",
  "agents.*.providers.*.variables",
  "agents.*.providers.*.metadata",
  "routes.*.rules[].use.weights",
  "rates.*.perMinute"
]

const placeOf = (path: ReadonlyArray<PathStep>): string =>
  path.reduce<string>((place, step) => {
    if (typeof step === "number") return `${place}[]`
    const name = NAMED.includes(place) ? "*" : step
    return place === "" ? name : `${place}.${name}`
  }, "")

const inOwnWords = (error: Parameters<typeof faultOf>[0]): FieldFault => {
  const { field, expected } = faultOf(error)
  const place = placeOf(misfitOf(error).path)
  if (!Object.hasOwn(EXPECTED, place)) return { field, expected }
  // A field that there is, and not beside the others: only what a rule does has several forms.
  return expected === NO_SUCH_FIELD
    ? { field: field.slice(0, field.lastIndexOf(".")), expected: ONE_USE }
    : { field, expected: EXPECTED[place] ?? expected }
}

const unless = (holds: boolean, field: string, expected: string): FieldFault | undefined =>
  holds ? undefined : { field, expected }

const isPrefix = (text: string): boolean => /^\+[1-9]\d{0,14}$/u.test(text)

/** What a schema of single fields cannot say, in the order of the fields. */
function* faultsOf(configuration: Configuration): Generator<FieldFault | undefined> {
  const { agents = {}, routes = {}, defaultRoute, rates = {} } = configuration
  for (const [name, { providers }] of Object.entries(agents)) {
    yield unless(isName(name), "agents", NAME)
    yield unless(Object.keys(providers).length > 0, `agents.${name}.providers`, "one provider at least")
    for (const [provider, { from = [] }] of Object.entries(providers)) {
      yield unless(new Set(from).size === from.length, `agents.${name}.providers.${provider}.from`, "each number once")
    }
  }
  for (const [name, { rules }] of Object.entries(routes)) {
    yield unless(isName(name), "routes", NAME)
    for (const [at, rule] of rules.entries()) {
      const field = `routes.${name}.rules[${at}]`
      yield unless(
        rules.findIndex((other) => other.name === rule.name) === at,
        `${field}.name`,
        "a name that no other rule of the route has"
      )
      yield ruleFault(rule, field, rates)
    }
  }
  yield unless(defaultRoute === undefined || Object.hasOwn(routes, defaultRoute), "defaultRoute", "the name of a route")
  const [first] = Object.values(rates)
  for (const [provider, { currency, perMinute }] of Object.entries(rates)) {
    yield unless(
      currency === first?.currency,
      `rates.${provider}.currency`,
      `${first?.currency}, as the other rate cards: prices of two currencies cannot be compared`
    )
    const odd = Object.keys(perMinute).find((prefix) => prefix !== DEFAULT_RATE && !isPrefix(prefix))
    yield unless(
      odd === undefined,
      `rates.${provider}.perMinute`,
      `"${DEFAULT_RATE}" or beginnings of numbers in E.164, such as +33`
    )
  }
}

const ruleFault = (
  { when = {}, use }: Rule,
  field: string,
  rates: NonNullable<Configuration["rates"]>
): FieldFault | undefined => {
  const { hours, country = [] } = when
  const foreign = country.findIndex((code) => !isCountry(code))
  if (foreign >= 0)
    return {
      field: `${field}.when.country[${foreign}]`,
      expected: EXPECTED["routes.*.rules[].when.country[]"] ?? ""
    }
  if (hours !== undefined && !isTimeZone(hours.timeZone))
    return { field: `${field}.when.hours.timeZone`, expected: EXPECTED["routes.*.rules[].when.hours.timeZone"] ?? "" }
  if (hours !== undefined && hours.from === hours.to)
    return { field: `${field}.when.hours`, expected: "an end that is not the beginning" }
  if (typeof use === "string") return undefined
  if ("weights" in use)
    return unless(
      Object.values(use.weights).some((weight) => weight > 0),
      `${field}.use.weights`,
      "a weight above 0"
    )
  if ("cheapest" in use) {
    const unpriced = use.cheapest.find((provider) => !Object.hasOwn(rates, provider))
    const expected = `providers with a rate card in rates; ${unpriced} has none`
    return (
      unless(unpriced === undefined, `${field}.use.cheapest`, expected) ??
      repeated(use.cheapest, `${field}.use.cheapest`)
    )
  }
  return "experiment" in use || "choose" in use ? undefined : repeated(use, `${field}.use`)
}

const repeated = (providers: ReadonlyArray<string>, field: string): FieldFault | undefined =>
  unless(new Set(providers).size === providers.length, field, "each provider once")
