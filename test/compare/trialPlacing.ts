/** Experiments that a known population is placed in: who is in which arm, and what that arm's provider tells of it. */
import * as Result from "effect/Result"
import { providers } from "../../adapters/index.ts"
import { makeAssign } from "../../src/experiment/assignment.ts"
import { tagOf } from "../../src/experiment/assignmentTag.ts"
import type { Experiment } from "../../src/experiment/Experiment.ts"
import { parseExperiment } from "../../src/experiment/parseExperiment.ts"
import { freeze } from "../../src/experiment/freeze.ts"
import { parseInstant } from "../../src/domain/Instant.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import { type Life, START, tell, type Teller } from "./population.ts"

export interface TrialArm extends Teller {
  readonly name: string
  readonly share?: number
}

/** Two arms and what tells of them; frozen before the population's first order. */
export const experimentOf = (arms: ReadonlyArray<TrialArm>, changes: JsonObject = {}): Experiment => {
  const wanted = {
    id: "quillworks-spring",
    arms: arms.map(({ name, provider, agent, share = 1 }) => ({
      name,
      provider,
      share,
      ...(agent === undefined ? {} : { agent })
    })),
    unit: "number",
    salt: "Vt8pQx2mLd94ZrKc7w",
    primary: { metric: "first_attempt.human_reached", smallestEffect: 0.03 },
    ...changes
  }
  const at = parseInstant(new Date(START).toISOString())
  if (at === undefined) throw new Error("no instant")
  const parsed = parseExperiment(wanted, providers.ids)
  return Result.getOrThrowWith(
    Result.flatMap(parsed, (experiment) => freeze(experiment, at, providers)),
    ({ field, expected }) => new Error(`${field}: expected ${expected}`)
  )
}

/** Every order with the arm it is assigned to, by the person called. */
export const assigned = <Arm extends TrialArm>(
  experiment: Experiment,
  lives: ReadonlyArray<Life>,
  arms: ReadonlyArray<Arm>
) => {
  const assign = makeAssign(experiment)
  return lives.flatMap((life) => {
    const assignment = assign(life.to)
    const arm = arms.find(({ name }) => name === assignment.arm.name)
    return arm === undefined ? [] : [{ life, arm, tag: tagOf(experiment, assignment) }]
  })
}

/** Payloads of a population that is called in an experiment. */
export const toldIn = (experiment: Experiment, lives: ReadonlyArray<Life>, arms: ReadonlyArray<TrialArm>) =>
  assigned(experiment, lives, arms).map(({ life, arm, tag }) => tell(life, { ...arm, tag }))
