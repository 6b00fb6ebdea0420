/**
 * A row of unicall's own CSV as the record it was written from, as far as the columns go: what has no column (most of
 * the evidence for reach, what tools did in a transcript, `native`) is gone. Each row of an order holds one of its attempts; folding
 * joins them.
 */
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import { type CallColumn, csvColumns, type Place } from "../columns.ts"

const ROW_COLUMNS = ["order_id", "attempt_id", "hint_event"] as const satisfies ReadonlyArray<CallColumn>

/** A record has an `id`; a row has the columns of one. */
export const isRow = (body: JsonObject): boolean =>
  !Object.hasOwn(body, "id") &&
  !Object.hasOwn(body, "event") &&
  ROW_COLUMNS.some((column) => Object.hasOwn(body, column))

type Draft = { [field: string]: unknown }

const put = (draft: Draft, { field, part }: Place, value: unknown): void => {
  if (part === undefined) draft[field] = value
  else draft[field] = { ...(isJsonObject(draft[field]) ? draft[field] : {}), [part]: value }
}

const columns = new Map(csvColumns.map((column) => [column.name, column]))

/** What a reach rests on has no column for an order. */
const withBecause = (reach: unknown): unknown => (isJsonObject(reach) ? { because: [], ...reach } : reach)

/** The record that a row was written from, for {@link isRow}'s rows; checks of records tell whether it is one. */
export const recordOfRow = (row: JsonObject): JsonObject => {
  const drafts: { readonly [kind in "order" | "attempt" | "hint"]: Draft } = { order: {}, attempt: {}, hint: {} }
  for (const [name, cell] of Object.entries(row)) {
    const column = cell === "" || cell === null ? undefined : columns.get(name)
    if (column === undefined) continue
    const value = column.format.read(cell)
    for (const kind of ["order", "attempt", "hint"] as const) {
      const place = column[kind]
      if (place !== undefined) put(drafts[kind], place, value)
    }
  }
  const { order, attempt, hint } = drafts
  if (order["reach"] !== undefined) order["reach"] = withBecause(order["reach"])
  if (attempt["reach"] !== undefined) attempt["reach"] = withBecause(attempt["reach"])
  if (row["kind"] === "call_hint") return hint
  const { kind, provider, issues, ...own } = attempt
  if (kind === "call_attempt") return { ...own, kind, provider, ...(issues === undefined ? {} : { issues }) }
  const enriched = {
    transcript: attempt["transcript"] !== undefined,
    recording: attempt["recordingUrl"] !== undefined,
    outcome: order["outcome"] !== undefined
  }
  return { ...order, enriched, attempts: attempt["id"] === undefined ? [] : [own] }
}
