/** Waiting for a file that another connection has locked. */
import * as Schedule from "effect/Schedule"
import type { JournalError } from "../calls/PlacementJournal.ts"

/** How long a call into SQLite may hold up the event loop for a lock, and how long an operation waits for one in all. */
export const BUSY_TIMEOUT_MS = 5
export const PATIENCE_MS = 5000

const BUSY = new Set(["SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"])

export const isBusy = (problem: string): boolean => BUSY.has(problem)

export const isLocked = ({ problem }: JournalError): boolean => isBusy(problem)

export const untilFree = Schedule.min([Schedule.exponential("5 millis"), Schedule.spaced("50 millis")]).pipe(
  Schedule.jittered
)
export const whilePatient = Schedule.upTo(untilFree, { duration: PATIENCE_MS })
