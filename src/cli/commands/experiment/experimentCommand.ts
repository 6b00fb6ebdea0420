/** `unicall experiment`: from a first draft to the arm of every unit. The implementation is loaded on demand. */
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { checkFiles } from "../../inputs/fileUse.ts"
import { described, lazily, outputFlag, withOutput } from "../../shell/commandRun.ts"
import { argument, type Given, jsonFlag, optional, repeated, text } from "../../shell/flags.ts"

/** `-o` may not replace the experiment's file. */
const writing = <Flags, A, E, R>(run: (flags: Flags) => Effect.Effect<A, E, R>) =>
  withOutput((flags: Flags & { readonly file: string }) =>
    Effect.andThen(checkFiles({ reads: [{ name: flags.file, at: flags.file }] }), run(flags))
  )

const number = (name: string, metavar: string, description: string) =>
  Flag.Finite(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), optional)

const file = argument("file", "FILE", "The experiment, as JSON")
const results = { json: jsonFlag, ...outputFlag }

const newCommand = Command.make(
  "new",
  { file: argument("file", "FILE", "Where to write it; nothing is overwritten") },
  lazily(async () => (await import("./newRun.ts")).runNew)
).pipe(
  described("Write an example to fill in, with a secret of its own", {
    "unicall experiment new experiment.json": "Begin here"
  })
)

const planFlags = {
  file,
  baselineRate: number(
    "baseline-rate",
    "SHARE",
    "The primary metric's rate as it is now (default 0.5, the worst case)"
  ),
  guardrailRates: repeated(
    "guardrail-rate",
    "METRIC=SHARE",
    "A guardrail's rate as it is now, to plan for it, too; may be repeated"
  ),
  power: number(
    "power",
    "SHARE",
    "The chance to find a difference that matters, and to exclude harm where none is (default 0.8)"
  ),
  perDay: number("per-day", "ORDERS", "Orders placed a day in all arms together, for how long it takes"),
  ordersPerUnit: number("orders-per-unit", "N", "Orders to one person, or other unit (default 1)"),
  correlation: number(
    "correlation",
    "SHARE",
    "How alike orders to one person end: 0 (default) not at all, 1 always the same"
  ),
  ...results
}

export type PlanFlags = Given<typeof planFlags>

const planCommand = Command.make(
  "plan",
  planFlags,
  writing(lazily(async () => (await import("./planRun.ts")).runPlan))
).pipe(
  described("Tell how many units an experiment needs and how long that takes", {
    "unicall experiment plan experiment.json --baseline-rate 0.4 --per-day 200": "Where four of ten are reached today",
    "unicall experiment plan experiment.json --baseline-rate 0.4 --guardrail-rate first_attempt.connected=0.74":
      "Planned for a guardrail, too"
  })
)

const startFlags = { file, ...results }

export type StartFlags = Given<typeof startFlags>

const startCommand = Command.make(
  "start",
  startFlags,
  writing(lazily(async () => (await import("./startRun.ts")).runStart))
).pipe(
  described("Fix an experiment: from now on orders can be placed under it, and no change goes unnoticed", {
    "unicall experiment start experiment.json": "Once, before the first order"
  })
)

const stopFlags = {
  file,
  reason: text("reason", "TEXT", "Why, in one line; every comparison repeats it"),
  ...results
}

export type StopFlags = Given<typeof stopFlags>

const stopCommand = Command.make(
  "stop",
  stopFlags,
  writing(lazily(async () => (await import("./stopRun.ts")).runStop))
).pipe(
  described("End an experiment for good: no order is placed under it any more, and comparisons say when and why", {
    'unicall experiment stop experiment.json --reason "An arm called at night"': "Before its planned end"
  })
)

const assignFlags = {
  file,
  units: argument(
    "units",
    "UNIT|-",
    "References, contact keys or numbers, as the experiment has it; - for standard input, one a line"
  ).pipe(Argument.variadic({ min: 1 })),
  country: text("country", "CC", "For numbers that are not in E.164: ISO 3166, such as FR"),
  ...results
}

export type AssignFlags = Given<typeof assignFlags>

const assignCommand = Command.make(
  "assign",
  assignFlags,
  writing(lazily(async () => (await import("./assignRun.ts")).runAssign))
).pipe(
  described("Tell the arm of each unit; numbers and contacts are told by their place, never repeated", {
    "unicall experiment assign experiment.json - --json < numbers.txt": "One line for each number"
  })
)

export const experimentCommand = Command.make("experiment").pipe(
  described("Prepare an experiment: who is called by which provider and agent, and what is measured"),
  Command.withSubcommands([newCommand, planCommand, startCommand, assignCommand, stopCommand])
)
