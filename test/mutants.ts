/**
 * Tries mutants of a room: `node test/mutants.ts ROOM [--share 0.2] [--seed 1] [--only Poller.ts,adapters/vapi/Cancel.ts]`. Changes one expression at a
 * time in a copy of the last commit, and runs the room's tests: a mutant that no test notices is a gap in the tests, or changes nothing.
 * Stryker does the work; it is installed in the copy only, since it is heavy and needs a newer Node than this package.
 */
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const STRYKER = "10.1.1"

/** Tests that take long by themselves: a mutant would wait for each of them. */
const LONG = "test/**/{faultMatrix,http2,live,privacy,soak,linear,flat,oneFile,endToEnd*}.test.ts"

interface Room {
  readonly mutate: ReadonlyArray<string>
  readonly tests: ReadonlyArray<string>
}

const PURE_TESTS = ["test/{adapters,contract,domain,normalize}/**/*.test.ts"]

const ROOMS = {
  domain: { mutate: ["src/domain/*.ts"], tests: PURE_TESTS },
  calls: { mutate: ["src/calls/*.ts"], tests: ["test/{calls,promise,testing}/**/*.test.ts"] },
  journals: {
    mutate: ["src/calls/*Journal*.ts", "src/node/*Journal*.ts", "src/node/{sqlite,Sqlite}*.ts"],
    tests: ["test/calls/**/*.test.ts", "test/node/**/*.test.ts"]
  },
  adapters: {
    mutate: ["adapters/{revox,revring,vapi}/*.ts"],
    tests: [...PURE_TESTS, "test/{provider,testing}/**/*.test.ts"]
  }
} as const satisfies Record<string, Room>

/** A reporter that names each survivor as it is found: a run takes long, and may be stopped. */
const SURVIVORS = `import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin"
class Survivors {
  onMutantTested({ status, fileName, location, mutatorName, replacement }) {
    if (status !== "Survived" && status !== "NoCoverage") return
    console.log(status, fileName.replace(/^.*sandbox-[^/]*\\//, "") + ":" + location.start.line + ":" + location.start.column, mutatorName, "=>", replacement)
  }
}
export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, "survivors", Survivors)]
`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: "string", default: "0.2" },
    seed: { type: "string", default: "1" },
    only: { type: "string" }
  }
})
const [name = ""] = positionals
const share = Number(values.share)
if (!Object.hasOwn(ROOMS, name) || !(share > 0 && share <= 1)) {
  process.stderr.write(
    `usage: node test/mutants.ts ${Object.keys(ROOMS).join("|")} [--share 0..1] [--seed N] [--only FILE,FILE]\n`
  )
  process.exit(2)
}
const room: Room = ROOMS[name as keyof typeof ROOMS]

const root = fileURLToPath(new URL("..", import.meta.url))
const copy = mkdtempSync(join(tmpdir(), "unicall-mutants-"))

const run = (command: string, args: ReadonlyArray<string>): void => {
  const { status } = spawnSync(command, args, { cwd: copy, stdio: "inherit" })
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ""} ended with ${status}`)
}

/** From 0 to 1, the same for the same place and seed. */
const chance = (place: string): number =>
  createHash("sha256").update(`${values.seed} ${place}`).digest().readUInt32BE() / 2 ** 32

/** Lines in blocks that share one draw: a mutant counts if it lies within a block. */
const BLOCK = 6
const sample = (file: string): ReadonlyArray<string> => {
  const lines = readFileSync(join(copy, file), "utf8").split("\n").length
  const blocks = Array.from({ length: Math.ceil(lines / BLOCK) }, (_, index) => index * BLOCK + 1)
  return blocks.map((from) => `${file}:${from}-${from + BLOCK - 1}`).filter((place) => chance(place) < share)
}

try {
  run("git", ["clone", "--quiet", root, "."])
  // Where it is a link it must not stay one: what is installed in the copy would be installed there.
  cpSync(realpathSync(join(root, "node_modules")), join(copy, "node_modules"), {
    recursive: true,
    verbatimSymlinks: true
  })
  run("npm", [
    "install",
    "--no-save",
    "--loglevel=error",
    `@stryker-mutator/core@${STRYKER}`,
    `@stryker-mutator/vitest-runner@${STRYKER}`
  ])
  const only = values.only?.split(",")
  const files = room.mutate
    .flatMap((pattern) => globSync(pattern, { cwd: copy }))
    .filter((file) => only === undefined || only.some((name) => file === name || basename(file) === name))
  if (files.length === 0) throw new Error(`no file of ${name} is called ${values.only}`)
  writeFileSync(
    join(copy, "vitest.mutants.ts"),
    `import { defineConfig } from "vitest/config"
export default defineConfig({ test: ${JSON.stringify({ include: room.tests, exclude: [LONG], testTimeout: 60_000 })} })
`
  )
  writeFileSync(join(copy, "survivors.mjs"), SURVIVORS)
  writeFileSync(
    join(copy, "stryker.json"),
    JSON.stringify({
      testRunner: "vitest",
      plugins: ["@stryker-mutator/vitest-runner", "./survivors.mjs"],
      vitest: { configFile: "vitest.mutants.ts", related: true },
      mutate: [...new Set(files)].flatMap(sample),
      // Texts are for people: another text is not another behaviour.
      mutator: { excludedMutations: ["StringLiteral"] },
      coverageAnalysis: "perTest",
      // What is computed when a module is loaded would take every test, for each mutant.
      ignoreStatic: true,
      concurrency: 1,
      reporters: ["survivors", "clear-text", "progress-append-only"],
      // TypeScript 7 has no interface for programs, which rewriting a tsconfig would need.
      tsconfigFile: "none.json",
      clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false }
    })
  )
  const node = join(root, "node_modules", "node", "bin", "node")
  run(existsSync(node) ? node : process.execPath, [
    "node_modules/@stryker-mutator/core/bin/stryker.js",
    "run",
    "stryker.json"
  ])
} finally {
  rmSync(copy, { recursive: true, force: true })
}
