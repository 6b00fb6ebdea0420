/**
 * A fast check for the schemas of wire bodies. `Schema.is` answers the same question; with the unions that nullish
 * fields are, it takes three times as long with code generation and fifteen times without. This check needs no code
 * generation, so it is as fast where that is forbidden. A test holds the two to the same answers.
 */
import type * as SchemaAST from "effect/SchemaAST"
import { isJsonObject, type JsonObject } from "../domain/Json.ts"

const STRING = 1
const NUMBER = 2
const BOOLEAN = 4
const NULLISH = 8
const ANYTHING = 16

/** What a value may be: primitives as bits, objects and arrays by a check of their own. */
interface Accepts {
  readonly bits: number
  readonly object: ((value: JsonObject) => boolean) | undefined
  readonly array: ((value: ReadonlyArray<unknown>) => boolean) | undefined
}

const only = (bits: number): Accepts => ({ bits, object: undefined, array: undefined })

const isAccepted = (value: unknown, { bits, object, array }: Accepts): boolean => {
  switch (typeof value) {
    case "string":
      return (bits & STRING) !== 0
    case "undefined":
      return (bits & NULLISH) !== 0
    case "number":
      return (bits & NUMBER) !== 0 && Number.isFinite(value)
    case "boolean":
      return (bits & BOOLEAN) !== 0
    default:
      if (value === null) return (bits & NULLISH) !== 0
      if (Array.isArray(value)) return array !== undefined && array(value)
      return object !== undefined && isJsonObject(value) && object(value)
  }
}

const objectOf = ({ propertySignatures }: SchemaAST.Objects): Accepts["object"] => {
  const names: Array<string> = []
  const accepted: Array<Accepts> = []
  for (const { name, type } of propertySignatures) {
    const field = compile(type)
    if ((field.bits & ANYTHING) !== 0) continue
    if ((field.bits & NULLISH) === 0) throw new TypeError(`the field ${String(name)} of a wire schema must be given()`)
    names.push(String(name))
    accepted.push(field)
  }
  return (body) => {
    for (let index = 0; index < names.length; index++) {
      const name = names[index]
      const field = accepted[index]
      if (name === undefined || field === undefined) continue
      const value = body[name]
      if (value !== undefined && value !== null && !isAccepted(value, field)) return false
    }
    return true
  }
}

const arrayOf = (item: SchemaAST.AST): Accepts["array"] => {
  const accepted = compile(item)
  if ((accepted.bits & ANYTHING) !== 0) return () => true
  return (items) => {
    for (let index = 0; index < items.length; index++) if (!isAccepted(items[index], accepted)) return false
    return true
  }
}

const merged = (members: ReadonlyArray<Accepts>): Accepts => ({
  bits: members.reduce((bits, member) => bits | member.bits, 0),
  object: single(members.flatMap(({ object }) => object ?? [])),
  array: single(members.flatMap(({ array }) => array ?? []))
})

const single = <A>(checks: ReadonlyArray<A>): A | undefined => {
  if (checks.length > 1) throw new TypeError("a wire schema allows one form of object and one of array in one place")
  return checks[0]
}

const compile = (ast: SchemaAST.AST): Accepts => {
  switch (ast._tag) {
    case "String":
      return only(STRING)
    case "Number":
      return only(NUMBER)
    case "Boolean":
      return only(BOOLEAN)
    case "Null":
    case "Undefined":
      return only(NULLISH)
    case "Unknown":
      return only(ANYTHING)
    case "Union":
      return merged(ast.types.map(compile))
    case "Objects":
      return { bits: 0, object: ast.indexSignatures.length > 0 ? () => true : objectOf(ast), array: undefined }
    case "Arrays": {
      const [item] = ast.rest
      if (item !== undefined) return { bits: 0, object: undefined, array: arrayOf(item) }
    }
  }
  throw new TypeError(`a wire schema cannot hold ${ast._tag}`)
}

/**
 * Compiles the check of a body.
 *
 * @throws TypeError when the schema is made of anything else than `given` fields of text, numbers, flags, maps, lists
 * and structs
 */
export const wireGuard = (ast: SchemaAST.AST): ((body: JsonObject) => boolean) => {
  const { object } = compile(ast)
  if (object === undefined) throw new TypeError("the schema of a body must be a struct")
  return object
}
