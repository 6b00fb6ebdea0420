/** What the values of one file ask of the other files. */
import type { Node } from "./syntax.ts"
import type { Calls, Members, Value } from "./Value.ts"

/** How deep one question may look, over all files. */
export const DEEPEST = 24

/** Reads the expressions of one file; `left` is how deep it may still look. */
export interface Reader {
  readonly valueOf: (node: Node | undefined, calls: Calls, left: number) => Value | undefined
  readonly memberOf: (value: Value | undefined, name: string, left: number) => Value | undefined
  readonly memberOfClass: (of: Node, name: string, left: number) => Value | undefined
  /** What a function gives back. */
  readonly returned: (called: Node, calls: Calls, left: number) => Value | undefined
  /** What a name has that this file imports, or exports from another. */
  readonly imported: (from: string, name: string, left: number) => Value | undefined
  readonly members: (node: Node | undefined, calls: Calls) => Members | undefined
}

export interface Links {
  /** The file that an import of this file means; absent for packages, and for files that cannot matter. */
  readonly fileOf: (from: string) => string | undefined
  /** `*` for all that it exports. */
  readonly exported: (file: string, name: string, left: number) => Value | undefined
  /** The reader of the file that a node stands in. */
  readonly homeOf: (node: Node) => Reader | undefined
  /** Steps that were taken for one question, in all files. */
  readonly budget: { steps: number }
}
