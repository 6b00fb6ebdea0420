/** The members of an object that an expression stands for, those that are spread into it and added later among them. */
import type { Added } from "./assignments.ts"
import { child, children, keyOf, membersOf, type Node } from "./syntax.ts"
import type { Calls, Held, Members, Value } from "./Value.ts"

const MOST_SPREADS = 8

const keysAreKnown = (object: Node): boolean =>
  children(object, "properties").every((each) => each.type === "SpreadElement" || keyOf(each) !== undefined)

export const membersReader = (
  valueOf: (node: Node | undefined, calls: Calls) => Value | undefined,
  addedTo: (object: Node) => Added
) => {
  const read = (node: Node | undefined, calls: Calls, left = MOST_SPREADS): Members | undefined => {
    const value = valueOf(node, calls)
    if (value?.kind !== "object" || left === 0) return undefined
    const named = new Map<string, Held>()
    const spreads = children(value.node, "properties").filter(({ type }) => type === "SpreadElement")
    const spread = spreads.map((each) => read(child(each, "argument"), value.calls, left - 1))
    for (const each of spread) for (const [name, held] of each?.named ?? []) named.set(name, held)
    // What is named beside a spread stands, whatever their order: which of two is sent changes neither.
    for (const [name, own] of membersOf(value.node).named) named.set(name, { node: own, calls: value.calls })
    const added = addedTo(value.node)
    for (const [name, later] of added.named) named.set(name, { node: later, calls: value.calls })
    const isWhole =
      !value.isOpen && !added.isOpen && keysAreKnown(value.node) && spread.every((each) => each?.isWhole === true)
    return { at: value.node, named, isWhole }
  }
  return read
}
