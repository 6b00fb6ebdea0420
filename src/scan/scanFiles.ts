/** The files of a code base: those that mention a provider, and those that import what tells of one. Pure; files and the parser are given. */
import type { Finding, Sought } from "./Finding.ts"
import { anyOf, hostsOf } from "./mentions.ts"
import { modulesOf } from "./modules.ts"
import { findingsIn } from "./scanFile.ts"
import { isNode, type Tree, treeOf } from "./syntax.ts"
import { worthOf } from "./worth.ts"

export interface SourceFile {
  /** As it is shown. */
  readonly path: string
  readonly text: string
}

/** Gives the syntax tree of a file, or nothing where it cannot be read. May throw. */
export type Parse = (file: SourceFile) => unknown

export interface FileScan {
  readonly path: string
  /** Absent where the file could not be parsed. */
  readonly findings?: ReadonlyArray<Finding>
}

export interface Sources {
  readonly parse: Parse
  /** The text of a file that was added, once more; nothing where it is gone. */
  readonly read: (path: string) => string | undefined
  /** The file that `from` means in the file at `path`. */
  readonly resolve: (from: string, path: string) => string | undefined
}

/** What a file has to mention to be looked at: a package, a host, the provider's name, a word of its messages. */
const mentionsOf = (provider: Sought): RegExp => {
  const { packages, webhook } = provider.signs
  const words = [provider.id, ...Object.keys(packages), ...hostsOf(provider), ...webhook.own, ...webhook.types]
  return anyOf(words)
}

/** Any text that may name a file, whatever stands around it: it costs less than to parse what imports. */
const PATHS = /["'`]((?:\.{1,2}|[@~])(?:\/[^"'`\s]{0,300})?)["'`]/g

export const scanFiles = ({ parse, read, resolve }: Sources, sought: ReadonlyArray<Sought>) => {
  const mentions = sought.map((provider) => ({ provider, pattern: mentionsOf(provider) }))
  const related = new Map<string, ReadonlyArray<Sought>>()
  const importers = new Map<string, Array<string>>()

  const add = ({ path, text }: SourceFile): void => {
    const isNamed = ({ id }: Sought): boolean => path.toLowerCase().includes(id)
    const found = mentions.filter(({ provider, pattern }) => pattern.test(text) || isNamed(provider))
    const providers = found.map(({ provider }) => provider)
    if (providers.length > 0) related.set(path, providers)
    for (const from of new Set([...text.matchAll(PATHS)].map(([, from = ""]) => from))) {
      const file = resolve(from, path)
      if (file === undefined || file === path) continue
      const known = importers.get(file)
      if (known === undefined) importers.set(file, [path])
      else known.push(path)
    }
  }

  /** These files, and all that import them, directly or not: no other file can have anything of a provider. */
  const reachOf = (paths: Iterable<string>): ReadonlySet<string> => {
    const reach = new Set(paths)
    // A set goes on to what is added while it is gone through.
    for (const path of reach) for (const importer of importers.get(path) ?? []) reach.add(importer)
    return reach
  }

  /** Every file that mentions a provider, then those that import from them, each once. */
  const scan = function* (): Generator<FileScan> {
    const reach = reachOf(related.keys())
    const load = (path: string): Tree | undefined => {
      try {
        const text = read(path)
        const root = text === undefined ? undefined : parse({ path, text })
        return isNode(root) ? treeOf(root) : undefined
      } catch {
        return undefined
      }
    }
    const modules = modulesOf(load, (from, path) => {
      const file = resolve(from, path)
      return file !== undefined && reach.has(file) ? file : undefined
    })
    const worthy = new Set<string>()
    const isWorth = worthOf(sought, (file) => worthy.has(file))
    const scanned = new Set<string>()

    const scanOne = (path: string): FileScan => {
      scanned.add(path)
      try {
        const module = modules.open(path)
        if (module === undefined) return { path }
        const findings = findingsIn(module, sought, related.get(path) ?? [])
        return { path, findings }
      } catch {
        return { path }
      }
    }
    /** Notes whether others want what it exports; by what is known later, it may be asked again. */
    const judge = (path: string): void => {
      if (!importers.has(path)) return modules.forget(path)
      try {
        const module = worthy.has(path) ? undefined : modules.open(path)
        if (module !== undefined && isWorth(module)) worthy.add(path)
      } catch {
        // Code that nests too deep.
      }
    }

    for (const path of related.keys()) {
      yield scanOne(path)
      judge(path)
    }
    for (const path of worthy) {
      for (const importer of importers.get(path) ?? []) {
        if (!scanned.has(importer)) yield scanOne(importer)
        judge(importer)
      }
    }
  }

  return { add, scan }
}
