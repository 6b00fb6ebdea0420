/** The files of a code base as they import each other: each is read when another asks for what it exports. */
import { type Exports, exportsOf } from "./exports.ts"
import type { Links, Reader } from "./links.ts"
import { type Scopes, scopesOf } from "./scopes.ts"
import type { Node, Tree } from "./syntax.ts"
import { NO_CALLS, type Value } from "./Value.ts"
import { type Values, valuesOf } from "./values.ts"

export interface Module {
  readonly path: string
  readonly tree: Tree
  readonly scopes: Scopes
  readonly exports: Exports
  readonly values: Values
  readonly links: Links
}

export const modulesOf = (
  load: (path: string) => Tree | undefined,
  fileOf: (from: string, path: string) => string | undefined
) => {
  const modules = new Map<string, Module | undefined>()
  const budget = { steps: 0 }

  const homeOf = (node: Node): Reader | undefined => {
    for (const module of modules.values()) if (module?.tree.has(node) === true) return module.values.reader
    return undefined
  }

  /** `seen` are the files that were asked already: `export *` may run in circles. */
  const exported = (file: string, name: string, left: number, seen = new Set<string>()): Value | undefined => {
    const module = open(file)
    if (module === undefined || seen.has(file)) return undefined
    seen.add(file)
    const { named, stars, whole } = module.exports
    const { reader } = module.values
    if (name === "*") return whole === undefined ? { kind: "module", file } : reader.valueOf(whole, NO_CALLS, left)
    const own = named.get(name)
    if (own !== undefined) {
      return "node" in own ? reader.valueOf(own.node, NO_CALLS, left) : reader.imported(own.from, own.name, left)
    }
    if (whole !== undefined) return reader.memberOf(reader.valueOf(whole, NO_CALLS, left), name, left)
    // What has no default gives all of it to those who import one.
    if (name === "default") return { kind: "module", file }
    for (const star of stars) {
      const next = module.links.fileOf(star)
      const value = next === undefined ? undefined : exported(next, name, left, seen)
      if (value !== undefined) return value
    }
    const [from, ...others] = stars.filter((star) => !/^[.@~]*(\/|$)/.test(star))
    return from === undefined || others.length > 0 ? undefined : reader.imported(from, name, left)
  }

  const made = (path: string): Module | undefined => {
    const tree = load(path)
    if (tree === undefined) return undefined
    const scopes = scopesOf(tree)
    const links: Links = { fileOf: (from) => fileOf(from, path), exported, homeOf, budget }
    const values = valuesOf(tree, scopes, links)
    return { path, tree, scopes, exports: exportsOf(tree, scopes), values, links }
  }

  const open = (path: string): Module | undefined => {
    if (!modules.has(path)) modules.set(path, made(path))
    return modules.get(path)
  }

  return { open, forget: (path: string) => void modules.delete(path) }
}
