/** Flags of the commands about live calls. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import type { EnrichedPart } from "../../calls/WaitOptions.ts"
import { onOff, repeated, text, whole } from "../shell/flags.ts"
import { callable } from "../providers.ts"
import { parseDuration } from "./duration.ts"

/** The providers that can be called, by their ids. */
export const callableIds = callable.map(({ id }) => id)

/** Loads what carries a command out when it is called for. */
export const lazily =
  <Flags, A, E, R>(load: () => Promise<(flags: Flags) => Effect.Effect<A, E, R>>) =>
  (flags: Flags): Effect.Effect<A, E, R> =>
    Effect.flatMap(Effect.promise(load), (run) => run(flags))

export const durationFlag = (name: string) =>
  Flag.String(name).pipe(
    Flag.withMetavar("TIME"),
    Flag.filterMap(parseDuration, () => "expected a time such as 30s, 10m or 1h30m")
  )

export const providerFlag = Flag.Literals("provider", callableIds).pipe(
  Flag.withAlias("p"),
  Flag.withDescription("The provider; may be left out where only one has a key"),
  Flag.optional
)

export const jsonFlag = onOff("json", "Print machine-readable output, one JSON document a line")

export const transcriptFlag = onOff("transcript", "Show what was said, where one call is shown in detail")

export const callArguments = Argument.String("calls").pipe(
  Argument.withMetavar("PROVIDER:ID"),
  Argument.withDescription("Calls by provider and order id, such as revox:5f0c…"),
  Argument.variadic({ min: 1 })
)

/** How providers are reached. */
export const connectionFlags = {
  timeout: durationFlag("timeout").pipe(
    Flag.withDescription("Longest wait for an answer (default 30s; 60s for placing, at most 5m)"),
    Flag.optional
  ),
  showAnswer: onOff(
    "show-answer",
    "After a failure print what the provider answered; it may hold numbers and words of the call"
  )
}

export interface ConnectionFlags extends Command.Command.Config.Infer<typeof connectionFlags> {}

export const journalFlag = {
  journal: text(
    "journal",
    "FILE",
    "The journal of placements (default $UNICALL_JOURNAL, else unicall/journal.sqlite in your state folder)"
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

export interface JournalFlags extends Command.Command.Config.Infer<typeof journalFlag> {}

const PARTS = ["transcript", "recording", "outcome"] as const satisfies ReadonlyArray<EnrichedPart>

const parseParts = (text: string): Option.Option<ReadonlyArray<EnrichedPart>> => {
  const words = text.split(",").map((word) => word.trim())
  const parts = PARTS.filter((part) => words.includes(part))
  return parts.length === words.length ? Option.some(parts) : Option.none()
}

/** What an order says. */
export const orderFlags = {
  provider: providerFlag,
  to: text("to", "NUMBER", "The number to call, in E.164 or as written in --country"),
  from: text("from", "NUMBER", "The number to call from"),
  country: text("country", "CC", "For numbers that are not in E.164: ISO 3166, such as FR"),
  agent: text("agent", "ID", "The agent that talks, as stored at the provider"),
  prompt: text("prompt", "TEXT|@FILE", "Instead of --agent: an agent for this call alone, by its instructions"),
  firstSentence: text("first-sentence", "TEXT", "With --prompt: what is said when the call is answered"),
  variables: repeated("var", "NAME=VALUE", "A variable of the conversation; may be repeated"),
  metadata: repeated("meta", "NAME=VALUE", "A value of your own that comes back with the call; may be repeated"),
  reference: text("reference", "KEY", "Your own key for this order: asked for again, it is not placed again"),
  at: text("at", "TIME", "When to call: ISO 8601 with a zone (default at once)"),
  maxAttempts: whole("max-attempts", "Dials in all, the first included", 1, 100).pipe(Flag.optional),
  retryDelay: whole("retry-delay", "Seconds between two dials", 1, 10_000_000).pipe(Flag.optional),
  concurrency: text("concurrency", "KEY[=N]", "At most N calls at a time among the orders with this key"),
  option: repeated("option", "NAME=JSON", "What only this provider takes; may be repeated"),
  order: text(
    "order",
    "FILE|-",
    "Orders as JSON: one, an array, or one a line; the other flags fill in what they leave out"
  ),
  experiment: text(
    "experiment",
    "FILE",
    "Give every order to an arm of this experiment, which has been started: its provider, its agent, and a mark that comes back"
  )
}

export interface OrderFlags extends Command.Command.Config.Infer<typeof orderFlags> {}

/** What is waited for, and how long. */
export const waitFlags = {
  until: Flag.Literals("until", ["terminal", "enriched"]).pipe(
    Flag.withDescription(
      "terminal (default): the call is over; enriched: transcript, recording and outcome have arrived as well"
    ),
    Flag.withDefault("terminal")
  ),
  parts: Flag.String("parts").pipe(
    Flag.withMetavar("PARTS"),
    Flag.withDescription(
      `With --until enriched: what has to arrive, of ${PARTS.join(", ")}, separated by commas (default all that the provider has)`
    ),
    Flag.filterMap(parseParts, () => `expected some of ${PARTS.join(", ")}, separated by commas`),
    Flag.optional
  ),
  deadline: durationFlag("deadline").pipe(
    Flag.withDescription("Longest wait for the end of a call, from now (default 10m)"),
    Flag.withDefault(Duration.minutes(10))
  )
}

export interface WaitFlags extends Command.Command.Config.Infer<typeof waitFlags> {}

export const yesFlag = (description: string) =>
  Flag.Boolean("yes").pipe(Flag.withAlias("y"), Flag.withDescription(description), Flag.withDefault(false))
