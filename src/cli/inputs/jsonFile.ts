/** A file that holds one JSON value. It may hold secrets and is never quoted. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type CommandFailure, tryFile, usage } from "../shell/failures.ts"

export const jsonIn = (file: string, text: string): Result.Result<unknown, CommandFailure> =>
  Result.try({
    try: (): unknown => JSON.parse(text.replace(/^\uFEFF/, "")),
    catch: (error) => {
      // The message of `JSON.parse` may quote the file; the position does not.
      const place = error instanceof Error ? /line \d+ column \d+/.exec(error.message)?.[0] : undefined
      return usage(`${file}: ${place === undefined ? "" : `${place}: `}expected JSON`)
    }
  })

export const readJson = (file: string): Effect.Effect<unknown, CommandFailure> =>
  Effect.flatMap(
    tryFile(file, () => readFileSync(file, "utf8")),
    (text) => Effect.fromResult(jsonIn(file, text))
  )
