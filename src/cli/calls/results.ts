/**
 * Standard output of a command that changes something. If it cannot be written, no further work begins, and the results
 * so far go to standard error.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { EXIT } from "../ExitCode.ts"
import { CallsFailed, codeOf } from "../shell/failures.ts"
import { OutputClosed } from "../shell/output.ts"
import { plainText, print, tell } from "../shell/terminal.ts"

export const makeResults = Effect.sync(() => {
  const broken = Deferred.makeUnsafe<void>()
  const unwritten: Array<string> = []
  let failure: { readonly error: unknown } | undefined
  return {
    /** Writes data; `instead` goes to standard error at the end if that fails. Never throws. */
    print: (data: string, instead: string): void => {
      try {
        if (failure === undefined) return print(data)
      } catch (error) {
        failure = { error }
        Deferred.doneUnsafe(broken, Effect.void)
      }
      unwritten.push(instead)
    },
    /** Completes if results can be written, else never. */
    written: Effect.suspend(() => (failure === undefined ? Effect.void : Effect.never)),
    /** The work, interrupted once its results cannot be written. */
    whileWritten: <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<void, E, R> =>
      Effect.raceFirst(Effect.asVoid(work), Deferred.await(broken)),
    /** Shows on standard error what could not be written. */
    end: (): void => {
      if (failure === undefined) return
      const why = failure.error instanceof OutputClosed ? "was closed" : `cannot be written (${codeOf(failure.error)})`
      tell(`standard output ${why}; this was to be written there:\n${unwritten.join("")}`)
    },
    /** Fails if anything could not be written. */
    settle: Effect.suspend(() => {
      if (failure === undefined) return Effect.void
      const exitCode = failure.error instanceof OutputClosed ? EXIT.incomplete : EXIT.unreadable
      return Effect.fail(new CallsFailed({ exitCode }))
    })
  }
})

export type Results = Effect.Success<typeof makeResults>

/** Lists what an interrupted run has not done, a name a line. */
export const tellRest = (heading: string, names: ReadonlyArray<string>): void => {
  if (names.length > 0) tell(`${heading}:\n${names.map((name) => `${plainText(name)}\n`).join("")}`)
}
