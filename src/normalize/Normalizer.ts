/** The face of normalising: one payload, many payloads, streams. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type CallRecord, OutputRecord } from "../domain/OutputRecord.ts"
import { Rejection } from "../domain/Rejection.ts"
import type { Registry } from "../provider/registry.ts"
import { makeFold } from "./fold.ts"
import { makePayloadReader, type ReadOptions, viewFact } from "./normalize.ts"

export interface NormalizeOptions extends ReadOptions {
  /** Leave the provider's record out of the output. */
  readonly native?: boolean | undefined
  /** Names the input in rejections; `payload` unless given. */
  readonly source?: string | undefined
}

/** Some of a payload is no call record. What could be read of it is in `records`; no input value is in the message. */
export class PayloadRejected extends Schema.TaggedError<PayloadRejected>()("PayloadRejected", {
  message: Schema.String,
  rejections: Schema.Array(Rejection),
  records: Schema.Array(OutputRecord)
}) {}

export interface Normalizer {
  /**
   * The records that a payload holds, in its order; what is no record of a known provider comes as a `rejection`.
   * Pure and total: it takes any JSON value and never throws.
   */
  readonly normalize: (payload: unknown, options?: NormalizeOptions) => ReadonlyArray<OutputRecord>
  /** The same as an Effect that fails if anything in the payload was rejected. */
  readonly normalizeEffect: (
    payload: unknown,
    options?: NormalizeOptions
  ) => Effect.Effect<ReadonlyArray<CallRecord>, PayloadRejected>
  /** The records of a stream of payloads. */
  readonly normalizeStream: (
    options?: NormalizeOptions
  ) => <E, R>(payloads: Stream.Stream<unknown, E, R>) => Stream.Stream<OutputRecord, E, R>
  /**
   * One record per order out of many payloads, and per attempt whose order is not among them. Any order and any
   * repetition of the payloads gives the same records. Hints and rejections are passed on, each as it comes.
   */
  readonly fold: (payloads: Iterable<unknown>, options?: NormalizeOptions) => ReadonlyArray<OutputRecord>
}

/** The record without the provider's own one; the values of a rejection stay, they are all that is left of it. */
export const withoutNative = (record: OutputRecord): OutputRecord => {
  switch (record.kind) {
    case "rejection":
      return record
    case "call_order": {
      const { native: _, ...rest } = record
      return { ...rest, attempts: rest.attempts.map(({ native: _, ...attempt }) => attempt) }
    }
    case "call_attempt": {
      const { native: _, ...rest } = record
      return rest
    }
    case "call_hint": {
      const { native: _, ...rest } = record
      return rest
    }
  }
}

export const makeNormalizer = (registry: Registry): Normalizer => {
  const normalize: Normalizer["normalize"] = (payload, options = {}) => {
    const records: Array<OutputRecord> = []
    const read = makePayloadReader(registry, options, {
      fact: (fact, adapter) => records.push(viewFact(fact, adapter)),
      hint: (hint) => records.push(hint),
      rejection: (rejection) => records.push(rejection)
    })
    read(payload, options.source ?? "payload")
    return options.native === false ? records.map(withoutNative) : records
  }
  return {
    normalize,
    normalizeEffect: Effect.fnUntraced(function* (payload, options) {
      const records = normalize(payload, options)
      const rejections = records.filter((record) => record.kind === "rejection")
      const [first] = rejections
      if (first === undefined) return records.filter((record) => record.kind !== "rejection")
      return yield* new PayloadRejected({ message: describe(first, rejections.length), rejections, records })
    }),
    normalizeStream: (options) => (payloads) => Stream.flatMap(payloads, (payload) => Stream.fromIterable(normalize(payload, options))),
    fold: (payloads, options = {}) => {
      const passedOn: Array<OutputRecord> = []
      const fold = makeFold()
      const read = makePayloadReader(registry, options, {
        fact: fold.add,
        hint: (hint) => passedOn.push(hint),
        rejection: (rejection) => passedOn.push(rejection)
      })
      let index = 0
      for (const payload of payloads) read(payload, `${options.source ?? "payload"}[${index++}]`)
      const records = [...fold.records(), ...passedOn]
      return options.native === false ? records.map(withoutNative) : records
    }
  }
}

const describe = ({ reason, path, message }: Rejection, count: number): string =>
  `${count === 1 ? "rejected" : `${count} rejected, the first`}: ${reason}${path === "" ? "" : ` at ${path}`}: ${message}`
