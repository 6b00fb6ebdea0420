/** The flat form of records: one row per attempt, for spreadsheets. */
import type { Attempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { CallRecord } from "../domain/OutputRecord.ts"
import type { Transcript } from "../domain/Transcript.ts"

type Cell = string | number | boolean | undefined

/** What a row is made of: a record, and the attempt the row is for. */
interface RowSource {
  readonly record: CallRecord
  readonly order: CallOrder | undefined
  readonly attempt: Omit<Attempt, "native"> | undefined
  readonly number: number | undefined
}

/** What an order says is asked for by each of its rows. */
const jsonTexts = new WeakMap<object, string>()

const json = (value: object | undefined): string | undefined => {
  if (value === undefined) return undefined
  const known = jsonTexts.get(value)
  if (known !== undefined) return known
  const text = JSON.stringify(value)
  jsonTexts.set(value, text)
  return text
}

const transcriptText = (transcript: Transcript | undefined): string | undefined => {
  if (transcript === undefined) return undefined
  return "text" in transcript
    ? transcript.text
    : transcript.turns.map(({ role, text }) => `${role}: ${text}`).join("\n")
}

/** Columns in their order; names and order are stable, new ones are added at the end. */
export const callColumns = {
  kind: ({ record }) => record.kind,
  provider: ({ record }) => record.provider,
  order_id: ({ record, order, attempt }) =>
    order?.id ?? attempt?.orderId ?? ("orderId" in record ? record.orderId : undefined),
  attempt_id: ({ record, attempt }) => attempt?.id ?? ("attemptId" in record ? record.attemptId : undefined),
  attempt_number: ({ number }) => number,
  attempts: ({ order }) => order?.attempts.length,
  direction: ({ order }) => order?.direction,
  channel: ({ order }) => order?.channel,
  from: ({ record }) => ("from" in record ? record.from : undefined),
  to: ({ record, attempt }) => attempt?.to ?? ("to" in record ? record.to : undefined),
  reference: ({ order }) => order?.reference,
  order_status: ({ order }) => order?.status,
  provider_status: ({ record }) => ("providerStatus" in record ? record.providerStatus : undefined),
  terminal: ({ order }) => order?.terminal,
  order_reach: ({ order }) => order?.reach.value,
  order_reach_certainty: ({ order }) => order?.reach.certainty,
  outcome: ({ order }) => order?.outcome,
  outcome_reason: ({ order }) => order?.outcomeReason,
  summary: ({ record }) => ("summary" in record ? record.summary : undefined),
  agent_id: ({ record, order }) => order?.agent?.id ?? ("agentId" in record ? record.agentId : undefined),
  agent_name: ({ order }) => order?.agent?.name,
  campaign_id: ({ order }) => order?.campaign?.id,
  campaign_name: ({ order }) => order?.campaign?.name,
  organization_id: ({ order }) => order?.organizationId,
  created_at: ({ order }) => order?.createdAt,
  scheduled_at: ({ order }) => order?.scheduledAt,
  next_attempt_at: ({ order }) => order?.nextAttemptAt,
  updated_at: ({ order }) => order?.updatedAt,
  attempts_made: ({ record }) => ("attemptsMade" in record ? record.attemptsMade : undefined),
  attempts_allowed: ({ order }) => order?.attemptsAllowed,
  attempt_status: ({ attempt }) => attempt?.status,
  dialed_at: ({ record, attempt }) => attempt?.dialedAt ?? ("dialedAt" in record ? record.dialedAt : undefined),
  answered_at: ({ attempt }) => attempt?.answeredAt,
  ended_at: ({ record, attempt }) => attempt?.endedAt ?? ("endedAt" in record ? record.endedAt : undefined),
  answered: ({ attempt }) => attempt?.answered,
  ring_seconds: ({ attempt }) => attempt?.ringSeconds,
  talk_seconds: ({ attempt }) => attempt?.talkSeconds,
  talk_source: ({ attempt }) => attempt?.talkSource,
  answered_by: ({ attempt }) => attempt?.answeredBy?.value,
  answered_by_certainty: ({ attempt }) => attempt?.answeredBy?.certainty,
  handled_by: ({ attempt }) => attempt?.handledBy?.join("+"),
  failure: ({ attempt }) => attempt?.failure?.kind,
  failure_sip_code: ({ attempt }) => attempt?.failure?.sipCode,
  failure_message: ({ attempt }) => attempt?.failure?.message,
  disconnected_by: ({ attempt }) => attempt?.disconnect?.by,
  disconnect_reason: ({ attempt }) => attempt?.disconnect?.reason,
  reach: ({ attempt }) => attempt?.reach.value,
  reach_certainty: ({ attempt }) => attempt?.reach.certainty,
  reach_because: ({ attempt }) => attempt?.reach.because.join("; "),
  reach_contradicted: ({ attempt }) => attempt?.reach.contradicted,
  transcript: ({ record, attempt }) =>
    transcriptText(attempt?.transcript ?? ("transcript" in record ? record.transcript : undefined)),
  recording_url: ({ record, attempt }) =>
    attempt?.recordingUrl ?? ("recordingUrl" in record ? record.recordingUrl : undefined),
  hint_event: ({ record }) => ("event" in record ? record.event : undefined),
  hint_result: ({ record }) => ("result" in record ? record.result : undefined),
  extracted: ({ attempt }) => json(attempt?.extracted),
  metrics: ({ attempt }) => json(attempt?.metrics),
  metadata: ({ order }) => json(order?.metadata),
  variables: ({ order }) => json(order?.variables),
  issues: ({ record }) => json(record.issues),
  conflicts: ({ order }) => json(order?.conflicts)
} as const satisfies Record<string, (source: RowSource) => Cell>

/** The name of a column of the table of calls. */
export type CallColumn = keyof typeof callColumns

const isColumn = (name: string): name is CallColumn => Object.hasOwn(callColumns, name)

/** All columns of the table of calls, in their order. */
export const CALL_COLUMNS: ReadonlyArray<CallColumn> = Object.keys(callColumns).filter(isColumn)

/** Longest text that is repeated on every row of an order: an order with many attempts would grow without bound. */
const LONGEST_REPEATED = 2000

/** One row per attempt; a record without attempts is one row. A long text of the order stands on its first row only. */
export const callRows = (
  record: CallRecord,
  columns: ReadonlyArray<CallColumn> = CALL_COLUMNS
): ReadonlyArray<ReadonlyArray<Cell>> => {
  const row = (source: RowSource) => columns.map((column) => callColumns[column](source))
  if (record.kind === "call_attempt") return [row({ record, order: undefined, attempt: record, number: undefined })]
  if (record.kind === "call_hint") return [row({ record, order: undefined, attempt: undefined, number: undefined })]
  if (record.attempts.length === 0) return [row({ record, order: record, attempt: undefined, number: undefined })]
  const ofOrder = row({ record, order: record, attempt: undefined, number: undefined })
  const isLong = ofOrder.map((cell) => typeof cell === "string" && cell.length > LONGEST_REPEATED)
  return record.attempts.map((attempt, index) => {
    const cells = row({ record, order: record, attempt, number: index + 1 })
    return index === 0
      ? cells
      : cells.map((cell, at) => (isLong[at] === true && cell === ofOrder[at] ? undefined : cell))
  })
}

const STARTS_FORMULA = /^[=+\-@\t\r]/
const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?$/
const NEEDS_QUOTES = /[",\r\n]/

/**
 * A CSV cell (RFC 4180). Text that a spreadsheet would run as a formula gets a leading apostrophe; plain numbers, and
 * telephone numbers with them, are no formulas and stay as they are.
 */
export const csvCell = (cell: Cell): string => {
  if (cell === undefined) return ""
  const text = String(cell)
  const safe = STARTS_FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Cells as a line of CSV. */
export const csvLine = (cells: ReadonlyArray<Cell>): string => `${cells.map(csvCell).join(",")}\r\n`

/** The header line of the table of calls; of all columns unless some are given. */
export const csvHeader = (columns: ReadonlyArray<CallColumn> = CALL_COLUMNS): string => csvLine(columns)

/** The lines of a record in the table of calls: one for each attempt. */
export const csvRows = (record: CallRecord): string => callRows(record).map(csvLine).join("")

/** Divides what stood on lines of their own. */
const LINE_DIVIDER = " | "

/** A cell that is one line in whatever reads it. */
export const onOneLine = (cell: Cell): Cell =>
  typeof cell === "string" ? cell.trim().replace(/\s*[\r\n\u2028\u2029]+\s*/g, LINE_DIVIDER) : cell
