/**
 * The project's modules with a patch in their text: loaded once more beside those that are in use. Nothing is written: the
 * text is changed on its way from the disk, and only what depends on it is loaded anew.
 */
import { readdirSync, readFileSync } from "node:fs"
import { registerHooks } from "node:module"
import { dirname, join, relative, sep } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

/** A change of one place in a file. */
export interface Patch {
  /** From the root of the project. */
  readonly file: string
  /** Text that occurs once. */
  readonly replace: string
  readonly with: string
}

export const ROOT = fileURLToPath(new URL("../..", import.meta.url))

/** Where the modules are that a history consists of. */
const FOLDERS = ["src", "adapters", "test/simulation"]

const IMPORT = /\bfrom "(\.[^"]+\.ts)"/g

/** A file's text with the patches that are of it. @throws Error if a text does not occur once */
export const patchedText = (text: string, file: string, patches: ReadonlyArray<Patch>): string =>
  patches
    .filter((patch) => patch.file === file)
    .reduce((sum, { replace, with: instead }) => {
      const [before, after, ...more] = sum.split(replace)
      if (before === undefined || after === undefined || more.length > 0)
        throw new Error(`${file}: ${JSON.stringify(replace)} does not occur once`)
      return before + instead + after
    }, text)

/** By file, from the root: the files that import it. */
const importersOf = (): ReadonlyMap<string, ReadonlySet<string>> => {
  const importers = new Map<string, Set<string>>()
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name))
  )
  for (const file of files)
    for (const [, path = ""] of readFileSync(join(ROOT, file), "utf8").matchAll(IMPORT)) {
      const imported = join(dirname(file), path)
      importers.set(imported, (importers.get(imported) ?? new Set()).add(file))
    }
  return importers
}

const withImporters = (
  files: ReadonlyArray<string>,
  importers: ReturnType<typeof importersOf>
): ReadonlySet<string> => {
  const found = new Set<string>()
  const add = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    for (const importer of importers.get(file) ?? []) add(importer)
  }
  for (const file of files) add(join(file))
  return found
}

const fileOf = (url: string): string => relative(ROOT, fileURLToPath(url))

const TAG = "patched"

/** Loads modules with patches, each under a name of its own. */
export const makePatchedModules = () => {
  const importers = importersOf()
  const loaded = new Map<string, { readonly patches: ReadonlyArray<Patch>; readonly files: ReadonlySet<string> }>()
  const nameOf = (url: string | undefined): string | undefined =>
    url?.startsWith("file:") === true ? (new URL(url).searchParams.get(TAG) ?? undefined) : undefined

  registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context)
      const name = nameOf(context.parentURL)
      const of = name === undefined ? undefined : loaded.get(name)
      if (name === undefined || of === undefined || !resolved.url.startsWith("file:")) return resolved
      return of.files.has(fileOf(resolved.url)) ? { ...resolved, url: `${resolved.url}?${TAG}=${name}` } : resolved
    },
    load: (url, context, next) => {
      const found = next(url, context)
      const of = loaded.get(nameOf(url) ?? "")
      if (of === undefined) return found
      const file = fileOf(url).split(sep).join("/")
      if (!of.patches.some((patch) => patch.file === file)) return found
      return { ...found, source: patchedText(readFileSync(fileURLToPath(url), "utf8"), file, of.patches) }
    }
  })

  /** The address of a file of this project, to be imported, with the patches; `name` is that of them all. */
  return (file: string, name: string, patches: ReadonlyArray<Patch>): string => {
    const files = withImporters(
      patches.map((patch) => patch.file),
      importers
    )
    loaded.set(name, { patches, files })
    return `${pathToFileURL(join(ROOT, file)).href}?${TAG}=${name}`
  }
}
