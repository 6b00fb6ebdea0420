/** What a journal holds in the model, and what one operation makes of it and may answer. */
import type { ListRecord, Placement } from "../../calls/PlacementJournal.ts"
import type { EndedCount } from "../../calls/RetentionJournal.ts"
import { canonicalJson } from "../../domain/Json.ts"

/** By their keys, as `placeOf` writes them. */
export type Model = ReadonlyMap<string, Placement>

export type Answer = Placement | boolean | null | ReadonlyArray<Placement> | ListRecord | EndedCount | number

export interface Step {
  readonly model: Model
  readonly allows: (answer: Answer) => boolean
}

export const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b)

export const answering = (model: Model, expected: Answer): Step => ({
  model,
  allows: (answer) => same(answer, expected)
})

export const changing = (model: Model, placement: Placement): Step =>
  answering(new Map([...model, [placeOf(placement), placement]]), placement)

export const placeOf = ({ tenant = "", reference }: Pick<Placement, "tenant" | "reference">): string =>
  JSON.stringify([tenant, reference])
