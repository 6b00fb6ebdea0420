/** What keeps a file from being read or written, as a word or a sentence that holds no value. */
import * as Predicate from "effect/Predicate"
import { JournalError } from "../calls/PlacementJournal.ts"

/** What was found wrong here, not by SQLite or the system; it holds no value. */
export class Refused extends Error {}

/** SQLite's primary result codes in their order; extended codes have further bits above. */
const CODES = (
  "OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL " +
  "EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB"
).split(" ")

/** The code alone: messages can hold values. */
export const problemOf = (error: unknown): string => {
  if (error instanceof Refused) return error.message
  if (Predicate.hasProperty(error, "errcode") && typeof error.errcode === "number") {
    const primary = error.errcode & 0xff
    return `SQLITE_${CODES[primary] ?? primary}`
  }
  return Predicate.hasProperty(error, "code") && typeof error.code === "string" ? error.code : "unexpected failure"
}

export const failure =
  (operation: JournalError["operation"]) =>
  (error: unknown): JournalError =>
    new JournalError({ operation, problem: problemOf(error) })
