/** What an expression comes to, as far as the file and those that it imports tell: an address, an object, a function, something of a package. */
import { assignmentsIn } from "./assignments.ts"
import { memberSigns, staticMember } from "./classes.ts"
import { either } from "./either.ts"
import { joined } from "./endpoints.ts"
import { DEEPEST, type Links, type Reader } from "./links.ts"
import { membersReader } from "./members.ts"
import type { Binding, Scopes } from "./scopes.ts"
import { type Calls, comesOver, ELSEWHERE, foreign, HOLE, madeBy, type Members, NO_CALLS, type Value } from "./Value.ts"
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
  returnsIn,
  textOf,
  type Tree
} from "./syntax.ts"

/** Looks at expressions for one question: code may be written so that every answer asks two more. */
const MOST_STEPS = 500

export interface Values {
  readonly of: (node: Node | undefined, calls?: Calls) => Value | undefined
  /** What a text comes to, with holes. */
  readonly text: (node: Node | undefined, calls?: Calls) => string | undefined
  readonly functionOf: (callee: Node | undefined, calls?: Calls) => Node | undefined
  /** The calls in which a function reads its parameters as this call gives them. */
  readonly bind: (called: Node, call: Node, calls: Calls) => Calls
  readonly members: (node: Node | undefined, calls?: Calls) => Members | undefined
  /** Whether it stands in this file. */
  readonly isHere: (node: Node) => boolean
  readonly reader: Reader
}

export const valuesOf = (tree: Tree, scopes: Scopes, links: Links): Values => {
  const { budget } = links

  /** Asks the file that a node stands in. */
  const atHome = (node: Node, read: (home: Reader) => Value | undefined): Value | undefined => {
    if (tree.has(node)) return read(reader)
    const home = links.homeOf(node)
    return home === undefined ? undefined : comesOver(read(home))
  }

  const ofImport = (from: string, name: string, left: number): Value => {
    const file = left > 0 && ++budget.steps <= MOST_STEPS ? links.fileOf(from) : undefined
    const value = file === undefined ? undefined : comesOver(links.exported(file, name, left - 1))
    return value ?? foreign(from, name)
  }

  const classAround = (node: Node): Node | undefined =>
    [...tree.above(node)].find(({ type }) => /^Class(Declaration|Expression)$/.test(type))

  const ofType = (typeName: string | undefined, at: Node, depth: number): Value | undefined => {
    const imported = typeName === undefined ? undefined : scopes.find(typeName, at)?.imported
    if (imported === undefined) return undefined
    const value = ofImport(imported.from, imported.name, depth)
    if (value.kind === "class") return { kind: "instance", of: value.node }
    return value.kind === "foreign" && value.made === undefined ? madeBy(value, undefined, NO_CALLS) : ELSEWHERE
  }

  const memberOfClass = (of: Node, name: string, depth: number): Value | undefined => {
    for (const { at, value: node, typeName } of memberSigns(of, name)) {
      const value = valueOf(node, NO_CALLS, depth) ?? ofType(typeName, at, depth)
      if (value !== undefined) return value
    }
    return undefined
  }

  const memberOf = (value: Value | undefined, name: string, depth = DEEPEST): Value | undefined => {
    switch (value?.kind) {
      case "foreign":
        return name === "default" ? value : { ...value, path: [...value.path, name] }
      case "object":
        return valueOf(membersOf(value.node).named.get(name), value.calls, depth)
      case "instance":
        return atHome(value.of, (home) => home.memberOfClass(value.of, name, depth))
      case "module":
        return links.exported(value.file, name, depth) ?? ELSEWHERE
      case "class":
        return valueOf(staticMember(value.node, name), NO_CALLS, depth)
      default:
        return undefined
    }
  }

  const ofBinding = (binding: Binding, at: Node, calls: Calls, depth: number): Value | undefined => {
    const { imported, parameter, path, typeName } = binding
    if (imported !== undefined) return ofImport(imported.from, imported.name, depth)
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
    return value ?? (path.length === 0 || parameter !== undefined ? ofType(typeName, at, depth) : undefined)
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

  const returns = returnsIn(tree)

  const bind = (called: Node, call: Node, calls: Calls): Calls =>
    new Map([...calls, [called, { given: children(call, "arguments"), calls }]])

  const ofCall = (node: Node, calls: Calls, depth: number): Value | undefined => {
    const callee = bare(child(node, "callee"))
    if (callee === undefined) return undefined
    const given = children(node, "arguments")
    const name = nameOf(callee) ?? (isMember(callee) ? keyOf(callee, "property") : undefined)
    if (callee.type === "Import" || (name === "require" && callee.type === "Identifier")) {
      const from = textOf(given[0])
      return from === undefined ? undefined : ofImport(from, "*", depth)
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
    if (value?.kind !== "function") return undefined
    const bound = bind(value.node, node, calls)
    const back = atHome(value.node, (home) => home.returned(value.node, bound, depth))
    return back ?? (tree.has(value.node) ? undefined : ELSEWHERE)
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

  const oneOf = (ways: ReadonlyArray<Node | undefined>, calls: Calls, depth: number): Value | undefined =>
    either(ways.map((way) => ({ way: bare(way), value: valueOf(way, calls, depth) })))

  /** What was found with steps and depth to spare holds for whoever asks next, unless it is about one call of a function. */
  const known = new Map<Node, Value | undefined>()

  const valueOf = (given: Node | undefined, calls: Calls, left: number): Value | undefined => {
    const node = bare(given)
    if (node === undefined || left === 0 || ++budget.steps > MOST_STEPS) return undefined
    if (!tree.has(node)) return atHome(node, (home) => home.valueOf(node, calls, left))
    if (calls.size > 0) return look(node, calls, left)
    if (known.has(node)) return known.get(node)
    const value = look(node, calls, left)
    if (left > DEEPEST / 2 && budget.steps <= MOST_STEPS) known.set(node, value)
    return value
  }

  const look = (node: Node, calls: Calls, left: number): Value | undefined => {
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
        return { kind: "object", node, calls, isOpen: false }
      case "ClassDeclaration":
      case "ClassExpression":
        return { kind: "class", node }
      case "ImportExpression": {
        const from = textOf(child(node, "source"))
        return from === undefined ? undefined : ofImport(from, "*", depth)
      }
      case "NewExpression":
        return ofNew(node, calls, depth)
      case "LogicalExpression":
        // What stands before `&&` is a question.
        return node["operator"] === "&&"
          ? valueOf(child(node, "right"), calls, depth)
          : oneOf([child(node, "left"), child(node, "right")], calls, depth)
      case "ConditionalExpression":
        return oneOf([child(node, "consequent"), child(node, "alternate")], calls, depth)
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

  /** What another file has as a function or an object is told of there. */
  const ask = (node: Node | undefined, calls: Calls): Value | undefined => {
    budget.steps = 0
    const value = valueOf(node, calls, DEEPEST)
    switch (value?.kind) {
      case "module":
        return ELSEWHERE
      case "instance":
        return tree.has(value.of) ? value : ELSEWHERE
      case "object":
      case "function":
      case "class":
        return tree.has(value.node) ? value : ELSEWHERE
      default:
        return value
    }
  }

  const readMembers = membersReader(ask, assignmentsIn(tree, scopes))

  const members = (node: Node | undefined, calls: Calls): Members | undefined =>
    node === undefined || tree.has(node) ? readMembers(node, calls) : links.homeOf(node)?.members(node, calls)

  const reader: Reader = { valueOf, memberOf, memberOfClass, returned, imported: ofImport, members }

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
    members: (node, calls = NO_CALLS) => members(node, calls),
    isHere: tree.has,
    reader
  }
}
