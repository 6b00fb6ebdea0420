/** What the installed command starts with: it runs on any Node, and loads the command line only where that can run. */
import process from "node:process"
import { unsupportedNode } from "../nodeVersion.ts"
import { EXIT } from "./ExitCode.ts"

const problem = unsupportedNode(process)
if (problem === undefined) await import("./main.ts")
else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = EXIT.setup
}
