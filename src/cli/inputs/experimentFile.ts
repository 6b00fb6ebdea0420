/** The file of an experiment. It holds the secret that keeps numbers out of hashes, and is never quoted. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { FieldFault } from "../../domain/PlaceCall.ts"
import type { Experiment } from "../../experiment/Experiment.ts"
import { parseExperiment } from "../../experiment/parseExperiment.ts"
import { providers } from "../providers.ts"
import { type CommandFailure, tryFile, usage } from "../shell/failures.ts"
import { jsonIn } from "./jsonFile.ts"

/** A mistake in the file, by its place. */
export const mistake = (file: string, { field, expected }: FieldFault): CommandFailure =>
  usage(`${file}: ${field}: expected ${expected}`)

export const parseText = (file: string, text: string): Result.Result<Experiment, CommandFailure> =>
  Result.flatMap(jsonIn(file, text), (input) =>
    Result.mapError(parseExperiment(input, providers.ids), (fault) => mistake(file, fault))
  )

/** Refuses an experiment that was changed after its start, too. */
export const readExperiment = (file: string): Effect.Effect<Experiment, CommandFailure> =>
  Effect.flatMap(
    tryFile(file, () => readFileSync(file, "utf8")),
    (text) => Effect.fromResult(parseText(file, text))
  )
