// Packs what `npm run build` built, as npm would publish it, and checks it: publint, types, every entry imported, the command started.
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
const work = mkdtempSync(join(tmpdir(), "unicall-package-"))
const problems = []

const run = (command, args, options = {}) => {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
    ...options
  })
  const { status, stdout, stderr } = result
  return {
    ok: status === 0,
    status,
    text: `${stdout ?? ""}${stderr ?? ""}`,
    stdout: stdout ?? "",
    stderr: stderr ?? ""
  }
}

const check = (name, { ok, text }) => {
  console.log(`${ok ? "ok  " : "FAIL"} ${name}`)
  if (!ok) {
    problems.push(name)
    console.log(text)
  }
}

/** Exactly what a user gets: the files of the tarball, and beside them only what the manifest says must be there. */
const unpack = (tarball) => {
  const modules = join(work, "node_modules")
  mkdirSync(join(modules, "unicall"), { recursive: true })
  check("unpack", run("tar", ["-xzf", tarball, "-C", join(modules, "unicall"), "--strip-components=1"]))
  const isOptional = (name) => manifest.peerDependenciesMeta?.[name]?.optional === true
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (isOptional(name)) continue
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, "node_modules", name), join(modules, name), "junction")
  }
  writeFileSync(join(work, "package.json"), `{ "private": true, "type": "module" }`)
}

const entries = Object.keys(manifest.exports).filter((key) => !key.endsWith(".json"))
const nameOf = (entry) => `unicall${entry.slice(1)}`

const DOM = ["dom", "dom.iterable"]
/** What README promises about a user's settings. `except` is the one error that is known, in declarations of Effect. */
const TYPE_SETTINGS = [
  { lib: DOM, types: ["node"], skipLibCheck: false },
  { lib: DOM, types: [], skipLibCheck: false },
  { lib: [], types: ["node"], skipLibCheck: true },
  { lib: [], types: ["node"], skipLibCheck: false, except: /node_modules[\\/]effect[\\/].*'JsonWebKey'/ },
  { lib: [], types: [], skipLibCheck: true }
]

/** A program that imports nothing but live calls, and knows all the same what a provider takes. */
const ORDERS = `
import type { Calls } from "unicall/promise"
const order = { to: "", from: "", agent: {}, reference: "" }
export const taken = (calls: Calls<"revox">) => calls.place({ ...order, metadata: {} })
// @ts-expect-error It stores no values of the caller's.
export const refused = (calls: Calls<"revring">) => calls.place({ ...order, metadata: {} })
`

/** A user's strict TypeScript program over every entry. */
const typeCheck = ({ lib, types, skipLibCheck, except }) => {
  const lines = entries.map((entry, index) => `export * as entry${index} from "${nameOf(entry)}"`)
  writeFileSync(join(work, "program.ts"), `${lines.join("\n")}\n`)
  const compilerOptions = {
    target: "es2023",
    lib: ["es2024", ...lib],
    types,
    typeRoots: [join(root, "node_modules", "@types")],
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck,
    noEmit: true
  }
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
  writeFileSync(join(work, "orders.ts"), ORDERS)
  const results = ["program.ts", "orders.ts"].map((file) => {
    writeFileSync(join(work, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }))
    return run(process.execPath, [tsc, "-p", work], { cwd: work })
  })
  const text = results.map((result) => result.text).join("\n")
  const errors = text.split("\n").filter((line) => /error TS/.test(line) && except?.test(line) !== true)
  const areOk = results.every(({ ok }) => ok) || except !== undefined
  return { ok: errors.length === 0 && areOk, text: errors.join("\n") || text }
}

/** Preloaded, it makes any Node say that it is an older one. */
const OLD_NODE = `--import=data:text/javascript,${encodeURIComponent(
  `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })`
)}`

/** Ends with the given code and one clear sentence about the version of Node. */
const saysTooOld = ({ status, stdout, stderr }, code) => ({
  ok:
    status === code &&
    stdout === "" &&
    /unicall needs Node [0-9.]+ or later, and this is Node 20\.20\.2\./.test(stderr),
  text: `ended with ${status}\n${stdout}${stderr}`
})

/** The files of the guide that is in the package, followed by somebody who has nothing but the package. */
const followGuide = () => {
  const guide = readFileSync(join(work, "node_modules", "unicall", "docs", "adding-a-provider.md"), "utf8")
  const files = [...guide.matchAll(/^```ts\n\/\/ file: (\S+)\n([\s\S]*?)^```$/gm)]
  for (const [, file, text] of files) {
    mkdirSync(dirname(join(work, file)), { recursive: true })
    writeFileSync(join(work, file), text)
  }
  const programs = files.filter(([, , text]) => text.includes("// => ")).map(([, file]) => file)
  if (programs.length < 3) return { ok: false, text: `only ${programs.length} programs` }
  const ran = programs.map((file) => run(process.execPath, [file], { cwd: work }))
  const read = run(process.execPath, [bin, "normalize", "--adapter", "adapters/acme/index.ts", "-"], {
    cwd: work,
    input: '{"id":"c-1","state":"done","callee":"+12025550101"}\n'
  })
  const known = { ...read, ok: read.ok && read.stdout.includes('"provider":"acme"') }
  return [...ran, known].find(({ ok }) => !ok) ?? { ok: true, text: "" }
}

const bin = join(work, "node_modules", "unicall", manifest.bin.unicall)

try {
  if (!existsSync(join(root, "dist"))) throw new Error("dist is missing: npm run build")
  const packed = run("npm", ["pack", "--ignore-scripts", "--json", "--loglevel=error", "--pack-destination", work])
  if (!packed.ok) throw new Error(packed.text)
  const listed = JSON.parse(packed.stdout)
  const [pack] = Array.isArray(listed) ? listed : Object.values(listed)
  const tarball = join(work, pack.filename)
  const paths = pack.files.map((file) => file.path)
  console.log(`${pack.filename}: ${paths.length} files, ${Math.round(pack.size / 1024)} kB packed`)

  const stray = paths.filter((path) => /(^|\/)(fixtures|test)\//.test(path) || /\.test\./.test(path))
  check("no fixtures or tests inside", { ok: stray.length === 0, text: stray.join("\n") })
  const missing = [...entries, "LICENSE", "README.md", "CHANGELOG.md", ...Object.values(manifest.bin)].filter(
    (entry) => {
      const targets = entry.startsWith(".") ? Object.values(manifest.exports[entry]) : [entry]
      return targets.some((target) => !paths.includes(target.replace(/^\.\//, "")))
    }
  )
  check("every entry is inside", { ok: missing.length === 0, text: missing.join("\n") })
  check(
    "publint",
    run(process.execPath, [join(root, "node_modules", "publint", "src", "cli.js"), "run", tarball, "--strict"])
  )
  const attw = join(root, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js")
  check("are the types wrong", run(process.execPath, [attw, tarball, "--profile", "esm-only", "--no-emoji"]))

  unpack(tarball)
  for (const settings of TYPE_SETTINGS) {
    const { lib, types, skipLibCheck } = settings
    const title = `lib ${["es2024", ...lib].join(" ")}, types ${types.join(" ") || "none"}, skipLibCheck ${skipLibCheck}`
    check(`types for a strict user: ${title}`, typeCheck(settings))
  }
  for (const entry of entries) {
    const program = ["--input-type=module", "-e", `await import("${nameOf(entry)}")`]
    check(`import ${nameOf(entry)}`, run(process.execPath, program, { cwd: work }))
    check(
      `import ${nameOf(entry)} on an old Node`,
      saysTooOld(run(process.execPath, [OLD_NODE, ...program], { cwd: work }), 1)
    )
  }
  const help = run(process.execPath, [bin, "--help"], { cwd: work })
  check("unicall --help", { ok: help.ok && help.stdout.includes("USAGE"), text: help.text })
  check("unicall on an old Node", saysTooOld(run(process.execPath, [OLD_NODE, bin, "--help"], { cwd: work }), 10))
  const doctor = run(process.execPath, [bin, "doctor", "--journal", "postgres://nobody@127.0.0.1:1/none"], {
    cwd: work
  })
  check("unicall without pg says what to install", { ...doctor, ok: doctor.text.includes("npm install pg") })
  check("the guide to adapters, followed in the package", followGuide())
} catch (cause) {
  console.log(cause.message)
  problems.push("pack")
} finally {
  rmSync(work, { recursive: true, force: true })
}
if (problems.length > 0) {
  console.log(`package check failed: ${problems.join(", ")}`)
  process.exit(1)
}
