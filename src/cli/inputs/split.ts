/** Splits the bytes of an input, JSON or CSV, into payloads. */
import { type CsvSink, makeCsvReader } from "../../normalize/reading/csv.ts"
import { type Damage, type Limits, makeDocumentSplitter, type Start } from "../../normalize/reading/documents.ts"
import { withoutPrefixes } from "../../normalize/reading/logPrefix.ts"
import { isLineOfLog } from "../../normalize/textPayload.ts"
import type { PayloadReader } from "../../normalize/normalize.ts"
import { usage } from "../shell/failures.ts"
import type { Input } from "./findInputs.ts"

export interface SplitOptions {
  readonly limits: Limits
  readonly payloadColumn: string | undefined
  readonly providerColumn: string | undefined
}

export interface SplitJob {
  readonly payload: PayloadReader
  /** Input that is not even JSON; `raw` is its text. */
  readonly unreadable: (source: string, message: string, raw: string) => void
}

interface Reader {
  readonly push: (chunk: Uint8Array) => void
  /** Ends the record that is open, if any. */
  readonly cut: () => void
  readonly end: () => void
  /** Passes on a line that has not ended yet. */
  readonly settle: () => void
  /** No record is open: what has been pushed so far is a whole number of records. */
  readonly isIdle: () => boolean
}

export interface Splitter extends Omit<Reader, "cut"> {
  /** @throws CommandFailure if a column that was asked for is not there */
  readonly push: (chunk: Uint8Array) => void
  /** The input is damaged here; `raw` stands for what is missing. */
  readonly broken: (message: string, raw: string) => void
}

const jsonReader = (limits: Limits, csvSink: CsvSink, start: Start | undefined): Reader => {
  const sink = withoutPrefixes(csvSink)
  let documents = makeDocumentSplitter(limits, sink, start)
  const end = (): void => {
    documents.end()
    sink.settle()
  }
  return {
    push: (chunk) => documents.push(chunk),
    cut: () => {
      const { line } = documents
      end()
      documents = makeDocumentSplitter(limits, sink, { line, offset: 0 })
    },
    end,
    settle: sink.settle,
    isIdle: () => documents.isIdle
  }
}

const csvReader = (options: SplitOptions, sink: CsvSink): Reader => {
  const rows = makeCsvReader(options, options.limits, sink)
  return {
    push: (chunk) => rows.push(chunk),
    cut: () => rows.cut(),
    end: () => rows.end(),
    settle: () => {},
    isIdle: () => false
  }
}

/** Makes the splitter of an input; `start` is where in the input it begins, for JSON only. */
export const makeSplitter = (
  { name, form }: Pick<Input, "name" | "form">,
  options: SplitOptions,
  job: SplitJob,
  start?: Start
): Splitter => {
  let lastLine = 0
  let onLine = 0
  const next = (line: number): void => {
    onLine = line === lastLine ? onLine + 1 : 1
    lastLine = line
  }
  /** `name:line`, and `name:line#2` for the second value on a line. */
  const place = (): string => (onLine > 1 ? `${name}:${lastLine}#${onLine}` : `${name}:${lastLine}`)
  let cutOff: Array<Damage> | undefined
  const sink: CsvSink = {
    value: (value, line, _, provider) => {
      next(line)
      job.payload(value, place, provider)
    },
    damaged: (damage) => {
      if (cutOff !== undefined) return void cutOff.push(damage)
      next(damage.line)
      if (form === "json" && isLineOfLog(damage.raw)) return job.payload(damage.raw, place)
      job.unreadable(place(), damage.message, damage.raw)
    },
    missingColumn: (message) => {
      throw usage(`${name}: ${message}`)
    }
  }
  const reader = form === "csv" ? csvReader(options, sink) : jsonReader(options.limits, sink, start)
  return {
    ...reader,
    broken: (message, raw) => {
      // A record that the damage cuts off is reported with it, not as a second rejection.
      cutOff = []
      reader.cut()
      const [first] = cutOff
      const text = cutOff.map((damage) => damage.raw).join("\n")
      cutOff = undefined
      if (first === undefined) return job.unreadable(name, message, raw)
      next(first.line)
      job.unreadable(place(), `${message}, within this record`, text + raw)
    }
  }
}
