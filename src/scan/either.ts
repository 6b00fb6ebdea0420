/** What comes of code that takes one of several things: `a ?? b`, `test ? a : b`. */
import { children, nameOf, type Node } from "./syntax.ts"
import type { Value } from "./Value.ts"

const isNothing = (node: Node | undefined): boolean =>
  node?.type === "NullLiteral" || nameOf(node) === "undefined" || node?.type === "BooleanLiteral"

const isEmpty = (value: Value | undefined): boolean =>
  value?.kind === "object" && children(value.node, "properties").length === 0

/** An address before anything else, as in `process.env.URL ?? "https://…"`. */
export const either = (
  known: ReadonlyArray<{ readonly way: Node | undefined; readonly value: Value | undefined }>
): Value | undefined => {
  const values = known.map(({ value }) => value)
  const best =
    values.find((value) => value?.kind === "text" && /^https?:/.test(value.text)) ??
    values.find((value) => value?.kind === "object" && !isEmpty(value)) ??
    values.find((value) => value !== undefined && value.kind !== "text") ??
    values.find((value) => value !== undefined)
  if (best?.kind !== "object") return best
  const isSure = known.every(({ way, value }) => value === best || isNothing(way) || isEmpty(value))
  return isSure ? best : { ...best, isOpen: true }
}
