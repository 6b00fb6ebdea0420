/** Facts about one thing, merged so that many small ones do not each cost as much as all before them. */

/** How facts of one kind are merged: an associative and commutative function, and how much work a fact makes in it. */
export interface Merging<F> {
  readonly merge: (a: F, b: F) => F
  readonly weightOf: (fact: F) => number
}

/** Facts below this weight are merged at once, which covers every ordinary record: then a pile holds one fact. */
const LIGHT = 64

/**
 * Keeps what was added as few facts, each at least twice as heavy as the next: a fact is merged again only with what
 * weighs about as much. So the work is linear in what is added, up to a logarithm, and what is held is at most twice
 * the heaviest fact.
 */
export class Pile<F> {
  private readonly merging: Merging<F>
  private readonly facts: Array<F>

  constructor(first: F, merging: Merging<F>) {
    this.merging = merging
    this.facts = [first]
  }

  add(fact: F): void {
    this.facts.push(fact)
    while (this.facts.length > 1 && this.weightAt(-2) < 2 * this.weightAt(-1)) this.mergeLast()
  }

  /** All of them as one. */
  whole(): F {
    while (this.facts.length > 1) this.mergeLast()
    const [whole] = this.facts
    if (whole === undefined) throw new TypeError("a pile begins with a fact")
    return whole
  }

  private weightAt(place: number): number {
    const fact = this.facts.at(place)
    return fact === undefined ? 0 : LIGHT + this.merging.weightOf(fact)
  }

  private mergeLast(): void {
    const [a, b] = this.facts.splice(-2)
    if (a !== undefined && b !== undefined) this.facts.push(this.merging.merge(a, b))
  }
}
