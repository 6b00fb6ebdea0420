// Makes a clone ready to run: installs the locked dependencies when they are missing or changed, and checks the pinned Node.
// `--run <file> [arguments]` then runs that file with the pinned Node. Plain JavaScript for Node 18 and later; writes to stderr only.
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const windows = process.platform === "win32"
const { devDependencies, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
const pinned = devDependencies.node
const oldest = engines.node.replace(">=", "")
const pinnedNode = join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node")
const marker = join(root, "node_modules", ".unicall-lock")

const say = (text) => process.stderr.write(`setup: ${text}\n`)

const fail = (text) => {
  say(text)
  process.exit(1)
}

/** Runs npm with the Node it came with, not with the one inside the node_modules it is about to replace. */
const npm = (...args) => {
  const path = (process.env.PATH ?? "").split(delimiter).filter((entry) => !/node_modules[\\/]\.bin[\\/]?$/.test(entry))
  const env = { ...process.env, PATH: path.join(delimiter) }
  const result = spawnSync("npm", args, { cwd: root, env, shell: windows, stdio: ["ignore", 2, 2] })
  if (result.error !== undefined) fail(`cannot start npm: ${result.error.message}`)
  return result.status === 0
}

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined)

/** npm's own record of what it installed says the same as the lock: somebody ran npm by hand. */
const installedByHand = () => {
  const installed = readJson(join(root, "node_modules", ".package-lock.json"))
  const locked = readJson(join(root, "package-lock.json"))
  if (installed === undefined || locked === undefined) return false
  return Object.entries(locked.packages).every(([path, entry]) => {
    if (path === "") return true
    const found = installed.packages[path]
    return found === undefined ? entry.optional === true : found.version === entry.version
  })
}

const installDependencies = () => {
  const hash = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")
  if (existsSync(marker) && readFileSync(marker, "utf8") === hash) return
  if (!installedByHand()) {
    say("installing the locked dependencies (npm ci)")
    if (!npm("ci", "--loglevel=error", "--no-audit", "--no-fund")) fail("npm ci failed, see above")
  }
  writeFileSync(marker, hash)
}

const runsAs = (binary) => {
  const result = spawnSync(binary, ["--version"], { encoding: "utf8" })
  return result.status === 0 ? result.stdout.trim() : undefined
}

const supported = (version) => {
  const [major, minor] = version.slice(1).split(".").map(Number)
  const [oldestMajor, oldestMinor] = oldest.split(".").map(Number)
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
}

/** The Node to work with: the pinned one; where its package cannot be had, the caller's own if it is new enough. */
const chooseNode = () => {
  if (runsAs(pinnedNode) === `v${pinned}`) return pinnedNode
  say(`the pinned Node ${pinned} is missing (its install script was blocked, perhaps): npm rebuild node`)
  npm("rebuild", "node", "--ignore-scripts=false", "--loglevel=error")
  if (runsAs(pinnedNode) === `v${pinned}`) {
    // The same block kept `prepare` from building the command that `npx unicall` runs.
    if (!existsSync(join(root, "dist"))) spawnSync(pinnedNode, [join(root, ".ci", "build.mjs"), "--prepare"])
    return pinnedNode
  }
  const text = `Node ${pinned} from the npm package "node" does not run here`
  if (!supported(process.version))
    fail(`${text}, and your own ${process.version} is older than ${oldest}. Install Node ${oldest} or later.`)
  say(`${text}: going on with your own ${process.version}.`)
  return process.execPath
}

installDependencies()
const node = chooseNode()

const [flag, ...command] = process.argv.slice(2)
if (flag === "--run") {
  const child = spawn(node, command, { stdio: "inherit" })
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal))
  child.on("exit", (code) => process.exit(code ?? 1))
}
