import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import { providers } from "../../../adapters/index.ts"
import { makeNormalizer, withoutNative } from "../../../src/normalize/Normalizer.ts"
import { fixturesOf } from "../../adapters/fixtures.ts"
import {
  anyJson,
  anyOf,
  type Arb,
  edit,
  edited,
  oneOf,
  payload,
  permutation,
  permuted
} from "../../arbitrary/payloads.ts"
import { collect, isBalanced, plain } from "./collecting.ts"

const { normalize } = makeNormalizer(providers)

const runs = (count: number) => ({ arbitrary: { runs: count } })

/** As `unicall normalize` would have written it, with native or without. */
const normalised = (value: unknown, native: boolean): ReadonlyArray<unknown> =>
  normalize(value).map((record) =>
    JSON.parse(JSON.stringify(native || record.kind === "rejection" ? record : withoutNative(record)))
  )

const placement: Arb<unknown> = Arbitrary.map(
  Arbitrary.all({
    reference: oneOf("ref-1", "ref-2", "ref-3"),
    provider: oneOf("revox", "revring"),
    state: oneOf("accepted", "uncertain", "failed", "released", "reserved", "ended"),
    latencyMs: oneOf<number | undefined>(undefined, 120, 340),
    id: oneOf("order-1", "order-2")
  }),
  ({ reference, provider, state, latencyMs, id }) => ({
    reference,
    provider,
    state,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(state === "accepted" ? { call: `${provider}:${id}` } : {}),
    ...(state === "failed" ? { reason: "AtCapacity" } : {})
  })
)

/** Payloads of Revox and RevRing, as they came or normalised, few ids so that they meet; and placements. */
const item: Arb<ReadonlyArray<unknown>> = Arbitrary.map(
  Arbitrary.all({
    value: anyOf<unknown>(payload, payload, payload, payload, placement),
    how: oneOf("raw", "native", "bare")
  }),
  ({ value, how }) => (how === "raw" || "state" in Object(value) ? [value] : normalised(value, how === "native"))
)
const items: Arb<ReadonlyArray<unknown>> = Arbitrary.map(Arbitrary.array(item, { maxLength: 8 }), (each) => each.flat())

describe("collecting", () => {
  it.prop(
    "does not depend on the order of the input",
    [items, permutation],
    ([values, order]) => {
      expect(plain(collect(permuted(values, order)).collected)).toEqual(plain(collect(values).collected))
    },
    runs(250)
  )

  it.prop(
    "does not depend on what comes twice",
    [items],
    ([values]) => {
      const [once, twice] = [plain(collect(values).collected), plain(collect([...values, ...values]).collected)]
      expect({ ...twice, data: undefined }).toEqual({ ...once, data: undefined })
      expect(twice.data.orders).toBe(once.data.orders)
      expect(twice.data.records).toBe(2 * once.data.records)
    },
    runs(120)
  )

  it.prop(
    "accounts for every record",
    [items],
    ([values]) => {
      expect(isBalanced(collect(values).collected)).toBe(true)
    },
    runs(150)
  )

  it.prop(
    "takes any JSON value, and normalised records with anything in them, without a crash",
    [
      Arbitrary.array(
        anyOf<unknown>(
          anyJson(4),
          Arbitrary.map(
            Arbitrary.all({ value: payload, edits: Arbitrary.array(edit, { minLength: 1, maxLength: 4 }) }),
            ({ value, edits }) => edited(normalised(value, true)[0], edits)
          )
        ),
        { maxLength: 5 }
      )
    ],
    ([values]) => {
      expect(isBalanced(collect(values).collected)).toBe(true)
    },
    runs(300)
  )

  /** Says that it took one dial, and a second one is beside it: raw payloads are joined, a record that tells all is believed. */
  const contradictory = "list-attempts-with-order-id-and-numeric-ids"

  it.each(
    providers.ids.flatMap((id) =>
      fixturesOf(id)
        .filter(({ name }) => name !== contradictory)
        .map(({ name, wire }) => [`${id}/${name}`, wire] as const)
    )
  )("answers the same for %s as it came and normalised", (_, wire) => {
    const [raw, bare] = [collect([wire]).collected, collect(normalised(wire, false)).collected]
    expect({ ...plain(bare), data: undefined }).toEqual({ ...plain(raw), data: undefined })
    // Records that fold are one when they come raw in one payload, and so they are when they come apart.
    expect(bare.data.orders).toBe(raw.data.orders)
    expect(isBalanced(bare) && isBalanced(raw)).toBe(true)
  })

  it("of all fixtures at once, raw and normalised, is that of the raw ones", () => {
    const wires = providers.ids.flatMap((id) => fixturesOf(id).map(({ wire }) => wire))
    const both = wires.flatMap((wire) => [wire, ...normalised(wire, true), ...normalised(wire, false)])
    const mixed = collect(both).collected
    expect(plain(collect(both.toReversed()).collected)).toEqual(plain(mixed))
    expect(mixed.data.orders).toBe(collect(wires).collected.data.orders)
    expect(mixed.data.orders).toBeGreaterThan(30)
    expect(isBalanced(mixed)).toBe(true)
  })
})
