/**
 * Writes what the code knows better than people remember: the marked regions of `README.md` and of the pages in `docs`, and the JSON
 * Schemas in `docs/schema`. `--check` writes nothing and exits with 1, naming the files that are out of date.
 *
 * A region is `<!-- generated: NAME -->` up to `<!-- end generated -->`; names are the keys of `generator/sections.ts`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { schemas } from "./generator/schemas.ts"
import { sections } from "./generator/sections.ts"

const root = new URL("../", import.meta.url)

const REGION = /^<!-- generated: (.+?) -->$[\s\S]*?^<!-- end generated -->$/gm
const MARK = /^<!-- generated: /gm

const made = new Map<string, string>()

const contentOf = (name: string, page: string): string => {
  const known = made.get(name)
  if (known !== undefined) return known
  const section = sections.get(name)
  if (section === undefined) throw new Error(`${page}: there is no section "${name}"`)
  const content = section()
  made.set(name, content)
  return content
}

const filled = (text: string, page: string): string => {
  const regions = [...text.matchAll(REGION)].length
  if (regions !== [...text.matchAll(MARK)].length) throw new Error(`${page}: a generated region has no end`)
  return text.replace(
    REGION,
    (_, name: string) => `<!-- generated: ${name} -->\n\n${contentOf(name, page)}\n\n<!-- end generated -->`
  )
}

const pages = readdirSync(new URL("docs/", root), { recursive: true, encoding: "utf8" })
  .filter((page) => page.endsWith(".md"))
  .map((page) => `docs/${page.replaceAll("\\", "/")}`)
  .concat("README.md")
  .toSorted()

const readIfThere = (file: URL): string | undefined => {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return undefined
  }
}

const wanted = new Map<string, string>([
  ...pages.map((page) => [page, filled(readFileSync(new URL(page, root), "utf8"), page)] as const),
  ...Object.entries(schemas).map(
    ([name, schema]) => [`docs/schema/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`] as const
  )
])

const stale = [...wanted].filter(([path, text]) => readIfThere(new URL(path, root)) !== text)

if (process.argv.includes("--check")) {
  for (const [path] of stale) console.error(`${path} is out of date: npm run docs:generate`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  mkdirSync(new URL("docs/schema/", root), { recursive: true })
  for (const [path, text] of stale) {
    writeFileSync(new URL(path, root), text)
    console.log(`${path}`)
  }
}
