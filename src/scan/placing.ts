/** Everywhere in a file that ends in placing a call: the request itself, and calls of the functions around it. */
import { children, isCall, isFunction, type Node, type Tree } from "./syntax.ts"
import type { Use, Uses } from "./uses.ts"
import type { Values } from "./values.ts"

export interface Placing {
  /** Each with the requests that it leads to. */
  readonly at: ReadonlyMap<Node, ReadonlySet<Use>>
  /** Functions that place, with the calls to which they are given by name: `retry(placeCall)`. */
  readonly givenTo: (called: Node) => ReadonlyArray<Node>
}

/** From a request outwards. */
const MOST_STEPS = 3

/** A function that is written where it is used: an argument, or called at once. */
const isInline = (tree: Tree, called: Node): boolean => {
  const parent = tree.parentOf(called)
  return parent !== undefined && (isCall(parent) || parent.type === "NewExpression")
}

/** The function that a caller would call to come to this node. */
export const callableAround = (tree: Tree, at: Node): Node | undefined => {
  for (const node of tree.above(at)) if (isFunction(node) && !isInline(tree, node)) return node
  return undefined
}

export const placingIn = (tree: Tree, values: Values, { uses, callersOf }: Uses): Placing => {
  const at = new Map<Node, Set<Use>>()
  let last = uses.filter(({ operation }) => operation === "place").map((use) => ({ node: use.at, use }))
  for (let step = 0; step <= MOST_STEPS && last.length > 0; step++) {
    const next: typeof last = []
    for (const { node, use } of last) {
      const known = at.get(node) ?? new Set()
      at.set(node, known)
      if (known.has(use)) continue
      known.add(use)
      const around = callableAround(tree, node)
      for (const call of (around && callersOf.get(around)) ?? []) next.push({ node: call, use })
    }
    last = next
  }
  const given = new Map<Node, Array<Node>>()
  if (at.size > 0) {
    for (const call of tree.nodes.filter(isCall)) {
      for (const argument of children(call, "arguments")) {
        if (argument.type !== "Identifier" && argument.type !== "MemberExpression") continue
        const called = values.functionOf(argument)
        if (called !== undefined) given.set(called, [...(given.get(called) ?? []), call])
      }
    }
  }
  return { at, givenTo: (called) => given.get(called) ?? [] }
}
