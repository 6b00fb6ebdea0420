/** The files of a code base: source to scan, source in other languages, and what is left out with the reason. */
import { readdirSync, readFileSync, statSync } from "node:fs"
import { basename, dirname, extname, join, relative } from "node:path"
import { compareText } from "../../../domain/textOrder.ts"
import { reasonOf } from "../../shell/failures.ts"
import { type IgnoreRules, ignoreRules } from "./ignored.ts"

/** Larger ones are made by machines. */
const LARGEST_FILE = 1024 * 1024

const SOURCE = new Set([".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"])

/** Languages that are not read, by the ending of their files. */
const LANGUAGES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Python: "py",
    Go: "go",
    Ruby: "rb",
    PHP: "php",
    Java: "java",
    Kotlin: "kt kts",
    Swift: "swift",
    "C#": "cs",
    Rust: "rs",
    Elixir: "ex exs",
    Scala: "scala",
    Dart: "dart",
    Shell: "sh bash",
    Vue: "vue",
    Svelte: "svelte",
    Astro: "astro"
  }).flatMap(([language, endings]) =>
    endings.split(" ").map((ending): readonly [string, string] => [`.${ending}`, language])
  )
)

/** What is installed, made or kept by tools. */
const NOT_OURS = new Set([
  "node_modules",
  "dist",
  "build",
  "out",
  "coverage",
  "vendor",
  "target",
  "__pycache__",
  "venv"
])

const isLeftOut = (name: string): boolean => NOT_OURS.has(name) || name.startsWith(".")

export interface FoundSource {
  readonly path: string
  /** Below the folder, with slashes. */
  readonly shown: string
  /** Absent for what is scanned. */
  readonly language: string | undefined
}

export interface NotRead {
  readonly shown: string
  readonly reason: string
}

interface Folder {
  readonly path: string
  /** Rules from the outside in, each with the folder that they are of. */
  readonly rules: ReadonlyArray<readonly [at: string, rules: IgnoreRules]>
}

const rulesIn = ({ path, rules }: Folder): Folder["rules"] => {
  try {
    return [...rules, [path, ignoreRules(readFileSync(join(path, ".gitignore"), "utf8"))]]
  } catch {
    return rules
  }
}

const slashed = (path: string): string => path.replaceAll("\\", "/")

const isIgnored = (rules: Folder["rules"], path: string, isFolder: boolean): boolean => {
  for (const [at, each] of rules.toReversed()) {
    const said = each.ignores(slashed(relative(at, path)), isFolder)
    if (said !== undefined) return said
  }
  return false
}

/** Throws where the folder itself cannot be read. */
export const sourceBelow = (root: string) => {
  const sources: Array<FoundSource> = []
  const notRead: Array<NotRead> = []
  const take = (path: string): void => {
    const ending = extname(path).toLowerCase()
    const language = SOURCE.has(ending) ? undefined : LANGUAGES.get(ending)
    if (language === undefined && !SOURCE.has(ending)) return
    const shown = slashed(relative(root, path)) || basename(path)
    try {
      if (statSync(path).size > LARGEST_FILE) notRead.push({ shown, reason: "larger than 1 MB" })
      else sources.push({ path, shown, language })
    } catch (error) {
      notRead.push({ shown, reason: reasonOf(error) })
    }
  }
  if (statSync(root).isFile()) {
    take(root)
    return { root: dirname(root), sources, notRead }
  }
  // Links are not followed: what they lead to in the folder is found by its own name, and the rest is not its code.
  const waiting: Array<Folder> = [{ path: root, rules: [] }]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const rules = rulesIn(folder)
    try {
      for (const entry of readdirSync(folder.path, { withFileTypes: true })) {
        const path = join(folder.path, entry.name)
        if (isIgnored(rules, path, entry.isDirectory())) continue
        if (entry.isDirectory() && !isLeftOut(entry.name)) waiting.push({ path, rules })
        if (entry.isFile()) take(path)
      }
    } catch (error) {
      if (folder.path === root) throw error
      notRead.push({ shown: slashed(relative(root, folder.path)), reason: reasonOf(error) })
    }
  }
  return { root, sources: sources.toSorted((one, other) => compareText(one.shown, other.shown)), notRead }
}
