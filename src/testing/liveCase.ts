import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { collect } from "./case.ts"
import { START } from "./liveSite.ts"

/** A law of live calls that a provider must obey, to be run by any test runner. */
export interface LiveCase {
  /** Begins with MUST or SHOULD. */
  readonly name: string
  /** Rejects with an Error that says what is wrong. */
  readonly run: () => Promise<void>
}

type Fail = (message: string) => void

/** A case in a time of its own; what `fail` is told is collected, so that one run tells everything. */
export const liveCase = (
  name: string,
  check: (fail: Fail) => Generator<Effect.Effect<unknown, unknown, Scope.Scope>, void>
): LiveCase => ({
  name,
  run: () => {
    const messages: Array<string> = []
    return TestClock.setTime(START).pipe(
      Effect.andThen(Effect.gen(() => check((message) => messages.push(message)))),
      Effect.andThen(Effect.sync(() => collect((fail) => messages.forEach(fail)))),
      Effect.scoped,
      Effect.provide(TestClock.layer()),
      Effect.runPromise
    )
  }
})
