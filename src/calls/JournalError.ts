/** What a store of ours fails with: the journal of placements, the inbox of webhooks, the feed of changes. */
import * as Schema from "effect/Schema"

/** Stores beside the journal: their operations are named after them. */
const BESIDE = { inbox: "inbox", changes: "feed of changes" } as const

const isBeside = (operation: string): operation is keyof typeof BESIDE => Object.hasOwn(BESIDE, operation)

/**
 * The journal cannot be read or written, or the inbox of webhooks (`operation` is then `inbox`), or the feed of changes (`changes`);
 * nothing has been sent because of it.
 */
export class JournalError extends Schema.TaggedError<JournalError>()("JournalError", {
  operation: Schema.Literals([
    "open",
    "reserve",
    "settle",
    "release",
    "find",
    "unfinished",
    "supersede",
    "listRecord",
    "assign",
    "countEnded",
    "compactEnded",
    "deleteEnded",
    "inbox",
    "changes"
  ]),
  /** The system's word for it (`SQLITE_FULL`, `EACCES`) or what was found. */
  problem: Schema.String
}) {
  override get message(): string {
    const store = isBeside(this.operation) ? BESIDE[this.operation] : `journal: ${this.operation}`
    return `${store}: ${this.problem}`
  }
}
