/** What is added to an object after it was written: `order.name = …`, `Object.assign(order, …)`. */
import type { Scopes } from "./scopes.ts"
import { bare, child, children, isCall, isMember, keyOf, membersOf, nameOf, type Node, type Tree } from "./syntax.ts"

export interface Added {
  readonly named: ReadonlyMap<string, Node>
  /** Whether something is added that nobody can name here. */
  readonly isOpen: boolean
}

const NOTHING: Added = { named: new Map(), isOpen: false }

export const assignmentsIn = (tree: Tree, scopes: Scopes): ((object: Node) => Added) => {
  const added = new Map<Node, { readonly named: Map<string, Node>; isOpen: boolean }>()
  const at = (object: Node) => {
    const known = added.get(object) ?? { named: new Map<string, Node>(), isOpen: false }
    added.set(object, known)
    return known
  }
  /** The object literal that an expression stands for, as far as names and members lead to it. */
  const literalOf = (given: Node | undefined): Node | undefined => {
    const node = bare(given)
    if (node === undefined) return undefined
    if (isMember(node)) {
      const owner = literalOf(child(node, "object"))
      const name = keyOf(node, "property")
      const value = owner === undefined || name === undefined ? undefined : bare(membersOf(owner).named.get(name))
      return value?.type === "ObjectExpression" ? value : undefined
    }
    const name = nameOf(node)
    const value = name === undefined ? undefined : scopes.find(name, node)?.value
    return value?.type === "ObjectExpression" ? value : undefined
  }

  for (const node of tree.nodes) {
    if (node.type === "AssignmentExpression") {
      const left = child(node, "left")
      const right = child(node, "right")
      if (left === undefined || right === undefined || !isMember(left)) continue
      const object = literalOf(child(left, "object"))
      const name = keyOf(left, "property")
      if (object === undefined) continue
      if (name === undefined) at(object).isOpen = true
      else at(object).named.set(name, right)
    }
    if (isCall(node) && isMember(child(node, "callee") ?? node)) {
      const callee = child(node, "callee")
      const isAssign =
        nameOf(child(callee, "object")) === "Object" && callee !== undefined && keyOf(callee, "property") === "assign"
      const object = isAssign ? literalOf(children(node, "arguments")[0]) : undefined
      if (object !== undefined) at(object).isOpen = true
    }
  }
  return (object) => added.get(object) ?? NOTHING
}
