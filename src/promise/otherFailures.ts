/** Failures that are not of a call: the journal's, and what is asked of calls that are closed. */
import type { JournalError } from "../calls/PlacementJournal.ts"

/** The journal cannot be read or written; nothing has been sent because of it. */
export class JournalFailure extends Error {
  /** What was being done to it. */
  readonly operation: JournalError["operation"]
  /** The system's word for it (`SQLITE_FULL`, `EACCES`) or what was found. */
  readonly problem: string
  static {
    Object.defineProperty(this.prototype, "name", { value: "JournalFailure" })
  }

  constructor({ message, operation, problem }: Pick<JournalError, "message" | "operation" | "problem">) {
    super(message)
    this.operation = operation
    this.problem = problem
  }
}

/** The calls were closed before, or while, this was asked of them. */
export class CallsClosed extends Error {
  static {
    Object.defineProperty(this.prototype, "name", { value: "CallsClosed" })
  }

  constructor() {
    super("these calls are closed: open them anew with openCalls")
  }
}
