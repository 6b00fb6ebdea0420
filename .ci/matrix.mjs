// Runs tests and the built command line on the oldest supported Node and on the next line: the real binaries,
// not the pinned Node that every npm script uses. Versions can be given as arguments; needs `npm run build` before.
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const given = process.argv.slice(2)
const { engines, scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
const versions = given.length > 0 ? given : [`${engines.node.replace(">=", "")}.0`, "24.21.0"]

/** Tests by project (`vitest.config.ts`): no second Node is needed for calculations and examples of the documentation. */
const OLDEST = ["pure", "conclusions", "calls", "network", "files", "commands"]
/** A version between two that are tested more gets what it differs in. */
const BETWEEN = ["network"]

const windows = process.platform === "win32"
const guard = pathToFileURL(join(root, ".ci", "expect-node.mjs")).href

const fail = (text) => {
  console.log(`matrix: ${text}`)
  process.exit(1)
}

/** The binary straight from the package for this platform: no install script takes part. */
const install = (version) => {
  const platform = windows ? "win" : process.platform
  const prefix = platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node"
  const name = `${prefix}-${platform}-${process.arch}`
  const folder = join(root, "node_modules", ".cache", "node-versions", version)
  const binary = join(folder, "node_modules", name, "bin", windows ? "node.exe" : "node")
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, "package.json"), `{ "private": true }`)
    const args = [
      "install",
      "--prefix",
      folder,
      "--ignore-scripts",
      "--no-save",
      "--no-package-lock",
      "--loglevel=error"
    ]
    const result = spawnSync("npm", [...args, `${name}@${version}`], {
      cwd: folder,
      shell: windows,
      stdio: ["ignore", 2, 2]
    })
    if (result.status !== 0) fail(`cannot install ${name}@${version}`)
  }
  return binary
}

const run = (binary, version, args, stdio) => {
  const env = {
    ...process.env,
    PATH: `${dirname(binary)}${delimiter}${process.env.PATH}`,
    NODE_OPTIONS: `--import=${guard}`,
    UNICALL_EXPECTED_NODE: `v${version}`
  }
  return spawnSync(binary, args, { cwd: root, env, encoding: "utf8", maxBuffer: 2 ** 28, stdio })
}

/** What README's first command prints, from the built command line. */
const words = scripts.demo.split(" ").map((word) => word.replace(/^"(.*)"$/, "$1"))
const demo = words.slice(words.indexOf("src/cli/main.ts") + 1)
const cli = (binary, version, args) => {
  const result = run(binary, version, ["dist/cli/main.mjs", ...args], ["ignore", "pipe", "pipe"])
  if (result.status !== 0 || result.stdout === "") {
    fail(`unicall ${args.join(" ")} on ${version} ended with ${result.status}\n${result.stdout}${result.stderr}`)
  }
  if (result.stderr.includes("Warning")) fail(`unicall ${args.join(" ")} on ${version} warns:\n${result.stderr}`)
  return result.stdout
}

const reference = cli(process.execPath, process.version.slice(1), demo)
for (const version of versions) {
  const binary = install(version)
  const found = spawnSync(binary, ["--print", "process.version"], { encoding: "utf8" }).stdout?.trim()
  if (found !== `v${version}`) fail(`${binary} is ${found}, not v${version}`)

  console.log(`matrix: Node ${version}, command line`)
  cli(binary, version, ["--help"])
  if (cli(binary, version, demo) !== reference)
    fail(`unicall ${demo.join(" ")} differs between ${version} and ${process.version}`)

  console.log(`matrix: Node ${version}, test suite`)
  const report = join(root, "node_modules", ".cache", `vitest-${version}.json`)
  const vitest = [
    "node_modules/vitest/vitest.mjs",
    "run",
    ...(version === versions[0] ? OLDEST : BETWEEN).map((project) => `--project=${project}`),
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${report}`
  ]
  const { status } = run(binary, version, vitest, ["ignore", "inherit", "inherit"])
  if (status !== 0) fail(`the test suite failed on Node ${version}`)
  const { numPassedTests } = JSON.parse(readFileSync(report, "utf8"))
  if (!(numPassedTests > 0)) fail(`no test ran on Node ${version}`)
  console.log(`matrix: Node ${version}, ${numPassedTests} passed`)
}
