/** `unicall compare`: the same figures of several providers or agents, and what may be concluded from them. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { STRATUM_WORDS } from "../../../experiment/stratumWords.ts"
import { inputFlags, inputsArgument } from "../../inputs/readInputs.ts"
import { described, lazily, outputFlag, withOutput } from "../../shell/commandRun.ts"
import { choice, failOnRejectFlag, type Given, onOff, optional, text, within } from "../../shell/flags.ts"

const flags = {
  inputs: inputsArgument,
  experiment: text(
    "experiment",
    "FILE",
    "The experiment that the calls were placed in; it settles what the flags up to --primary would"
  ),
  by: choice(
    "by",
    ["provider", "agent", "campaign"],
    "Without an experiment: what is compared with each other (default provider)"
  ),
  baseline: text("baseline", "NAME", "What the others are compared with (default the first by name)"),
  analysis: choice(
    "analysis",
    ["sequential", "fixed"],
    "sequential (default): right however often you look; fixed: narrower, for a single look at complete data"
  ),
  alpha: within(
    Flag.Finite("alpha"),
    "Chance of a wrong verdict on the primary metric, on all guardrails, and on all other metrics (default 0.05)",
    (alpha) => alpha >= 0.0001 && alpha <= 0.2,
    "a number from 0.0001 to 0.2"
  ).pipe(optional),
  timeZone: text("time-zone", "ZONE", "For days and hours: an IANA name such as Europe/Paris (default UTC)"),
  strata: text(
    "strata",
    "WORDS",
    `Compare rates like with like, by ${STRATUM_WORDS.join(", ")}; several separated by commas`
  ),
  primary: text("primary", "METRIC", "The metric that matters most (default first_attempt.human_reached)"),
  journal: text("journal", "FILE", "Take placements from this journal as well: a file, or postgres://…"),
  html: text("html", "FILE", "Write a report with charts to this file; it needs no network"),
  json: onOff("json", "Print the whole comparison as one JSON document"),
  markdown: onOff("markdown", "Print it as Markdown, for a pull request or a wiki"),
  failOnReject: failOnRejectFlag,
  ...outputFlag,
  ...inputFlags
}

export type CompareFlags = Given<typeof flags>

export const compareCommand = Command.make(
  "compare",
  flags,
  withOutput(lazily(async () => (await import("./compareRun.ts")).runCompare))
).pipe(
  described("Compare providers, agents or the arms of an experiment, and say what can be concluded", {
    "unicall compare revox.ndjson revring.ndjson --html report.html": "Two exports",
    "unicall compare --experiment experiment.json exports/ placed.ndjson": "An experiment, with what placing said"
  })
)
