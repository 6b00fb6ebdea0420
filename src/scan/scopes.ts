/** Which declaration a name means at a place of a file: block by block, as the language has it. */
import { bare, child, children, isFunction, isNode, keyOf, nameOf, type Node, textOf, type Tree } from "./syntax.ts"

/** What a name stands for. */
export interface Binding {
  /** What it was first set to, or the function or class itself. */
  readonly value: Node | undefined
  /** The way from that value to what the name has, by destructuring. */
  readonly path: ReadonlyArray<string>
  readonly imported?: { readonly from: string; readonly name: string }
  /** Of a parameter: whose, and which. */
  readonly parameter?: { readonly of: Node; readonly index: number }
  readonly typeName?: string | undefined
}

export interface Scopes {
  readonly find: (name: string, at: Node) => Binding | undefined
}

const OPENS =
  /^(Program|BlockStatement|For\w*Statement|CatchClause|SwitchStatement|StaticBlock|TSModuleBlock|Class\w*)$/

/** `client: VendorClient`, also where it may be absent. */
export const typeNameOf = (node: Node | undefined): string | undefined => {
  const annotation = child(child(node, "typeAnnotation"), "typeAnnotation")
  const type =
    annotation?.type === "TSUnionType"
      ? children(annotation, "types").find(({ type }) => type === "TSTypeReference")
      : annotation
  return type?.type === "TSTypeReference" ? nameOf(child(type, "typeName")) : undefined
}

/** The names in a pattern, with the way to each. */
const namesIn = (
  pattern: Node | undefined,
  path: ReadonlyArray<string> = []
): ReadonlyArray<readonly [name: string, path: ReadonlyArray<string>, typeName: string | undefined]> => {
  if (pattern === undefined) return []
  const name = nameOf(pattern)
  if (name !== undefined) return [[name, path, typeNameOf(pattern)]]
  switch (pattern.type) {
    case "AssignmentPattern":
      return namesIn(child(pattern, "left"), path)
    case "TSParameterProperty":
      return namesIn(child(pattern, "parameter"), path)
    case "ObjectPattern":
      return children(pattern, "properties").flatMap((property) =>
        property.type === "RestElement"
          ? namesIn(child(property, "argument"), path)
          : namesIn(child(property, "value"), [...path, keyOf(property) ?? ""])
      )
    case "ArrayPattern": {
      const elements = pattern["elements"]
      return Array.isArray(elements)
        ? elements.flatMap((element: unknown, index) =>
            namesIn(isNode(element) ? element : undefined, [...path, String(index)])
          )
        : []
    }
    default:
      return []
  }
}

export const scopesOf = ({ nodes, parentOf, above }: Tree): Scopes => {
  const scopes = new Map<Node, Map<string, Binding>>()
  const scopeOf = (node: Node, isWanted: (node: Node) => boolean): Node => {
    let last = node
    for (const each of above(node)) {
      if (isWanted(each)) return each
      last = each
    }
    return last
  }
  const declare = (scope: Node, name: string, binding: Binding): void => {
    const names = scopes.get(scope) ?? new Map<string, Binding>()
    scopes.set(scope, names)
    // `let client` without a value may get it later; what has one keeps it.
    if (names.get(name)?.value === undefined) names.set(name, binding)
  }
  const opens = (node: Node): boolean => OPENS.test(node.type) || isFunction(node)
  const block = (node: Node): Node => scopeOf(node, opens)
  const find = (name: string, at: Node): Binding | undefined => {
    for (const scope of above(at)) {
      const binding = scopes.get(scope)?.get(name)
      if (binding !== undefined) return binding
    }
    return undefined
  }

  const declareImports = (node: Node): void => {
    const from = textOf(child(node, "source")) ?? ""
    for (const specifier of children(node, "specifiers")) {
      const local = nameOf(child(specifier, "local"))
      const imported = child(specifier, "imported")
      const name =
        specifier.type === "ImportSpecifier"
          ? (nameOf(imported) ?? textOf(imported) ?? "")
          : specifier.type === "ImportDefaultSpecifier"
            ? "default"
            : "*"
      if (local !== undefined) declare(block(node), local, { value: undefined, path: [], imported: { from, name } })
    }
  }

  for (const node of nodes) {
    if (node.type === "ImportDeclaration") declareImports(node)
    if (node.type === "TSImportEqualsDeclaration") {
      const name = nameOf(child(node, "id"))
      const from = textOf(child(child(node, "moduleReference"), "expression"))
      if (name !== undefined && from !== undefined) {
        declare(block(node), name, { value: undefined, path: [], imported: { from, name: "*" } })
      }
    }
    if (node.type === "VariableDeclarator") {
      const isVar = parentOf(node)?.["kind"] === "var"
      const scope = isVar ? scopeOf(node, (each) => isFunction(each) || each.type === "Program") : block(node)
      const value = bare(child(node, "init"))
      for (const [name, path, typeName] of namesIn(child(node, "id"))) declare(scope, name, { value, path, typeName })
    }
    if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
      const name = nameOf(child(node, "id"))
      if (name !== undefined) declare(block(node), name, { value: node, path: [] })
    }
    if (isFunction(node)) {
      for (const [index, parameter] of children(node, "params").entries()) {
        for (const [name, path, typeName] of namesIn(parameter)) {
          declare(node, name, { value: undefined, path, parameter: { of: node, index }, typeName })
        }
      }
    }
  }
  // What is set once later on: `let client; … client = new Client()`.
  for (const node of nodes) {
    if (node.type !== "AssignmentExpression" || node["operator"] === "+=") continue
    const name = nameOf(child(node, "left"))
    const value = bare(child(node, "right"))
    if (name === undefined || value === undefined || value.type === "NullLiteral") continue
    for (const scope of above(node)) {
      const known = scopes.get(scope)?.get(name)
      if (known === undefined) continue
      const isUnset = known.value === undefined || known.value.type === "NullLiteral"
      if (isUnset && known.parameter === undefined && known.imported === undefined) {
        scopes.get(scope)?.set(name, { ...known, value })
      }
      break
    }
  }
  return { find }
}
