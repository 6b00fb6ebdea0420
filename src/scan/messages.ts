/** What of the code reads the body of a request that came in, and which part of the body it reads. */
import type { Scopes } from "./scopes.ts"
import { bare, child, children, isCall, isFunction, isMember, keyOf, nameOf, type Node, type Tree } from "./syntax.ts"

/** Where a value comes from: a parameter, and the way from there; of a body it is the way within. */
export interface Source {
  readonly handler: Node
  readonly path: ReadonlyArray<string>
  readonly isBody: boolean
}

export interface Messages {
  readonly sourceOf: (node: Node | undefined) => Source | undefined
  /** Every part of a body that is read anywhere in the file. */
  readonly reads: () => ReadonlyArray<Source & { readonly at: Node }>
}

const BODY_MEMBER = /^(body|rawBody)$/
const BODY_CALL = /^(json|text|readBody|readRawBody|getBody)$/
/** Parameters that are called what they hold. */
const BODY_NAME = /^(body|payload|webhook(Data|Payload|Body|Event)?|report|webhookMessage)$/i
const DEEPEST = 12

export const messagesIn = (tree: Tree, scopes: Scopes, callersOf: ReadonlyMap<Node, ReadonlyArray<Node>>): Messages => {
  const known = new Map<Node, Source | undefined>()

  const step = (source: Source | undefined, name: string): Source | undefined => {
    if (source === undefined) return undefined
    if (!source.isBody && BODY_MEMBER.test(name)) return { ...source, path: [], isBody: true }
    return { ...source, path: [...source.path, name] }
  }
  const along = (source: Source | undefined, path: ReadonlyArray<string>): Source | undefined => {
    let at = source
    for (const name of path) at = step(at, name)
    return at
  }
  const asBody = (source: Source | undefined): Source | undefined =>
    source === undefined || source.isBody ? source : { ...source, path: [], isBody: true }

  const ofName = (node: Node, left: number): Source | undefined => {
    const name = nameOf(node) ?? ""
    const binding = scopes.find(name, node)
    if (binding === undefined) return undefined
    const { parameter, path, value } = binding
    if (parameter === undefined) return along(read(value, left), path)
    for (const call of callersOf.get(parameter.of) ?? []) {
      const given = along(read(children(call, "arguments")[parameter.index], left), path)
      if (given?.isBody === true) return given
    }
    const whole: Source = { handler: parameter.of, path: [], isBody: path.length === 0 && BODY_NAME.test(name) }
    return along(whole, path)
  }

  const ofCall = (node: Node, left: number): Source | undefined => {
    const callee = bare(child(node, "callee"))
    const [first] = children(node, "arguments")
    if (callee === undefined) return undefined
    const name = nameOf(callee) ?? (isMember(callee) ? keyOf(callee, "property") : undefined) ?? ""
    const owner = isMember(callee) ? bare(child(callee, "object")) : undefined
    if (BODY_CALL.test(name)) return asBody(read(owner ?? first, left))
    if (name === "parse" && owner !== undefined) return asBody(read(first, left))
    if (name === "String" || name === "safeParse") return read(first, left)
    return /^(toString|catch)$/.test(name) ? read(owner, left) : undefined
  }

  const look = (node: Node, left: number): Source | undefined => {
    if (isCall(node)) return ofCall(node, left)
    if (isMember(node)) {
      const name = keyOf(node, "property")
      return name === undefined ? undefined : step(read(child(node, "object"), left), name)
    }
    switch (node.type) {
      case "Identifier":
        return ofName(node, left)
      case "LogicalExpression":
        return read(child(node, "left"), left) ?? read(child(node, "right"), left)
      case "ConditionalExpression":
        return read(child(node, "consequent"), left) ?? read(child(node, "alternate"), left)
      default:
        return undefined
    }
  }

  const read = (given: Node | undefined, left: number): Source | undefined => {
    const node = bare(given)
    if (node === undefined || left === 0) return undefined
    if (known.has(node)) return known.get(node)
    // Until it is known, a circle ends here.
    known.set(node, undefined)
    const source = look(node, left - 1)
    known.set(node, source)
    return source
  }

  /** Names that are taken out of a body without being asked for again: `const { a, b } = body`. */
  const taken = (pattern: Node): ReadonlyArray<Node> =>
    children(pattern, "properties").filter(({ type }) => type === "ObjectProperty" || type === "Property")

  const reads = () =>
    tree.nodes.flatMap((node): ReadonlyArray<Source & { readonly at: Node }> => {
      if (isMember(node)) {
        const source = read(node, DEEPEST)
        return source?.isBody === true && source.path.length > 0 ? [{ ...source, at: node }] : []
      }
      if (node.type !== "ObjectPattern") return []
      const declarator = tree.parentOf(node)
      const from = declarator?.type === "VariableDeclarator" ? read(child(declarator, "init"), DEEPEST) : undefined
      return taken(node).flatMap((property) => {
        const source = step(from, keyOf(property) ?? "")
        return source?.isBody === true && source.path.length > 0 ? [{ ...source, at: property }] : []
      })
    })

  return { sourceOf: (node) => read(node, DEEPEST), reads }
}

/** Whether a function is given to `emitter.on(…)`: what it hears comes from a client, not from a request. */
export const isListener = (tree: Tree, handler: Node): boolean => {
  const call = tree.parentOf(handler)
  const callee = call !== undefined && isCall(call) ? bare(child(call, "callee")) : undefined
  return (
    callee !== undefined &&
    isMember(callee) &&
    /^(on|once|addListener|addEventListener)$/.test(keyOf(callee, "property") ?? "")
  )
}

/** The function around a node that is no part of a larger one. */
export const outermost = (tree: Tree, at: Node): Node | undefined => [...tree.above(at)].findLast(isFunction)
