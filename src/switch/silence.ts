/** Why a provider's record does not have a field: what it declares that its records do not tell. */
import type { Capabilities } from "../provider/Capabilities.ts"
import { type Observable, OBSERVABLE_TITLES, proofOf } from "../provider/Evidence.ts"
import type { DeclaredReason, Witness } from "./Finding.ts"
import { isAmong } from "./questions.ts"

/** What a field needs to be told: an ability of the provider, things that its records tell, a place in them. */
export interface Needs {
  readonly ability?:
    | "metadata"
    | "variables"
    | "schedule"
    | "outcome"
    | "extraction"
    | "summary"
    | "transcript"
    | "recording"
  readonly observables?: ReadonlyArray<Observable>
  /** Where a field must have a source to be told. A conclusion has none. */
  readonly source?: "order" | "attempt"
}

export const doesNotTell = ({ id, title }: Witness, observable: Observable): DeclaredReason => ({
  provider: id,
  declaration: `evidence.${observable}`,
  text: `${title} does not tell ${OBSERVABLE_TITLES[observable]}.`
})

const cannot = ({ id, title }: Witness, ability: keyof Capabilities): DeclaredReason => ({
  provider: id,
  declaration: `capabilities.${ability}`,
  text: `${title} has no ${ability}.`
})

const hasNoSource = ({ id, title }: Witness, kind: "order" | "attempt", field: string): DeclaredReason => ({
  provider: id,
  declaration: `sources.${kind}`,
  text: `The records of ${title} have no place for ${field}.`
})

/** Why the provider's records never have the field; `undefined` if they should have had it. */
export const whySilent = (
  by: Witness,
  field: string,
  { ability, observables = [], source }: Needs
): DeclaredReason | undefined => {
  if (ability !== undefined && by.capabilities[ability] === "no") return cannot(by, ability)
  const untold = observables.find((observable) => proofOf(by.evidence, observable) === undefined)
  if (untold !== undefined) return doesNotTell(by, untold)
  return source === undefined || isAmong(by.sources[source], field) ? undefined : hasNoSource(by, source, field)
}
