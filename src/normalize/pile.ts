/** Facts or views of one thing, merged so that many small ones do not each cost as much as all before them. */

/** How facts of one kind are merged: an associative and commutative function, and how much work a fact makes in it. */
export interface Merging<F> {
  readonly merge: (a: F, b: F) => F
  readonly weightOf: (fact: F) => number
}

/** Facts below this weight are merged at once, which covers every ordinary record: then a pile holds one fact. */
const LIGHT = 64

interface Weighed<F> {
  readonly fact: F
  readonly weight: number
}

/**
 * Keeps what was added as few facts, each at least twice as heavy as the next: a fact is merged again only with what
 * weighs about as much. So the work is linear in what is added, up to a logarithm, and what is held is at most twice
 * the heaviest fact.
 */
export class Pile<F> {
  private readonly merging: Merging<F>
  private readonly below: Array<Weighed<F>> = []
  private last: Weighed<F>

  constructor(first: F, merging: Merging<F>) {
    this.merging = merging
    this.last = this.weighed(first)
  }

  add(fact: F): void {
    this.below.push(this.last)
    this.last = this.weighed(fact)
    for (let next = this.below.at(-1); next !== undefined; next = this.below.at(-1)) {
      if (next.weight >= 2 * this.last.weight) return
      this.mergeLast()
    }
  }

  /** All of them as one. */
  whole(): F {
    while (this.below.length > 0) this.mergeLast()
    return this.last.fact
  }

  /** Weighed once: to weigh a heavy fact is work as well. */
  private weighed(fact: F): Weighed<F> {
    return { fact, weight: LIGHT + this.merging.weightOf(fact) }
  }

  private mergeLast(): void {
    const next = this.below.pop()
    if (next !== undefined) this.last = this.weighed(this.merging.merge(next.fact, this.last.fact))
  }
}

/** One more on a pile, or the first of a new one. */
export const piled = <F>(pile: Pile<F> | undefined, fact: F, merging: Merging<F>): Pile<F> => {
  if (pile === undefined) return new Pile(fact, merging)
  pile.add(fact)
  return pile
}
