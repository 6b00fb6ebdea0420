/** Asks before real telephones ring, or may ring again, unless `--yes` is given. */
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import { CallsFailed, type CommandFailure, usage } from "../shell/failures.ts"
import { EXIT } from "../ExitCode.ts"
import { tell } from "../shell/terminal.ts"

/** Hides all but the last two digits. */
export const masked = (number: string): string => number.slice(0, -2).replace(/\d/g, "•") + number.slice(-2)

/** The end of the input counts as no. The terminal is not in raw mode, so Ctrl-C still sends a signal. */
const ask = (question: string): Effect.Effect<boolean> =>
  Effect.callback((resume) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
    lines.once("close", () => resume(Effect.succeed(false)))
    lines.question(`${question} [y/N] `, (answer) => {
      resume(Effect.succeed(/^\s*y(es)?\s*$/i.test(answer)))
      lines.close()
    })
    return Effect.sync(() => lines.close())
  })

interface Question {
  readonly yes: boolean
  readonly question: string
  /** The message for a script without `--yes`. */
  readonly refusal: string
}

/** Fails unless `--yes` was given or somebody at the terminal agrees. */
export const permission = Effect.fnUntraced(function* ({
  yes,
  question,
  refusal
}: Question): Effect.fn.Return<void, CommandFailure | CallsFailed> {
  if (yes) return
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return yield* usage(refusal)
  const agreed = yield* Effect.onInterrupt(ask(question), () => Effect.sync(() => tell("\nNothing was done.\n")))
  if (agreed) return
  tell("Nothing was done.\n")
  return yield* new CallsFailed({ exitCode: EXIT.interrupted })
})
