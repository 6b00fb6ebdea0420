import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import { RECORD_KINDS } from "../../domain/OutputRecord.ts"
import { FACT_LINE_KINDS } from "./factLines.ts"

const kinds: ReadonlySet<unknown> = new Set([...RECORD_KINDS, ...FACT_LINE_KINDS])

/** Whether unicall wrote it, as far as its `kind` and what must stand beside it tell. */
export const isWritten = (body: unknown): body is JsonObject => {
  if (!isJsonObject(body) || !Object.hasOwn(body, "kind") || !kinds.has(body["kind"])) return false
  return body["kind"] === "rejection"
    ? Object.hasOwn(body, "raw") && typeof body["reason"] === "string"
    : typeof body["provider"] === "string"
}
