/** `unicall demo`. The implementation is loaded on demand. */
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { described } from "../../shell/commandRun.ts"
import { argument } from "../../shell/flags.ts"
import { print } from "../../shell/terminal.ts"

/** `normalize` runs `unicall normalize` with these arguments. */
export const makeDemoCommand = <E, R>(normalize: (args: ReadonlyArray<string>) => Effect.Effect<void, E, R>) =>
  Command.make(
    "demo",
    { samples: argument("samples", "FILE|DIR", "Records to normalise first").pipe(Argument.variadic()) },
    Effect.fn("unicall.demo")(function* ({ samples }) {
      if (samples.length > 0) {
        yield* normalize(["--format", "table", ...samples])
        print("\n")
      }
      const { runDemo } = yield* Effect.promise(() => import("./demoRun.ts"))
      yield* runDemo
    })
  ).pipe(described("Place the same orders on every simulated provider and compare what comes of them"))
