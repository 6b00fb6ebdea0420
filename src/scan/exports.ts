/** What a file gives to those who import it: `export` in all its forms, `module.exports`, `exports.name`. */
import type { Scopes } from "./scopes.ts"
import { child, children, isMember, keyOf, nameOf, type Node, textOf, type Tree } from "./syntax.ts"

/** An expression of the file (a name among them), or what it takes from another. */
export type Export = { readonly node: Node } | { readonly from: string; readonly name: string }

export interface Exports {
  readonly named: ReadonlyMap<string, Export>
  /** `export * from "…"` */
  readonly stars: ReadonlyArray<string>
  /** `module.exports = …` */
  readonly whole: Node | undefined
}

const wordOf = (node: Node | undefined): string | undefined => nameOf(node) ?? textOf(node)

export const exportsOf = (tree: Tree, scopes: Scopes): Exports => {
  const named = new Map<string, Export>()
  const stars: Array<string> = []
  let whole: Node | undefined

  const take = (statement: Node): void => {
    const from = textOf(child(statement, "source"))
    const declared = child(statement, "declaration")
    if (statement.type === "ExportAllDeclaration" && from !== undefined) stars.push(from)
    if (statement.type === "ExportDefaultDeclaration" && declared !== undefined)
      named.set("default", { node: declared })
    if (statement.type === "TSExportAssignment") whole = child(statement, "expression")
    if (statement.type !== "ExportNamedDeclaration") return
    for (const specifier of children(statement, "specifiers")) {
      const local = child(specifier, "local")
      const name = wordOf(child(specifier, "exported"))
      if (name === undefined) continue
      if (from !== undefined) named.set(name, { from, name: wordOf(local) ?? "*" })
      else if (local !== undefined) named.set(name, { node: local })
    }
    // Every name below what is declared to: a pattern may hold many, and each is looked up where it stands.
    for (const declarator of children(declared, "declarations")) {
      const id = child(declarator, "id")
      for (const node of id === undefined ? [] : [id, ...tree.below(id)]) {
        const name = nameOf(node)
        if (name !== undefined) named.set(name, { node })
      }
    }
    const name = nameOf(child(declared, "id"))
    if (declared !== undefined && name !== undefined) named.set(name, { node: declared })
  }

  /** A name that the file does not declare itself, as `exports` in a bundle. */
  const isGlobal = (node: Node | undefined, name: string): boolean =>
    node !== undefined && nameOf(node) === name && scopes.find(name, node) === undefined

  const isWhole = (node: Node | undefined): boolean =>
    node !== undefined &&
    isMember(node) &&
    isGlobal(child(node, "object"), "module") &&
    keyOf(node, "property") === "exports"

  for (const statement of children(tree.nodes[0], "body")) take(statement)
  for (const node of tree.nodes) {
    const left = node.type === "AssignmentExpression" ? child(node, "left") : undefined
    const right = child(node, "right")
    if (left === undefined || right === undefined || !isMember(left)) continue
    const owner = child(left, "object")
    const name = keyOf(left, "property")
    if (isWhole(left)) whole = right
    else if (name !== undefined && (isWhole(owner) || isGlobal(owner, "exports"))) named.set(name, { node: right })
  }
  return { named, stars, whole }
}
