/** Failures of live calls as one line each: what happened, and what to do about it. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { JournalError } from "../../calls/PlacementJournal.ts"
import { type CallError, type CallErrorReason, lastSeen, type ReferenceHeld } from "../../provider/CallError.ts"
import { EXIT, type ExitCode } from "../ExitCode.ts"
import { CallsFailed } from "../shell/failures.ts"
import { plainText, tell } from "../shell/terminal.ts"
import { liveProviders } from "./environment.ts"

export type LiveError = CallError | JournalError

const variableOf = (provider: string | undefined, which: "keyVariable" | "urlVariable"): string =>
  liveProviders
    .filter(({ id }) => provider === undefined || id === provider)
    .map((each) => each[which])
    .join(" or ")

/** What to do about a reference that is held, by the reason why. */
const HELD = {
  number: "Give this order a reference of its own.",
  account: "If only the key has been changed: --same-account. If several accounts share this journal: --tenant.",
  provider: "Its provider has no key here: set it.",
  unclaimed: "unicall reconcile REFERENCE --tenant NAME claims it, if this tenant's key can read the call.",
  content: "unicall reconcile REFERENCE shows what was placed.",
  compacted: "unicall reconcile REFERENCE shows what was placed."
} as const satisfies Record<ReferenceHeld["by"], string>

/** An invalid field that was found before any request. */
const isOurs = (reason: CallErrorReason): boolean => reason._tag === "InvalidRequest" && reason.field !== undefined

/** A placement in the journal whose provider is not among those that can be asked. */
const isOfKeylessProvider = ({ operation, reason }: CallError): boolean =>
  operation === "reconcile" && reason._tag === "InvalidRequest" && reason.field === "provider"

/** A policy that cannot be followed: `--listed` is the one part of opening that is a flag. */
const isOfPolicy = ({ operation, reason }: CallError): boolean =>
  operation === "configure" && reason._tag === "InvalidRequest" && reason.field?.startsWith("settle.policies") === true

/** The call was over, and only its transcript, recording or outcome was still missing. */
const isOver = (reason: CallErrorReason): boolean =>
  reason._tag === "Unresolved" && reason.last !== undefined && Redacted.value(reason.last).terminal === true

const invalidFix = (error: CallError): string => {
  const { operation, provider, reason } = error
  if (isOfPolicy(error)) return "Look at --listed."
  if (operation === "configure") {
    return `Check ${variableOf(provider, "keyVariable")} and ${variableOf(provider, "urlVariable")}.`
  }
  if (isOfKeylessProvider(error)) return "It was placed with a provider that has no key here: set its key."
  return isOurs(reason) ? "" : "--show-answer prints what the provider says."
}

/** What a provider does not know then is an agent. */
const OF_AGENTS: ReadonlySet<CallError["operation"]> = new Set(["place", "webhookAddresses", "setWebhookAddresses"])

/** What is not found then is the endpoint. */
const OF_ACCOUNTS: ReadonlySet<CallError["operation"]> = new Set(["agents", "numbers"])

const LATER = "Try again later."

/** The exit code of each reason, and what to do about it. */
const MEANINGS: {
  readonly [Tag in CallErrorReason["_tag"]]: readonly [exit: ExitCode, fix: string | ((error: CallError) => string)]
} = {
  Unauthorized: [EXIT.setup, ({ provider }) => `Check ${variableOf(provider, "keyVariable")}.`],
  Forbidden: [EXIT.refused, "Look at the account at the provider: what this key may do, and its credit."],
  NotFound: [
    EXIT.refused,
    ({ operation, provider }) => {
      if (OF_ACCOUNTS.has(operation)) return `Check ${variableOf(provider, "urlVariable")}.`
      return OF_AGENTS.has(operation) ? "Check the agent's id." : "Check the id, and the provider before the colon."
    }
  ],
  InvalidRequest: [EXIT.refused, invalidFix],
  AtCapacity: [EXIT.unavailable, "Try again later, or let the call wait in the provider's queue."],
  RateLimited: [EXIT.unavailable, LATER],
  ProviderUnavailable: [EXIT.unavailable, LATER],
  NetworkError: [EXIT.unavailable, ({ provider }) => `Check the network and ${variableOf(provider, "urlVariable")}.`],
  TimedOut: [EXIT.unavailable, "Try again, or give it longer with --timeout."],
  UnreadableResponse: [
    EXIT.refused,
    ({ provider }) => `Check ${variableOf(provider, "urlVariable")}; --show-answer prints what was answered.`
  ],
  Unsupported: [EXIT.unsupported, "Leave it out, or choose another provider."],
  PlacementUncertain: [
    EXIT.uncertain,
    "unicall reconcile REFERENCE looks for the call; until then do not place it another way."
  ],
  ReferenceHeld: [EXIT.refused, ({ reason }) => (reason._tag === "ReferenceHeld" ? HELD[reason.by] : "")],
  AbsentWasWrong: [
    EXIT.uncertain,
    "Find out why the provider's list had not held it before --listed is confirmed with a later date."
  ],
  Unresolved: [
    EXIT.unresolved,
    ({ reason }) =>
      isOver(reason)
        ? "Some parts never come to some calls: --parts names those to wait for."
        : "It goes on: unicall wait with a longer --deadline."
  ],
  Incomplete: [
    EXIT.incomplete,
    ({ operation }) =>
      operation === "list" ? "What is shown is right; narrower filters make a shorter list." : "What is shown is right."
  ],
  ChangesForgotten: [EXIT.incomplete, "--skip-forgotten goes on with the oldest that is kept."]
}

export const exitOf = (error: LiveError): ExitCode => {
  if (error._tag === "JournalError") return EXIT.setup
  if (isOfPolicy(error)) return EXIT.usage
  if (!isOurs(error.reason)) return MEANINGS[error.reason._tag][0]
  return error.operation === "configure" || isOfKeylessProvider(error) ? EXIT.setup : EXIT.usage
}

export const fixOf = (error: LiveError): string => {
  if (error._tag === "JournalError") {
    return "Check the journal's file and folder, or its database. Another journal (--journal) does not know what this one has placed."
  }
  const [, fix] = MEANINGS[error.reason._tag]
  return typeof fix === "string" ? fix : fix(error)
}

/** Exit codes whose causes `unicall doctor` checks. */
const DOCTORED: ReadonlySet<ExitCode> = new Set([EXIT.setup, EXIT.unavailable])

/** Without the provider where the subject already begins with it. */
const messageOf = (error: LiveError, subject: string): string => {
  if (error._tag === "JournalError") return error.message
  const { provider, reason, message } = error
  if (reason._tag === "Unresolved") {
    return isOver(reason)
      ? "over, but not all of it had arrived when the time was up"
      : `not over when the time was up${lastSeen(reason)}`
  }
  return provider !== undefined && subject.startsWith(`${provider}:`) ? message.slice(provider.length + 2) : message
}

/** One line without a line end. `subject` says which call or order it is about. */
export const failureLine = (error: LiveError, subject = ""): string => {
  const message = messageOf(error, subject)
  const parts = [
    `${subject === "" ? "" : `${subject}: `}${message}${/[.!?]$/.test(message) ? "" : "."}`,
    fixOf(error),
    DOCTORED.has(exitOf(error)) ? "unicall doctor tells more." : ""
  ]
  return plainText(parts.filter((part) => part !== "").join(" "))
}

const answerOf = (reason: CallErrorReason): string | undefined => {
  if (!("body" in reason) || reason.body === undefined) return undefined
  const body = Redacted.value(reason.body)
  return typeof body === "string" ? body : JSON.stringify(body, null, 2)
}

/** What the provider answered, for `--show-answer`. */
export const answerLines = (error: LiveError): string => {
  const answer = error._tag === "CallError" ? answerOf(error.reason) : undefined
  if (answer === undefined) return "the provider's answer: none\n"
  const lines = answer.split("\n").map((line) => `  ${plainText(line)}\n`)
  return `the provider's answer:\n${lines.join("")}`
}

/** The most serious first: it becomes the exit code if several failures occurred. */
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

export const makeFailures = ({ showAnswer }: { readonly showAnswer: boolean }, write = tell) => {
  const codes = new Set<ExitCode>()
  return {
    /** Shows a failure on standard error and remembers it. */
    add: (error: LiveError, subject?: string): void => {
      codes.add(exitOf(error))
      write(`${failureLine(error, subject)}\n${showAnswer ? answerLines(error) : ""}`)
    },
    /** Remembers a failure that has been shown in another way. */
    note: (code: ExitCode): void => void codes.add(code),
    /** Fails with the most serious of them. */
    settle: Effect.suspend(() => {
      const exitCode = GRAVITY.find((code) => codes.has(code))
      return exitCode === undefined ? Effect.void : Effect.fail(new CallsFailed({ exitCode }))
    })
  }
}

export type Failures = ReturnType<typeof makeFailures>
