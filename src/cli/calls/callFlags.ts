/** Flags that several commands about live calls have. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import type { EnrichedPart } from "../../calls/WaitOptions.ts"
import { callable } from "../providers.ts"
import { argument, choice, type Given, requiredText, onOff, optional, text } from "../shell/flags.ts"

/** The providers that can be called, by their ids. */
export const callableIds = callable.map(({ id }) => id)

const MILLIS_OF = new Map(Object.entries({ ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }))

const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g

/** Reads a length of time as people write it: `90s`, `10m`, `1h30m`, `500ms`, `2d`; a bare number is seconds. */
const parseDuration = (text: string): Option.Option<Duration.Duration> => {
  const written = /^\d+(?:\.\d+)?$/.test(text) ? `${text}s` : text
  if (!WHOLE.test(written)) return Option.none()
  let millis = 0
  for (const [, count, unit = ""] of written.matchAll(PART)) millis += Number(count) * (MILLIS_OF.get(unit) ?? 0)
  return millis > 0 ? Option.some(Duration.millis(millis)) : Option.none()
}

export const durationFlag = (name: string, description: string) =>
  Flag.filterMap(
    requiredText(name, "TIME", description),
    parseDuration,
    () => "expected a time such as 30s, 10m or 1h30m"
  )

export const providerFlag = (description = "The provider; may be left out where only one has a key") =>
  choice("provider", callableIds, description).pipe(Flag.withAlias("p"))

export const yesFlag = (description: string) => onOff("yes", description).pipe(Flag.withAlias("y"))

export const transcriptFlag = onOff("transcript", "Show what was said, where one call is shown in detail")

export const callArguments = argument(
  "calls",
  "PROVIDER:ID",
  "Calls by provider and order id, such as revox:5f0c…"
).pipe(Argument.variadic({ min: 1 }))

/** How providers are reached. */
export const connectionFlags = {
  timeout: durationFlag("timeout", "Longest wait for an answer (default 30s; 60s for placing, at most 5m)").pipe(
    optional
  ),
  showAnswer: onOff(
    "show-answer",
    "After a failure print what the provider answered; it may hold numbers and words of the call"
  )
}

export interface ConnectionFlags extends Given<typeof connectionFlags> {}

export const configFlag = text(
  "config",
  "FILE",
  "Named agents and routes, as JSON (default $UNICALL_CONFIG, else none)"
)

export const feedFlag = text(
  "feed",
  "FILE",
  "The feed of changes, where what is heard of these calls is recorded: a file, or postgres://… (default $UNICALL_FEED, else nowhere)"
)

export const journalFlags = {
  journal: text(
    "journal",
    "FILE",
    "The journal of placements: a file, or postgres://… (default $UNICALL_JOURNAL, else unicall/journal.sqlite in your state folder)"
  ),
  tenant: text(
    "tenant",
    "NAME",
    "Whose calls these are, where several share a journal; each has references of its own (default $UNICALL_TENANT, else one common tenant)"
  ),
  sameAccount: onOff(
    "same-account",
    "What was placed with another key or base URL is of the same account: the key has been changed"
  )
}

export const inboxFlag = text(
  "inbox",
  "FILE",
  "The inbox of webhooks: a file, or postgres://… (default $UNICALL_INBOX, else unicall/webhooks.sqlite in your state folder)"
)

export interface JournalFlags extends Given<typeof journalFlags> {}

/** Of commands by which something is heard of placed calls. */
export const recordingFlags = { ...journalFlags, feed: feedFlag }

export interface RecordingFlags extends Given<typeof recordingFlags> {}

const PARTS = ["transcript", "recording", "outcome"] as const satisfies ReadonlyArray<EnrichedPart>

const parseParts = (text: string): Option.Option<ReadonlyArray<EnrichedPart>> => {
  const words = text.split(",").map((word) => word.trim())
  const parts = PARTS.filter((part) => words.includes(part))
  return parts.length === words.length ? Option.some(parts) : Option.none()
}

/** What is waited for, and how long. */
export const waitFlags = {
  until: Flag.Literals("until", ["terminal", "enriched"]).pipe(
    Flag.withDescription(
      "terminal (default): the call is over; enriched: transcript, recording and outcome have arrived as well"
    ),
    Flag.withDefault("terminal")
  ),
  parts: requiredText(
    "parts",
    "PARTS",
    `With --until enriched: what has to arrive, of ${PARTS.join(", ")}, separated by commas (default all that the provider has)`
  ).pipe(
    Flag.filterMap(parseParts, () => `expected some of ${PARTS.join(", ")}, separated by commas`),
    optional
  ),
  deadline: durationFlag("deadline", "Longest wait for the end of a call, from now (default 10m)").pipe(
    Flag.withDefault(Duration.minutes(10))
  )
}

export interface WaitFlags extends Given<typeof waitFlags> {}
