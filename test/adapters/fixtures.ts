import { readdirSync, readFileSync } from "node:fs"
import * as Schema from "effect/Schema"

/** One scenario of a provider: a body as received and the records it becomes. All synthetic. */
export const Fixture = Schema.Struct({
  about: Schema.NonEmptyString,
  origin: Schema.Literals(["synthetic", "documented"]),
  apiVersion: Schema.String,
  /** What the expected values follow from, and how sure that is: the documentation, types, or a conclusion of ours. */
  basis: Schema.optionalKey(Schema.NonEmptyArray(Schema.NonEmptyString)),
  wire: Schema.Unknown,
  expected: Schema.Array(Schema.Record(Schema.String, Schema.Unknown))
})
export type Fixture = typeof Fixture.Type

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Fixture))

const adapters = new URL("../../adapters/", import.meta.url)

export interface NamedFixture extends Fixture {
  readonly name: string
}

export const fixturesOf = (provider: string): ReadonlyArray<NamedFixture> => {
  const folder = new URL(`${provider}/fixtures/`, adapters)
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => ({ name: name.slice(0, -".json".length), ...decode(readFileSync(new URL(name, folder), "utf8")) }))
}
