/** Spans and metrics of the operations on calls. Attributes are words of ours: provider, operation, status, reach, reason. */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type * as Tracer from "effect/Tracer"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { ProviderId } from "../domain/Identifiers.ts"
import type { CallError, Operation } from "../provider/CallError.ts"
import type { JournalError } from "./PlacementJournal.ts"

const operations = Metric.counter("unicall_operations", {
  description: "Operations on calls by result: ok or the reason of the failure",
  incremental: true
})

const seconds = Metric.histogram("unicall_operation_seconds", {
  description: "How long operations took; waiting for an end is not counted",
  boundaries: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
})

interface Meters {
  readonly count: Metric.Counter<number>
  readonly time: Metric.Histogram<number>
}

/** Made once for each set of attributes: making them costs more than counting. */
const meters = new Map<string, Meters>()

const metersOf = (provider: ProviderId | undefined, operation: Operation, result: string): Meters => {
  const key = `${provider ?? ""}\n${operation}\n${result}`
  const known = meters.get(key)
  if (known !== undefined) return known
  const attributes = {
    ...(provider === undefined ? {} : { "voice_call.provider": provider }),
    "voice_call.operation": operation,
    "voice_call.result": result
  }
  const made = {
    count: Metric.withAttributes(operations, attributes),
    time: Metric.withAttributes(seconds, attributes)
  }
  meters.set(key, made)
  return made
}

const resultOf = (error: CallError | JournalError): string =>
  error._tag === "CallError" ? error.reason._tag : error._tag

/** `ok`, the reason of a failure, or `Interrupted`. */
const resultOfExit = (exit: Exit.Exit<unknown, CallError | JournalError>): string => {
  if (Exit.isSuccess(exit)) return "ok"
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  return error === undefined ? "Interrupted" : resultOf(error)
}

const isOrder = (value: unknown): value is CallOrder =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "call_order"

/** What a result says of the call, in words of the model. */
const attributesOf = (value: unknown): { readonly [name: string]: string } => {
  if (isOrder(value)) {
    return {
      "voice_call.provider": value.provider,
      "voice_call.status": value.status,
      "voice_call.reach": value.reach.value
    }
  }
  if (typeof value !== "object" || value === null) return {}
  const placed = "state" in value && typeof value.state === "string" ? { "voice_call.placement": value.state } : {}
  return "order" in value ? { ...placed, ...attributesOf(value.order) } : placed
}

const attributesAtStart = (operation: Operation, provider: ProviderId | undefined) =>
  provider === undefined
    ? { "voice_call.operation": operation }
    : { "voice_call.operation": operation, "voice_call.provider": provider }

/** What the end of an operation adds to its span and its metrics. */
const told = <A, E extends CallError | JournalError>(
  span: Tracer.Span,
  exit: Exit.Exit<A, E>,
  operation: Operation,
  provider: ProviderId | undefined,
  seconds: number | undefined
): Effect.Effect<void> => {
  const result = resultOfExit(exit)
  if (Exit.isSuccess(exit)) {
    const attributes = attributesOf(exit.value)
    for (const name in attributes) span.attribute(name, attributes[name])
  }
  span.attribute("voice_call.result", result)
  const { count, time } = metersOf(provider, operation, result)
  const counted = Metric.update(count, 1)
  return seconds === undefined ? counted : Effect.andThen(counted, Metric.update(time, seconds))
}

/** A span, a count and a time for one operation. */
export const traced = <A, E extends CallError | JournalError>(
  operation: Operation,
  effect: Effect.Effect<A, E>,
  provider?: ProviderId
): Effect.Effect<A, E> =>
  Effect.useSpan(`VoiceCalls.${operation}`, { attributes: attributesAtStart(operation, provider) }, (span) =>
    Effect.clockWith((clock) => {
      const started = clock.currentTimeMillisUnsafe()
      return effect.pipe(
        Effect.withParentSpan(span, { captureStackTrace: false }),
        Effect.onExit((exit) =>
          told(span, exit, operation, provider, (clock.currentTimeMillisUnsafe() - started) / 1000)
        )
      )
    })
  )

/**
 * The same for an operation that waits and does nothing meanwhile: its span is made at its end. Of thousands of open
 * spans each would hold as much memory as all else that is known of its call.
 */
export const tracedAtEnd = <A, E extends CallError | JournalError>(
  operation: Operation,
  effect: Effect.Effect<A, E>,
  provider: ProviderId
): Effect.Effect<A, E> =>
  Effect.clockWith((clock) => {
    const startTime = clock.currentTimeNanosUnsafe()
    return Effect.onExit(effect, (exit) =>
      Effect.flatMap(Effect.tracer, (tracer) =>
        Effect.flatMap(Effect.option(Effect.currentParentSpan), (parent) => {
          const span = tracer.span({
            name: `VoiceCalls.${operation}`,
            parent,
            annotations: Context.empty(),
            links: [],
            startTime,
            kind: "internal",
            root: false,
            sampled: true
          })
          for (const [name, text] of Object.entries(attributesAtStart(operation, provider))) span.attribute(name, text)
          return Effect.andThen(
            told(span, exit, operation, provider, undefined),
            // The record itself is no business of a tracer.
            Effect.sync(() => span.end(clock.currentTimeNanosUnsafe(), Exit.isSuccess(exit) ? Exit.void : exit))
          )
        })
      )
    )
  })

/** A span and a count for an operation that gives one thing after another. */
export const tracedStream = <A, E extends CallError | JournalError>(
  operation: Operation,
  stream: Stream.Stream<A, E>,
  provider?: ProviderId
): Stream.Stream<A, E> =>
  Stream.withSpan(
    Stream.onExit(stream, (exit) =>
      Effect.andThen(
        Metric.update(metersOf(provider, operation, resultOfExit(exit)).count, 1),
        Effect.annotateCurrentSpan("voice_call.result", resultOfExit(exit))
      )
    ),
    `VoiceCalls.${operation}`,
    { attributes: attributesAtStart(operation, provider) }
  )
