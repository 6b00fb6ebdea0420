/** `unicall changes`: what a feed tells, and to whom it has told it. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { feedFlag, journalFlags } from "../../calls/callFlags.ts"
import { described, lazily } from "../../shell/commandRun.ts"
import { type Given, jsonFlag, onOff, optional, text, whole } from "../../shell/flags.ts"

const { tenant } = journalFlags

const changesFlags = {
  feed: feedFlag,
  consumer: text(
    "consumer",
    "NAME",
    "Go on after what was printed for this name before; without a name everything that is kept is printed"
  ),
  from: text("from", "PLACE", "Where a new name begins: oldest (default), now, or a position"),
  after: whole("after", "Without a name: only what comes after this position", 0, Number.MAX_SAFE_INTEGER).pipe(
    Flag.withMetavar("POSITION"),
    optional
  ),
  follow: onOff("follow", "Go on with what comes, until it is stopped").pipe(Flag.withAlias("f")),
  skipForgotten: onOff("skip-forgotten", "Where changes have been forgotten, go on with the oldest that is kept"),
  tenant,
  json: jsonFlag
}

export type ChangesFlags = Given<typeof changesFlags>

const consumersFlags = { feed: feedFlag, tenant, json: jsonFlag }

export type ConsumersFlags = Given<typeof consumersFlags>

const consumersCommand = Command.make(
  "consumers",
  consumersFlags,
  lazily(async () => (await import("./consumersRun.ts")).runConsumers)
).pipe(described("How far each consumer has come"))

export const changesCommand = Command.make(
  "changes",
  changesFlags,
  lazily(async () => (await import("./changesRun.ts")).runChanges)
).pipe(
  described("Print what has become known of placed calls, and go on where you were", {
    "unicall changes --feed changes.sqlite --consumer crm --follow --json": "For a program, as they come",
    "unicall changes --feed changes.sqlite": "Everything that is kept"
  }),
  Command.withSubcommands([consumersCommand])
)
