/** What providers declare that their records tell: whether a definition can be met by all of them, in the same way. */
import type { Adapter } from "../provider/Adapter.ts"
import { isSameProof, type Observable, OBSERVABLE_TITLES, proofOf } from "../provider/Evidence.ts"
import type { Definition } from "./Metric.ts"

/** A provider by what it declares. */
export type Witness = Pick<Adapter, "title" | "evidence">

/** Whether a provider tells all that a definition needs. */
export const isTold = ({ needs }: Pick<Definition<never>, "needs">, { evidence }: Pick<Witness, "evidence">): boolean =>
  needs.every((need) => proofOf(evidence, need) !== undefined)

/** Why a definition cannot be met, whatever the data. */
export interface EvidenceDiffers {
  readonly because: "not_told" | "told_differently"
  readonly sentence: string
}

export const evidenceDiffers = (
  { needs }: Pick<Definition<never>, "needs">,
  providers: ReadonlyArray<Witness>
): EvidenceDiffers | undefined => {
  for (const need of needs) {
    const what = OBSERVABLE_TITLES[need]
    const proofs = providers.map(({ title, evidence }) => ({ title, proof: proofOf(evidence, need) }))
    const silent = proofs.filter(({ proof }) => proof === undefined)
    if (silent.length > 0) {
      const names = silent.map(({ title }) => title).join(" and ")
      return { because: "not_told", sentence: `${names} ${silent.length > 1 ? "do" : "does"} not tell ${what}.` }
    }
    const [first, ...others] = proofs.flatMap(({ title, proof }) => (proof === undefined ? [] : [{ title, proof }]))
    const other = first === undefined ? undefined : others.find(({ proof }) => !isSameProof(proof, first.proof))
    if (first !== undefined && other !== undefined) {
      const one = `${first.title} ${tells[first.proof.certainty]} ${what} (${plain(first.proof.from)})`
      const another = `${other.title} ${tellsIt[other.proof.certainty]} (${plain(other.proof.from)})`
      return { because: "told_differently", sentence: `${one}; ${another}. These are not the same measure.` }
    }
  }
  return undefined
}

/** That a provider tells a thing, and how; `undefined` if it does not. */
export const toldBy = ({ title, evidence }: Witness, observable: Observable): string | undefined => {
  const proof = proofOf(evidence, observable)
  if (proof === undefined) return undefined
  return `${title} ${tells[proof.certainty]} ${OBSERVABLE_TITLES[observable]} (${plain(proof.from)})`
}

/** Why a definition may count what nobody listens for: something that it needs is told only where it was set up. */
export const needsSetUp = (
  { needs }: Pick<Definition<never>, "needs">,
  providers: ReadonlyArray<Witness>
): string | undefined => {
  for (const need of needs) {
    for (const { title, evidence } of providers) {
      const proof = proofOf(evidence, need)
      if (proof?.setUpBy === undefined) continue
      return `${title} ${tells[proof.certainty]} ${OBSERVABLE_TITLES[need]} (${plain(proof.from)})`
    }
  }
  return undefined
}

/** Marks of code are for Markdown; people read this at a terminal too. */
const plain = (clause: string): string => clause.replaceAll("`", "")

const tells = { stated: "states", detected: "detects", inferred: "lets us infer" } as const
const tellsIt = { stated: "states it", detected: "only detects it", inferred: "lets us infer it" } as const
