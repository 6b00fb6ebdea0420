import * as Schema from "effect/Schema"

/**
 * A stretch of the agent's answering: `response` from the end of the remote party's speech to the start of the agent's, and its
 * parts: that the speech had ended, its text, the model's first words, the first sound of them, and the way of the sound.
 */
export const LatencyStage = Schema.Literals(["response", "endpointing", "transcription", "model", "voice", "transport"])
export type LatencyStage = typeof LatencyStage.Type

/** How long a stage took over the call, in milliseconds. Two providers' figures for one stage are not the same measure. */
export const Latency = Schema.Struct({
  stage: LatencyStage,
  /** From what to what it is measured, as far as the provider says. */
  definition: Schema.String,
  /** Whose clock measures it, where that is said. */
  clock: Schema.optionalKey(Schema.String),
  averageMs: Schema.optionalKey(Schema.Finite),
  medianMs: Schema.optionalKey(Schema.Finite),
  p95Ms: Schema.optionalKey(Schema.Finite),
  /** How many times it was measured. */
  count: Schema.optionalKey(Schema.Finite),
  /** Where it stands in the provider's record of the attempt. */
  source: Schema.String
})
export type Latency = typeof Latency.Type

/** How a conversation went in time. Each figure names where in the provider's record of the attempt it comes from. */
export const Timing = Schema.Struct({
  latencies: Schema.optionalKey(Schema.Array(Latency)),
  /** How often one side cut the other off. */
  interruptions: Schema.optionalKey(
    Schema.Struct({
      byRemote: Schema.optionalKey(Schema.Finite),
      byAgent: Schema.optionalKey(Schema.Finite),
      source: Schema.String
    })
  ),
  /** How long each side spoke. */
  speech: Schema.optionalKey(
    Schema.Struct({
      remoteSeconds: Schema.optionalKey(Schema.Finite),
      agentSeconds: Schema.optionalKey(Schema.Finite),
      source: Schema.String
    })
  ),
  /** How long nobody spoke. */
  silence: Schema.optionalKey(Schema.Struct({ seconds: Schema.Finite, source: Schema.String }))
})
export type Timing = typeof Timing.Type

/** What calls are compared by. How long nobody spoke is not among them: no provider tells it. */
export const TIMING_FIGURES = [
  "response_latency",
  "interruptions_by_agent",
  "interruptions_by_remote",
  "remote_speech"
] as const
export type TimingFigure = (typeof TIMING_FIGURES)[number]

/** Lengths of time in seconds. What the record does not tell is absent, and never 0. */
export const timingFigure = (
  { latencies = [], interruptions, speech }: Timing,
  figure: TimingFigure
): number | undefined => {
  switch (figure) {
    case "response_latency": {
      const found = latencies.find(({ stage, medianMs }) => stage === "response" && medianMs !== undefined)
      return found?.medianMs === undefined ? undefined : found.medianMs / 1000
    }
    case "interruptions_by_agent":
      return interruptions?.byAgent
    case "interruptions_by_remote":
      return interruptions?.byRemote
    case "remote_speech":
      return speech?.remoteSeconds
  }
}

/** To a thousandth, which no such figure is exact to; what is too large for that has none. */
const rounded = (value: number): number =>
  Math.abs(value) < Number.MAX_SAFE_INTEGER / 1000 ? Math.round(value * 1000) / 1000 : value

/** Average, median and 95th percentile (the nearest rank) of single measurements; none of none. */
export const figuresOf = (
  milliseconds: ReadonlyArray<number>
): Pick<Latency, "averageMs" | "medianMs" | "p95Ms" | "count"> | undefined => {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const count = sorted.length
  const at = (index: number): number => sorted[index] ?? 0
  if (count === 0) return undefined
  return {
    // Divided one by one: a sum may be more than a number can hold.
    averageMs: rounded(sorted.reduce((sum, each) => sum + each / count, 0)),
    medianMs: rounded(at(Math.floor((count - 1) / 2)) / 2 + at(Math.ceil((count - 1) / 2)) / 2),
    p95Ms: rounded(at(Math.ceil(0.95 * count) - 1)),
    count
  }
}
