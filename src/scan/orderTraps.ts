/** What is wrong with the body of a request that places a call: fields that it has not, and no key of one's own. */
import type { Sought, Trap } from "./Finding.ts"
import { child, isFunction, placeOf, type Tree } from "./syntax.ts"
import type { Use } from "./uses.ts"
import type { Members } from "./Value.ts"
import type { Values } from "./values.ts"

/** How many letters differ, up to two. */
const isNear = (one: string, other: string): boolean => {
  const [a, b] = [one, other].map((name) => name.replaceAll(/[_-]/g, "").toLowerCase())
  if (a === undefined || b === undefined) return false
  if (a === b) return true
  if (Math.abs(a.length - b.length) > 1 || a.length < 5) return false
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1]
    for (const [at, other] of [...b].entries()) {
      const least = Math.min((row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1, (row[at] ?? 0) + (letter === other ? 0 : 1))
      next.push(least)
    }
    row = next
  }
  return (row.at(-1) ?? 9) <= 2
}

/** Of another provider it is known what it is; a name that is a plain word of the code may be shown where it is no text. */
const strangerIn = (
  { signs, title }: Sought,
  field: string,
  isQuoted: boolean,
  sought: ReadonlyArray<Sought>
): Pick<Trap, "grade" | "says"> | undefined => {
  const { fields, absent } = signs.order
  if (Object.hasOwn(fields, field)) return undefined
  if (Object.hasOwn(absent, field))
    return { grade: "certain", says: `${title} has no field ${field}: ${absent[field]}` }
  const near = Object.keys(fields).find((known) => isNear(known, field))
  const others = sought.filter(({ signs: other }) => Object.hasOwn(other.order.fields, field))
  const shown = !isQuoted && /^[A-Za-z_]\w{0,39}$/.test(field) ? field : "with a quoted name"
  if (others.length > 0) {
    const owners = others.map((other) => other.title).join(" and ")
    const instead = near === undefined ? "" : `; its own is ${near}`
    return { grade: "certain", says: `the field ${field} is of ${owners}, not of ${title}${instead}` }
  }
  if (near !== undefined) return { grade: "certain", says: `no field ${shown} is known of ${title}: it has ${near}` }
  return { grade: "likely", says: `no field ${shown} is known of ${title}: what is sent there may be lost` }
}

const has = (
  values: Values,
  members: Members | undefined,
  [name, ...rest]: ReadonlyArray<string>
): boolean | "maybe" => {
  if (members === undefined) return "maybe"
  const held = name === undefined ? undefined : members.named.get(name)
  if (held === undefined) return members.isWhole ? false : "maybe"
  return rest.length === 0 || has(values, values.members(held.node, held.calls), rest)
}

export const bodyOf = (values: Values, { body }: Use): Members | undefined =>
  body === undefined ? undefined : values.members(body.node, body.calls)

export const orderTraps = (
  tree: Tree,
  values: Values,
  use: Use,
  sought: ReadonlyArray<Sought>
): ReadonlyArray<Trap> => {
  const body = bodyOf(values, use)
  if (body === undefined) return []
  const { provider } = use
  const fields = [...body.named].flatMap(([field, { node }]): ReadonlyArray<Trap> => {
    if (isFunction(node)) return []
    // A quoted name is text of the code, and may be anything.
    const parent = tree.parentOf(node)
    const name = child(parent, "key") ?? child(child(parent, "left"), "property")
    const isQuoted = name?.type !== "Identifier"
    const stranger = strangerIn(provider, field, isQuoted, sought)
    return stranger === undefined ? [] : [{ kind: "no_such_field", line: placeOf(node).line, ...stranger }]
  })
  const { references } = provider.signs.order
  const carries = references.map((way) => has(values, body, way.split(".")))
  if (!carries.every((each) => each === false)) return fields
  const says = `nothing in the order is your own key: if the answer is lost, nothing tells whether it was placed. ${provider.title} takes one in ${references[0]}`
  return [...fields, { kind: "no_reference", grade: "certain", line: placeOf(body.at).line, says }]
}
