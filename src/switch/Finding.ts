/** What comes of holding a field of two records of one call against each other. */
import type { CallOrder } from "../domain/CallOrder.ts"
import type { Adapter } from "../provider/Adapter.ts"

/** A provider by what it declares of its records. */
export type Witness = Pick<Adapter, "id" | "title" | "capabilities" | "evidence" | "endings" | "sources">

/** Why two records may differ in a field: a provider has declared it. */
export interface DeclaredReason {
  /** Id of the provider. */
  readonly provider: string
  /** Where it declares it: `evidence.ivr`, `capabilities.metadata`, `endings.order`. */
  readonly declaration: string
  /** The reason in a sentence. */
  readonly text: string
}

/** `untold`: in neither record. `own`: each provider's own, which says nothing of the call. */
export type Finding =
  | { readonly is: "same" | "untold" | "own" }
  | { readonly is: "declared"; readonly because: DeclaredReason }
  | { readonly is: "different"; readonly a: string; readonly b: string }

/** One side: its record, or one of its attempts, and who tells it. */
export interface Told<R> {
  readonly record: R
  readonly order: CallOrder
  readonly by: Witness
  /** Whether both sides tell of one call. Of two calls that were made alike, moments, lengths and words are each call's own. */
  readonly ofOneCall: boolean
}

/** A rule is symmetrical: it finds the same, whichever side is called `a`. `field` is its path in the table of fields. */
export type Rule<R> = (a: Told<R>, b: Told<R>, field: string) => Finding

export const SAME: Finding = { is: "same" }
export const UNTOLD: Finding = { is: "untold" }
export const OWN: Finding = { is: "own" }

export const different = (a: string, b: string): Finding => ({ is: "different", a, b })

/** Expected if there is a reason for it, and else a difference. */
export const unless = (because: DeclaredReason | undefined, a: string, b: string): Finding =>
  because === undefined ? different(a, b) : { is: "declared", because }
