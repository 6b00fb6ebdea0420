/** Normalised orders by the million, each of its own: what `unicall normalize --no-native` writes, with other ids and numbers. */
import { closeSync, openSync, writeSync } from "node:fs"
import { providers } from "../../adapters/index.ts"
import { viewFact } from "../../src/domain/View.ts"
import { makePayloadReader } from "../../src/normalize/normalize.ts"
import { withoutNative } from "../../src/normalize/Normalizer.ts"
import { payloadAt } from "./data.ts"

/** So many different orders, again and again under new ids. */
const TEMPLATES = 2_000

/** Orders to one person. */
const ORDERS_PER_PERSON = 1.25

/** A text in the form of an id or number, split where the id and the number stand. */
type Template = ReadonlyArray<string>

const ID = "@id@"
const NUMBER = "@to@"

/** Outbound orders; a record of an attempt alone, an inbound call or a damaged record would not be compared. */
const templates = (seed: number): ReadonlyArray<Template> => {
  const found: Array<Template> = []
  const read = makePayloadReader(
    providers,
    {},
    {
      fact: (fact, adapter) => {
        const record = viewFact(fact, adapter)
        if (record.kind !== "call_order" || record.direction !== "outbound" || record.channel === "web") return
        if (record.to === undefined) return
        const text = JSON.stringify(withoutNative(record)).replaceAll(record.id, ID).replaceAll(record.to, NUMBER)
        found.push(text.split(/(@id@|@to@)/))
      },
      view: () => {},
      hint: () => {},
      rejection: () => {}
    }
  )
  for (let index = 0; found.length < TEMPLATES; index++) read(payloadAt(index, { seed }), () => "bench")
  return found
}

/** A number in form only: none is in use. */
const numberOf = (person: number): string => `+99900${String(person).padStart(7, "0")}`

export interface OrdersOptions {
  readonly records: number
  /** Distinct ones, told of again and again one after the other; as many as records unless given. */
  readonly orders?: number
  readonly seed: number
}

/** Writes an NDJSON file, a block at a time; returns its size in bytes. */
export const writeOrders = (path: string, { records, orders = records, seed }: OrdersOptions): number => {
  const texts = templates(seed)
  const persons = Math.ceil(orders / ORDERS_PER_PERSON)
  const file = openSync(path, "w")
  let [bytes, block] = [0, ""]
  try {
    for (let record = 0; record < records; record++) {
      const index = record % orders
      const parts = texts[index % texts.length] ?? []
      const to = numberOf((index * 7_919) % persons)
      for (const part of parts) block += part === ID ? `order-${index}` : part === NUMBER ? to : part
      block += "\n"
      if (block.length < 1 << 20) continue
      bytes += writeSync(file, block)
      block = ""
    }
    bytes += writeSync(file, block)
  } finally {
    closeSync(file)
  }
  return bytes
}
