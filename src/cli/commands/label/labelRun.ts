/** Runs `unicall label`: draws a sheet, or measures one that was filled in. */
import * as Effect from "effect/Effect"
import { checkFiles, usesOf } from "../../inputs/fileUse.ts"
import { usage } from "../../shell/failures.ts"
import { refuseGiven } from "../../shell/flags.ts"
import { drawSheet } from "./draw.ts"
import type { LabelFlags } from "./labelCommand.ts"
import { measureSheet } from "./measure.ts"

const NEEDS_FILE =
  "-o: expected the file to write the sheet to; it holds what was said in calls, so it is written nowhere else"

export const runLabel = Effect.fn("unicall.label")(function* (flags: LabelFlags) {
  const { sheet, output, inputs } = flags
  if (sheet === undefined) {
    yield* refuseGiven({ "--json": flags.json }, "--sheet beside it; the form of the sheet goes by the name of -o")
    return yield* output === undefined || output === "-" ? usage(NEEDS_FILE) : drawSheet(flags, output)
  }
  yield* refuseGiven(
    { "--calls": flags.calls, "--seed": flags.seed },
    "no --sheet beside it: the calls of a sheet have been drawn"
  )
  if (inputs.length > 0) return yield* usage("--sheet: expected no other file beside it: the sheet has the transcripts")
  yield* checkFiles({ reads: usesOf({ "--sheet": sheet }) })
  return yield* measureSheet(flags, sheet)
})
