/** Where a value does not fit a schema. */
import * as SchemaIssue from "effect/SchemaIssue"
import type { PathStep } from "./Json.ts"

/** The first place that does not fit, and what was expected there in the schema's words. */
export interface Misfit {
  readonly path: ReadonlyArray<PathStep>
  readonly expected: string | undefined
}

const formatIssues = SchemaIssue.makeFormatterStandardSchemaV1()

const stepOf = (step: PropertyKey | { readonly key: PropertyKey }): PathStep => {
  const key = typeof step === "object" ? step.key : step
  return typeof key === "number" ? key : String(key)
}

export const misfitOf = ({ issue }: { readonly issue: SchemaIssue.Issue }): Misfit => {
  const [first] = formatIssues(issue).issues
  return { path: (first?.path ?? []).map(stepOf), expected: first?.message.replace(/^Expected /, "") }
}
