/** Records on standard output: NDJSON, a table, or the detail of a single one. */
import type { CallAttempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import { withoutNative } from "../../normalize/Normalizer.ts"
import { makeTable } from "./table.ts"
import { recordView } from "./recordView.ts"
import { print } from "../shell/terminal.ts"

export interface RecordFlags {
  readonly json: boolean
  readonly native: boolean
}

export interface RecordOutput {
  readonly add: (record: CallOrder | CallAttempt) => void
  readonly end: () => void
}

/** JSON is written as records come, a table when its columns are known. */
export const makeRecordOutput = ({ json, native }: RecordFlags): RecordOutput => {
  if (json) {
    return {
      add: (record) => print(`${JSON.stringify(native ? record : withoutNative(record))}\n`),
      end: () => {}
    }
  }
  const table = makeTable()
  let count = 0
  return {
    add: (record) => {
      count += 1
      print(table.add(record))
    },
    end: () => {
      if (count > 0) print(table.end())
    }
  }
}

/** A single order in detail where people read it. */
export const makeDetailOutput = (flags: RecordFlags & { readonly transcript: boolean }, asked: number): RecordOutput =>
  flags.json || asked !== 1
    ? makeRecordOutput(flags)
    : {
        add: (record) => {
          if (record.kind === "call_order") print(recordView(record, flags))
        },
        end: () => {}
      }
