/** Running effects for promises: each can be given up, and closing ends them all. */
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import { CallsClosed } from "./failures.ts"
import { rejectionOfCause } from "./failureOf.ts"
import { iterate, type Stop } from "./iterate.ts"

export type Session = ReturnType<typeof makeSession>

export const makeSession = (
  { runFork, dispose }: ManagedRuntime.ManagedRuntime<never, unknown>,
  context: Context.Context<never>
) => {
  const stops = new Set<Stop>()
  const goingOn = new Set<Promise<void>>()
  let closing: Promise<void> | undefined

  /** Until the returned function is called, the signal stops what has been entered, and so does closing if it may. */
  const enter = (stop: Stop, signal: AbortSignal | undefined, mayClose: boolean): (() => void) => {
    if (closing !== undefined) throw new CallsClosed()
    if (signal?.aborted === true) throw signal.reason
    // Whoever waited has been told already.
    const onAbort = (): void => void stop(signal?.reason).catch(() => undefined)
    signal?.addEventListener("abort", onAbort, { once: true })
    if (mayClose) stops.add(stop)
    return () => {
      stops.delete(stop)
      signal?.removeEventListener("abort", onAbort)
    }
  }

  /** What goes on does so once begun, whoever stops waiting for it; closing waits for it. */
  const run = async <A, E>(
    effect: Effect.Effect<A, E>,
    { signal, goesOn }: { readonly signal: AbortSignal | undefined; readonly goesOn: boolean }
  ): Promise<A> => {
    const end = Promise.withResolvers<Exit.Exit<A, unknown>>()
    const over = Promise.withResolvers<void>()
    let interrupt = (): void => undefined
    const giveUp: Stop = (reason) => {
      end.reject(reason)
      interrupt()
      return over.promise
    }
    const leave = enter(giveUp, signal, !goesOn)
    const fiber = runFork(effect)
    if (goesOn) goingOn.add(over.promise)
    else interrupt = () => fiber.interruptUnsafe()
    fiber.addObserver((exit) => {
      goingOn.delete(over.promise)
      over.resolve()
      end.resolve(exit)
    })
    try {
      const exit = await end.promise
      if (Exit.isSuccess(exit)) return exit.value
      throw rejectionOfCause(exit.cause)
    } finally {
      leave()
    }
  }

  const closeAll = async (withinSeconds = Infinity): Promise<void> => {
    const released = Promise.all([...stops].map((stop) => stop(new CallsClosed())))
    const settled = Effect.promise(() => Promise.all([...goingOn, released]))
    try {
      await Effect.runPromise(Effect.timeoutOption(settled, Duration.seconds(withinSeconds)))
    } finally {
      await dispose()
    }
  }

  return {
    run,
    /** What is opened is opened by the first step of each loop, and so are faults found. */
    iterate: <A, E>(
      open: () => { readonly stream: Stream.Stream<A, E>; readonly signal: AbortSignal | undefined }
    ): AsyncIterable<A> => ({
      [Symbol.asyncIterator]: () =>
        iterate((stop) => {
          const { stream, signal } = open()
          const leave = enter(stop, signal, true)
          return { source: Stream.toAsyncIterableWith(stream, context)[Symbol.asyncIterator](), leave }
        })
    }),
    close: (withinSeconds?: number): Promise<void> => (closing ??= closeAll(withinSeconds))
  }
}
