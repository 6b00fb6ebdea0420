/** The parser of JavaScript and TypeScript: an optional peer, which only `switch scan` needs. */
import * as Effect from "effect/Effect"
import type { Parse } from "../../../scan/scanFiles.ts"
import { codeOf, type CommandFailure, inputFailure } from "../../shell/failures.ts"

const MISSING =
  "switch scan needs the package @babel/parser, which is not installed beside unicall: npm install --save-dev @babel/parser"

const BROKEN = "switch scan: the package @babel/parser cannot be loaded"

/** What TypeScript writes with brackets and JSX are told apart by the ending. */
const pluginsOf = (path: string) => {
  if (/\.[cm]?ts$/i.test(path)) return ["typescript", "decorators"] as const
  if (/\.tsx$/i.test(path)) return ["typescript", "jsx", "decorators"] as const
  return ["jsx", "flow", "decorators"] as const
}

/** Loads it as it is told to; fails with what to install. */
export const parserFrom = (
  load: () => Promise<Pick<typeof import("@babel/parser"), "parse">>
): Effect.Effect<Parse, CommandFailure> =>
  Effect.tryPromise({
    try: load,
    catch: (error) => inputFailure(codeOf(error) === "ERR_MODULE_NOT_FOUND" ? MISSING : BROKEN)
  }).pipe(
    Effect.map(
      ({ parse }): Parse =>
        ({ path, text }) =>
          parse(text, {
            sourceType: "unambiguous",
            errorRecovery: true,
            allowReturnOutsideFunction: true,
            allowAwaitOutsideFunction: true,
            attachComment: false,
            plugins: [...pluginsOf(path)]
          }).program
    )
  )

export const loadParser = parserFrom(() => import("@babel/parser"))
