/** Takes down everything a program lets out by the way: logs, spans, metrics, and errors in every form they are printed in. */
import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as TestConsole from "effect/testing/TestConsole"
import * as Tracer from "effect/Tracer"
import { JournalError } from "../../src/calls/PlacementJournal.ts"
import { failureOf } from "../../src/promise/failureOf.ts"
import { JournalFailure } from "../../src/promise/failures.ts"
import { CallError } from "../../src/provider/CallError.ts"

/** Something that was let out, and by which way. */
export interface Saying {
  readonly way: string
  readonly text: string
}

export interface Witness {
  /** Runs under the witness's eyes; what it fails with is taken down and passed on. */
  readonly attend: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** All that has been taken down, the metrics of the moment included. */
  readonly sayings: Effect.Effect<ReadonlyArray<Saying>>
}

const seen = (value: unknown): string =>
  inspect(value, { depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null, showHidden: false })

/** `undefined` and what cannot be written as JSON at all say nothing. */
const json = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? ""
  } catch {
    return ""
  }
}

const formsOf = (error: unknown): ReadonlyArray<string> => [
  String(error),
  seen(error),
  json(error),
  ...(error instanceof Error
    ? [error.message, error.name, error.stack ?? "", ...Object.keys(error).map((key) => json(Reflect.get(error, key)))]
    : [])
]

const errorForms = (error: unknown): ReadonlyArray<string> => {
  if (error instanceof CallError) {
    const { reason } = error
    return [error, reason, failureOf(error)].flatMap(formsOf)
  }
  return (error instanceof JournalError ? [error, new JournalFailure(error)] : [error]).flatMap(formsOf)
}

const causeForms = (cause: Cause.Cause<unknown>): ReadonlyArray<string> => [
  Cause.pretty(cause),
  String(cause),
  seen(cause),
  json(cause),
  ...Cause.prettyErrors(cause).flatMap(formsOf),
  ...cause.reasons.flatMap((reason) => (reason._tag === "Fail" ? errorForms(reason.error) : formsOf(reason)))
]

/** The result of a span is no output: exporters write down failures only. */
const spanForms = ({ name, attributes, events, links, status }: Tracer.NativeSpan): ReadonlyArray<string> => [
  name,
  seen([...attributes]),
  seen(events),
  seen(links.map((link) => link.attributes)),
  ...(status._tag === "Ended" && Exit.isFailure(status.exit) ? causeForms(status.exit.cause) : [])
]

const FORMATS = {
  simple: Logger.formatSimple,
  logfmt: Logger.formatLogFmt,
  json: Logger.formatJson
}

export const makeWitness: Effect.Effect<Witness> = Effect.gen(function* () {
  const heard: Array<Saying> = []
  const spans: Array<Tracer.NativeSpan> = []
  const take = (way: string, texts: ReadonlyArray<string>): void => {
    for (const text of texts) heard.push({ way, text })
  }
  const terminal = yield* TestConsole.make
  const logger = Logger.make<unknown, void>((options) => {
    for (const [name, format] of Object.entries(FORMATS)) take(`log, ${name}`, [format.log(options)])
    take("log, structured", [seen(Logger.formatStructured.log(options))])
    take("log", [seen(options.message), ...causeForms(options.cause)])
  })
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return {
    attend: (effect) =>
      effect.pipe(
        Effect.onExit((exit) =>
          Effect.sync(() => {
            if (Exit.isFailure(exit)) take("error", causeForms(exit.cause))
          })
        ),
        Effect.provide(Logger.layer([logger, Logger.defaultLogger, Logger.consolePretty(), Logger.tracerLogger])),
        Effect.provideService(References.MinimumLogLevel, "All"),
        Effect.provideService(References.MinimumTraceLevel, "All"),
        Effect.provideService(Tracer.Tracer, tracer),
        Effect.provideService(Console.Console, terminal)
      ),
    sayings: Effect.gen(function* () {
      const printed = [...(yield* terminal.logLines), ...(yield* terminal.errorLines)]
      const metrics = [yield* Metric.dump, seen(yield* Metric.snapshot)]
      return [
        ...heard,
        ...spans.flatMap((span) => spanForms(span).map((text) => ({ way: `span ${span.name}`, text }))),
        ...printed.map((line) => ({ way: "terminal", text: seen(line) })),
        ...metrics.map((text) => ({ way: "metrics", text }))
      ]
    })
  }
})

/** Sayings in which one of the secrets occurs, with the secret. */
export const leaksIn = (sayings: ReadonlyArray<Saying>, secrets: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(
    sayings.flatMap(({ way, text }) =>
      secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${way}: ${text.slice(0, 400)}`)
    )
  )
]
