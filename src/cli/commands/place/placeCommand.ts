/**
 * The commands about live calls. What carries them out is loaded when it is called for: reading records must not wait for
 * an HTTP client.
 */
import * as Duration from "effect/Duration"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { nativeFlag, onOff, text, whole } from "../../shell/flags.ts"
import { outputFlag } from "../../shell/wholeFile.ts"
import {
  callableIds,
  callArguments,
  connectionFlags,
  durationFlag,
  journalFlag,
  jsonFlag,
  lazily,
  providerFlag,
  transcriptFlag,
  waitFlags,
  yesFlag,
  orderFlags
} from "../../calls/callFlags.ts"
import { writing } from "../../shell/outputFlag.ts"
import { ownFlags } from "../twin/twinFlags.ts"

const placeCommand = Command.make(
  "place",
  {
    ...orderFlags,
    parallel: whole("parallel", "Orders of a file that are placed at a time (default 4)", 1, 64).pipe(
      Flag.withDefault(4)
    ),
    dryRun: onOff("dry-run", "Print the request that would be sent, and send nothing"),
    wait: onOff("wait", "Wait for the end of the call"),
    ...waitFlags,
    yes: yesFlag("Ring real telephones without asking; needed in scripts"),
    json: jsonFlag,
    native: nativeFlag,
    ...journalFlag,
    ...outputFlag,
    ...connectionFlags
  },
  writing(async () => (await import("./placeRun.ts")).runPlace, { keeps: true })
).pipe(
  Command.withDescription("Call someone, once, whatever happens in between"),
  Command.withExamples([
    {
      command: "unicall place --provider revox --to +12025550100 --agent AGENT --reference order-17 --wait",
      description: "Call, and wait for the end"
    },
    {
      command: "unicall place --order orders.ndjson --provider revring --from +12025550199 --json --yes",
      description: "Many orders, one result a line"
    },
    {
      command: "unicall place --order orders.ndjson --experiment experiment.json --from +12025550199 --json --yes",
      description: "Each order on the provider of its arm; keep the output for unicall compare"
    },
    { command: "unicall place --to +12025550100 --prompt @agent.txt --dry-run", description: "Only show the request" }
  ])
)

const getCommand = Command.make(
  "get",
  {
    calls: callArguments,
    json: jsonFlag,
    native: nativeFlag,
    transcript: transcriptFlag,
    ...outputFlag,
    ...connectionFlags
  },
  writing(async () => (await import("../get/getCommand.ts")).runGet)
).pipe(
  Command.withDescription("Show calls as they are now: one in detail, several as a table"),
  Command.withExamples([{ command: "unicall get revox:ID --transcript", description: "With what was said" }])
)

const listCommand = Command.make(
  "list",
  {
    provider: providerFlag,
    status: text("status", "STATUS", "Only calls of these statuses, separated by commas"),
    createdAfter: text("created-after", "TIME", "Only calls created since: ISO 8601 with a zone"),
    createdBefore: text("created-before", "TIME", "Only calls created before: ISO 8601 with a zone"),
    agent: text("agent", "ID", "Only calls of this agent"),
    reference: text("reference", "KEY", "Only the call that was placed with this reference"),
    to: text("to", "NUMBER", "Only calls to this number, in E.164"),
    limit: whole("limit", "At most this many", 1, 1_000_000).pipe(Flag.optional),
    json: jsonFlag,
    native: nativeFlag,
    ...outputFlag,
    ...connectionFlags
  },
  writing(async () => (await import("../list/listCommand.ts")).runList)
).pipe(
  Command.withDescription("List the calls that a provider knows; says so where they may not be all"),
  Command.withExamples([
    { command: "unicall list --provider revox --status completed --json", description: "One record a line" }
  ])
)

const cancelCommand = Command.make(
  "cancel",
  { calls: callArguments, json: jsonFlag, ...journalFlag, ...outputFlag, ...connectionFlags },
  writing(async () => (await import("../cancel/cancelCommand.ts")).runCancel, { keeps: true })
).pipe(Command.withDescription("Cancel calls, and tell what came of it"))

const waitCommand = Command.make(
  "wait",
  {
    calls: callArguments,
    ...waitFlags,
    json: jsonFlag,
    native: nativeFlag,
    transcript: transcriptFlag,
    ...journalFlag,
    ...outputFlag,
    ...connectionFlags
  },
  writing(async () => (await import("../wait/waitCommand.ts")).runWait)
).pipe(
  Command.withDescription("Wait for the end of calls; safe to stop and to start again"),
  Command.withExamples([
    { command: "unicall wait revox:ID --until enriched --deadline 30m", description: "Until the transcript is there" }
  ])
)

const reconcileCommand = Command.make(
  "reconcile",
  {
    references: Argument.String("references").pipe(
      Argument.withMetavar("REFERENCE"),
      Argument.withDescription(
        "References of orders; without any, all placements nothing has been heard of for --stale"
      ),
      Argument.variadic()
    ),
    stale: durationFlag("stale").pipe(
      Flag.withDescription("Without references: how long nothing has been heard of a placement (default 15m)"),
      Flag.withDefault(Duration.minutes(15))
    ),
    limit: whole("limit", "Without references: at most this many (default 1,000)", 1, 1_000_000).pipe(
      Flag.withDefault(1000)
    ),
    release: onOff("release", "Give up what is still uncertain, so that it can be placed again: it may ring twice"),
    yes: yesFlag("With --release: do not ask"),
    json: jsonFlag,
    native: nativeFlag,
    ...journalFlag,
    ...outputFlag,
    ...connectionFlags
  },
  writing(async () => (await import("../reconcile/reconcileCommand.ts")).runReconcile, { keeps: true })
).pipe(
  Command.withDescription("Find out what became of placements whose result is not known; places nothing"),
  Command.withExamples([
    { command: "unicall reconcile order-17", description: "One order" },
    { command: "unicall reconcile --stale 1h", description: "All that nothing has been heard of for an hour" }
  ])
)

const doctorCommand = Command.make(
  "doctor",
  {
    provider: Flag.Literals("provider", callableIds).pipe(
      Flag.withAlias("p"),
      Flag.withDescription("Look at this provider only, and require it"),
      Flag.optional
    ),
    json: jsonFlag,
    ...journalFlag,
    ...outputFlag,
    ...connectionFlags
  },
  writing(async () => (await import("../doctor/doctorCommand.ts")).runDoctor)
).pipe(Command.withDescription("Check keys, addresses, clock and journal; each finding with what to do about it"))

const twinCommand = Command.make(
  "twin",
  {
    which: Argument.Literals("which", [...callableIds, "all"]).pipe(
      Argument.withDescription("The provider to simulate (default all)"),
      Argument.withDefault("all" as const)
    ),
    port: whole("port", "First port, one for each twin; 0 for free ones (default 4010)", 0, 65_535).pipe(Flag.optional),
    speed: Flag.Finite("speed").pipe(
      Flag.withDescription("How much faster than real time calls pass (default 10)"),
      Flag.filter(
        (speed) => speed > 0 && speed <= 100_000,
        () => "a number above 0, up to 100,000"
      ),
      Flag.withDefault(10)
    ),
    faults: text(
      "faults",
      "TEXT|FILE.json",
      "What goes wrong: place:503@10%, get:429+retry-after=2*3, place:drop/accepted, *:delay=1.5"
    ),
    seed: text("seed", "TEXT", "The same seed gives the same ids and the same faults"),
    key: text("key", "TEXT", "The key that they accept (default twin-key)"),
    own: ownFlags,
    quiet: onOff("quiet", "Print the lines to copy and nothing else")
  },
  lazily(async () => (await import("../twin/twinCommand.ts")).runTwin)
).pipe(
  Command.withDescription("Simulate providers on this machine, to try and test without telephones"),
  Command.withExamples([
    { command: "unicall twin --speed 60", description: "Both providers, a minute a second" },
    { command: "unicall twin revox --faults place:drop/accepted*1", description: "The first answer gets lost" }
  ])
)

const demoCommand = Command.make(
  "demo",
  {
    samples: Argument.String("samples").pipe(
      Argument.withMetavar("FILE|DIR"),
      Argument.withDescription("Records to normalise first"),
      Argument.variadic()
    )
  },
  lazily(async () => (await import("../demo/demoRun.ts")).runDemo)
).pipe(Command.withDescription("Place the same orders on every simulated provider and compare what comes of them"))

export const liveCommands = [
  placeCommand,
  getCommand,
  listCommand,
  waitCommand,
  cancelCommand,
  reconcileCommand,
  doctorCommand,
  twinCommand,
  demoCommand
] as const
