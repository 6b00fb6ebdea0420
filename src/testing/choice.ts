/** Values for properties: one of several, each as likely as the others. */
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"

export type Arb<A> = Arbitrary.Arbitrary<A>

/** A place among so many. */
export const index = (count: number): Arb<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: count - 1 })))

/** One of the values; a value given twice comes twice as often. */
export const oneOf = <A>(first: A, ...more: ReadonlyArray<A>): Arb<A> =>
  Arbitrary.map(index(more.length + 1), (chosen) => [first, ...more][chosen] ?? first)

/** A value of one of them. */
export const anyOf = <A>(first: Arb<A>, ...more: ReadonlyArray<Arb<A>>): Arb<A> =>
  Arbitrary.flatMap(index(more.length + 1), (chosen) => [first, ...more][chosen] ?? first)
