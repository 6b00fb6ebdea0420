import { spawn, spawnSync } from "node:child_process"
import { chmodSync, existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { type Block, blocks, makeWorkspace, pagesOfDocs, root } from "./workspace.ts"

const workspace = makeWorkspace()
afterAll(workspace.remove)

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const run = (command: string, args: ReadonlyArray<string>, environment: object = {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_COMPILE_CACHE: join(workspace.path, "cache"), ...environment }
    const child = spawn(command, args, { cwd: workspace.path, env, stdio: ["ignore", "pipe", "pipe"] })
    let stdout = ""
    let stderr = ""
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()))
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  })

/** Examples about this repository's own machinery, which is not there for a user. */
const isExample = ({ name }: Block): boolean =>
  !name.startsWith("docs/decisions/0002") && !name.startsWith("docs/performance")

const examples = blocks.filter(isExample)

const FILE = /^\/\/ file: (\S+)\n/

const programs = examples
  .filter(({ language }) => language === "ts")
  .map((block, index) => ({ ...block, file: FILE.exec(block.text)?.[1] ?? `example-${index}.ts` }))

/** They run in dialer.test.ts. */
const samplePrograms = readdirSync(join(root, "docs", "samples", "dialer"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => `docs/samples/dialer/${file}`)

/** What a program says it prints: the text after `// =>`, in order. How it is broken into lines does not matter. */
const promised = (text: string): string =>
  onOneLine([...text.matchAll(/\/\/ => (.*)$/gm)].map(([, line = ""]) => line).join("\n"))

const onOneLine = (text: string): string => text.trim().replace(/\s+/g, " ")

/** Imports one program after the other in one process; what each prints stands between its marks. */
const RUNNER = `
for (const file of process.argv.slice(2)) {
  console.log("\\u0002" + file)
  try {
    await import(new URL(file, import.meta.url).href)
  } catch (error) {
    console.log(error)
  }
}
// What a program that failed has left open must not keep all others waiting.
process.stdout.write("", () => process.exit())
`

describe("programs in the documentation", () => {
  /** Twice, in one folder: what the first run leaves behind must not be in the way of the second. */
  const printed = [new Map<string, string>(), new Map<string, string>()]

  beforeAll(async () => {
    for (const { file, text } of programs) workspace.write(file, text)
    workspace.write("runner.ts", RUNNER)
    for (const each of printed) {
      const { code, stdout } = await run(process.execPath, ["runner.ts", ...programs.map(({ file }) => file)])
      expect(code).toBe(0)
      for (const part of stdout.split("\u0002").slice(1)) {
        const [file = "", ...lines] = part.split("\n")
        each.set(file, onOneLine(lines.join("\n")))
      }
    }
  }, 120_000)

  it("are there", () => expect(programs.length).toBeGreaterThan(5))

  it.each(programs.map((program) => [program.name, program] as const))(
    "%s prints what it says, also when it is run again",
    (_, { file, text }) => {
      expect(printed.map((each) => each.get(file))).toEqual([promised(text), promised(text)])
    }
  )

  it("compile for a strict user", () => {
    const compilerOptions = {
      target: "es2023",
      lib: ["es2024", "dom", "dom.iterable"],
      types: ["node"],
      module: "nodenext",
      strict: true,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true
    }
    const files = [...programs.map(({ file }) => file), ...samplePrograms]
    workspace.write("tsconfig.json", JSON.stringify({ compilerOptions, files }))
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
    const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", workspace.path], { encoding: "utf8" })
    expect(stdout).toBe("")
    expect(status).toBe(0)
  })
})

/** `unicall …` lines, and pipes that end in one, with the exit code they promise. */
const commands = [
  ...new Set(
    examples.flatMap(({ language, text }) =>
      language === "sh" ? text.split("\n").filter((line) => /(?:^|\| )(?:npx )?unicall /.test(line)) : []
    )
  )
].map((line) => ({ line, code: Number(/# exits (\d+)$/.exec(line)?.[1] ?? 0) }))

describe.skipIf(process.platform === "win32")("commands in the documentation", () => {
  beforeAll(() => {
    const shim = (name: string, drop: string) => {
      const line = `${drop}exec "${process.execPath}" "${inject("unicallMain")}" "$@"`
      chmodSync(workspace.write(`bin/${name}`, `#!/bin/sh\n${line}\n`), 0o755)
    }
    shim("unicall", "")
    shim("npx", "shift; ")
  })

  it("are there", () => expect(commands.length).toBeGreaterThan(10))

  it.concurrent.each(commands.map((command) => [command.line, command] as const))("%s", async (_, { line, code }) => {
    const path = `${join(workspace.path, "bin")}:${process.env["PATH"]}`
    const ended = await run("sh", ["-c", line], { PATH: path })
    expect(ended).toMatchObject({ code })
    expect(ended.stderr).not.toContain("internal error")
  })
})

describe("links in the documentation", () => {
  /** A heading's anchor as GitHub makes it. */
  const anchorsOf = (text: string): ReadonlySet<string> =>
    new Set(
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
        heading
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, "")
          .replaceAll(" ", "-")
      )
    )

  it.each(pagesOfDocs.map(({ page, text }) => [page, text] as const))("%s leads nowhere in vain", (page, text) => {
    const leadsSomewhere = (target: string): boolean => {
      if (/^https?:/.test(target)) return true
      const [path = "", anchor] = target.split("#")
      const to = path === "" ? page : join(page, "..", path).replaceAll("\\", "/")
      if (anchor === undefined) return existsSync(join(root, to))
      return anchorsOf(pagesOfDocs.find((each) => each.page === to)?.text ?? "").has(anchor)
    }
    const prose = text.replace(/^```[\s\S]*?^```$/gm, "")
    const targets = [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target)
    expect(targets.filter((target) => !leadsSomewhere(target))).toEqual([])
  })
})
