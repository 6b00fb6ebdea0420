/** Waiting for a server that cannot be reached just now, and for rows that others change. */
import type { JournalContext } from "../calls/JournalFunctions.ts"
import { fault, isPassing } from "./postgresFault.ts"

const LONGEST_PAUSE_MS = 500
export const AGAIN_AND_AGAIN = "others came between, again and again"

const pause = (milliseconds: number, { signal }: JournalContext): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true })
  })

/** Does again what may be done twice, while what keeps it from being done passes: a server that restarts, say. */
export const makePatiently =
  (patienceMs: number) =>
  async <A>(run: () => Promise<A>, context: JournalContext): Promise<A> => {
    const end = performance.now() + patienceMs
    for (let wait = 10; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        return await run()
      } catch (error) {
        if (!isPassing(error) || performance.now() + wait > end) throw fault(error)
        await pause(wait, context)
        if (context.signal.aborted) throw fault(error)
      }
    }
  }
