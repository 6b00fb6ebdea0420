/** Which code is simulated: figures of one are not those of another. */
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "./patchedModules.ts"

/** What is run, beside the tests that run it. */
const CODE = ["src", "adapters", "package-lock.json"]

const git = (...args: ReadonlyArray<string>): string =>
  execFileSync("git", args, { cwd: ROOT, encoding: "utf8", maxBuffer: 1e9 }).trim()

/** The commit; where the code was changed since, with a word of what it is by now. */
export const codeVersion = (tests = "test/simulation/*.ts"): string => {
  const code = [...CODE, tests]
  const commit = git("rev-parse", "HEAD")
  const changes = git("diff", "HEAD", "--", ...code)
  const untracked = git("ls-files", "--others", "--exclude-standard", "--", ...code)
  if (changes === "" && untracked === "") return commit
  const hash = createHash("sha256").update(changes)
  for (const file of untracked.split("\n").filter((name) => name !== ""))
    hash.update(file).update(readFileSync(join(ROOT, file)))
  return `${commit}+changes.${hash.digest("hex").slice(0, 8)}`
}
