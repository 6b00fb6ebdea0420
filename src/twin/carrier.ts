/** Carries a twin's messages to whoever they are for, in the time of Effect's `Clock`. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import { isLoopback } from "../domain/loopback.ts"
import type { MessageAnswer } from "./messages.ts"
import type { Delivery } from "./outbox.ts"
import type { Twin } from "./twin.ts"

/** Sends a message: `fetch`, or a handler within this process. */
export type SendWebhook = (request: Request) => Promise<Response>

/**
 * Sends to addresses on this machine. To any other nothing is sent: what a twin tells of calls that never were is not for an
 * application that takes them for real.
 */
export const sendLocally: SendWebhook = (request) =>
  isLoopback(request.url)
    ? fetch(request, { redirect: "manual" })
    : Promise.reject(new TypeError("a twin sends webhooks to addresses on this machine only"))

const requestOf = ({ url, headers, body }: Delivery, signal: AbortSignal): Request =>
  new Request(url, { method: "POST", headers, body, signal })

/** Sends one message. Nothing that goes wrong with it is a failure: there is no answer then. */
export const carried = async (
  delivery: Delivery,
  send: SendWebhook,
  signal: AbortSignal
): Promise<MessageAnswer | undefined> => {
  try {
    const response = await send(requestOf(delivery, signal))
    return { status: response.status, text: await response.text() }
  } catch {
    return undefined
  }
}

/**
 * Sends the twin's webhooks as they fall due, as long as it runs; on Effect's `TestClock` an hour of calls takes no time. A
 * twin that listens (`listen`) sends its own.
 *
 * @example yield* Effect.forkScoped(sendWebhooks(twin, (request) => calls.webhook(request)))
 */
export const sendWebhooks = (twin: Twin, send: SendWebhook = sendLocally): Effect.Effect<never> =>
  Effect.gen(function* () {
    const changed = Latch.makeUnsafe()
    yield* Effect.acquireRelease(
      Effect.sync(() => twin.onChange(() => void changed.openUnsafe())),
      (stop) => Effect.sync(stop)
    )
    const deliver = (delivery: Delivery) =>
      Effect.promise((signal) => carried(delivery, send, signal)).pipe(
        Effect.timeoutOrElse({
          duration: Duration.seconds(delivery.withinSeconds),
          orElse: () => Effect.undefined
        }),
        Effect.map(delivery.answered)
      )
    return yield* Effect.forever(
      Effect.gen(function* () {
        changed.closeUnsafe()
        const now = yield* Clock.currentTimeMillis
        for (const delivery of twin.takeDeliveries(now)) yield* Effect.forkScoped(deliver(delivery))
        const next = twin.nextDeliveryAt()
        yield* next === undefined
          ? changed.await
          : Effect.timeoutOption(changed.await, Duration.millis(Math.max(next - now, 0)))
      })
    )
  }).pipe(Effect.scoped)
