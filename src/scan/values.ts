/** What an expression comes to, as far as the file itself tells: an address, an object, a function, something of a package. */
import type { Binding, Scopes } from "./scopes.ts"
import { typeNameOf } from "./scopes.ts"
import {
  bare,
  child,
  children,
  cookedOf,
  isCall,
  isFunction,
  isMember,
  keyOf,
  membersOf,
  nameOf,
  type Node,
  textOf,
  type Tree
} from "./syntax.ts"

/** Stands in a text for what the file does not tell. */
export const HOLE = "\u0000"

/** Which call a function's parameters are read for. */
export type Calls = ReadonlyMap<Node, { readonly given: ReadonlyArray<Node>; readonly calls: Calls }>

export const NO_CALLS: Calls = new Map()

/** Something that a package gave: its export, or what one made, and the members taken of it. */
export interface Foreign {
  readonly kind: "foreign"
  readonly from: string
  readonly path: ReadonlyArray<string>
  /** The call or `new` that made it; `at` is absent where a type says it alone. */
  readonly made?: { readonly of: Foreign; readonly at: Node | undefined; readonly calls: Calls }
}

export type Value =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "object"; readonly node: Node; readonly calls: Calls }
  | { readonly kind: "function"; readonly node: Node }
  | { readonly kind: "class"; readonly node: Node }
  | { readonly kind: "instance"; readonly of: Node }
  | Foreign

/** A node, and for which call of the functions around it is read. */
export interface Held {
  readonly node: Node
  readonly calls: Calls
}

/** The members of an object, those that are spread into it among them; `isWhole` unless more may come from elsewhere. */
export interface Members {
  readonly at: Node
  readonly named: ReadonlyMap<string, Held>
  readonly isWhole: boolean
}

const DEEPEST = 24
/** Looks at expressions for one question: code may be written so that every answer asks two more. */
const MOST_STEPS = 2000

export interface Values {
  readonly of: (node: Node | undefined, calls?: Calls) => Value | undefined
  /** What a text comes to, with holes. */
  readonly text: (node: Node | undefined, calls?: Calls) => string | undefined
  readonly functionOf: (callee: Node | undefined, calls?: Calls) => Node | undefined
  /** The calls in which a function reads its parameters as this call gives them. */
  readonly bind: (called: Node, call: Node, calls: Calls) => Calls
  readonly members: (node: Node | undefined, calls?: Calls) => Members | undefined
}

export const valuesOf = (tree: Tree, scopes: Scopes): Values => {
  let steps = 0

  const classAround = (node: Node): Node | undefined =>
    [...tree.above(node)].find(({ type }) => /^Class(Declaration|Expression)$/.test(type))

  const foreign = (from: string, ...path: ReadonlyArray<string>): Foreign => ({
    kind: "foreign",
    from,
    // A default export is the package itself for those who `require` it.
    path: path.filter((name) => name !== "default" && name !== "*")
  })

  const madeBy = (of: Foreign, at: Node | undefined, calls: Calls): Foreign => ({
    kind: "foreign",
    from: of.from,
    path: [],
    made: { of, at, calls }
  })

  const ofType = (typeName: string | undefined, at: Node): Value | undefined => {
    const imported = typeName === undefined ? undefined : scopes.find(typeName, at)?.imported
    return imported === undefined ? undefined : madeBy(foreign(imported.from, imported.name), undefined, NO_CALLS)
  }

  const memberOfClass = (of: Node, name: string, depth: number): Value | undefined => {
    const body = children(child(of, "body"), "body")
    for (const each of body) {
      if (keyOf(each) !== name) continue
      if (isFunction(each)) return { kind: "function", node: each }
      const value = valueOf(child(each, "value"), NO_CALLS, depth) ?? ofType(typeNameOf(each), each)
      if (value !== undefined) return value
    }
    const made = body.find((each) => each["kind"] === "constructor")
    if (made === undefined) return undefined
    for (const parameter of children(made, "params")) {
      const inner = child(parameter, "parameter")
      if (parameter.type === "TSParameterProperty" && nameOf(bareDefault(inner)) === name) {
        return ofType(typeNameOf(bareDefault(inner)), made) ?? valueOf(child(inner, "right"), NO_CALLS, depth)
      }
    }
    for (const statement of children(child(made, "body"), "body")) {
      const set = bare(statement)
      const left = set?.type === "AssignmentExpression" ? child(set, "left") : undefined
      if (left === undefined || child(left, "object")?.type !== "ThisExpression") continue
      if (keyOf(left, "property") === name) return valueOf(child(set, "right"), NO_CALLS, depth)
    }
    return undefined
  }

  const memberOf = (value: Value | undefined, name: string, depth = DEEPEST): Value | undefined => {
    switch (value?.kind) {
      case "foreign":
        return name === "default" ? value : { ...value, path: [...value.path, name] }
      case "object": {
        const { named } = membersOf(value.node)
        const found = named.get(name)
        if (found !== undefined && isFunction(found)) return { kind: "function", node: found }
        return found === undefined ? undefined : valueOf(found, value.calls, depth)
      }
      case "instance":
        return memberOfClass(value.of, name, depth)
      case "class": {
        const isStatic = children(child(value.node, "body"), "body").find(
          (each) => each["static"] === true && keyOf(each) === name
        )
        if (isStatic === undefined) return undefined
        return isFunction(isStatic)
          ? { kind: "function", node: isStatic }
          : valueOf(child(isStatic, "value"), NO_CALLS, depth)
      }
      default:
        return undefined
    }
  }

  const ofBinding = (binding: Binding, at: Node, calls: Calls, depth: number): Value | undefined => {
    const { imported, parameter, path, typeName } = binding
    if (imported !== undefined) return foreign(imported.from, imported.name)
    let value: Value | undefined
    if (parameter === undefined) value = valueOf(binding.value, calls, depth)
    else {
      const call = calls.get(parameter.of)
      const given = call?.given[parameter.index]
      const standard = children(parameter.of, "params")[parameter.index]
      value =
        given === undefined
          ? standard?.type === "AssignmentPattern"
            ? valueOf(child(standard, "right"), NO_CALLS, depth)
            : undefined
          : valueOf(given, call?.calls ?? NO_CALLS, depth)
    }
    for (const name of path) value = memberOf(value, name, depth)
    return value ?? (path.length === 0 || parameter !== undefined ? ofType(typeName, at) : undefined)
  }

  /** What a function gives back: the first thing that is known. */
  const returned = (called: Node, calls: Calls, depth: number): Value | undefined => {
    const body = child(called, "body")
    if (body === undefined) return undefined
    if (body.type !== "BlockStatement") return valueOf(body, calls, depth)
    for (const node of returns.get(called) ?? []) {
      const value = valueOf(child(node, "argument"), calls, depth)
      if (value !== undefined) return value
    }
    return undefined
  }

  const returns = new Map<Node, Array<Node>>()
  for (const node of tree.nodes) {
    if (node.type !== "ReturnStatement") continue
    for (const around of tree.above(node)) {
      if (!isFunction(around)) continue
      returns.set(around, [...(returns.get(around) ?? []), node])
      break
    }
  }

  const bind = (called: Node, call: Node, calls: Calls): Calls =>
    new Map([...calls, [called, { given: children(call, "arguments"), calls }]])

  const ofCall = (node: Node, calls: Calls, depth: number): Value | undefined => {
    const callee = bare(child(node, "callee"))
    if (callee === undefined) return undefined
    const given = children(node, "arguments")
    const name = nameOf(callee) ?? (isMember(callee) ? keyOf(callee, "property") : undefined)
    if (callee.type === "Import" || (name === "require" && callee.type === "Identifier")) {
      const from = textOf(given[0])
      return from === undefined ? undefined : foreign(from)
    }
    const owner = isMember(callee) ? bare(child(callee, "object")) : undefined
    if (owner !== undefined && /^(JSON\.stringify|Object\.freeze|Object\.seal)$/.test(`${nameOf(owner)}.${name}`)) {
      return valueOf(given[0], calls, depth)
    }
    if (owner !== undefined && /^(toString|trim|replace|replaceAll|trimEnd|href)$/.test(name ?? "")) {
      const text = textIn(owner, calls, depth)
      if (text !== undefined)
        return { kind: "text", text: name?.startsWith("replace") ? text.replace(/\/+$/, "") : text }
    }
    const value = valueOf(callee, calls, depth)
    if (value?.kind === "foreign") return madeBy(value, node, calls)
    return value?.kind === "function" ? returned(value.node, bind(value.node, node, calls), depth) : undefined
  }

  const ofNew = (node: Node, calls: Calls, depth: number): Value | undefined => {
    const callee = child(node, "callee")
    if (nameOf(callee) === "URL") {
      const [path, base] = children(node, "arguments").map((each) => textIn(each, calls, depth) ?? HOLE)
      if (path === undefined) return undefined
      return { kind: "text", text: joined(path, base) }
    }
    if (/^(Request|Headers)$/.test(nameOf(callee) ?? "")) return undefined
    const value = valueOf(callee, calls, depth)
    if (value?.kind === "foreign") return madeBy(value, node, calls)
    return value?.kind === "class" ? { kind: "instance", of: value.node } : undefined
  }

  /** One of two: an address before anything else, as in `process.env.URL ?? "https://…"`. */
  const either = (one: Node | undefined, other: Node | undefined, calls: Calls, depth: number): Value | undefined => {
    const values = [valueOf(one, calls, depth), valueOf(other, calls, depth)]
    return (
      values.find((value) => value?.kind === "text" && /^https?:/.test(value.text)) ??
      values.find((value) => value !== undefined && value.kind !== "text") ??
      values.find((value) => value !== undefined)
    )
  }

  const valueOf = (given: Node | undefined, calls: Calls, left: number): Value | undefined => {
    const node = bare(given)
    if (node === undefined || left === 0 || ++steps > MOST_STEPS) return undefined
    const depth = left - 1
    if (isFunction(node)) return { kind: "function", node }
    if (isCall(node)) return ofCall(node, calls, depth)
    if (isMember(node)) {
      const name = keyOf(node, "property")
      const object = bare(child(node, "object"))
      if (name === undefined || object === undefined) return undefined
      if (object.type === "ThisExpression") {
        const around = classAround(node)
        return around === undefined ? undefined : memberOfClass(around, name, depth)
      }
      return memberOf(valueOf(object, calls, depth), name, depth)
    }
    switch (node.type) {
      case "Identifier": {
        const name = nameOf(node) ?? ""
        const binding = scopes.find(name, node)
        return binding === undefined ? undefined : ofBinding(binding, node, calls, depth)
      }
      case "ObjectExpression":
        return { kind: "object", node, calls }
      case "ClassDeclaration":
      case "ClassExpression":
        return { kind: "class", node }
      case "ImportExpression": {
        const from = textOf(child(node, "source"))
        return from === undefined ? undefined : foreign(from)
      }
      case "NewExpression":
        return ofNew(node, calls, depth)
      case "LogicalExpression":
        return either(child(node, "left"), child(node, "right"), calls, depth)
      case "ConditionalExpression":
        return either(child(node, "consequent"), child(node, "alternate"), calls, depth)
      case "AssignmentExpression":
        return valueOf(child(node, "right"), calls, depth)
      default: {
        const text = plainText(node, calls, depth)
        return text === undefined ? undefined : { kind: "text", text }
      }
    }
  }

  const plainText = (node: Node, calls: Calls, depth: number): string | undefined => {
    if (node.type === "TemplateLiteral") {
      const holes = children(node, "expressions")
      return children(node, "quasis")
        .map((quasi, index) => {
          const hole = holes[index]
          return cookedOf(quasi) + (hole === undefined ? "" : (textIn(hole, calls, depth) ?? HOLE))
        })
        .join("")
    }
    if (node.type === "BinaryExpression" && node["operator"] === "+") {
      const parts = [child(node, "left"), child(node, "right")].map((each) => textIn(each, calls, depth))
      return parts.every((part) => part === undefined) ? undefined : parts.map((part) => part ?? HOLE).join("")
    }
    return textOf(node)
  }

  const textIn = (node: Node | undefined, calls: Calls, depth: number): string | undefined => {
    const value = valueOf(node, calls, depth)
    return value?.kind === "text" ? value.text : undefined
  }

  const membersIn = (node: Node | undefined, calls: Calls, left: number): Members | undefined => {
    const value = ask(node, calls)
    if (value?.kind !== "object" || left === 0) return undefined
    const named = new Map<string, Held>()
    let { isWhole } = membersOf(value.node)
    const spreads = children(value.node, "properties").filter(({ type }) => type === "SpreadElement")
    const spread = spreads.map((each) => membersIn(child(each, "argument"), value.calls, left - 1))
    for (const each of spread) for (const [name, held] of each?.named ?? []) named.set(name, held)
    // All that is open are spreads, and each of them is known to the end.
    if (spreads.length > 0) isWhole = spread.every((each) => each?.isWhole === true) && keysAreKnown(value.node)
    // What is named beside a spread stands, whatever their order: which of two is sent changes neither.
    for (const [name, own] of membersOf(value.node).named) named.set(name, { node: own, calls: value.calls })
    return { at: value.node, named, isWhole }
  }

  const ask = (node: Node | undefined, calls: Calls): Value | undefined => {
    steps = 0
    return valueOf(node, calls, DEEPEST)
  }

  return {
    of: (node, calls = NO_CALLS) => ask(node, calls),
    text: (node, calls = NO_CALLS) => {
      const value = ask(node, calls)
      return value?.kind === "text" ? value.text : undefined
    },
    functionOf: (callee, calls = NO_CALLS) => {
      const value = ask(callee, calls)
      return value?.kind === "function" ? value.node : undefined
    },
    bind,
    members: (node, calls = NO_CALLS) => membersIn(node, calls, MOST_SPREADS)
  }
}

const MOST_SPREADS = 8

const keysAreKnown = (object: Node): boolean =>
  children(object, "properties").every((each) => each.type === "SpreadElement" || keyOf(each) !== undefined)

const bareDefault = (node: Node | undefined): Node | undefined =>
  node?.type === "AssignmentPattern" ? child(node, "left") : node

/** As `new URL` joins them, as far as addresses of providers go. */
export const joined = (path: string, base: string | undefined): string => {
  if (base === undefined || /^https?:/.test(path)) return path
  if (!path.startsWith("/")) return `${base.replace(/\/*$/, "")}/${path}`
  return `${/^https?:\/\/[^/]+/.exec(base)?.[0] ?? base}${path}`
}
