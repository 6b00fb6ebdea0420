/** Records on standard output: NDJSON, a table, or the detail of a single one. */
import type { CallAttempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import { withoutNative } from "../../normalize/Normalizer.ts"
import { print } from "../shell/terminal.ts"
import { makeEncoder } from "./encoders.ts"
import { recordView } from "./recordView.ts"

export interface RecordFlags {
  readonly json: boolean
  readonly native: boolean
}

/** JSON is written as records come, a table when its columns are known. */
export const makeRecordOutput = ({ json, native }: RecordFlags) => {
  const encoder = makeEncoder(json ? "ndjson" : "table")
  let end = (): void => {}
  return {
    add: (record: CallOrder | CallAttempt): void => {
      print(encoder.record(native ? record : withoutNative(record)))
      end = () => print(encoder.end())
    },
    end: (): void => end()
  }
}

/** For people a single order is shown in detail. */
export const makeDetailOutput = (flags: RecordFlags & { readonly transcript: boolean }, asked: number) =>
  flags.json || asked !== 1
    ? makeRecordOutput(flags)
    : { add: (order: CallOrder): void => print(recordView(order, flags)), end: (): void => {} }
