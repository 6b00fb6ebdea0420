/**
 * What unicall itself wrote, read again: facts as facts; a record as the payloads in its `native`, where they give
 * exactly that record, else as a view. A record is told by its `kind`, and that comes before any provider's keys.
 */
import type { CallAttempt } from "../../domain/CallAttempt.ts"
import type { CallHint } from "../../domain/CallHint.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { AttemptFact, OrderFact } from "../../domain/Fact.ts"
import { canonicalJson, isJsonObject, type JsonObject } from "../../domain/Json.ts"
import type { Adapter } from "../../provider/Adapter.ts"
import type { Registry } from "../../provider/registry.ts"
import { providerIdOf, recognise, type Refusal } from "../detect.ts"
import { makeFold } from "../fold.ts"
import { type FieldFault, within } from "./checks.ts"
import { isRow, recordOfRow } from "./csvRecord.ts"
import { factLineFault, isFactLine } from "./factChecks.ts"
import { factFrom, FACTS_VERSION, isFactsKind } from "./factLines.ts"
import { isNoted, withoutNote } from "./note.ts"
import { attemptFault, hintFault, isCallAttempt, isCallHint, isCallOrder, orderFault } from "./recordChecks.ts"

/** Levels of nesting that a line of ours has around what a provider wrote. */
export const WRITTEN_LEVELS = 8

export type Written =
  | { readonly is: "fact"; readonly fact: OrderFact | AttemptFact; readonly adapter: Adapter }
  | { readonly is: "view"; readonly record: CallOrder | CallAttempt; readonly adapter: Adapter }
  | { readonly is: "hint"; readonly hint: CallHint }
  | ({ readonly is: "refused" } & Refusal)

const refused = (kind: unknown, { path, expected }: FieldFault): Written => ({
  is: "refused",
  reason: "unknown_shape",
  message: `expected ${path === "" ? "it" : path} of a ${String(kind)} to be ${expected}`
})

/** Reads a record or a line of facts that `isWritten` takes for ours, secrets redacted. */
export const readWritten = (body: JsonObject, registry: Registry, claimed: string | undefined): Written => {
  const { kind } = body
  const adapter = typeof body["provider"] === "string" ? registry.get(body["provider"]) : undefined
  if (adapter === undefined) {
    return refused(kind, { path: "provider", expected: `one of ${registry.ids.join(", ")}` })
  }
  if (claimed !== undefined && providerIdOf(claimed) !== adapter.id) {
    const message = `expected a record of ${registry.get(providerIdOf(claimed))?.title ?? "a known provider"}, got a ${String(kind)} of ${adapter.title}`
    return { is: "refused", reason: "provider_mismatch", message, provider: adapter.id }
  }
  if (isFactsKind(kind)) return readLine(body, adapter)
  return readRecord(isRow(body) ? recordOfRow(body) : body, adapter, registry)
}

const readLine = (line: JsonObject, adapter: Adapter): Written => {
  const { kind, version, record } = line
  if (typeof version !== "number" || !Number.isSafeInteger(version) || version < 1) {
    return refused(kind, { path: "version", expected: "a whole number from 1" })
  }
  if (version > FACTS_VERSION) {
    const message = `expected facts of version ${FACTS_VERSION} or before, got version ${version}: a newer unicall wrote them`
    return { is: "refused", reason: "newer_version", message, provider: adapter.id }
  }
  if (kind !== "record_view") {
    if (isFactLine(line)) return { is: "fact", fact: factFrom(line, adapter), adapter }
    return refused(kind, factLineFault(line) ?? UNREADABLE)
  }
  if (!isJsonObject(record) || record["provider"] !== adapter.id) {
    return refused(kind, { path: "record", expected: "a record of the same provider" })
  }
  const view = viewOf(record)
  return view === undefined
    ? refused(kind, within("record", faultOf(record)))
    : { is: "view", record: withoutNote(view), adapter }
}

const UNREADABLE: FieldFault = { path: "", expected: "readable" }

const viewOf = (record: JsonObject): CallOrder | CallAttempt | undefined => {
  if (record["kind"] === "call_order" && isCallOrder(record)) return record
  return record["kind"] === "call_attempt" && isCallAttempt(record) ? record : undefined
}

const faultOf = (record: JsonObject): FieldFault => {
  const { kind } = record
  const fault = kind === "call_order" ? orderFault(record) : kind === "call_attempt" ? attemptFault(record) : undefined
  return fault ?? { path: "kind", expected: "call_order or call_attempt" }
}

const readRecord = (record: JsonObject, adapter: Adapter, registry: Registry): Written => {
  if (record["kind"] === "call_hint") {
    return isCallHint(record) ? { is: "hint", hint: record } : refused(record["kind"], hintFault(record) ?? UNREADABLE)
  }
  const view = viewOf(record)
  if (view === undefined) return refused(record["kind"], faultOf(record))
  if (isNoted(view)) return { is: "view", record: withoutNote(view), adapter }
  const fact = factBehind(view, adapter, registry)
  return fact === undefined ? { is: "view", record: view, adapter } : { is: "fact", fact, adapter }
}

/** The fact of the payloads that a record holds, its own and those of its attempts, if they give exactly that record. */
const factBehind = (
  record: CallOrder | CallAttempt,
  adapter: Adapter,
  registry: Registry
): OrderFact | AttemptFact | undefined => {
  if (record.native === undefined) return undefined
  const natives: Array<JsonObject> = [record.native]
  if (record.kind === "call_order") {
    for (const { native } of record.attempts) if (native !== undefined) natives.push(native)
  }
  const trial = makeFold()
  for (const native of natives) {
    const found = recognise(native, registry, adapter.id)
    const reading = "reason" in found ? undefined : found.shape.read(native)
    if (reading?.kind !== "order" && reading?.kind !== "attempt") return undefined
    trial.add(reading, adapter)
  }
  const [again, ...others] = trial.records()
  if (again === undefined || others.length > 0 || canonicalJson(again) !== canonicalJson(record)) return undefined
  const [fact, ...more] = trial.facts()
  // An attempt that named the order without being listed is the order's now.
  return fact?.kind !== "order" ? fact : { ...fact, attempts: [...fact.attempts, ...more.filter(isAttempt)] }
}

const isAttempt = (fact: OrderFact | AttemptFact): fact is AttemptFact => fact.kind === "attempt"
