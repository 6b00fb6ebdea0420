/** What the benchmark and the process that writes placements into a journal tell each other. */

export interface JournalMeasured {
  readonly seconds: number
  /** What all placements that were timed take in memory. */
  readonly heapBytes: number
  /** The same once they are compacted. */
  readonly compactedHeapBytes: number
}

/** What a process does with the journal: `write` so many placements, or `compact` those that are there. */
export type JournalTask = "write" | "compact"

/** So many are written before, and stay. */
export const warmUpOf = (count: number): number => Math.ceil(count / 10)
