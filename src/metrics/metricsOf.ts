/** Writes metrics in short: what follows from the scope, the metric's kind and a definition's own word is said once. */
import type { Better, Definition, RateDefinition, Scope, ValueDefinition } from "./Metric.ts"

interface About {
  readonly title: string
  readonly better: Better
  readonly smallestEffect: number
  readonly among?: string
}

/** Definitions by the word that names each within its metric, the preferred first. */
type ByWord<D extends Definition<never>> = {
  readonly [word: string]: Omit<D, "id" | "kind" | "countsRetries" | "trustsVerdicts"> &
    Partial<Pick<D, "countsRetries" | "trustsVerdicts">>
}

/** `countsRetries`: of the definitions that do not say so themselves. */
export const metricsOf = <S, const Of extends Scope>(scope: Of, countsRetries: boolean) => {
  const metric = <const Kind extends Definition["kind"], Given extends object>(
    kind: Kind,
    name: string,
    about: About,
    definitions: { readonly [word: string]: Given }
  ) => {
    const id = `${scope}.${name}`
    const common = { kind, countsRetries, trustsVerdicts: false }
    const all = Object.entries(definitions).map(([word, given]) => ({ ...common, ...given, id: `${id}.${word}` }))
    return { id, scope, kind, ...about, definitions: all }
  }
  return {
    rate: (name: string, about: About, definitions: ByWord<RateDefinition<S>>) =>
      metric("rate", name, about, definitions),
    /** A length of time or a count. */
    value: (kind: ValueDefinition<S>["kind"], name: string, about: About, definitions: ByWord<ValueDefinition<S>>) =>
      metric(kind, name, about, definitions)
  }
}
