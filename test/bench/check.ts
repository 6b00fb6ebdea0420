/** Ours and the hand-written mapper must give the same records, or their times say nothing. */
import { isDeepStrictEqual } from "node:util"
import { mapByHand, type Payload } from "./baseline.ts"
import { payloadAt } from "./data.ts"
import { makeMapper } from "./ours.ts"

/** A value as it comes out of the output file. */
const printed = (records: ReadonlyArray<object>): unknown => JSON.parse(JSON.stringify(records))

const firstDifference = (a: unknown, b: unknown, path = ""): string | undefined => {
  if (isDeepStrictEqual(a, b)) return undefined
  if (typeof a === "object" && a !== null && typeof b === "object" && b !== null) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = firstDifference(Reflect.get(a, key), Reflect.get(b, key), `${path}/${key}`)
      if (found !== undefined) return found
    }
  }
  return `${path}: ours ${JSON.stringify(a)}, by hand ${JSON.stringify(b)}`
}

/** The first difference in a sample, or none. */
export const checkBaseline = (count: number, seed: number): string | undefined => {
  const map = makeMapper()
  for (let index = 0; index < count; index++) {
    const text = JSON.stringify(payloadAt(index, { seed }))
    const ours: Array<object> = []
    const byHand: Array<object> = []
    map(JSON.parse(text), (record) => ours.push(record))
    const payload: Payload = JSON.parse(text)
    mapByHand(payload, (record) => byHand.push(record))
    const difference = firstDifference(printed(ours), printed(byHand))
    if (difference !== undefined) return `record ${index}${difference}`
  }
  return undefined
}
