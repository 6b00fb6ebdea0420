/**
 * Standard output of a command that changes something. Once it cannot be written, nothing more is begun, and what has been
 * done is told on standard error instead.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { CallsFailed } from "../shell/CommandFailure.ts"
import { EXIT } from "../ExitCode.ts"
import { codeOf, OutputClosed } from "../shell/output.ts"
import { plainText, print, tell } from "../shell/terminal.ts"

export interface Results {
  /** Writes data; `instead` is for people, should that not be possible. Never throws. */
  readonly print: (data: string, instead: string) => void
  /** Goes on as long as results can be written. */
  readonly written: Effect.Effect<void>
  /** The work, interrupted once its results cannot be written. */
  readonly whileWritten: <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<void, E, R>
  /** Tells what could not be written. */
  readonly end: () => void
  /** Fails if anything could not be written. */
  readonly settle: Effect.Effect<void, CallsFailed>
}

export const makeResults = Effect.sync((): Results => {
  const broken = Deferred.makeUnsafe<void>()
  const unwritten: Array<string> = []
  let failure: { readonly error: unknown } | undefined
  return {
    print: (data, instead) => {
      try {
        if (failure === undefined) return print(data)
      } catch (error) {
        failure = { error }
        Deferred.doneUnsafe(broken, Effect.void)
      }
      unwritten.push(instead)
    },
    written: Effect.suspend(() => (failure === undefined ? Effect.void : Effect.never)),
    whileWritten: (work) => Effect.raceFirst(Effect.asVoid(work), Deferred.await(broken)),
    end: () => {
      if (failure === undefined) return
      const why = failure.error instanceof OutputClosed ? "was closed" : `cannot be written (${codeOf(failure.error)})`
      tell(`standard output ${why}; this was to be written there:\n${unwritten.join("")}`)
    },
    settle: Effect.suspend(() => {
      if (failure === undefined) return Effect.void
      const exitCode = failure.error instanceof OutputClosed ? EXIT.incomplete : EXIT.unreadable
      return Effect.fail(new CallsFailed({ exitCode }))
    })
  }
})

/** What a run that stopped early has not come to, a name a line. */
export const tellRest = (heading: string, names: ReadonlyArray<string>): void => {
  if (names.length > 0) tell(`${heading}:\n${names.map((name) => `${plainText(name)}\n`).join("")}`)
}
