/** `unicall switch scan`: what in a code base speaks to a provider, and what it becomes. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import { described, lazily, outputFlag, withOutput } from "../../shell/commandRun.ts"
import { argument, type Given, jsonFlag } from "../../shell/flags.ts"

const flags = {
  folder: argument("folder", "DIR", "The folder with the code; one file is fine, too"),
  json: jsonFlag,
  ...outputFlag
}

export type ScanFlags = Given<typeof flags>

export const scanCommand = Command.make(
  "scan",
  flags,
  withOutput(lazily(async () => (await import("./scanRun.ts")).runScan))
).pipe(
  described(
    "Find what speaks to a provider in JavaScript and TypeScript, tell what it becomes and what goes wrong there",
    {
      "unicall switch scan src": "Place by place, and a summary",
      "unicall switch scan . --json": "For a program: one JSON document"
    }
  )
)
