/** Spans and metrics of the operations on calls. Attributes are words of ours: provider, operation, status, reach, reason. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
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
import { attributesOf, byResult } from "../provider/meters.ts"
import { present } from "../domain/present.ts"
import type { JournalError } from "./PlacementJournal.ts"
import type { Decision } from "./Router.ts"

const operations = Metric.counter("unicall_operations", {
  description: "Operations on calls by result: ok or the reason of the failure",
  incremental: true
})

const seconds = Metric.histogram("unicall_operation_seconds", {
  description: "How long operations took; waiting for an end is not counted",
  boundaries: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
})

const metersOf = byResult((attributes) => ({
  count: Metric.withAttributes(operations, attributes),
  time: Metric.withAttributes(seconds, attributes)
}))

type Failure = CallError | JournalError

/** `ok`, the reason of a failure, or `Interrupted`. */
const resultOf = (exit: Exit.Exit<unknown, Failure>): string => {
  if (Exit.isSuccess(exit)) return "ok"
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (error === undefined) return "Interrupted"
  return error._tag === "CallError" ? error.reason._tag : error._tag
}

const isOrder = (value: object): value is CallOrder => "kind" in value && value.kind === "call_order"

/** What a result says of the call, in words of the model. */
const describe = (value: unknown): { readonly [name: string]: string } => {
  if (typeof value !== "object" || value === null) return {}
  if (isOrder(value)) {
    return {
      "voice_call.provider": value.provider,
      "voice_call.status": value.status,
      "voice_call.reach": value.reach.value
    }
  }
  const placed = "state" in value && typeof value.state === "string" ? { "voice_call.placement": value.state } : {}
  return "order" in value ? { ...placed, ...describe(value.order) } : placed
}

const annotate = (span: Tracer.Span, attributes: { readonly [name: string]: string }): void => {
  for (const name in attributes) span.attribute(name, attributes[name])
}

/** What the end of an operation adds to its span and its metrics; without `seconds` its time is not counted. */
const ended = (
  span: Tracer.Span,
  exit: Exit.Exit<unknown, Failure>,
  operation: Operation,
  provider: ProviderId | undefined,
  seconds?: number
): Effect.Effect<void> => {
  const result = resultOf(exit)
  annotate(span, { ...(Exit.isSuccess(exit) ? describe(exit.value) : {}), "voice_call.result": result })
  const { count, time } = metersOf(provider, operation, result)
  const counted = Metric.update(count, 1)
  return seconds === undefined ? counted : Effect.andThen(counted, Metric.update(time, seconds))
}

const wrongs = Metric.counter("unicall_absent_was_wrong", {
  description: "Orders that a policy had called absent and that exist",
  incremental: true
})

/** An order that lists did not hold exists: somebody may be rung twice. */
export const absentWasWrong = (provider: ProviderId): Effect.Effect<void> =>
  Effect.andThen(
    Metric.update(Metric.withAttributes(wrongs, attributesOf(provider, "reconcile")), 1),
    Effect.logError(
      `absent_was_wrong: an order that the lists of ${provider} did not hold exists; no more of its orders are called absent`
    )
  )

const checks = Metric.counter("unicall_also_checked", {
  description: "Orders that were checked at a provider beside the one that got them, by what it cannot take",
  incremental: true
})

/** The part of a field's place that is ours: the rest may be a caller's own name. */
const topOf = (field: string): string => field.split(/[.[]/, 1)[0] ?? field

/** How a provider was chosen, on the span of the operation, and what others would have made of the order. */
export const decisionMade = (decision: Decision): Effect.Effect<void> => {
  const { provider, route, rule, configuration, alsoChecked = [] } = decision
  const attributes = present({
    "voice_call.provider": provider,
    "voice_call.route": route,
    "voice_call.rule": rule,
    "voice_call.configuration": configuration
  })
  const counted = alsoChecked.map(({ provider: other, cannot }) => {
    const result = cannot === undefined ? "ok" : topOf(cannot.field)
    return Metric.update(
      Metric.withAttributes(checks, { ...attributesOf(other, "place"), "voice_call.result": result }),
      1
    )
  })
  return Effect.andThen(Effect.annotateCurrentSpan(attributes), Effect.all(counted, { discard: true }))
}

/** A span, a count and a time for one operation. */
export const traced = <A, E extends Failure>(
  operation: Operation,
  effect: Effect.Effect<A, E>,
  provider?: ProviderId
): Effect.Effect<A, E> =>
  Effect.useSpan(`VoiceCalls.${operation}`, { attributes: attributesOf(provider, operation) }, (span) =>
    Effect.clockWith((clock) => {
      const started = clock.currentTimeMillisUnsafe()
      return effect.pipe(
        Effect.withParentSpan(span, { captureStackTrace: false }),
        Effect.onExit((exit) =>
          ended(span, exit, operation, provider, (clock.currentTimeMillisUnsafe() - started) / 1000)
        )
      )
    })
  )

/**
 * The same for an operation that waits and does nothing meanwhile: its span is made at its end. Of thousands of open
 * spans each would hold as much memory as all else that is known of its call.
 */
export const tracedAtEnd = <A, E extends Failure>(
  operation: Operation,
  effect: Effect.Effect<A, E>,
  provider: ProviderId
): Effect.Effect<A, E> =>
  Effect.clockWith((clock) => {
    const startTime = clock.currentTimeNanosUnsafe()
    return Effect.onExit(effect, (exit) => spanAtEnd(exit, operation, provider, startTime))
  })

const spanAtEnd = Effect.fnUntraced(function* (
  exit: Exit.Exit<unknown, Failure>,
  operation: Operation,
  provider: ProviderId,
  startTime: bigint
) {
  const clock = yield* Clock.Clock
  const span = (yield* Effect.tracer).span({
    name: `VoiceCalls.${operation}`,
    parent: yield* Effect.option(Effect.currentParentSpan),
    annotations: Context.empty(),
    links: [],
    startTime,
    kind: "internal",
    root: false,
    sampled: true
  })
  annotate(span, attributesOf(provider, operation))
  yield* ended(span, exit, operation, provider)
  // The record itself is no business of a tracer.
  span.end(clock.currentTimeNanosUnsafe(), Exit.isSuccess(exit) ? Exit.void : exit)
})

/** A span and a count for an operation that gives one thing after another. */
export const tracedStream = <A, E extends Failure>(
  operation: Operation,
  stream: Stream.Stream<A, E>,
  provider?: ProviderId
): Stream.Stream<A, E> =>
  Stream.withSpan(
    Stream.onExit(stream, (exit) =>
      Effect.andThen(
        Metric.update(metersOf(provider, operation, resultOf(exit)).count, 1),
        Effect.annotateCurrentSpan("voice_call.result", resultOf(exit))
      )
    ),
    `VoiceCalls.${operation}`,
    { attributes: attributesOf(provider, operation) }
  )
