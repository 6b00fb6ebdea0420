/** Failures of live calls as one line each: what happened, and what to do about it. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { JournalError } from "../../calls/PlacementJournal.ts"
import { type CallError, type CallErrorReason, lastSeen, type ReferenceHeld } from "../../provider/CallError.ts"
import { CallsFailed } from "../shell/CommandFailure.ts"
import { EXIT, type ExitCode } from "../ExitCode.ts"
import { liveProviders } from "./environment.ts"
import { plainText, tell } from "../shell/terminal.ts"

const variableOf = (provider: string | undefined, which: "keyVariable" | "urlVariable"): string =>
  (provider === undefined ? liveProviders : liveProviders.filter(({ id }) => id === provider))
    .map((each) => each[which])
    .join(" or ")

/** What to do, by what holds a reference. */
const HELD = {
  number: "Give this order a reference of its own.",
  account: "If only the key has been changed: --same-account. If several accounts share this journal: --tenant.",
  unclaimed: "unicall reconcile REFERENCE --tenant NAME claims it, if this tenant's key can read the call.",
  content: "unicall reconcile REFERENCE shows what was placed."
} as const satisfies Record<ReferenceHeld["by"], string>

interface Meaning {
  readonly exit: ExitCode
  /** What to do about it. */
  readonly fix: (error: CallError) => string
}

const MEANINGS: { readonly [Tag in CallErrorReason["_tag"]]: Meaning } = {
  Unauthorized: { exit: EXIT.setup, fix: ({ provider }) => `Check ${variableOf(provider, "keyVariable")}.` },
  Forbidden: { exit: EXIT.refused, fix: () => "Ask the provider what this key may do." },
  NotFound: {
    exit: EXIT.refused,
    fix: ({ operation }) =>
      operation === "place" ? "Check the agent's id." : "Check the id, and the provider before the colon."
  },
  InvalidRequest: {
    exit: EXIT.refused,
    fix: (error) =>
      error.operation === "configure"
        ? `Check ${variableOf(error.provider, "keyVariable")} and ${variableOf(error.provider, "urlVariable")}.`
        : isOfKeylessProvider(error)
          ? "It was placed with a provider that has no key here: set its key."
          : isOurs(error.reason)
            ? ""
            : "--show-answer prints what the provider says."
  },
  AtCapacity: { exit: EXIT.unavailable, fix: () => "Try again later, or let the call wait in the provider's queue." },
  RateLimited: { exit: EXIT.unavailable, fix: () => "Try again later." },
  ProviderUnavailable: { exit: EXIT.unavailable, fix: () => "Try again later." },
  NetworkError: {
    exit: EXIT.unavailable,
    fix: ({ provider }) => `Check the network and ${variableOf(provider, "urlVariable")}.`
  },
  TimedOut: { exit: EXIT.unavailable, fix: () => "Try again, or give it longer with --timeout." },
  UnreadableResponse: {
    exit: EXIT.refused,
    fix: ({ provider }) => `Check ${variableOf(provider, "urlVariable")}; --show-answer prints what was answered.`
  },
  Unsupported: { exit: EXIT.unsupported, fix: () => "Leave it out, or choose another provider." },
  PlacementUncertain: {
    exit: EXIT.uncertain,
    fix: () => "unicall reconcile REFERENCE looks for the call; until then do not place it another way."
  },
  ReferenceHeld: { exit: EXIT.refused, fix: ({ reason }) => (reason._tag === "ReferenceHeld" ? HELD[reason.by] : "") },
  Unresolved: {
    exit: EXIT.unresolved,
    fix: ({ reason }) =>
      isOver(reason)
        ? "Some parts never come to some calls: --parts names those to wait for."
        : "It goes on: unicall wait with a longer --deadline."
  },
  Incomplete: { exit: EXIT.incomplete, fix: () => "What is shown is right; narrower filters make a shorter list." }
}

/** A field of ours that is not as it must be, found before any request. */
const isOurs = (reason: CallErrorReason): boolean => reason._tag === "InvalidRequest" && reason.field !== undefined

/** A placement in the journal whose provider is not among those that can be asked. */
const isOfKeylessProvider = ({ operation, reason }: CallError): boolean =>
  operation === "reconcile" && reason._tag === "InvalidRequest" && reason.field === "provider"

/** Only what arrives after the end of the call was still waited for. */
const isOver = (reason: CallErrorReason): boolean =>
  reason._tag === "Unresolved" && reason.last !== undefined && Redacted.value(reason.last).terminal === true

export const exitOf = (error: CallError | JournalError): ExitCode => {
  if (error._tag === "JournalError") return EXIT.setup
  if (!isOurs(error.reason)) return MEANINGS[error.reason._tag].exit
  return error.operation === "configure" || isOfKeylessProvider(error) ? EXIT.setup : EXIT.usage
}

const journalFix =
  "Check the journal's file and folder. Another journal (--journal) does not know what this one has placed."

export const fixOf = (error: CallError | JournalError): string =>
  error._tag === "JournalError" ? journalFix : MEANINGS[error.reason._tag].fix(error)

/** What `unicall doctor` looks into. */
const DOCTORED: ReadonlySet<ExitCode> = new Set([EXIT.setup, EXIT.unavailable])

/** What happened; the subject of a call begins with its provider already, which is not said twice. */
const messageOf = (error: CallError | JournalError, subject: string): string => {
  if (error._tag === "CallError" && error.reason._tag === "Unresolved") {
    return isOver(error.reason)
      ? "over, but not all of it had arrived when the time was up"
      : `not over when the time was up${lastSeen(error.reason)}`
  }
  const own = error._tag === "CallError" && error.provider !== undefined ? `${error.provider}:` : undefined
  return own !== undefined && subject.startsWith(own) ? error.message.slice(own.length + 1) : error.message
}

/** One line without a line end. `subject` says which call or order it is about. */
export const failureLine = (error: CallError | JournalError, subject = ""): string => {
  const message = messageOf(error, subject)
  const doctor = DOCTORED.has(exitOf(error)) ? "unicall doctor tells more." : ""
  const parts = [
    `${subject === "" ? "" : `${subject}: `}${message}${/[.!?]$/.test(message) ? "" : "."}`,
    fixOf(error),
    doctor
  ]
  return plainText(parts.filter((part) => part !== "").join(" "))
}

const answerOf = (reason: CallErrorReason): string | undefined => {
  if (!("body" in reason) || reason.body === undefined) return undefined
  const body = Redacted.value(reason.body)
  return typeof body === "string" ? body : JSON.stringify(body, null, 2)
}

/** What the provider answered, for `--show-answer`. */
export const answerLines = (error: CallError | JournalError): string => {
  const answer = error._tag === "CallError" ? answerOf(error.reason) : undefined
  if (answer === undefined) return "the provider's answer: none\n"
  return `the provider's answer:\n${answer
    .split("\n")
    .map((line) => `  ${plainText(line)}\n`)
    .join("")}`
}

/** The gravest first: of several failures the first of these that occurred is the exit code. */
const GRAVITY: ReadonlyArray<ExitCode> = [
  EXIT.uncertain,
  EXIT.setup,
  EXIT.refused,
  EXIT.unavailable,
  EXIT.unresolved,
  EXIT.unsupported,
  EXIT.usage,
  EXIT.incomplete
]

export interface Failures {
  /** Tells a failure on standard error and remembers it. */
  readonly add: (error: CallError | JournalError, subject?: string) => void
  /** Remembers a failure that has been told in another way. */
  readonly note: (code: ExitCode) => void
  /** Fails with the gravest of all. */
  readonly settle: Effect.Effect<void, CallsFailed>
}

export const makeFailures = ({
  showAnswer,
  write = tell
}: {
  readonly showAnswer: boolean
  readonly write?: (text: string) => void
}): Failures => {
  const codes = new Set<ExitCode>()
  return {
    add: (error, subject) => {
      codes.add(exitOf(error))
      write(`${failureLine(error, subject)}\n${showAnswer ? answerLines(error) : ""}`)
    },
    note: (code) => {
      codes.add(code)
    },
    settle: Effect.suspend(() => {
      const exitCode = GRAVITY.find((code) => codes.has(code))
      return exitCode === undefined ? Effect.void : Effect.fail(new CallsFailed({ exitCode }))
    })
  }
}
