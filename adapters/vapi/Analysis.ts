/** What is known of a Vapi call once it is over: the verdict on it, its cost, and technical figures. Pure. */
import type { OrderClaims } from "../../src/domain/Fact.ts"
import type { Decimal } from "../../src/domain/Decimal.ts"
import { present } from "../../src/domain/present.ts"
import type { Latency, Timing } from "../../src/domain/Timing.ts"
import { type IssueLog, readDecimal } from "../../src/provider/FieldReader.ts"
import * as Wire from "./Wire.ts"

/**
 * `true` or `false` by itself, or before a sign that ends it and what comes behind: a full stop or the like, a dash, a line
 * break. Before a hyphen stands a space, since `false-positive` is one word.
 */
const VERDICT = /^\s*(true|false)(?:\s*$|\s*[.,:;!—]|\s+[–-]|[^\S\r\n]*[\r\n])(.*)$/is
const ANOTHER = /\b(?:true|false)\b/i

/**
 * No rubric is named, so that a number, a word of a scale and a sentence decide nothing, nor do several verdicts in one text;
 * they are kept.
 */
export const goalFrom = (raw: string | null | undefined): OrderClaims["goal"] => {
  if (raw === undefined || raw === null || raw.trim() === "") return undefined
  const [, verdict, more = ""] = VERDICT.exec(raw) ?? []
  if (verdict === undefined || ANOTHER.test(more)) return { achieved: "unknown", text: raw }
  const achieved = verdict.toLowerCase() === "true" ? "yes" : "no"
  return more.trim() === "" ? { achieved } : { achieved, text: raw }
}

/** US dollars, by the types. */
export const costFrom = (
  { cost, costBreakdown, costs }: Pick<Wire.Course, "cost" | "costBreakdown" | "costs">,
  issues: IssueLog
): OrderClaims["cost"] => {
  const total = readDecimal(costBreakdown?.total, "costBreakdown.total", issues)
  const amount = readDecimal(cost, "cost", issues) ?? total
  if (amount === undefined) return undefined
  const named = (name: string, raw: Parameters<typeof readDecimal>[0], path: string) => {
    const part: Decimal | undefined = readDecimal(raw, path, issues)
    return part === undefined ? [] : [{ name, amount: part }]
  }
  const broken = Wire.COST_PARTS.flatMap((name) => named(name, costBreakdown?.[name], `costBreakdown.${name}`))
  const parts =
    broken.length > 0
      ? broken
      : (costs ?? []).flatMap((each, index) => named(each?.type ?? "", each?.cost, `costs[${index}].cost`))
  return { amount, currency: "USD", ...(parts.length > 0 ? { parts } : {}) }
}

const METRICS = "artifact.performanceMetrics"

type Metrics = NonNullable<NonNullable<Wire.Course["artifact"]>["performanceMetrics"]>

/** The only latencies whose unit is said. */
const TRANSPORT = {
  fromTransportLatencyAverage: "packets received from the transport provider",
  toTransportLatencyAverage: "packets sent to the transport provider"
} as const satisfies { readonly [Name in keyof Metrics]?: string }

const latencyOf = (definition: string, averageMs: number | null | undefined, source: string): ReadonlyArray<Latency> =>
  averageMs === undefined || averageMs === null
    ? []
    : [{ stage: "transport", definition, averageMs, source: `${METRICS}.${source}` }]

export const timingFrom = (metrics: Metrics | null | undefined): Timing | undefined => {
  if (metrics === undefined || metrics === null) return undefined
  const latencies = Object.entries(TRANSPORT).flatMap(([name, definition]) =>
    latencyOf(definition, metrics[name as keyof typeof TRANSPORT], name)
  )
  // The assistant that was interrupted was interrupted by the other side.
  const byRemote = metrics.numAssistantInterrupted ?? undefined
  const byAgent = metrics.numUserInterrupted ?? undefined
  const timing = present({
    latencies: latencies.length > 0 ? latencies : undefined,
    interruptions:
      byRemote === undefined && byAgent === undefined
        ? undefined
        : { ...present({ byRemote, byAgent }), source: METRICS }
  })
  return Object.keys(timing).length === 0 ? undefined : timing
}
