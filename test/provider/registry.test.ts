import { describe, expect, it } from "vitest"
import { revox } from "../../adapters/revox/index.ts"
import { revring } from "../../adapters/revring/index.ts"
import { ProviderId } from "../../src/domain/Identifiers.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import type { Envelopes } from "../../src/provider/envelopes.ts"
import { registry, registryOf } from "../../src/provider/registry.ts"
import { adapterContract } from "../../src/testing/index.ts"
import { fixturesOf } from "../adapters/fixtures.ts"

const acmeWith = (more: Partial<Adapter<"acme">>): Adapter<"acme"> => ({
  ...revring,
  id: "acme",
  providerId: ProviderId.make("acme"),
  title: "Acme",
  ...more
})

describe("a registry", () => {
  it("joins the envelopes of its adapters, in the order of their keys", () => {
    const acme = acmeWith({
      envelopes: { rows: { holds: "one" }, items: { holds: "one" }, call: { holds: "one", around: "row" } }
    })
    const { envelopes } = registry({ acme, revring, revox })
    expect(envelopes.map(({ adapters, ...said }) => ({ ...said, of: adapters.map(({ id }) => id) }))).toEqual([
      { key: "call", one: true, list: true, around: "row", of: ["acme", "revox"] },
      { key: "calls", one: false, list: true, around: "page", of: ["revox"] },
      { key: "data", one: true, list: true, around: "page", of: ["revring", "revox"] },
      { key: "items", one: true, list: false, around: "page", of: ["acme"] },
      { key: "rows", one: true, list: true, around: "page", of: ["acme", "revox"] }
    ])
    const keys = registry({ revox, revring, acme }).envelopes.map(({ key }) => key)
    expect(keys).toEqual(envelopes.map(({ key }) => key))
  })

  it("has no envelope that no adapter declares", () => {
    expect(registry({ acme: acmeWith({ envelopes: undefined }) }).envelopes).toEqual([])
  })

  it("refuses to be empty", () => {
    expect(() => registry({})).toThrow("at least one adapter")
  })

  it("refuses two adapters with one id, in whatever case and wherever it stands", () => {
    expect(() => registryOf<string>([revox, acmeWith({}), acmeWith({})])).toThrow('two adapters have the id "acme"')
    expect(() => registryOf<string>([revox, { ...acmeWith({}), id: "Revox" }])).toThrow('have the id "revox"')
    expect(() => registry({ revox, acme: acmeWith({ providerId: revox.providerId }) })).toThrow('have the id "revox"')
  })

  it("refuses an adapter under another key than its id", () => {
    const misplaced: { readonly [id: string]: Adapter } = { acme: revring }
    expect(() => registry(misplaced)).toThrow('expected the adapter revring to stand under its id, got the key "acme"')
  })

  it("refuses two shapes of one name, with records or without", () => {
    const [shape] = revring.shapes
    if (shape === undefined) throw new Error("no shape")
    const message = 'two shapes of acme have the name "call"'
    expect(() => registry({ acme: acmeWith({ shapes: [...revring.shapes, shape] }) })).toThrow(message)
    expect(() => registry({ acme: acmeWith({ recordless: [shape] }) })).toThrow(message)
  })

  it.each<readonly [string, Envelopes, string]>([
    [
      "a page where another has a row",
      { call: { holds: "one" } },
      '"call" stands in a row of revox and in a page of acme'
    ],
    [
      "a row where another has a page",
      { calls: { holds: "list", around: "row" } },
      '"calls" stands in a page of revox and in a row of acme'
    ],
    ["a path for a key", { "data.items": { holds: "list" } }, '"data.items" of acme to be a single key'],
    ["a key of secrets", { accessTokens: { holds: "list" } }, '"accessTokens" is also the key of a secret'],
    ["a key that is a secret to another adapter", { vault_page: { holds: "one" } }, '"vault_page" is also the key']
  ])("refuses %s", (_, envelopes, message) => {
    const other: Adapter<"revox"> = { ...revox, secretKeys: { secrets: ["vault page"] } }
    expect(() => registry({ revox: other, acme: acmeWith({ envelopes }) })).toThrow(message)
  })

  it.each([
    ["holds", '{ "items": { "holds": "many" } }', 'envelope "items" of acme to hold "one", "list" or "either"'],
    ["around", '{ "items": { "holds": "one", "around": "list" } }', 'of acme to have "page" or "row" around it']
  ])("refuses an unknown word for %s, since JavaScript does not check it", (_, written, message) => {
    expect(() => registry({ acme: acmeWith({ envelopes: JSON.parse(written) }) })).toThrow(message)
  })
})

describe("the contract suite", () => {
  it("does not test another adapter of the same id in silence", () => {
    expect(() => adapterContract(revox, fixturesOf("revox"), { others: [{ ...revox, title: "Other" }] })).toThrow(
      'two adapters have the id "revox"'
    )
  })
})
