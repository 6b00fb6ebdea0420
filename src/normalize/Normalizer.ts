/** The face of normalising: one payload, many payloads, streams. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { CallHint } from "../domain/CallHint.ts"
import type { CallRecord, OutputRecord } from "../domain/OutputRecord.ts"
import { type Rejection, RejectionReason } from "../domain/Rejection.ts"
import { viewFact } from "../domain/View.ts"
import type { Registry } from "../provider/registry.ts"
import { defaultLimits, type Limits, makeDocumentSplitter } from "./reading/documents.ts"
import { withoutPrefixes } from "./reading/logPrefix.ts"
import { makeFold } from "./fold.ts"
import { isLineOfLog } from "./textPayload.ts"
import type { FactLine } from "./written/factLines.ts"
import { makePayloadReader, type ReadOptions, unreadableText, viewAgain } from "./normalize.ts"

/** How payloads are read, and what is left out of the records. */
export interface NormalizeOptions extends ReadOptions {
  /** Leave the provider's record out of the output. */
  readonly native?: boolean | undefined
  /** Names the input in rejections. @default "payload" */
  readonly source?: string | undefined
}

/**
 * Some of a payload is no call record. Holds reasons and places, never values: what was rejected, and what could be read
 * beside it, is to be had from `normalize`.
 */
export class PayloadRejected extends Schema.TaggedError<PayloadRejected>()("PayloadRejected", {
  message: Schema.String,
  rejections: Schema.Array(
    Schema.Struct({ reason: RejectionReason, path: Schema.String, message: Schema.String, source: Schema.String })
  )
}) {}

/** How a stream of bytes is read. */
export interface BytesOptions extends NormalizeOptions {
  /** Bounds of a single record. @default 64 MiB and 500 levels of nesting */
  readonly limits?: Limits | undefined
}

/** Payloads in, records out, over the providers of one registry. */
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
   * The records of a stream of bytes: NDJSON, JSON arrays, envelopes, pretty-printed documents, in any mixture. Memory
   * is bounded by the longest record. Rejections name their line.
   */
  readonly normalizeBytes: (
    options?: BytesOptions
  ) => <E, R>(bytes: Stream.Stream<Uint8Array, E, R>) => Stream.Stream<OutputRecord, E, R>
  /**
   * One record per order out of many payloads, and per attempt whose order is not among them. Any order and any
   * repetition of the payloads gives the same records. Hints and rejections are passed on, each as it comes.
   *
   * With `facts: true` the joined claims come instead of the records, as plain JSON: folded again, together with
   * anything else and in any number of stages, they give what folding all at once gives.
   */
  readonly fold: {
    (payloads: Iterable<unknown>, options: FoldFactsOptions): ReadonlyArray<FoldedFact>
    (payloads: Iterable<unknown>, options?: FoldOptions): ReadonlyArray<OutputRecord>
  }
}

/** How payloads are folded into records. */
export interface FoldOptions extends NormalizeOptions {
  /** Facts instead of records. @default false */
  readonly facts?: false | undefined
}

/** How payloads are folded into facts. They hold the provider's records: their issues and `explain` point into those. */
export interface FoldFactsOptions extends Omit<NormalizeOptions, "native"> {
  /** What folding has joined, to be folded again, instead of records. */
  readonly facts: true
}

/** What folding gives to be folded again; hints and rejections are what they always are. */
export type FoldedFact = FactLine | CallHint | Rejection

/** The record without the provider's own one. */
export const withoutNative = (record: CallRecord): CallRecord => {
  const { native: _, ...rest } = record
  if (rest.kind !== "call_order") return rest
  const attempts = rest.attempts.map((attempt) => {
    const { native: __, ...own } = attempt
    return own
  })
  return { ...rest, attempts }
}

/** The raw value of a rejection stays: it is all that is left of what was rejected. */
const trimmed = (records: ReadonlyArray<OutputRecord>, native: boolean | undefined): ReadonlyArray<OutputRecord> =>
  native === false ? records.map((record) => (record.kind === "rejection" ? record : withoutNative(record))) : records

/** A reader that keeps what it reads until it is taken. */
const makeCollector = (registry: Registry, options: NormalizeOptions) => {
  let records: Array<OutputRecord> = []
  const keep = (record: OutputRecord): void => void records.push(record)
  const read = makePayloadReader(registry, options, {
    fact: (fact, adapter) => keep(viewFact(fact, adapter)),
    view: (record) => keep(viewAgain(record)),
    hint: keep,
    rejection: keep
  })
  const take = (): ReadonlyArray<OutputRecord> => {
    const taken = trimmed(records, options.native)
    records = []
    return taken
  }
  return { read, keep, take }
}

const DEFAULT_SOURCE = "payload"

/** The functions of normalising, over the providers given. */
export const makeNormalizer = (registry: Registry): Normalizer => {
  const normalize: Normalizer["normalize"] = (payload, options = {}) => {
    const { read, take } = makeCollector(registry, options)
    read(payload, () => options.source ?? DEFAULT_SOURCE)
    return take()
  }

  const normalizeEffect: Normalizer["normalizeEffect"] = Effect.fnUntraced(function* (payload, options) {
    const records = normalize(payload, options)
    const rejections = records.filter((record) => record.kind === "rejection")
    const [first] = rejections
    if (first === undefined) return records.filter((record) => record.kind !== "rejection")
    return yield* new PayloadRejected({
      message: describe(first, rejections.length),
      rejections: rejections.map(({ reason, path, message, source }) => ({ reason, path, message, source }))
    })
  })

  const normalizeStream: Normalizer["normalizeStream"] = (options) => (payloads) =>
    Stream.flattenIterable(Stream.map(payloads, (payload) => normalize(payload, options)))

  const normalizeBytes: Normalizer["normalizeBytes"] =
    (options = {}) =>
    (bytes) =>
      Stream.suspend(() => {
        const { read, keep, take } = makeCollector(registry, options)
        const source = (line: number): string => `${options.source ?? DEFAULT_SOURCE}:${line}`
        const sink = withoutPrefixes({
          value: (value, line) => read(value, () => source(line)),
          damaged: ({ line, message, raw }) =>
            isLineOfLog(raw)
              ? read(raw, () => source(line))
              : keep(unreadableText(source(line), message, raw, registry.redactor))
        })
        const splitter = makeDocumentSplitter(options.limits ?? defaultLimits, sink)
        const recordsOfChunk = (chunk: Uint8Array): ReadonlyArray<OutputRecord> => {
          splitter.push(chunk)
          return take()
        }
        const recordsAtEnd = (): ReadonlyArray<OutputRecord> => {
          splitter.end()
          sink.settle()
          return take()
        }
        return bytes.pipe(
          Stream.map(recordsOfChunk),
          Stream.concat(Stream.suspend(() => Stream.make(recordsAtEnd()))),
          Stream.flattenIterable
        )
      })

  const collect = (payloads: Iterable<unknown>, options: NormalizeOptions) => {
    const passedOn: Array<CallHint | Rejection> = []
    const facts = makeFold()
    const read = makePayloadReader(registry, options, {
      fact: facts.add,
      view: facts.addView,
      hint: (hint) => passedOn.push(hint),
      rejection: (rejection) => passedOn.push(rejection)
    })
    let index = 0
    for (const payload of payloads) {
      read(payload, () => `${options.source ?? DEFAULT_SOURCE}[${index}]`)
      index += 1
    }
    return { facts, passedOn }
  }

  function fold(payloads: Iterable<unknown>, options: FoldFactsOptions): ReadonlyArray<FoldedFact>
  function fold(payloads: Iterable<unknown>, options?: FoldOptions): ReadonlyArray<OutputRecord>
  function fold(
    payloads: Iterable<unknown>,
    options: FoldOptions | FoldFactsOptions = {}
  ): ReadonlyArray<FoldedFact> | ReadonlyArray<OutputRecord> {
    const { facts, passedOn } = collect(payloads, options)
    if (options.facts === true) return [...facts.lines(), ...passedOn]
    return trimmed([...facts.records(), ...passedOn], "native" in options ? options.native : undefined)
  }

  return { normalize, normalizeEffect, normalizeStream, normalizeBytes, fold }
}

const describe = ({ reason, path, message }: Rejection, count: number): string =>
  `${count === 1 ? "rejected" : `${count} rejected, the first`}: ${reason}${path === "" ? "" : ` at ${path}`}: ${message}`
