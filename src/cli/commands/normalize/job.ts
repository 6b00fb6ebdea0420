/** One run of `normalize`: payloads in, encoded records out, everything counted. Knows no files and no flags. */
import type { CallHint } from "../../../domain/CallHint.ts"
import type { CallRecord, RecordKind } from "../../../domain/OutputRecord.ts"
import type { Rejection } from "../../../domain/Rejection.ts"
import { type Fold, makeFold } from "../../../normalize/fold.ts"
import { viewFact } from "../../../domain/View.ts"
import { withoutNative } from "../../../normalize/Normalizer.ts"
import { makePayloadReader, type ReadOptions, unreadableText, viewAgain } from "../../../normalize/normalize.ts"
import type { Folded } from "../../../normalize/written/factsMerge.ts"
import type { Registry } from "../../../provider/registry.ts"
import type { ReadingJob } from "../../inputs/readInputs.ts"
import type { Encoder } from "../../records/encoders.ts"
import { jsonLine } from "../../shell/terminal.ts"

export type CallRecordKind = Exclude<RecordKind, "rejection">

export const KINDS = ["call_order", "call_attempt", "call_hint"] as const satisfies ReadonlyArray<CallRecordKind>

export interface JobOptions extends ReadOptions {
  readonly native: boolean
  readonly fold: boolean
  /** What is written: records, facts, or nothing, where the caller takes {@link Job.folded}. */
  readonly output: "records" | "facts" | "nothing"
  /** Kinds to write; all if absent. */
  readonly only: ReadonlySet<CallRecordKind> | undefined
}

/** Records in = written + left out + merged away + passed over + rejected, always. */
export interface Tally {
  read: number
  written: { [kind in CallRecordKind]: number }
  /** Not written because of `--only`. */
  leftOut: number
  /** Facts that went into a record which another fact had already begun. */
  merged: number
  /** Valid payloads without a record of a call. */
  passedOver: number
  rejected: number
  /** Records that unicall wrote, without the payloads they were made from. */
  views: number
}

const COUNTS = ["read", "leftOut", "merged", "passedOver", "rejected", "views"] as const satisfies ReadonlyArray<
  Exclude<keyof Tally, "written">
>

export const addTally = (sum: Tally, part: Tally): void => {
  for (const kind of KINDS) sum.written[kind] += part.written[kind]
  for (const name of COUNTS) sum[name] += part[name]
}

export interface JobOutput {
  readonly text: (text: string) => void
  readonly rejection: (rejection: Rejection) => void
}

export interface Job extends ReadingJob {
  readonly tally: Tally
  readonly end: () => void
  /** What was folded, and the hints beside it, if nothing of it is written. */
  readonly folded: () => Folded
}

export const makeJob = (registry: Registry, options: JobOptions, encoder: Encoder, output: JobOutput): Job => {
  const written = { call_order: 0, call_attempt: 0, call_hint: 0 }
  const tally: Tally = { read: 0, written, leftOut: 0, merged: 0, passedOver: 0, rejected: 0, views: 0 }
  const { only, native } = options

  const write = (record: CallRecord): void => {
    if (only !== undefined && !only.has(record.kind)) {
      tally.leftOut += 1
      return
    }
    tally.written[record.kind] += 1
    output.text(encoder.record(record))
  }
  const writeWhole = (record: CallRecord): void => write(native ? record : withoutNative(record))
  const reject = (rejection: Rejection): void => {
    tally.read += 1
    tally.rejected += 1
    output.rejection(rejection)
  }
  const hints: Array<CallHint> = []
  const fold = options.fold ? makeFold() : undefined
  const payload = makePayloadReader(registry, options, {
    fact: (fact, adapter) => {
      tally.read += 1
      if (fold === undefined) writeWhole(viewFact(fact, adapter))
      else fold.add(fact, adapter)
    },
    view: (record, adapter) => {
      tally.read += 1
      tally.views += 1
      if (fold === undefined) writeWhole(viewAgain(record))
      else fold.addView(record, adapter)
    },
    hint: (hint) => {
      tally.read += 1
      if (options.output !== "nothing") return writeWhole(hint)
      tally.written.call_hint += 1
      hints.push(hint)
    },
    rejection: reject,
    passedOver: () => {
      tally.read += 1
      tally.passedOver += 1
    }
  })

  const endFold = (folded: Fold): void => {
    const facts = tally.read - tally.rejected - tally.passedOver - tally.written.call_hint - tally.leftOut
    const { orders, attempts } = folded.size()
    if (options.output !== "records") {
      if (options.output === "facts") for (const line of folded.lines()) output.text(jsonLine(line))
      tally.written.call_order = orders
      tally.written.call_attempt = attempts
      tally.merged = facts - orders - attempts
      return
    }
    let count = 0
    for (const record of folded.records()) {
      count += 1
      writeWhole(record)
    }
    tally.merged = facts - count
  }

  return {
    tally,
    payload,
    unreadable: (source, message, raw) => reject(unreadableText(source, message, raw, registry.redactor)),
    end: () => {
      if (fold !== undefined) endFold(fold)
      output.text(encoder.end())
    },
    folded: () => ({ fold: fold ?? makeFold(), hints })
  }
}
