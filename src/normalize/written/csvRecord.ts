/**
 * A row of unicall's own CSV as the record it was written from, as far as the columns go: what has no column (most of
 * the evidence for reach, what tools did in a transcript, `native`) is gone. Each row of an order holds one of its attempts; folding
 * joins them.
 */
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import { Role } from "../../domain/Transcript.ts"
import type { callColumns } from "../callRow.ts"

type Column = keyof typeof callColumns

/** Reads a cell as what its field holds. A cell that is none is left as it is: the checks of records name it. */
type Read = (cell: unknown) => unknown

const GUARDED = /^'[=+\-@\t\r]/

/** Cells that look like JSON have been parsed by the reader of CSV files. */
const text: Read = (cell) => {
  if (typeof cell !== "string") return JSON.stringify(cell)
  return GUARDED.test(cell) ? cell.slice(1) : cell
}
const number: Read = (cell) => (typeof cell === "string" && cell.trim() !== "" ? Number(cell) : cell)
const boolean: Read = (cell) => {
  const word = typeof cell === "string" ? cell.toLowerCase() : cell
  return word === "true" ? true : word === "false" ? false : cell
}
const json: Read = (cell) => cell
const listBy =
  (separator: string): Read =>
  (cell) =>
    String(text(cell)).split(separator)

const TURN = new RegExp(`^(${Role.literals.join("|")}): ?`)

/** Lines that begin with a role are turns; a line that does not goes on with the turn before it. */
const transcript: Read = (cell) => {
  const whole = String(text(cell))
  const turns: Array<{ role: string; text: string }> = []
  for (const line of whole.split("\n")) {
    const [mark = "", role] = TURN.exec(line) ?? []
    const last = turns.at(-1)
    if (role !== undefined) turns.push({ role, text: line.slice(mark.length) })
    else if (last === undefined) return { text: whole }
    else last.text += `\n${line}`
  }
  return { turns }
}

/** Where the value of a column belongs: to the order, its attempt, or both; a path of two is a part of a field. */
interface Place {
  readonly read: Read
  readonly order?: ReadonlyArray<string>
  readonly attempt?: ReadonlyArray<string>
}

const ofOrder = (read: Read, ...order: ReadonlyArray<string>): Place => ({ read, order })
const ofAttempt = (read: Read, ...attempt: ReadonlyArray<string>): Place => ({ read, attempt })
const NOWHERE: Place = { read: json }

const places = {
  kind: ofOrder(text, "kind"),
  provider: ofOrder(text, "provider"),
  order_id: { read: text, order: ["id"], attempt: ["orderId"] },
  attempt_id: ofAttempt(text, "id"),
  attempt_number: NOWHERE,
  attempts: NOWHERE,
  direction: ofOrder(text, "direction"),
  channel: ofOrder(text, "channel"),
  from: ofOrder(text, "from"),
  to: { read: text, order: ["to"], attempt: ["to"] },
  reference: ofOrder(text, "reference"),
  order_status: ofOrder(text, "status"),
  provider_status: ofOrder(text, "providerStatus"),
  terminal: ofOrder(boolean, "terminal"),
  order_reach: ofOrder(text, "reach", "value"),
  order_reach_certainty: ofOrder(text, "reach", "certainty"),
  outcome: ofOrder(text, "outcome"),
  outcome_reason: ofOrder(text, "outcomeReason"),
  summary: ofOrder(text, "summary"),
  agent_id: ofOrder(text, "agent", "id"),
  agent_name: ofOrder(text, "agent", "name"),
  campaign_id: ofOrder(text, "campaign", "id"),
  campaign_name: ofOrder(text, "campaign", "name"),
  organization_id: ofOrder(text, "organizationId"),
  created_at: ofOrder(text, "createdAt"),
  scheduled_at: ofOrder(text, "scheduledAt"),
  next_attempt_at: ofOrder(text, "nextAttemptAt"),
  updated_at: ofOrder(text, "updatedAt"),
  attempts_made: ofOrder(number, "attemptsMade"),
  attempts_allowed: ofOrder(number, "attemptsAllowed"),
  attempt_status: ofAttempt(text, "status"),
  dialed_at: ofAttempt(text, "dialedAt"),
  answered_at: ofAttempt(text, "answeredAt"),
  ended_at: ofAttempt(text, "endedAt"),
  answered: ofAttempt(boolean, "answered"),
  ring_seconds: ofAttempt(number, "ringSeconds"),
  talk_seconds: ofAttempt(number, "talkSeconds"),
  talk_source: ofAttempt(text, "talkSource"),
  answered_by: ofAttempt(text, "answeredBy", "value"),
  answered_by_certainty: ofAttempt(text, "answeredBy", "certainty"),
  handled_by: ofAttempt(listBy("+"), "handledBy"),
  failure: ofAttempt(text, "failure", "kind"),
  failure_sip_code: ofAttempt(number, "failure", "sipCode"),
  failure_message: ofAttempt(text, "failure", "message"),
  disconnected_by: ofAttempt(text, "disconnect", "by"),
  disconnect_reason: ofAttempt(text, "disconnect", "reason"),
  reach: ofAttempt(text, "reach", "value"),
  reach_certainty: ofAttempt(text, "reach", "certainty"),
  reach_because: ofAttempt(listBy("; "), "reach", "because"),
  reach_contradicted: ofAttempt(boolean, "reach", "contradicted"),
  transcript: ofAttempt(transcript, "transcript"),
  recording_url: ofAttempt(text, "recordingUrl"),
  hint_event: NOWHERE,
  hint_result: NOWHERE,
  extracted: ofAttempt(json, "extracted"),
  metrics: ofAttempt(json, "metrics"),
  metadata: ofOrder(json, "metadata"),
  variables: ofOrder(json, "variables"),
  issues: ofOrder(json, "issues"),
  conflicts: ofOrder(json, "conflicts")
} as const satisfies Record<Column, Place>

/** A hint has the columns of an attempt or an order for what it tells. */
const hintFields = {
  kind: "kind",
  provider: "provider",
  hint_event: "event",
  order_id: "orderId",
  attempt_id: "attemptId",
  agent_id: "agentId",
  from: "from",
  to: "to",
  hint_result: "result",
  provider_status: "providerStatus",
  summary: "summary",
  transcript: "transcript",
  recording_url: "recordingUrl",
  dialed_at: "dialedAt",
  ended_at: "endedAt",
  attempts_made: "attemptsMade",
  issues: "issues"
} as const satisfies { readonly [column in Column]?: string }

const ROW_COLUMNS = ["order_id", "attempt_id", "hint_event"] as const satisfies ReadonlyArray<Column>

/** A record has an `id`; a row has the columns of one. */
export const isRow = (body: JsonObject): boolean =>
  !Object.hasOwn(body, "id") &&
  !Object.hasOwn(body, "event") &&
  ROW_COLUMNS.some((column) => Object.hasOwn(body, column))

type Draft = { [field: string]: unknown }

const put = (draft: Draft, [field, part]: ReadonlyArray<string>, value: unknown): void => {
  if (field === undefined) return
  if (part === undefined) draft[field] = value
  else draft[field] = { ...(isJsonObject(draft[field]) ? draft[field] : {}), [part]: value }
}

const columnsOf = (row: JsonObject): ReadonlyArray<readonly [column: Column, cell: unknown]> =>
  Object.entries(row).flatMap(([name, cell]) =>
    isColumn(name) && cell !== "" && cell !== null ? [[name, cell] as const] : []
  )

const isColumn = (name: string): name is Column => Object.hasOwn(places, name)

const isHintColumn = (column: Column): column is keyof typeof hintFields => Object.hasOwn(hintFields, column)

/** What a reach rests on has no column for an order. */
const withBecause = (reach: unknown): unknown => (isJsonObject(reach) ? { because: [], ...reach } : reach)

/** The record that a row was written from, for {@link isRow}'s rows; checks of records tell whether it is one. */
export const recordOfRow = (row: JsonObject): JsonObject => {
  const order: Draft = {}
  const attempt: Draft = {}
  const hint: Draft = {}
  for (const [column, cell] of columnsOf(row)) {
    const place: Place = places[column]
    const value = place.read(cell)
    put(order, place.order ?? [], value)
    put(attempt, place.attempt ?? [], value)
    if (isHintColumn(column)) hint[hintFields[column]] = column.startsWith("hint_") ? text(cell) : value
  }
  if (order["reach"] !== undefined) order["reach"] = withBecause(order["reach"])
  if (attempt["reach"] !== undefined) attempt["reach"] = withBecause(attempt["reach"])
  switch (row["kind"]) {
    case "call_hint":
      return hint
    case "call_attempt":
      return {
        ...attempt,
        kind: row["kind"],
        provider: row["provider"],
        ...(order["issues"] === undefined ? {} : { issues: order["issues"] })
      }
    default: {
      const attempts = attempt["id"] === undefined ? [] : [attempt]
      const enriched = {
        transcript: attempt["transcript"] !== undefined,
        recording: attempt["recordingUrl"] !== undefined,
        outcome: order["outcome"] !== undefined
      }
      return { ...order, enriched, attempts }
    }
  }
}
