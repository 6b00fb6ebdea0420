/** `unicall twin`. The implementation is loaded on demand. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { TWIN_KEY } from "../../../twin/twinKey.ts"
import { callableIds } from "../../calls/callFlags.ts"
import { described, lazily } from "../../shell/commandRun.ts"
import { type Given, onOff, optional, text, whole, within } from "../../shell/flags.ts"
import { ownFlags } from "./twinFlags.ts"

const flags = {
  which: Argument.Literals("which", [...callableIds, "all"]).pipe(
    Argument.withDescription("The provider to simulate (default all)"),
    Argument.withDefault("all" as const)
  ),
  port: whole("port", "First port, one for each twin; 0 for free ones (default 4010)", 0, 65_535).pipe(optional),
  speed: within(
    Flag.Finite("speed"),
    "How much faster than real time calls pass (default 10)",
    (speed) => speed > 0 && speed <= 100_000,
    "a number above 0, up to 100,000"
  ).pipe(Flag.withDefault(10)),
  faults: text(
    "faults",
    "TEXT|FILE.json",
    "What goes wrong: place:503@10%, get:429+retry-after=2*3, place:drop/accepted, *:delay=1.5"
  ),
  seed: text("seed", "TEXT", "The same seed gives the same ids and the same faults"),
  key: text("key", "TEXT", `The key that they accept (default ${TWIN_KEY})`),
  own: ownFlags,
  quiet: onOff("quiet", "Print the lines to copy and nothing else")
}

export type TwinFlags = Given<typeof flags>

export const twinCommand = Command.make(
  "twin",
  flags,
  lazily(async () => (await import("./twinRun.ts")).runTwin)
).pipe(
  described("Simulate providers on this machine, to try and test without telephones", {
    "unicall twin --speed 60": "All providers, a minute a second",
    "unicall twin revox --faults place:drop/accepted*1": "The first answer gets lost",
    "unicall twin --faults webhook:double@50%,webhook:reorder": "Webhooks come twice, and out of order"
  })
)
