/** A folder in which the examples of the documentation run exactly as they are written there. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import packageJson from "../../package.json" with { type: "json" }

export const root = fileURLToPath(new URL("../../", import.meta.url))

const sourceOf = (target: string): string => target.replace("./dist/", "./").replace(/(\.d\.ts|\.js)$/, ".ts")

/** The package's own entry points, each on its source instead of what the build makes of it. */
const sourceExports = Object.fromEntries(
  Object.entries(packageJson.exports).map(([entry, target]) => [
    entry,
    typeof target === "string"
      ? sourceOf(target)
      : Object.fromEntries(Object.entries(target).map(([condition, file]) => [condition, sourceOf(file)]))
  ])
)

export interface Workspace {
  readonly path: string
  readonly write: (file: string, text: string) => string
  readonly remove: () => void
}

const link = (target: string, path: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path, "junction")
}

/** Has the samples where a checkout has them, `unicall` as a package, and the sources for an adapter in `adapters`. */
export const makeWorkspace = (): Workspace => {
  const path = mkdtempSync(join(tmpdir(), "unicall-docs-"))
  const write = (file: string, text: string): string => {
    const full = join(path, file)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, text)
    return full
  }
  cpSync(join(root, "docs", "samples"), join(path, "docs", "samples"), { recursive: true })
  for (const name of ["effect", "libphonenumber-js", "@noble", "@types", "pg", "hono", "express"])
    link(join(root, "node_modules", name), join(path, "node_modules", name))
  for (const name of ["adapters", "src"]) link(join(root, name), join(path, "node_modules", "unicall", name))
  write("node_modules/unicall/package.json", JSON.stringify({ type: "module", exports: sourceExports }))
  write("package.json", JSON.stringify({ type: "module" }))
  link(join(root, "src"), join(path, "src"))
  return { path, write, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export interface Block {
  /** Page and line, `docs/cli.md:12`. */
  readonly name: string
  readonly language: string
  readonly text: string
}

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((page) => page.endsWith(".md"))
    .map((page) => `docs/${page.replaceAll("\\", "/")}`)
    .toSorted()
]

export const pagesOfDocs: ReadonlyArray<{ readonly page: string; readonly text: string }> = pages.map((page) => ({
  page,
  text: readFileSync(join(root, page), "utf8")
}))

/** Every fenced block of the documentation. */
export const blocks: ReadonlyArray<Block> = pagesOfDocs.flatMap(({ page, text }) =>
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(({ index, 1: language = "", 2: content = "" }) => ({
    name: `${page}:${text.slice(0, index).split("\n").length}`,
    language,
    text: content
  }))
)
