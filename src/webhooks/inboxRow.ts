/** An entry of the inbox as a row of a database, and back. Pure. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { misfitOf } from "../domain/misfit.ts"
import { InboxEntry, type UnreadableEntry } from "./WebhookInbox.ts"

type Field = keyof InboxEntry

/** What a database gives: a number may come as text. */
export type InboxRow = { readonly [column: string]: unknown }

/** A new field of `InboxEntry` does not compile until it stands here and in a migration of each store. */
const COLUMNS = {
  tenant: "text",
  provider: "text",
  orderId: "text",
  isKnown: "flag",
  since: "text",
  state: "text",
  dueAt: "text",
  tries: "number",
  notFound: "number",
  fence: "number",
  isNamedAgain: "flag",
  messages: "list",
  problem: "text"
} as const satisfies Record<Field, "text" | "number" | "flag" | "list">

const isField = (name: string): name is Field => Object.hasOwn(COLUMNS, name)

export const INBOX_FIELDS = Object.keys(COLUMNS).filter(isField)

/** Those that tell an entry from others never change. */
const KEY: ReadonlyArray<Field> = ["tenant", "provider", "orderId"]
export const CHANGING_FIELDS = INBOX_FIELDS.filter((field) => !KEY.includes(field))

export const isNumeric = (field: Field): boolean => COLUMNS[field] === "number" || COLUMNS[field] === "flag"

const decode = Schema.decodeUnknownResult(InboxEntry)

const read = (field: Field, value: unknown): unknown => {
  switch (COLUMNS[field]) {
    case "text":
      return value
    case "number":
      return Number(value)
    case "flag":
      return Number(value) === 1
    case "list":
      return String(value)
        .split(" ")
        .filter((item) => item !== "")
  }
}

export const entryOfRow = (row: InboxRow): InboxEntry | UnreadableEntry => {
  const given = INBOX_FIELDS.flatMap((field) => {
    const value = row[field]
    return value === null || value === undefined ? [] : [[field, read(field, value)] as const]
  })
  return Result.getOrElse(decode(Object.fromEntries(given)), (error) => ({
    state: "unreadable" as const,
    tenant: String(row["tenant"]),
    provider: String(row["provider"]),
    orderId: String(row["orderId"]),
    problem: String(misfitOf(error).path[0])
  }))
}

export const isReadable = (entry: InboxEntry | UnreadableEntry): entry is InboxEntry => entry.state !== "unreadable"

export const valueInRow = (entry: InboxEntry, field: Field): string | number | null => {
  const value = entry[field]
  if (typeof value === "boolean") return Number(value)
  if (typeof value === "object") return value.join(" ")
  return value ?? null
}
