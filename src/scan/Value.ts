/** What an expression of the code can come to, as far as its file and those that it imports tell. */
import type { Node } from "./syntax.ts"

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
  /** `isOpen` where it may be another object, or more than that one. */
  | { readonly kind: "object"; readonly node: Node; readonly calls: Calls; readonly isOpen: boolean }
  | { readonly kind: "function"; readonly node: Node }
  | { readonly kind: "class"; readonly node: Node }
  | { readonly kind: "instance"; readonly of: Node }
  /** All that another file exports. */
  | { readonly kind: "module"; readonly file: string }
  | Foreign

export const foreign = (from: string, ...path: ReadonlyArray<string>): Foreign => ({
  kind: "foreign",
  from,
  // A default export is the package itself for those who `require` it.
  path: path.filter((name) => name !== "default" && name !== "*")
})

export const madeBy = (of: Foreign, at: Node | undefined, calls: Calls): Foreign => ({
  kind: "foreign",
  from: of.from,
  path: [],
  made: { of, at, calls }
})

/** What another file has and what is not known of here, such as its functions: that file is where it is told of. */
export const ELSEWHERE: Foreign = foreign("./")

/** A text of another file may be a key: what can be a part of an address, and a method, come over. */
export const comesOver = (value: Value | undefined): Value | undefined =>
  value?.kind === "text" && !/^(https?:\/\/|\/|(get|post|put|patch|delete|head)$)/i.test(value.text) ? undefined : value

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
