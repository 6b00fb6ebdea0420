/** What comes one after the other, as an `AsyncIterator` that can be left, and stopped from outside, at any moment. */
import { rejectionOf } from "./failureOf.ts"

/** Ends something under way: whoever waits for it is rejected with the reason. Settles once everything is released. */
export type Stop = (reason: unknown) => Promise<void>

interface Begun<A> {
  readonly source: AsyncIterator<A>
  /** From now on nothing stops it from outside. */
  readonly leave: () => void
}

/** Begins with the first `next`. */
export const iterate = <A>(begin: (stop: Stop) => Begun<A>): AsyncIterator<A, undefined> => {
  let begun: Begun<A> | undefined
  let stopped: { readonly reason: unknown } | undefined
  let pending: PromiseWithResolvers<IteratorResult<A>> | undefined

  const release = async (): Promise<void> => {
    begun?.leave()
    await begun?.source.return?.()
  }

  const stop: Stop = (reason) => {
    stopped = { reason }
    pending?.reject(reason)
    return release()
  }

  // A generator answers in turn whoever asks twice at once, and nothing more once it is over.
  const records = (async function* (): AsyncGenerator<A, undefined> {
    try {
      while (true) {
        if (stopped !== undefined) throw stopped.reason
        begun ??= begin(stop)
        pending = Promise.withResolvers()
        begun.source.next().then(pending.resolve, pending.reject)
        const result = await pending.promise
        if (result.done === true) return
        yield result.value
      }
    } catch (error) {
      throw rejectionOf(error)
    } finally {
      begun?.leave()
    }
  })()

  return {
    next: () => records.next(),
    // By itself a generator would not be left before it has its next record.
    return: async () => {
      await release()
      return await records.return(undefined)
    }
  }
}
