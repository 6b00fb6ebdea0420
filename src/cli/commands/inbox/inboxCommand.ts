/** `unicall inbox`: the calls that webhooks have named. The implementation is loaded on demand. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { InboxState } from "../../../webhooks/WebhookInbox.ts"
import { writing } from "../../calls/callCommand.ts"
import { inboxFlag, yesFlag } from "../../calls/callFlags.ts"
import { described, lazily, outputFlag } from "../../shell/commandRun.ts"
import { argument, choice, type Given, jsonFlag, text, whole } from "../../shell/flags.ts"

const results = { json: jsonFlag, ...outputFlag }

const where = {
  inbox: inboxFlag,
  tenant: text("tenant", "NAME", "Whose calls these are (default $UNICALL_TENANT, else the common tenant)")
}

export type WhereFlags = Given<typeof where>

const callArguments = argument("calls", "PROVIDER:ID", "Calls by provider and order id").pipe(
  Argument.variadic({ min: 1 })
)

const listFlags = {
  state: choice("state", [...InboxState.literals, "unreadable"], "Only calls in this state"),
  limit: whole("limit", "At most this many (default 100)", 1, 1_000_000).pipe(Flag.withDefault(100)),
  ...where,
  ...results
}

export type ListFlags = Given<typeof listFlags>

const listCommand = Command.make(
  "list",
  listFlags,
  writing(lazily(async () => (await import("./inboxRun.ts")).runList))
).pipe(described("List the calls that webhooks have named, those that wait or waited since last first"))

const showFlags = { calls: callArguments, ...where, ...results }

export type ShowFlags = Given<typeof showFlags>

const showCommand = Command.make(
  "show",
  showFlags,
  writing(lazily(async () => (await import("./inboxRun.ts")).runShow))
).pipe(described("Show all that the inbox has of a call: ids, times and a reason, nothing of what was said"))

const replayFlags = { calls: callArguments, ...where }

export type ReplayFlags = Given<typeof replayFlags>

const replayCommand = Command.make(
  "replay",
  replayFlags,
  lazily(async () => (await import("./inboxRun.ts")).runReplay)
).pipe(
  described("Let calls wait to be read as if they had just been named, such as parked ones", {
    "unicall inbox replay revox:5f0c…": "Whatever has the inbox open reads it"
  })
)

const dropFlags = { calls: callArguments, yes: yesFlag("Do not ask; needed in scripts"), ...where }

export type DropFlags = Given<typeof dropFlags>

const dropCommand = Command.make(
  "drop",
  dropFlags,
  lazily(async () => (await import("./inboxRun.ts")).runDrop)
).pipe(described("Take calls out of the inbox: they are not read for the messages that came"))

export const inboxCommand = Command.make("inbox").pipe(
  described("Look at the calls that webhooks have named, and at what keeps them from being read"),
  Command.withSubcommands([listCommand, showCommand, replayCommand, dropCommand])
)
