/**
 * Checks bodies against the schemas of `Wire.ts` and finds what does not fit. `Schema.is` and `Schema.decode` answer the
 * same questions; with the unions that nullish fields are, they take several times as long, and without code generation
 * many times. This needs no code generation. A test holds it to the answers of `Schema.is`.
 */
import type * as SchemaAST from "effect/SchemaAST"
import { isJsonObject, type JsonObject, type PathStep } from "../domain/Json.ts"

/** What a place in a body may hold: primitives as bits, objects by their fields, arrays by their items. */
export interface Form {
  readonly bits: number
  /** Fields to look at; none for an object that may hold anything. */
  readonly fields: ReadonlyArray<Field> | undefined
  readonly item: Form | undefined
}

interface Field {
  readonly name: string
  readonly form: Form
}

export const STRING = 1
export const NUMBER = 2
export const BOOLEAN = 4
const NULLISH = 8
const ANYTHING = 16

const primitive = (bits: number): Form => ({ bits, fields: undefined, item: undefined })

const single = <A>(forms: ReadonlyArray<A>): A | undefined => {
  if (forms.length > 1) throw new TypeError("a wire schema allows one form of object and one of array in one place")
  return forms[0]
}

const fieldsOf = ({ propertySignatures, indexSignatures }: SchemaAST.Objects): ReadonlyArray<Field> => {
  if (indexSignatures.length > 0) return []
  return propertySignatures
    .map(({ name, type }): Field => ({ name: String(name), form: formOf(type) }))
    .filter(({ name, form: { bits } }) => {
      if ((bits & (ANYTHING | NULLISH)) === 0) throw new TypeError(`the field ${name} of a wire schema must be given()`)
      return (bits & ANYTHING) === 0
    })
}

/**
 * The form that a schema describes.
 *
 * @throws TypeError when the schema is made of anything else than `given` fields of text, numbers, flags, maps, lists
 * and structs
 */
export const formOf = (ast: SchemaAST.AST): Form => {
  switch (ast._tag) {
    case "String":
      return primitive(STRING)
    case "Number":
      return primitive(NUMBER)
    case "Boolean":
      return primitive(BOOLEAN)
    case "Null":
    case "Undefined":
      return primitive(NULLISH)
    case "Unknown":
      return primitive(ANYTHING)
    case "Objects":
      return { bits: 0, fields: fieldsOf(ast), item: undefined }
    case "Union": {
      const members = ast.types.map(formOf)
      return {
        bits: members.reduce((bits, member) => bits | member.bits, 0),
        fields: single(members.flatMap(({ fields }) => (fields === undefined ? [] : [fields]))),
        item: single(members.flatMap(({ item }) => item ?? []))
      }
    }
    case "Arrays": {
      const [item] = ast.rest
      if (item !== undefined) return { bits: 0, fields: undefined, item: formOf(item) }
    }
  }
  throw new TypeError(`a wire schema cannot hold ${ast._tag}`)
}

const fieldsFit = (body: JsonObject, fields: ReadonlyArray<Field>): boolean => {
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]
    if (field === undefined) continue
    const value = body[field.name]
    if (value !== undefined && value !== null && !fits(value, field.form)) return false
  }
  return true
}

const itemsFit = (items: ReadonlyArray<unknown>, form: Form): boolean => {
  for (let index = 0; index < items.length; index++) if (!fits(items[index], form)) return false
  return true
}

/** Whether a value has a form. Numbers must be finite: JSON can write others only by overflow. */
export const fits = (value: unknown, { bits, fields, item }: Form): boolean => {
  switch (typeof value) {
    case "string":
      return (bits & (STRING | ANYTHING)) !== 0
    case "undefined":
      return (bits & (NULLISH | ANYTHING)) !== 0
    case "number":
      return (bits & ANYTHING) !== 0 || ((bits & NUMBER) !== 0 && Number.isFinite(value))
    case "boolean":
      return (bits & (BOOLEAN | ANYTHING)) !== 0
    default:
      if ((bits & ANYTHING) !== 0) return true
      if (value === null) return (bits & NULLISH) !== 0
      if (Array.isArray(value)) return item !== undefined && itemsFit(value, item)
      return fields !== undefined && isJsonObject(value) && fieldsFit(value, fields)
  }
}

/** What stands in for a value that does not fit; `path` is where it stood. */
export type Replace = (value: unknown, expected: Form, path: ReadonlyArray<PathStep>) => unknown

/**
 * A value with the innermost parts that do not fit replaced; what fits is shared with the original. Takes time in
 * proportion to the value, whatever the number of misfits.
 */
export const refit = (
  value: unknown,
  expected: Form,
  replace: Replace,
  path: ReadonlyArray<PathStep> = []
): unknown => {
  if (fits(value, expected)) return value
  const { fields, item } = expected
  if (Array.isArray(value) && item !== undefined) {
    return value.map((element: unknown, index) => refit(element, item, replace, [...path, index]))
  }
  if (!isJsonObject(value) || fields === undefined) return replace(value, expected, path)
  const copy: Record<string, unknown> = { ...value }
  for (const { name, form } of fields) {
    if (!fits(value[name], form)) copy[name] = refit(value[name], form, replace, [...path, name])
  }
  return copy
}
