/** The JSON Schema of a configuration, for editors: its fields are described by what parsing expects there. */
import * as Schema from "effect/Schema"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { ConfigurationFile, NAME } from "../../src/routes/Configuration.ts"
import { DEFAULT_RATE } from "../../src/routes/rateCard.ts"
import { EXPECTED } from "../../src/routes/parseConfiguration.ts"

/** What a place is for, where what is expected there does not say it. Places are written as in `EXPECTED`. */
const PURPOSE: { readonly [place: string]: string } = {
  $schema: "where editors find this schema",
  "agents.*.providers.*.inline": "an agent defined here, where the provider takes one",
  "agents.*.providers.*.from":
    "numbers to call from where the order has none, in E.164; of several, a person is always called from the same one",
  "agents.*.providers.*.localPresence":
    "whether those of the numbers come first that are of the called number's country (default false)",
  "agents.*.providers.*.variables": "variables where the order does not say otherwise",
  "agents.*.providers.*.metadata": "metadata where the order does not say otherwise",
  "agents.*.variables": "variables at every provider, where the order does not say otherwise",
  "agents.*.metadata": "metadata at every provider, where the order does not say otherwise",
  "routes.*.rules": "the first that is for the order, and has a provider that can take it, decides",
  "routes.*.rules[].when": "which orders the rule is for: those of which all of it holds (default every order)",
  "routes.*.rules[].when.hours":
    "when the call is to be made, by the clock of a time zone; from after to spans midnight",
  "routes.*.rules[].when.needs": "fields that the order has, all of them",
  "routes.*.rules[].use.by": "what the chance goes by (default number: a person is called by one provider)",
  "routes.*.rules[].use.minutes": "how long a call is taken to be (default 1)",
  "routes.*.rules[].use.experiment": "the file of a running experiment, beside this one",
  "routes.*.mayOmit": "what may be left out for a provider that cannot take it (default nothing)",
  defaultRoute: "the route of orders that name neither a route nor a provider (default none)",
  "rates.*.perCall": 'for each call, whatever its length: a decimal number as text (default "0")'
}

/** What the schema in the code does not say of names and providers, but parsing does. */
const MORE: { readonly [place: string]: JsonObject } = {
  agents: { propertyNames: { pattern: NAME.source } },
  routes: { propertyNames: { pattern: NAME.source } },
  "agents.*.providers": { minProperties: 1 },
  "agents.*.providers.*.from": { uniqueItems: true },
  "rates.*.perMinute": { propertyNames: { pattern: `^(?:${DEFAULT_RATE}|\\+[1-9]\\d{0,14})$` } }
}

const at = (table: { readonly [place: string]: string }, place: string): string | undefined =>
  Object.hasOwn(table, place) ? table[place] : undefined

const described = (schema: unknown, place: string): unknown => {
  if (!isJsonObject(schema)) return schema
  const { properties, additionalProperties, items, anyOf } = schema
  const below = (name: string): string => (place === "" ? name : `${place}.${name}`)
  const description = at(PURPOSE, place) ?? at(EXPECTED, place)
  return {
    ...(description === undefined ? {} : { description }),
    ...schema,
    ...(isJsonObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [name, described(property, below(name))])
          )
        }
      : {}),
    ...(isJsonObject(additionalProperties)
      ? { additionalProperties: described(additionalProperties, below("*")) }
      : {}),
    ...(isJsonObject(items) ? { items: described(items, `${place}[]`) } : {}),
    ...(Array.isArray(anyOf) ? { anyOf: anyOf.map((each) => membersDescribed(each, place)) } : {}),
    ...(Object.hasOwn(MORE, place) ? MORE[place] : {})
  }
}

/** One of several forms: what the place is for has been said of all of them. */
const membersDescribed = (schema: unknown, place: string): unknown => {
  const form = described(schema, place)
  if (!isJsonObject(form)) return form
  const { description: _said, ...rest } = form
  return rest
}

export const configurationBody = (): JsonObject => {
  const { schema, definitions } = Schema.toJsonSchemaDocument(ConfigurationFile, { onExcessProperty: "error" })
  const { properties } = schema
  const whole = {
    ...schema,
    properties: { $schema: { type: "string" }, ...(isJsonObject(properties) ? properties : {}) }
  }
  const body = described(whole, "")
  if (!isJsonObject(body) || Object.keys(definitions).length > 0) throw new Error("a part of it stands elsewhere")
  return body
}
