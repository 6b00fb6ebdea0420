/** Orders from a file or standard input: one, an array, or one a line. */
import * as Effect from "effect/Effect"
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import type { FieldFault } from "../../domain/PlaceCall.ts"
import { defaultLimits } from "../../normalize/reading/documents.ts"
import { plainText, tell } from "../shell/terminal.ts"
import { findInputs } from "./findInputs.ts"
import { whileUnchanged } from "./inputBytes.ts"
import { readInThread, type ReadingJob } from "./readInputs.ts"

/** An order as it was written, not checked yet. */
export interface WrittenOrder {
  /** Its place in a file, if it is from one. */
  readonly source?: string
  /** Among the orders of the run, from 0. */
  readonly place: number
  readonly input?: unknown
  /** Why it cannot be read, or cannot be placed. */
  readonly fault?: FieldFault
}

/** `defaults` fill in what an order leaves out. */
export const readOrders = Effect.fnUntraced(function* (name: string, defaults: JsonObject) {
  const found: Array<WrittenOrder> = []
  const inputs = yield* findInputs([name], { forced: "json", otherwise: "json" })
  const job: ReadingJob = {
    tally: { read: 0, rejected: 0 },
    payload: (value, source) => {
      const input = isJsonObject(value) ? { ...defaults, ...value } : value
      found.push({ source: source(), place: found.length, input })
    },
    unreadable: (source, damaged) => {
      const fault = { field: "order", expected: damaged.replace(/^expected /, "") }
      found.push({ source, place: found.length, fault })
    }
  }
  const options = { limits: defaultLimits, payloadColumn: undefined, providerColumn: undefined }
  for (const input of inputs) yield* whileUnchanged(input, readInThread([input], job, options))
  if (found.length === 0) tell(`${plainText(name)}: holds no order\n`)
  return found
})
