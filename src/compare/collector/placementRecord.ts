/** Records of placements read back: lines that `unicall place --json` wrote, and placements of a journal. */
import { parseInstant } from "../../domain/Instant.ts"
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import { unitDigest } from "../../experiment/assignmentTag.ts"
import type { PlacementSubject } from "../../metrics/Metric.ts"
import type { FieldFault } from "../../normalize/written/recordChecks.ts"

/** What a record says of the assignment. */
interface PlacementMark {
  readonly id: string
  readonly arm: string
  /** As the mark of an order names it. */
  readonly unit: string | undefined
  /** Of the number called, where orders are sorted by it. */
  readonly country: string | undefined
}

/** What a record says of one request to place an order. */
export interface PlacementReading {
  /** Absent only of an order that failed before it had one. */
  readonly reference: string | undefined
  readonly provider: string | undefined
  readonly subject: PlacementSubject
  /** The order's id at the provider, once accepted. */
  readonly orderId: string | undefined
  readonly agentId: string | undefined
  /** ISO 8601: when its reference was reserved, as far as that is told. */
  readonly reservedAt: string | undefined
  /** ISO 8601: when it was asked for, perhaps once more. */
  readonly askedAt: string | undefined
  readonly experiment: PlacementMark | undefined
  /** The order that stands in the line; a normalised record, not looked at. */
  readonly order: JsonObject | undefined
}

/** `undefined`: a word for what is no placement of either kind. `released`: given up, nothing is known of it. */
const STATES: ReadonlyMap<unknown, PlacementSubject["state"] | "released"> = new Map([
  ["accepted", "accepted"],
  ["ended", "accepted"],
  ["uncertain", "uncertain"],
  // After a crash this is all there is: the request may have left.
  ["reserved", "uncertain"],
  ["in_flight", "uncertain"],
  ["failed", "failed"],
  ["released", "released"],
  ["free", "released"]
])

/** Told by its keys: a state of ours, and the caller's reference or the reason why there is none. */
export const isPlacement = (value: unknown): value is JsonObject =>
  isJsonObject(value) &&
  STATES.has(value["state"]) &&
  !Object.hasOwn(value, "kind") &&
  (Object.hasOwn(value, "reference") || (value["state"] === "failed" && Object.hasOwn(value, "reason")))

/** `released`: given up, nothing is known of it. */
export const readPlacement = (value: JsonObject): PlacementReading | "released" | FieldFault => {
  const fault = faultIn(value)
  if (fault !== undefined) return fault
  const state = STATES.get(value["state"])
  if (state === undefined || state === "released") return "released"
  const call = callOf(value["call"])
  const provider = textOf(value["provider"]) ?? call?.provider
  const { latencyMs } = value
  const order = isJsonObject(value["order"]) ? value["order"] : undefined
  return {
    reference: textOf(value["reference"]),
    provider,
    subject: {
      state,
      reason: state === "failed" ? textOf(value["reason"]) : undefined,
      latencyMs: typeof latencyMs === "number" ? latencyMs : undefined
    },
    orderId: textOf(value["orderId"]) ?? (call?.provider === provider ? call?.id : undefined),
    agentId: textOf(value["agentId"]) ?? (isJsonObject(order?.["agent"]) ? textOf(order["agent"]["id"]) : undefined),
    reservedAt: textOf(value["reservedAt"]) ?? textOf(value["since"]),
    askedAt: textOf(value["at"]),
    experiment: assignmentOf(value["experiment"]),
    order
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined)

/** A call as `place` writes it, `provider:id`, or as the library gives it. */
const callOf = (call: unknown): { readonly provider: string; readonly id: string } | undefined => {
  const parts = isJsonObject(call) ? call : /^(?<provider>[^:]+):(?<id>.+)$/su.exec(textOf(call) ?? "")?.groups
  const [provider, id] = [textOf(parts?.["provider"]), textOf(parts?.["id"])]
  return provider === undefined || id === undefined ? undefined : { provider, id }
}

const assignmentOf = (experiment: unknown): PlacementReading["experiment"] => {
  if (!isJsonObject(experiment)) return undefined
  const [id, arm] = [textOf(experiment["id"]), textOf(experiment["arm"])]
  if (id === undefined || arm === undefined) return undefined
  const unit = textOf(experiment["unit"])
  const isWholeDigest = unit !== undefined && /^[0-9a-f]{64}$/.test(unit)
  return { id, arm, unit: isWholeDigest ? unitDigest({ digest: unit }) : unit, country: textOf(experiment["country"]) }
}

const isText = (value: unknown): boolean => textOf(value) !== undefined
const isAmount = (value: unknown): boolean => typeof value === "number" && value >= 0 && Number.isFinite(value)

/** What fields have to be, each of them only if it is there. */
const FIELDS: ReadonlyArray<readonly [names: ReadonlyArray<string>, (value: unknown) => boolean, expected: string]> = [
  [["reference", "provider", "orderId", "agentId", "reason", "because"], isText, "text that is not empty"],
  [["call"], (value) => callOf(value) !== undefined, "a call such as provider:id, or an object with provider and id"],
  [["reservedAt", "since", "at"], (value) => parseInstant(value) === value, "a time such as 2026-03-01T10:00:00.000Z"],
  [["latencyMs"], isAmount, "a number of 0 or more"],
  [["experiment"], (value) => assignmentOf(value) !== undefined, "an object with id and arm"],
  [["order"], isJsonObject, "an object"]
]

const faultIn = (value: JsonObject): FieldFault | undefined => {
  for (const [names, isRight, expected] of FIELDS) {
    const path = names.find((name) => value[name] !== undefined && !isRight(value[name]))
    if (path !== undefined) return { path, expected }
  }
  return undefined
}
