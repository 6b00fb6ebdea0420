/** Commands that work through their input in one go end at Ctrl-C at once, whatever they are doing. */
import * as Effect from "effect/Effect"

const SIGNALS = ["SIGINT", "SIGTERM"] as const

/**
 * Leaves both signals to the system while a command runs. A listener in JavaScript gets its turn only between two
 * pieces of work: not within a large record, nor while a pipe is waited for, to be opened, read or written. Only for
 * commands that lose nothing by that: what a file held before stays until the new one is whole.
 */
export const endedAtOnce = <A, E, R>(command: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() =>
      SIGNALS.map((signal) => {
        const listeners = process.listeners(signal)
        process.removeAllListeners(signal)
        return { signal, listeners }
      })
    ),
    () => command,
    (taken) =>
      Effect.sync(() => {
        for (const { signal, listeners } of taken) for (const listener of listeners) process.on(signal, listener)
      })
  )
