/** Bytes of an input into the payloads of a job, whatever form the input has. */
import { type CsvSink, makeCsvReader } from "../normalize/reading/csv.ts"
import { type Limits, makeDocumentSplitter, type Start } from "../normalize/reading/documents.ts"
import type { Input } from "./inputs.ts"
import type { Job } from "./job.ts"

export interface SplitOptions {
  readonly limits: Limits
  readonly payloadColumn: string | undefined
  readonly providerColumn: string | undefined
}

export interface Splitter {
  readonly push: (chunk: Uint8Array) => void
  /** The input broke off before its end. */
  readonly broken: (message: string) => void
  readonly end: () => void
  /** No record is open: what has been pushed so far is a whole number of records. */
  readonly isIdle: () => boolean
}

/** `name:line`, and from the second value on one line which of them: `name:line#2`. */
const makePlaces = (name: string) => {
  let lastLine = 0
  let onLine = 0
  return {
    next: (line: number): void => {
      onLine = line === lastLine ? onLine + 1 : 1
      lastLine = line
    },
    name: (): string => (onLine > 1 ? `${name}:${lastLine}#${onLine}` : `${name}:${lastLine}`)
  }
}

/** Makes the splitter of an input; `start` is where in the input it begins, for JSON only. */
export const makeSplitter = (
  { name, form }: Pick<Input, "name" | "form">,
  options: SplitOptions,
  job: Pick<Job, "payload" | "unreadable">,
  start?: Start
): Splitter => {
  const places = makePlaces(name)
  const sink: CsvSink = {
    value: (value, line, _, provider) => {
      places.next(line)
      job.payload(value, places.name, provider)
    },
    damaged: ({ line, message, raw }) => {
      places.next(line)
      job.unreadable(places.name(), message, raw)
    }
  }
  const documents = makeDocumentSplitter(options.limits, sink, start)
  const reader = form === "csv" ? makeCsvReader(options, options.limits, sink) : documents
  return {
    push: (chunk) => reader.push(chunk),
    broken: (message) => job.unreadable(name, message, ""),
    end: () => reader.end(),
    isIdle: () => documents.isIdle
  }
}
