/** A syntax tree as a parser gives it: nodes with a type and members of any kind. Everything about one is asked here. */
import { isJsonObject } from "../domain/Json.ts"

export interface Node {
  readonly type: string
  readonly [member: string]: unknown
}

export const isNode = (value: unknown): value is Node => isJsonObject(value) && typeof value["type"] === "string"

export const child = (node: Node | undefined, member: string): Node | undefined => {
  const value = node?.[member]
  return isNode(value) ? value : undefined
}

export const children = (node: Node | undefined, member: string): ReadonlyArray<Node> => {
  const value = node?.[member]
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** The name of an identifier, also of a private one. */
export const nameOf = (node: Node | undefined): string | undefined => {
  if (node?.type === "PrivateName") return nameOf(child(node, "id"))
  const name = node?.["name"]
  return node !== undefined && /^(JSX)?Identifier$/.test(node.type) && typeof name === "string" ? name : undefined
}

/** The text of a string literal, or of a template without holes. */
export const textOf = (node: Node | undefined): string | undefined => {
  if (node?.type === "StringLiteral" || node?.type === "DirectiveLiteral") {
    return typeof node["value"] === "string" ? node["value"] : undefined
  }
  if (node?.type !== "TemplateLiteral" || children(node, "expressions").length > 0) return undefined
  return cookedOf(children(node, "quasis")[0])
}

export const cookedOf = (quasi: Node | undefined): string => {
  const value = quasi?.["value"]
  return isJsonObject(value) && typeof value["cooked"] === "string" ? value["cooked"] : ""
}

/** The name under which a property, member or method stands; absent where it is computed. */
export const keyOf = (node: Node, member = "key"): string | undefined => {
  const key = child(node, member)
  if (node["computed"] === true) return textOf(key)
  return nameOf(key) ?? textOf(key)
}

export interface Place {
  readonly line: number
  readonly column: number
}

/** Both from 1. */
export const placeOf = (node: Node): Place => {
  const { loc } = node
  const start = isJsonObject(loc) ? loc["start"] : undefined
  const { line, column } = isJsonObject(start) ? start : {}
  return { line: typeof line === "number" ? line : 1, column: typeof column === "number" ? column + 1 : 1 }
}

const NOT_BELOW = new Set(["loc", "extra", "leadingComments", "trailingComments", "innerComments", "errors", "tokens"])

export const isFunction = (node: Node): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(
    node.type
  )

/** Every node of a tree with its parent, each before what is below it. */
export interface Tree {
  readonly nodes: ReadonlyArray<Node>
  readonly has: (node: Node) => boolean
  readonly parentOf: (node: Node) => Node | undefined
  /** From the parent upwards. */
  readonly above: (node: Node) => Generator<Node>
  /** All that is below a node. */
  readonly below: (node: Node) => ReadonlyArray<Node>
  readonly isBelow: (node: Node, ancestor: Node | undefined) => boolean
}

export const treeOf = (root: Node): Tree => {
  const parents = new Map<Node, Node>()
  const nodes: Array<Node> = []
  // A stack of our own: code that a machine wrote nests deeper than calls may.
  const waiting: Array<Node> = [root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    nodes.push(node)
    const below: Array<Node> = []
    for (const member in node) {
      if (NOT_BELOW.has(member)) continue
      const value = node[member]
      for (const each of Array.isArray(value) ? value : [value]) {
        if (!isNode(each) || parents.has(each)) continue
        parents.set(each, node)
        below.push(each)
      }
    }
    for (const each of below.toReversed()) waiting.push(each)
  }
  // What is below a node follows it in one piece: from its index up to where that piece ends.
  const starts = new Map(nodes.map((node, index) => [node, index]))
  const ends = new Map<Node, number>()
  for (const [index, node] of [...nodes.entries()].toReversed()) {
    const end = ends.get(node) ?? index + 1
    ends.set(node, end)
    const parent = parents.get(node)
    if (parent !== undefined && !ends.has(parent)) ends.set(parent, end)
  }
  const pieceOf = (node: Node) => ({ start: starts.get(node) ?? 0, end: ends.get(node) ?? 0 })
  return {
    nodes,
    has: (node) => starts.has(node),
    parentOf: (node) => parents.get(node),
    below: (node) => {
      const { start, end } = pieceOf(node)
      return nodes.slice(start + 1, end)
    },
    isBelow: (node, ancestor) => {
      if (ancestor === undefined) return false
      const { start, end } = pieceOf(ancestor)
      const index = pieceOf(node).start
      return index > start && index < end
    },
    above: function* (node) {
      for (let at = parents.get(node); at !== undefined; at = parents.get(at)) yield at
    }
  }
}

/** The `return` statements of each function. */
export const returnsIn = (tree: Tree): ReadonlyMap<Node, ReadonlyArray<Node>> => {
  const returns = new Map<Node, Array<Node>>()
  for (const node of tree.nodes) {
    if (node.type !== "ReturnStatement") continue
    for (const around of tree.above(node)) {
      if (!isFunction(around)) continue
      const known = returns.get(around)
      if (known === undefined) returns.set(around, [node])
      else known.push(node)
      break
    }
  }
  return returns
}

/** What is around an expression and changes nothing about its value. */
const WRAPPERS = new Map([
  ["AwaitExpression", "argument"],
  ["ParenthesizedExpression", "expression"],
  ["TSAsExpression", "expression"],
  ["TSSatisfiesExpression", "expression"],
  ["TSNonNullExpression", "expression"],
  ["TSTypeAssertion", "expression"],
  ["TSInstantiationExpression", "expression"],
  ["ExpressionStatement", "expression"],
  ["ChainExpression", "expression"]
])

export const bare = (node: Node | undefined): Node | undefined => {
  let at = node
  for (let member = at && WRAPPERS.get(at.type); at !== undefined && member !== undefined;) {
    at = child(at, member)
    member = at && WRAPPERS.get(at.type)
  }
  return at
}

export const isMember = (node: Node): boolean => /^(Optional)?MemberExpression$/.test(node.type)
export const isCall = (node: Node): boolean => /^(Optional)?CallExpression$/.test(node.type)

/** The members of an object literal by name, and whether more may come from elsewhere. */
export const membersOf = (object: Node): { readonly named: ReadonlyMap<string, Node>; readonly isWhole: boolean } => {
  const named = new Map<string, Node>()
  let isWhole = true
  for (const property of children(object, "properties")) {
    const key = property.type === "SpreadElement" ? undefined : keyOf(property)
    const value = property.type === "ObjectMethod" ? property : child(property, "value")
    if (key === undefined || value === undefined) isWhole = false
    else named.set(key, value)
  }
  return { named, isWhole }
}
