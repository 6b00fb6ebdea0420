/** What it means to wait for a call: until when, for what, and how often it is looked at. */
import * as Duration from "effect/Duration"
import type { CallOrder } from "../domain/CallOrder.ts"
import { BEFORE_ANSWER } from "../domain/Failure.ts"
import type { Capabilities } from "../provider/Capabilities.ts"

/** What arrives after the end of a call. */
export type EnrichedPart = "transcript" | "recording" | "outcome"

/** Until when a call is waited for, and for what. */
export interface WaitOptions {
  /**
   * `terminal`: the order is over. `enriched`: it is over and transcript, recording and outcome have arrived, as far as
   * its provider has them; they trail the end.
   * @default "terminal"
   */
  readonly until?: "terminal" | "enriched" | undefined
  /** What `enriched` waits for, where the agent makes only some of it. @default all that the provider can deliver */
  readonly parts?: ReadonlyArray<EnrichedPart> | undefined
  /** From now. When it has passed, waiting fails with `Unresolved` and the last known record. @example "10 minutes" */
  readonly deadline: Duration.Input
}

/** How often calls are looked at that somebody waits for. */
export interface PollOptions {
  /** Between the first two looks at a call. */
  readonly first: Duration.Input
  /** The interval grows by half with each look, up to this. */
  readonly longest: Duration.Input
}

export const POLL: PollOptions = { first: "1 second", longest: "15 seconds" }

export const GROWTH = 1.5

const ABILITIES = { transcript: "transcript", recording: "recording", outcome: "outcome" } as const satisfies Record<
  EnrichedPart,
  keyof Capabilities
>

const PARTS: ReadonlyArray<EnrichedPart> = ["transcript", "recording", "outcome"]

/** The parts a provider can deliver. */
export const partsOf = (capabilities: Capabilities): ReadonlyArray<EnrichedPart> =>
  PARTS.filter((part) => capabilities[ABILITIES[part]] === "yes")

/** A call that nobody answered has nothing to be enriched with. */
const wasAnswered = ({ attempts }: CallOrder): boolean =>
  attempts.some(({ answered, failure }) => answered ?? (failure === undefined || !BEFORE_ANSWER.has(failure.kind)))

/** Whether a part is there, or will not come: an outcome is made of a conversation with a person. */
const isSettled = ({ enriched, reach }: CallOrder, part: EnrichedPart): boolean =>
  enriched[part] || (part === "outcome" && reach.value !== "human")

export const isDone = (order: CallOrder, until: "terminal" | "enriched", parts: ReadonlyArray<EnrichedPart>): boolean =>
  order.terminal === true &&
  (until === "terminal" || !wasAnswered(order) || parts.every((part) => isSettled(order, part)))
