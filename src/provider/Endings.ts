import type { DisconnectReason } from "../domain/Disconnect.ts"

/**
 * How a provider's records say that something is over. Two providers use one status for other ends, and not each has a word for
 * every end: where they differ as declared here, they tell the same.
 */
export interface Endings {
  /** The status of an order of which no dial reached anybody, and of one that broke before it was dialled. */
  readonly order: { readonly unreached: "completed" | "failed"; readonly broken: "completed" | "failed" }
  /** The status of a dial that failed, and of one that was canceled. */
  readonly attempt: { readonly failed: "failed" | "ended"; readonly canceled: "canceled" | "ended" }
  /** The reasons of an end that it has words for. Of another it gives none, or a wider one: that the agent hung up. */
  readonly reasons: ReadonlyArray<DisconnectReason>
}
