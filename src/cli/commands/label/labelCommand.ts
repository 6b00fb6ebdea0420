/** `unicall label`: how far the rules over transcripts agree with people, on the user's own calls. */
import * as Command from "effect/cli/Command"
import { inputFlags, inputsArgument } from "../../inputs/readInputs.ts"
import { described, lazily, outputFlag, withOutput } from "../../shell/commandRun.ts"
import { type Given, jsonFlag, optional, text, whole } from "../../shell/flags.ts"

const flags = {
  inputs: inputsArgument,
  sheet: text("sheet", "FILE", "A sheet that was filled in: measure the rules by it"),
  calls: whole("calls", "Calls to draw of each provider (default 100)", 1, 10_000).pipe(optional),
  seed: text("seed", "TEXT", "Another seed draws other calls; the same seed the same (default 1)"),
  json: jsonFlag,
  ...outputFlag,
  ...inputFlags
}

export type LabelFlags = Given<typeof flags>

export const labelCommand = Command.make(
  "label",
  flags,
  withOutput(
    lazily(async () => (await import("./labelRun.ts")).runLabel),
    { isPrivate: true }
  )
).pipe(
  described("Draw calls for people to label, and measure by their labels what is concluded from transcripts", {
    "unicall label exports/ -o sheet.csv":
      "A sheet with the transcripts of 100 calls of each provider, to be kept private",
    "unicall label --sheet sheet.csv": "How far the rules agree with the labels in it"
  })
)
