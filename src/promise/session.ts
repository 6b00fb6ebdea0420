/** Running effects for promises: each can be given up, and closing ends them all. */
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import { CallsClosed } from "./failures.ts"
import { rejectionOfCause } from "./failureOf.ts"
import { iterate, type Stop } from "./iterate.ts"

export interface RunOptions {
  readonly signal?: AbortSignal | undefined
  /** Once begun it goes on, whoever stops waiting for it; closing waits for it. */
  readonly goesOn?: boolean
}

export interface Session {
  readonly run: <A, E>(effect: Effect.Effect<A, E>, options?: RunOptions) => Promise<A>
  /** What is opened is opened by the first step of each loop, and so are faults found. */
  readonly iterate: <A, E>(
    open: () => { readonly stream: Stream.Stream<A, E>; readonly signal: AbortSignal | undefined }
  ) => AsyncIterable<A>
  readonly close: (withinSeconds?: number) => Promise<void>
}

/** A longer timer would fire at once. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1

/** Settles when the promise has, or when the time is up. */
const within = async (seconds: number, settled: Promise<unknown>): Promise<void> => {
  const { promise: up, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, Math.min(seconds * 1000, LONGEST_TIMER_MILLIS))
  await Promise.race([settled, up])
  clearTimeout(timer)
}

export const makeSession = (
  { runFork, dispose }: ManagedRuntime.ManagedRuntime<never, unknown>,
  context: Context.Context<never>
): Session => {
  const stops = new Set<Stop>()
  const goingOn = new Set<Promise<void>>()
  let closing: Promise<void> | undefined

  /** Until the returned function is called, the signal stops what has been entered. */
  const enter = (stop: Stop, signal: AbortSignal | undefined): (() => void) => {
    if (closing !== undefined) throw new CallsClosed()
    if (signal?.aborted === true) throw signal.reason
    // Whoever waited has been told already.
    const onAbort = (): void => void stop(signal?.reason).catch(() => undefined)
    signal?.addEventListener("abort", onAbort, { once: true })
    return () => signal?.removeEventListener("abort", onAbort)
  }

  /** The same, and closing stops it too. */
  const enterUntilClosed = (stop: Stop, signal: AbortSignal | undefined): (() => void) => {
    const leave = enter(stop, signal)
    stops.add(stop)
    return () => {
      stops.delete(stop)
      leave()
    }
  }

  const run = async <A, E>(effect: Effect.Effect<A, E>, { signal, goesOn = false }: RunOptions = {}): Promise<A> => {
    const end = Promise.withResolvers<Exit.Exit<A, unknown>>()
    const over = Promise.withResolvers<void>()
    let interrupt = (): void => undefined
    const giveUp: Stop = (reason) => {
      end.reject(reason)
      interrupt()
      return over.promise
    }
    const leave = goesOn ? enter(giveUp, signal) : enterUntilClosed(giveUp, signal)
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

  const closeAll = async (withinSeconds: number | undefined): Promise<void> => {
    const released = Promise.all([...stops].map((stop) => stop(new CallsClosed())))
    const settled = Promise.all([...goingOn, released])
    try {
      await (withinSeconds === undefined ? settled : within(withinSeconds, settled))
    } finally {
      await dispose()
    }
  }

  return {
    run,
    iterate: (open) =>
      iterate((stop) => {
        const { stream, signal } = open()
        const leave = enterUntilClosed(stop, signal)
        return { source: Stream.toAsyncIterableWith(stream, context)[Symbol.asyncIterator](), leave }
      }),
    close: (withinSeconds) => (closing ??= closeAll(withinSeconds))
  }
}
