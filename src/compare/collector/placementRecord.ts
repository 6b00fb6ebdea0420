/** Records of placements read back: lines that `unicall place --json` wrote, and placements of a journal. */
import { parseInstant } from "../../domain/Instant.ts"
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import type { PlacementSubject } from "../../metrics/Metric.ts"
import type { FieldFault } from "../../normalize/written/recordChecks.ts"

/** What a record says of one request to place an order. */
export interface PlacementReading {
  /** Absent only of an order that failed before it had one. */
  readonly reference: string | undefined
  readonly provider: string | undefined
  readonly subject: PlacementSubject
  /** The order's id at the provider, once accepted. */
  readonly orderId: string | undefined
  readonly agentId: string | undefined
  /** ISO 8601, as far as it is told. */
  readonly at: string | undefined
  readonly experiment: { readonly id: string; readonly arm: string } | undefined
}

export type PlacementRead =
  | {
      readonly is: "placement"
      readonly placement: PlacementReading
      /** The order that stands in the line; a normalised record, not looked at. */
      readonly order: JsonObject | undefined
    }
  | { readonly is: "released" }
  | { readonly is: "faulty"; readonly fault: FieldFault }

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

const OPTIONAL_TEXTS = ["reference", "provider", "orderId", "agentId", "reason", "because"] as const
const INSTANTS = ["reservedAt", "since"] as const

export const readPlacement = (value: JsonObject): PlacementRead => {
  const fault = faultIn(value)
  if (fault !== undefined) return { is: "faulty", fault }
  const state = STATES.get(value["state"])
  if (state === undefined || state === "released") return { is: "released" }
  const call = callIn(value)
  const provider = textAt(value, "provider") ?? call?.provider
  const { experiment, latencyMs, order } = value
  return {
    is: "placement",
    placement: {
      reference: textAt(value, "reference"),
      provider,
      subject: {
        state,
        reason: state === "failed" ? textAt(value, "reason") : undefined,
        latencyMs: typeof latencyMs === "number" ? latencyMs : undefined
      },
      orderId: textAt(value, "orderId") ?? (call?.provider === provider ? call?.id : undefined),
      agentId: textAt(value, "agentId") ?? (isJsonObject(order) ? agentIdOf(order) : undefined),
      at: INSTANTS.map((name) => textAt(value, name)).find((text) => text !== undefined),
      experiment: isJsonObject(experiment) ? assignmentIn(experiment) : undefined
    },
    order: isJsonObject(order) ? order : undefined
  }
}

const faultIn = (value: JsonObject): FieldFault | undefined => {
  const wrongText = OPTIONAL_TEXTS.find((name) => value[name] !== undefined && textAt(value, name) === undefined)
  if (wrongText !== undefined) return { path: wrongText, expected: "text that is not empty" }
  if (value["call"] !== undefined && callIn(value) === undefined) {
    return { path: "call", expected: "a call such as provider:id, or an object with provider and id" }
  }
  const wrongInstant = INSTANTS.find((name) => value[name] !== undefined && parseInstant(value[name]) !== value[name])
  if (wrongInstant !== undefined) {
    return { path: wrongInstant, expected: "a time such as 2026-03-01T10:00:00.000Z" }
  }
  const { latencyMs, experiment, order } = value
  if (latencyMs !== undefined && !(typeof latencyMs === "number" && latencyMs >= 0 && Number.isFinite(latencyMs))) {
    return { path: "latencyMs", expected: "a number of 0 or more" }
  }
  if (experiment !== undefined && (!isJsonObject(experiment) || assignmentIn(experiment) === undefined)) {
    return { path: "experiment", expected: "an object with id and arm" }
  }
  if (order !== undefined && !isJsonObject(order)) return { path: "order", expected: "an object" }
  return undefined
}

const textAt = (value: JsonObject, name: string): string | undefined => {
  const text = value[name]
  return typeof text === "string" && text !== "" ? text : undefined
}

/** A call as `place` writes it, `provider:id`, or as the library gives it. */
const callIn = ({ call }: JsonObject): { readonly provider: string; readonly id: string } | undefined => {
  if (isJsonObject(call)) {
    const [provider, id] = [textAt(call, "provider"), textAt(call, "id")]
    return provider === undefined || id === undefined ? undefined : { provider, id }
  }
  if (typeof call !== "string") return undefined
  const [, provider, id] = /^([^:]+):(.+)$/su.exec(call) ?? []
  return provider === undefined || id === undefined ? undefined : { provider, id }
}

const agentIdOf = ({ agent }: JsonObject): string | undefined => (isJsonObject(agent) ? textAt(agent, "id") : undefined)

const assignmentIn = (experiment: JsonObject): PlacementReading["experiment"] => {
  const [id, arm] = [textAt(experiment, "id"), textAt(experiment, "arm")]
  return id === undefined || arm === undefined ? undefined : { id, arm }
}
