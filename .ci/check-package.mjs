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
  return { ok: result.status === 0, text: `${result.stdout ?? ""}${result.stderr ?? ""}`, stdout: result.stdout ?? "" }
}

const check = (name, { ok, text }) => {
  console.log(`${ok ? "ok  " : "FAIL"} ${name}`)
  if (!ok) {
    problems.push(name)
    console.log(text)
  }
}

/** Exactly what a user gets: the files of the tarball, and beside them only the dependencies the manifest promises. */
const unpack = (tarball) => {
  const modules = join(work, "node_modules")
  mkdirSync(join(modules, "unicall"), { recursive: true })
  check("unpack", run("tar", ["-xzf", tarball, "-C", join(modules, "unicall"), "--strip-components=1"]))
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, "node_modules", name), join(modules, name), "junction")
  }
  writeFileSync(join(work, "package.json"), `{ "private": true, "type": "module" }`)
}

const entries = Object.keys(manifest.exports).filter((key) => !key.endsWith(".json"))
const nameOf = (entry) => `unicall${entry.slice(1)}`

/** A user's TypeScript program over every entry, without the leniency of skipLibCheck for our own declarations. */
const typeCheck = () => {
  const lines = entries.map((entry, index) => `export * as entry${index} from "${nameOf(entry)}"`)
  writeFileSync(join(work, "program.ts"), `${lines.join("\n")}\n`)
  const compilerOptions = {
    target: "es2023",
    lib: ["es2024", "dom", "dom.iterable"],
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true
  }
  writeFileSync(join(work, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }))
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
  const result = run(process.execPath, [tsc, "-p", work], { cwd: work })
  const ours = result.text
    .split("\n")
    .filter((line) => /error TS/.test(line) && !/node_modules[\\/](?!unicall)/.test(line))
  return { ok: ours.length === 0, text: ours.join("\n") }
}

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
  check("types for a strict user", typeCheck())
  for (const entry of entries) {
    check(
      `import ${nameOf(entry)}`,
      run(process.execPath, ["-e", `await import("${nameOf(entry)}")`, "--input-type=module"], { cwd: work })
    )
  }
  const bin = join(work, "node_modules", "unicall", manifest.bin.unicall)
  check("unicall --help", run(process.execPath, [bin, "--help"], { cwd: work }))
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
