/** What a class says of one of its members: a method, what a field is set to, or the type that it has. */
import { typeNameOf } from "./scopes.ts"
import { bare, child, children, isFunction, keyOf, nameOf, type Node } from "./syntax.ts"

export interface MemberSign {
  readonly at: Node
  /** What it is set to, or the method itself. */
  readonly value: Node | undefined
  readonly typeName: string | undefined
}

const membersOfBody = (of: Node): ReadonlyArray<Node> => children(child(of, "body"), "body")

const parameterName = (node: Node | undefined): Node | undefined =>
  node?.type === "AssignmentPattern" ? child(node, "left") : node

/** `constructor(private readonly client: Client)` and `this.client = …` of the constructor. */
const setWhenMade = (of: Node, name: string): ReadonlyArray<MemberSign> => {
  const made = membersOfBody(of).find((each) => each["kind"] === "constructor")
  if (made === undefined) return []
  const parameters = children(made, "params").flatMap((parameter): ReadonlyArray<MemberSign> => {
    const inner = child(parameter, "parameter")
    const named = parameterName(inner)
    if (parameter.type !== "TSParameterProperty" || nameOf(named) !== name) return []
    return [{ at: made, value: child(inner, "right"), typeName: typeNameOf(named) }]
  })
  const statements = children(child(made, "body"), "body").flatMap((statement): ReadonlyArray<MemberSign> => {
    const set = bare(statement)
    const left = set?.type === "AssignmentExpression" ? child(set, "left") : undefined
    if (left === undefined || child(left, "object")?.type !== "ThisExpression") return []
    return keyOf(left, "property") === name ? [{ at: made, value: child(set, "right"), typeName: undefined }] : []
  })
  return [...parameters, ...statements]
}

/** The best first: fields and methods, then what the constructor does. */
export const memberSigns = (of: Node, name: string): ReadonlyArray<MemberSign> => [
  ...membersOfBody(of)
    .filter((each) => keyOf(each) === name)
    .map((each) => ({
      at: each,
      value: isFunction(each) ? each : child(each, "value"),
      typeName: isFunction(each) ? undefined : typeNameOf(each)
    })),
  ...setWhenMade(of, name)
]

/** Of fields, methods, and what the constructor sets. */
export const memberNames = (of: Node): ReadonlyArray<string> => {
  const body = membersOfBody(of)
  const made = body.find((each) => each["kind"] === "constructor")
  const set = children(child(made, "body"), "body").map((statement) => child(bare(statement), "left"))
  const names = [
    ...body.map((each) => keyOf(each)),
    ...children(made, "params").map((each) => nameOf(parameterName(child(each, "parameter")))),
    ...set.map((left) => left && keyOf(left, "property"))
  ]
  return [...new Set(names)].filter((name) => name !== undefined)
}

export const staticMember = (of: Node, name: string): Node | undefined => {
  const found = membersOfBody(of).find((each) => each["static"] === true && keyOf(each) === name)
  return found === undefined || isFunction(found) ? found : child(found, "value")
}
