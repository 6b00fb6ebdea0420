/** What comes one after the other, as an `AsyncIterable` that can be left, and stopped from outside, at any moment. */
import { rejectionOf } from "./failureOf.ts"

/** Ends something under way: whoever waits for it is rejected with the reason. Settles once everything is released. */
export type Stop = (reason: unknown) => Promise<void>

export interface Begun<A> {
  readonly source: AsyncIterator<A>
  /** From now on nothing stops it from outside. */
  readonly leave: () => void
}

const DONE = { done: true, value: undefined } as const

/** Begins with the first `next`, anew for each loop over it. */
export const iterate = <A>(begin: (stop: Stop) => Begun<A>): AsyncIterable<A> => ({
  [Symbol.asyncIterator]: () => iteratorOf(begin)
})

const iteratorOf = <A>(begin: (stop: Stop) => Begun<A>): AsyncIterator<A, undefined> => {
  let begun: Begun<A> | undefined
  let over = false
  let stopped: { readonly reason: unknown } | undefined
  let pending: PromiseWithResolvers<IteratorResult<A, undefined>> | undefined
  let turn = Promise.resolve()

  const release = async (): Promise<void> => {
    begun?.leave()
    await begun?.source.return?.()
  }

  const stop: Stop = (reason) => {
    stopped = { reason }
    pending?.reject(reason)
    return release()
  }

  const pull = async (): Promise<IteratorResult<A, undefined>> => {
    if (over) return DONE
    try {
      if (stopped !== undefined) throw stopped.reason
      begun ??= begin(stop)
      pending = Promise.withResolvers()
      begun.source.next().then(pending.resolve, pending.reject)
      const result = await pending.promise
      over = result.done === true
      if (over) begun.leave()
      return result
    } catch (error) {
      over = true
      begun?.leave()
      throw rejectionOf(error)
    } finally {
      pending = undefined
    }
  }

  return {
    next: async () => {
      // Whoever asks twice at once is answered in turn.
      const before = turn
      const answered = Promise.withResolvers<void>()
      turn = answered.promise
      await before
      try {
        return await pull()
      } finally {
        answered.resolve()
      }
    },
    return: async () => {
      over = true
      await release()
      return DONE
    }
  }
}
