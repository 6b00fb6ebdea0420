/**
 * New facts folded into a file of old ones, line by line: lines that the new facts say nothing about stay as they are,
 * the others are taken into the fold. So the memory it takes grows with what is new, not with the file.
 */
import type { CallHint } from "../../domain/CallHint.ts"
import { canonicalJson } from "../../domain/Json.ts"
import { DEEPEST_NESTING } from "../../domain/Redaction.ts"
import type { Registry } from "../../provider/registry.ts"
import type { Fold } from "../fold.ts"
import { isFactsKind } from "./factLines.ts"
import { isWritten } from "./isWritten.ts"
import { readWritten } from "./readWritten.ts"

export type OldLine =
  | { readonly is: "kept"; readonly text: string }
  | { readonly is: "taken" }
  /** Not a line of facts; `message` holds no value of it. */
  | { readonly is: "damaged"; readonly message: string }

export interface FactsMerge {
  readonly old: (value: unknown) => OldLine
  /** What is new or changed, as lines; after all old lines. */
  readonly rest: () => Generator<string>
}

/** What has been folded, and the hints that were met, each once. */
export interface Folded {
  readonly fold: Fold
  readonly hints: ReadonlyArray<CallHint>
}

const TAKEN: OldLine = { is: "taken" }

export const makeFactsMerge = ({ fold, hints }: Folded, registry: Registry): FactsMerge => {
  const newHints = new Map(hints.map((hint) => [canonicalJson(hint), hint]))

  const old: FactsMerge["old"] = (value) => {
    if (!isWritten(value) || !(isFactsKind(value["kind"]) || value["kind"] === "call_hint")) {
      return { is: "damaged", message: "expected a line of facts that unicall wrote" }
    }
    const line = registry.redactor.record(value, DEEPEST_NESTING)
    const written = readWritten(line, registry, undefined)
    switch (written.is) {
      case "refused":
        return { is: "damaged", message: written.message }
      case "hint":
        newHints.delete(canonicalJson(written.hint))
        break
      case "fact":
        if (!fold.knows(written.fact, written.adapter)) break
        fold.add(written.fact, written.adapter)
        return TAKEN
      case "view":
        if (!fold.knows(written.record, written.adapter)) break
        fold.addView(written.record, written.adapter)
        return TAKEN
    }
    return { is: "kept", text: JSON.stringify(line) }
  }

  function* rest(): Generator<string> {
    for (const line of fold.lines()) yield JSON.stringify(line)
    for (const hint of newHints.values()) yield JSON.stringify(hint)
  }

  return { old, rest }
}
