/** `unicall experiment assign`: the arm of each unit; numbers and contacts are shown by their place only. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { makeAssign, readUnit } from "../../../experiment/assignment.ts"
import { stoppedFault } from "../../../experiment/assignmentTag.ts"
import { CallsFailed } from "../../shell/failures.ts"
import { EXIT } from "../../ExitCode.ts"
import { readInput } from "../../inputs/inputBytes.ts"
import { findInputs } from "../../inputs/findInputs.ts"
import { jsonLine, plainText, tell } from "../../shell/terminal.ts"
import { makeDataOutput } from "../../shell/output.ts"
import { mistake, readExperiment } from "../../inputs/experimentFile.ts"
import type { AssignFlags } from "./experimentCommand.ts"

/** One unit a line; an empty line is no unit, but counts. */
const fromStandardInput = Effect.fnUntraced(function* () {
  const decoder = new TextDecoder()
  let text = ""
  for (const input of yield* findInputs(["-"], { forced: "json", otherwise: "json" })) {
    yield* readInput(input, {
      chunk: (bytes) => {
        text += decoder.decode(bytes, { stream: true })
      },
      broken: (message) => tell(`stdin: ${message}\n`)
    })
  }
  return (text + decoder.decode()).split("\n").map((line) => line.trim())
})

export const runAssign = Effect.fn("unicall.experiment.assign")(function* (flags: AssignFlags) {
  const experiment = yield* readExperiment(flags.file)
  const { stopped } = experiment
  if (stopped !== undefined) return yield* mistake(flags.file, stoppedFault(stopped))
  const [first, ...more] = flags.units
  const units = first === "-" && more.length === 0 ? yield* fromStandardInput() : flags.units
  const assign = makeAssign(experiment)
  const stdout = makeDataOutput()
  let unread = 0
  units.forEach((text, at) => {
    if (text === "") return
    const index = at + 1
    const unit = readUnit(experiment, text, flags.country)
    if (Result.isFailure(unit)) {
      unread += 1
      tell(`unit ${index}: expected ${unit.failure.expected}\n`)
      return
    }
    const arm = assign(unit.success).arm.name
    const reference = experiment.unit === "reference" ? { reference: unit.success } : {}
    const { reference: name = String(index) } = reference
    stdout.text(flags.json ? jsonLine({ index, ...reference, arm }) : `${plainText(name)}  ${arm}\n`)
  })
  stdout.flush()
  if (experiment.frozen === undefined) tell("The experiment is not started: what changes in it may change the arms.\n")
  if (unread > 0) return yield* new CallsFailed({ exitCode: EXIT.usage })
})
