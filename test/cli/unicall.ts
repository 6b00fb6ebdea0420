import { spawn } from "node:child_process"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inject } from "vitest"

/** The command line as it is published. */
export const main = inject("unicallMain")

/** What was compiled once is not compiled again by the next of many short processes. */
export const compileCache = { NODE_COMPILE_CACHE: join(tmpdir(), "unicall-compile-cache") }

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line as a user would, in a folder of its own. */
export const unicall = (cwd: string, args: ReadonlyArray<string>, input?: string | Uint8Array): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--no-warnings", main, ...args], {
      cwd,
      env: { ...process.env, ...compileCache }
    })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, stdout, stderr }))
    child.stdin.on("error", () => {})
    child.stdin.end(input ?? "")
  })
