/** The experiment that orders are placed under: known to run before the first of them, and looked at again before each. */
import { statSync } from "node:fs"
import * as Effect from "effect/Effect"
import { nowInstant } from "../../../calls/currentInstant.ts"
import type { Instant } from "../../../domain/Instant.ts"
import { notRunning } from "../../../experiment/assignmentTag.ts"
import type { Experiment } from "../../../experiment/Experiment.ts"
import type { Failures } from "../../calls/callFailures.ts"
import type { Board } from "../../calls/follow.ts"
import { EXIT } from "../../ExitCode.ts"
import { mistake, readExperiment } from "../../inputs/experimentFile.ts"
import { type CommandFailure, tryFile, usage } from "../../shell/failures.ts"
import { plainText } from "../../shell/terminal.ts"
import type { PlaceFlags } from "./placeCommand.ts"

/** An experiment that ran when the command began. */
export interface RunningExperiment {
  readonly experiment: Experiment
  /** When it was found to run. */
  readonly at: Instant
  /** Fails once nothing more may be placed under it: it was stopped meanwhile, is over, or its file is another. */
  readonly stillRuns: Effect.Effect<void, CommandFailure>
}

/** The experiment of the flags, if any. */
export const runningExperiment = Effect.fnUntraced(function* ({ experiment: file, provider }: PlaceFlags) {
  if (file === undefined) return undefined
  if (provider !== undefined) return yield* usage("--provider: expected none: the experiment chooses it")
  let stamp = yield* stampOf(file)
  const experiment = yield* readExperiment(file)
  const at = yield* nowInstant
  if (experiment.frozen === undefined) {
    return yield* usage(`${file}: expected an experiment that has been started: unicall experiment start`)
  }
  const fault = notRunning(experiment, at)
  if (fault !== undefined) return yield* mistake(file, fault)
  let latest = experiment
  const stillRuns = Effect.gen(function* () {
    const now = yield* stampOf(file)
    if (now !== stamp) {
      latest = yield* readExperiment(file)
      stamp = now
    }
    if (latest.frozen?.digest !== experiment.frozen?.digest) {
      return yield* usage(`${file}: expected the experiment that the orders were assigned by, until all are placed`)
    }
    const ended = notRunning(latest, yield* nowInstant)
    if (ended !== undefined) return yield* mistake(file, ended)
  })
  return { experiment, at, stillRuns } satisfies RunningExperiment
})

/** Whether an order may be sent now: those that wait their turn when the experiment is stopped are not. Tells once why not. */
export const whileItRuns = (
  { stillRuns }: RunningExperiment,
  failures: Pick<Failures, "note">,
  board: Pick<Board, "line">
): Effect.Effect<boolean> => {
  let isOver = false
  const ends = ({ message }: CommandFailure): boolean => {
    if (!isOver) board.line(`${plainText(message)}\n`)
    isOver = true
    failures.note(EXIT.usage)
    return false
  }
  return Effect.suspend(() =>
    isOver ? Effect.succeed(false) : Effect.match(stillRuns, { onSuccess: () => true, onFailure: ends })
  )
}

/** Another as soon as the file is written or replaced. */
const stampOf = (file: string): Effect.Effect<string, CommandFailure> =>
  tryFile(file, () => {
    const { ino, size, mtimeNs } = statSync(file, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  })
