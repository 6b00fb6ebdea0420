/** What an application uses of its provider, as counts: no number, no text and no id of anything but agents. */
import type { DisconnectReason } from "../domain/Disconnect.ts"
import type { Instant } from "../domain/Instant.ts"
import type { OrderStatus } from "../domain/CallStatus.ts"
import type { QuestionId, Unit } from "./questions.ts"

/** How many of something there are, of how many. */
export interface Counted {
  readonly count: number
  readonly total: number
}

export interface AgentUse {
  readonly id: string
  readonly orders: number
}

/**
 * What records tell. Whoever knows it from elsewhere, such as from a configuration, can make one as well: `planOf` asks for
 * nothing else.
 */
export interface Usage {
  /** Each order once, however many records are about it. */
  readonly orders: number
  /** Orders that are over. */
  readonly over: number
  /** Those that the application asked for: neither inbound nor from a browser. */
  readonly placed: number
  /** Orders of which only records of their attempts were read; they are not among `orders`. */
  readonly knownByAttempts: number
  /** Dials, each once. */
  readonly attempts: number
  /** Dials that do not name their order. */
  readonly strays: number
  /** When the first and the last order was made. */
  readonly from: Instant | undefined
  readonly to: Instant | undefined
  readonly counts: { readonly [question in QuestionId]: number }
  readonly dials: {
    /** Placed orders, and those known by their attempts: `several` of them had more than one dial, `most` is how many one had. */
    readonly orders: number
    readonly several: number
    readonly most: number
    /** On which dial a person was first reached: the first, the second, and so on. */
    readonly reachedOn: ReadonlyArray<number>
    /** Orders in which a person was reached, and the records do not tell on which dial. */
    readonly reachedOnUnknown: number
  }
  /** Different numbers that orders were called from. */
  readonly callerNumbers: number
  /** Different numbers that people called. */
  readonly calledNumbers: number
  /** The busiest first. */
  readonly agents: ReadonlyArray<AgentUse>
  /** How many references have so many characters. */
  readonly referenceLengths: ReadonlyMap<number, number>
  readonly disconnects: ReadonlyMap<DisconnectReason, number>
  /** The statuses of orders that are over and reached nobody. */
  readonly unreachedStatuses: ReadonlyMap<OrderStatus, number>
}

export const totalOf = (usage: Usage, unit: Unit): number => usage[unit]
