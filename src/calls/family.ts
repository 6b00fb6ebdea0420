/** What is told of a reference with several placements: one had been called absent before it was placed again. */
import { acceptedOf, callOf, hasOrder } from "./heldReference.ts"
import type { Looked } from "./Placed.ts"
import type { Placement } from "./PlacementJournal.ts"

/** What is known of `main`, with the other orders of its family; one of these, if `main` itself has none and is absent. */
export const answerOfFamily = (
  main: Placement,
  family: ReadonlyArray<Placement>,
  outcomes: ReadonlyArray<readonly [Placement, Looked]>
): Looked | undefined => {
  const lookedOf = new Map(outcomes.map(([{ token }, looked]) => [token, looked]))
  const answer = lookedOf.get(main.token)
  const others = family.flatMap((member) => {
    if (member.token === main.token) return []
    const looked = lookedOf.get(member.token) ?? (hasOrder(member) ? acceptedOf(member) : undefined)
    return looked?.state === "accepted" ? [looked] : []
  })
  const [latest, ...rest] = others
  if (latest === undefined) return answer
  if (answer?.state === "absent")
    return withAlso(
      latest,
      rest.map(({ call }) => call)
    )
  return (
    answer &&
    withAlso(
      answer,
      others.map(({ call }) => call)
    )
  )
}

const withAlso = <A extends Looked>(looked: A, also: NonNullable<Looked["also"]>): A =>
  also.length === 0 ? looked : { ...looked, also }

/** Orders of a family that are known, beside `main`. */
export const otherCalls = (main: Placement, family: ReadonlyArray<Placement>): NonNullable<Looked["also"]> =>
  family
    .filter(({ token }) => token !== main.token)
    .filter(hasOrder)
    .map(callOf)
