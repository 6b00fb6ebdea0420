/**
 * How many people were reached, for each provider, week, country and so on. A person is a telephone number. A person counts
 * once in each group in which an attempt to reach them lies, by the best that came of those attempts.
 */
import type { CallRecord } from "../../../domain/OutputRecord.ts"
import { countryOfNumber, parsePhoneNumber } from "../../../domain/PhoneNumber.ts"
import { ReachValue } from "../../../domain/Reach.ts"
import { compareText } from "../../../domain/textOrder.ts"
import { csvLine } from "../../../normalize/callRow.ts"
import { makeCalendar } from "./calendar.ts"
import { timeOf } from "../../records/table.ts"
import { BYTE_ORDER_MARK, type Encoder, type Format } from "../../records/encoders.ts"
import { aligned, jsonLine, plainText, plural } from "../../shell/terminal.ts"

export const GROUP_KEYS = ["provider", "week", "day", "month", "country", "agent", "campaign"] as const
export type GroupKey = (typeof GROUP_KEYS)[number]

interface GroupForm {
  readonly format: Format
  readonly timeZone: string
  readonly bom: boolean
}

const UNKNOWN = "unknown"

/** An attempt, or an order without attempts. */
interface Contact {
  readonly provider: string
  readonly order: string
  readonly isAttempt: boolean
  readonly to: string | undefined
  readonly at: string | undefined
  readonly reach: ReachValue
  readonly agent?: string | undefined
  readonly campaign?: string | undefined
}

interface Group {
  readonly values: ReadonlyArray<string>
  readonly orders: Set<string>
  attempts: number
  /** The best reach of each person, as an index of `ReachValue.literals`. */
  readonly people: Map<string, number>
  /** Persons whose number is not known: each of their orders counts as a person. */
  readonly unnumbered: Set<string>
}

const newGroup = (values: ReadonlyArray<string>): Group => {
  return { values, orders: new Set(), attempts: 0, people: new Map(), unnumbered: new Set() }
}

const contactsOf = (record: CallRecord): ReadonlyArray<Contact> => {
  if (record.kind === "call_hint") return []
  const { provider, to, reach } = record
  if (record.kind === "call_attempt") {
    const order = record.orderId ?? `attempt ${record.id}`
    return [{ provider, order, isAttempt: true, to, at: timeOf(record), reach: reach.value }]
  }
  const { id: order, createdAt, scheduledAt, agent, campaign, attempts } = record
  const shared = { provider, order, agent: agent?.id ?? agent?.name, campaign: campaign?.id ?? campaign?.name }
  if (attempts.length === 0) {
    return [{ ...shared, isAttempt: false, to, at: createdAt ?? scheduledAt, reach: reach.value }]
  }
  return attempts.map((attempt) => ({
    ...shared,
    isAttempt: true,
    to: attempt.to ?? to,
    at: timeOf(attempt) ?? createdAt,
    reach: attempt.reach.value
  }))
}

/** A number in E.164; a number that cannot be read as it was written. */
const numberOf = (to: string | undefined): string | undefined => {
  if (to === undefined || to.trim() === "") return undefined
  const read = parsePhoneNumber(to)
  return typeof read === "string" ? read : to.trim()
}

const COUNTS = ["people", ...ReachValue.literals, "without_number", "orders", "attempts"] as const

const countsOf = ({ people, orders, attempts, unnumbered }: Group): ReadonlyArray<number> => {
  const byReach = ReachValue.literals.map((_, rank) => [...people.values()].filter((best) => best === rank).length)
  return [people.size, ...byReach, unnumbered.size, orders.size, attempts]
}

const tableOf = (header: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string | number>>): string => {
  // A count that is 0 in all groups would only widen the table.
  const isShown = header.map((name, at) => !COUNTS.some((count) => count === name) || rows.some((row) => row[at] !== 0))
  const shown = (row: ReadonlyArray<string | number>) =>
    row.filter((_, at) => isShown[at]).map((cell) => plainText(cell.toLocaleString("en-US")))
  return aligned([shown(header.map((name) => name.toUpperCase())), ...rows.map(shown)])
}

const textOf = (keys: ReadonlyArray<GroupKey>, groups: ReadonlyArray<Group>, { format, bom }: GroupForm): string => {
  const header = [...keys, ...COUNTS]
  const rows = groups.map((group) => [...group.values, ...countsOf(group)])
  const objects = rows.map((row) => Object.fromEntries(row.map((cell, at) => [header[at], cell])))
  switch (format) {
    case "csv":
      return (bom ? BYTE_ORDER_MARK : "") + [header, ...rows].map(csvLine).join("")
    case "ndjson":
      return objects.map(jsonLine).join("")
    case "json":
      return `[\n${objects.map((each) => JSON.stringify(each)).join(",\n")}\n]\n`
    case "table":
      return tableOf(header, rows)
  }
}

const byValues = (one: Group, other: Group): number => {
  const at = one.values.findIndex((value, index) => value !== other.values[index])
  return at < 0 ? 0 : compareText(one.values[at] ?? "", other.values[at] ?? "")
}

/** Counts records instead of writing them. Expects each order once: payloads must be folded before. */
export const makeGroupEncoder = (keys: ReadonlyArray<GroupKey>, form: GroupForm): Encoder => {
  const calendar = makeCalendar(form.timeZone)
  const groups = new Map<string, Group>()

  const valueOf = (key: GroupKey, contact: Contact, number: string | undefined): string | undefined => {
    if (key === "provider" || key === "agent" || key === "campaign") return contact[key]
    if (key === "country") return number === undefined ? undefined : countryOfNumber(number)
    return contact.at === undefined ? undefined : calendar(contact.at)[key]
  }

  const add = (contact: Contact): void => {
    const number = numberOf(contact.to)
    const values = keys.map((key) => valueOf(key, contact, number) ?? UNKNOWN)
    const name = JSON.stringify(values)
    const group = groups.get(name) ?? newGroup(values)
    groups.set(name, group)
    const order = `${contact.provider}:${contact.order}`
    const person = number ?? order
    const rank = ReachValue.literals.indexOf(contact.reach)
    group.orders.add(order)
    if (contact.isAttempt) group.attempts += 1
    if (number === undefined) group.unnumbered.add(person)
    group.people.set(person, Math.min(rank, group.people.get(person) ?? rank))
  }

  return {
    begin: () => "",
    record: (record) => {
      for (const contact of contactsOf(record)) add(contact)
      return ""
    },
    end: () => textOf(keys, [...groups.values()].toSorted(byValues), form)
  }
}

export const groupNote = (hints: number): string =>
  "people: telephone numbers, each once in a group, by the best that came of calling it there; human: a person answered\n" +
  (hints === 0 ? "" : `${plural(hints, "hint")} not counted: no record of a call\n`)
