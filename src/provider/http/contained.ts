/** Clients of others, kept from doing more than fail: they may die, interrupt themselves, or never let go. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"

const errorOf = <E>({ reasons }: Cause.Cause<E>): { readonly error: E } | undefined =>
  reasons.find((reason) => reason._tag === "Fail")

/**
 * Runs in a fiber of its own. Whatever it ends with but success or its own failure is `broken`. An interruption does
 * not wait for it: a `fetch` may ignore its signal, a body may never be done with `cancel()`.
 */
export const contained = <A, E, R>(effect: Effect.Effect<A, E, R>, broken: () => E): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(effect, { startImmediately: true }), (fiber) =>
      Effect.flatMap(
        Effect.onInterrupt(restore(Fiber.await(fiber)), () => Effect.sync(() => fiber.interruptUnsafe())),
        (exit): Effect.Effect<A, E> =>
          Exit.isSuccess(exit) ? exit : Effect.fail((errorOf(exit.cause) ?? { error: broken() }).error)
      )
    )
  )
