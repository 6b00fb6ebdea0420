/** What the segments of speech of an attempt (V5) come to: latencies, interruptions, how long each side spoke. Pure. */
import { present } from "../../src/domain/present.ts"
import { figuresOf, type Latency, type Timing } from "../../src/domain/Timing.ts"
import type { IssueLog } from "../../src/provider/FieldReader.ts"
import { readRole } from "../../src/provider/transcripts.ts"
import type * as Wire from "./Wire.ts"
import { roleWords } from "./Words.ts"

type Sides = { readonly [Side in "agent" | "remote"]: ReadonlyArray<Wire.SpeechEvent> }

/** Segments that are no noise, by who spoke. */
const sidesOf = (events: NonNullable<Wire.Attempt["speech_events"]>, issues: IssueLog): Sides => {
  const sides: { [Side in keyof Sides]: Array<Wire.SpeechEvent> } = { agent: [], remote: [] }
  events.forEach((event, index) => {
    if (event === null || event === undefined || event.is_real_turn === false) return
    const role = readRole(event.speaker, roleWords, () => `speech_events[${index}].speaker`, issues)
    if (role === "agent" || role === "remote") sides[role].push(event)
  })
  return sides
}

const given = (values: ReadonlyArray<number | null | undefined>): ReadonlyArray<number> =>
  values.flatMap((value) => (typeof value === "number" && value >= 0 && value < Infinity ? [value] : []))

const lengthOf = ({ started_speaking_at_ms: start, stopped_speaking_at_ms: stop }: Wire.SpeechEvent) =>
  typeof start === "number" && typeof stop === "number" && stop >= start ? stop - start : undefined

/** None if any segment has no length: the others would be too little. */
const secondsOf = (events: ReadonlyArray<Wire.SpeechEvent>): number | undefined => {
  const lengths = given(events.map(lengthOf))
  if (events.length === 0 || lengths.length < events.length) return undefined
  const sum = lengths.reduce((total, length) => total + length, 0)
  return sum < Infinity ? Math.round(sum) / 1000 : undefined
}

/** From each end of the remote party's speech to the agent's next, where nobody spoke in between. */
const gapsOf = ({ agent, remote }: Sides): ReadonlyArray<number> => {
  const segments = [
    ...agent.map((event) => ({ event, isAgent: true })),
    ...remote.map((event) => ({ event, isAgent: false }))
  ]
    .filter(({ event }) => typeof event.started_speaking_at_ms === "number")
    .toSorted((a, b) => (a.event.started_speaking_at_ms ?? 0) - (b.event.started_speaking_at_ms ?? 0))
  return given(
    segments.map(({ event, isAgent }, index) => {
      const before = segments[index - 1]
      const stop = before?.event.stopped_speaking_at_ms
      if (!isAgent || before?.isAgent !== false || typeof stop !== "number") return undefined
      return (event.started_speaking_at_ms ?? 0) - stop
    })
  )
}

/** Figures that the segments of one side give, with what the documentation says of each. */
const STATED = [
  {
    stage: "transcription",
    definition: "from the end of the remote party's speech to its final text",
    source: "speech_events[].stt_transcription_delay_ms",
    side: "remote",
    field: "stt_transcription_delay_ms"
  },
  {
    stage: "model",
    definition: "to the model's first token of the reply",
    source: "speech_events[].llm_ttft_ms",
    side: "agent",
    field: "llm_ttft_ms"
  },
  {
    stage: "voice",
    definition: "to the first byte of the reply's sound",
    source: "speech_events[].tts_ttfb_ms",
    side: "agent",
    field: "tts_ttfb_ms"
  }
] as const satisfies ReadonlyArray<
  Pick<Latency, "stage" | "definition" | "source"> & {
    readonly side: keyof Sides
    readonly field: keyof Wire.SpeechEvent
  }
>

const latenciesOf = (sides: Sides): ReadonlyArray<Latency> => {
  const responses = figuresOf(gapsOf(sides))
  const response: ReadonlyArray<Latency> =
    responses === undefined
      ? []
      : [
          {
            stage: "response",
            definition: "from the end of the remote party's speech to the start of the agent's next",
            // Documented: milliseconds since the session started. Which moment of the call that is, is not.
            clock: "the provider's, from the start of the session",
            ...responses,
            source: "speech_events[].stopped_speaking_at_ms, speech_events[].started_speaking_at_ms"
          }
        ]
  return [
    ...response,
    ...STATED.flatMap(({ side, field, stage, definition, source }) => {
      const figures = figuresOf(given(sides[side].map((event) => event[field])))
      return figures === undefined ? [] : [{ stage, definition, ...figures, source }]
    })
  ]
}

export const timingFrom = (events: Wire.Attempt["speech_events"], issues: IssueLog): Timing | undefined => {
  if (events === null || events === undefined) return undefined
  const sides = sidesOf(events, issues)
  const latencies = latenciesOf(sides)
  const told = sides.agent.filter(({ was_cut }) => typeof was_cut === "boolean")
  const agentSeconds = secondsOf(sides.agent)
  const remoteSeconds = secondsOf(sides.remote)
  const timing = present({
    latencies: latencies.length > 0 ? latencies : undefined,
    // That the other side cut it off is a conclusion from the name: no page explains it.
    interruptions:
      told.length > 0
        ? { byRemote: told.filter(({ was_cut }) => was_cut === true).length, source: "speech_events[].was_cut" }
        : undefined,
    speech:
      agentSeconds === undefined && remoteSeconds === undefined
        ? undefined
        : {
            ...present({ agentSeconds, remoteSeconds }),
            source: "speech_events[].started_speaking_at_ms, speech_events[].stopped_speaking_at_ms"
          }
  })
  return Object.keys(timing).length === 0 ? undefined : timing
}
