/** What went wrong with PostgreSQL, as a sentence that holds no value: messages of the server and of clients can hold some. */
import { JournalFault } from "../calls/journalAnswers.ts"
import { valueAt } from "../domain/Json.ts"

export class PostgresFault extends JournalFault {}

/** SQLSTATE as `errcodes.txt` of PostgreSQL has it, and what it means here. */
const MEANINGS = {
  "22021": "a text that the database cannot hold",
  "22P05": "a text that the database's encoding cannot hold",
  "25006": "the database can only be read: a replica, or default_transaction_read_only",
  "28000": "the server lets nobody in like this",
  "28P01": "the server does not accept user and password",
  "3D000": "there is no such database",
  "3F000": "there is no such schema",
  "42501": "the role may not do this",
  "42703": "a column is missing from the table",
  "42P01": "there is no such table",
  "53100": "the server's disk is full",
  "53300": "the server has too many connections",
  "54000": "a text is too long for the index",
  "57P01": "the server is shutting down",
  "57P03": "the server is starting up or shutting down"
} as const

const isKnown = (code: string): code is keyof typeof MEANINGS => Object.hasOwn(MEANINGS, code)

/** `28P01`, `ECONNREFUSED`: anything else may be a value. */
const CODE = /^(?:[0-9A-Z]{5}|[A-Z][A-Z0-9_]{2,39})$/

/** Of several addresses of one name, all are told in one error. */
const codeOf = (error: unknown): string | undefined => {
  const code = valueAt(error, ["code"]) ?? valueAt(error, ["errors", 0, "code"])
  return typeof code === "string" && CODE.test(code) ? code : undefined
}

/** `pg` names no code where it lost a connection, where the pool gave none in time, or where a password is missing. */
const withoutCode = (error: unknown): string => {
  const message = error instanceof Error ? error.message : ""
  if (message.startsWith("SASL")) return "the server asks for a password, and there is none that fits"
  if (message.includes("calling end")) return "the pool has been closed"
  if (error instanceof TypeError) return "what was given as a pool does not work as one (TypeError)"
  return "the connection failed or was lost"
}

export const fault = (error: unknown): PostgresFault => {
  if (error instanceof PostgresFault) return error
  const code = codeOf(error)
  if (code === undefined) return new PostgresFault(withoutCode(error))
  return new PostgresFault(isKnown(code) ? `${code}: ${MEANINGS[code]}` : code)
}

/**
 * Classes and codes that pass: connections lost or refused, transactions that got into each other's way, a server that
 * restarts. What was asked for may have been done all the same.
 */
const PASSING = /^(?:08...|40...|57P0[1-5]|53300|E(?:CONN|PIPE|TIMEDOUT|HOST|NET|AI_AGAIN)\w*|ENOENT)$/

/** Whether to ask again. */
export const isPassing = (error: unknown): boolean => {
  if (error instanceof JournalFault) return false
  const code = codeOf(error)
  return code === undefined ? withoutCode(error).startsWith("the connection") : PASSING.test(code)
}
