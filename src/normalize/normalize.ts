/** Payloads in, records out: pure, synchronous, total. */
import type { CallAttempt } from "../domain/CallAttempt.ts"
import type { CallHint } from "../domain/CallHint.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { AttemptFact, OrderFact } from "../domain/Fact.ts"
import { flat } from "../domain/flatText.ts"
import { formatPath, isJsonObject, type JsonObject, type PathStep } from "../domain/Json.ts"
import { DEEPEST_NESTING, MAX_NESTING, prune, type Redactor, TooDeep } from "../domain/Redaction.ts"
import type { Rejection } from "../domain/Rejection.ts"
import type { Adapter } from "../provider/Adapter.ts"
import type { Registry } from "../provider/registry.ts"
import { isRecordless, type OnBody, openEnvelopes, recognise, type Refusal, type WrapperFields } from "./detect.ts"
import { withNote } from "./written/note.ts"
import { isWritten } from "./written/isWritten.ts"
import { readWritten, WRITTEN_LEVELS } from "./written/readWritten.ts"

/** How payloads are read. */
export interface ReadOptions {
  /** Read every payload as this provider's; one that has another's shape is a `provider_mismatch`. */
  readonly provider?: string | undefined
  /** Field names of wrappers that name their provider. @default `provider` and `payload` */
  readonly wrapper?: Partial<WrapperFields> | undefined
  /** Levels of nesting beyond which a record is refused, at most 2000. @default 500 */
  readonly maxNesting?: number | undefined
}

/** A fact with the adapter that read it. */
export type AdaptedFact =
  | { readonly adapter: Adapter; readonly fact: OrderFact }
  | { readonly adapter: Adapter; readonly fact: AttemptFact }

/** Receives what a payload holds, in its order; `source` names the input and the place in it. */
export interface FactSink {
  readonly fact: (fact: OrderFact | AttemptFact, adapter: Adapter) => void
  /** A record that unicall wrote and whose payloads are gone. */
  readonly view: (record: CallOrder | CallAttempt, adapter: Adapter) => void
  readonly hint: (hint: CallHint) => void
  readonly rejection: (rejection: Rejection) => void
  /** A body that holds no record and is nothing wrong. */
  readonly passedOver?: () => void
}

/** `source` is only asked for when something is rejected. */
export type PayloadReader = (payload: unknown, source: () => string, provider?: string) => void

/** Makes a function that takes payloads apart into facts, hints and rejections. It never throws. */
export const makePayloadReader = (registry: Registry, options: ReadOptions, sink: FactSink): PayloadReader => {
  const wrapper = { provider: options.wrapper?.provider ?? "provider", payload: options.wrapper?.payload ?? "payload" }
  const maxNesting = Math.min(options.maxNesting ?? MAX_NESTING, DEEPEST_NESTING)

  const reject = (
    body: unknown,
    source: () => string,
    path: ReadonlyArray<PathStep>,
    { reason, message, provider }: Refusal
  ): void => {
    const adapter = provider === undefined ? undefined : registry.get(provider)
    const named = adapter === undefined ? {} : { provider: adapter.providerId }
    const raw = redactRaw(body, maxNesting, registry.redactor)
    sink.rejection({
      kind: "rejection",
      reason,
      path: formatPath(path),
      message: flat(message),
      ...named,
      source: flat(source()),
      raw
    })
  }

  const readBody = (
    body: unknown,
    path: ReadonlyArray<PathStep>,
    source: () => string,
    claimed: string | undefined
  ): void => {
    if (isWritten(body)) return readOurs(body, path, source, claimed)
    const found = recognise(body, registry, claimed)
    if ("reason" in found && found.reason === "unknown_shape" && isRecordless(body, registry)) {
      return sink.passedOver?.()
    }
    if ("reason" in found || !isJsonObject(body)) {
      return reject(
        body,
        source,
        path,
        "reason" in found ? found : { reason: "unknown_shape", message: "expected an object" }
      )
    }
    const { adapter, shape } = found
    const reading = shape.read(registry.redactor.record(body, maxNesting))
    if (reading.kind === "unreadable") {
      return reject(body, source, [...path, ...reading.path], { ...reading, provider: adapter.id })
    }
    if (reading.kind === "call_hint") sink.hint(reading)
    else sink.fact(reading, adapter)
  }

  const onBeside = (beside: JsonObject, path: ReadonlyArray<PathStep>): void => {
    const message =
      "expected only records, counts and pages in an envelope; what else it lists, and its faults, are here"
    reject(beside, source, path, { reason: "unknown_shape", message })
  }

  const readOurs = (
    body: JsonObject,
    path: ReadonlyArray<PathStep>,
    source: () => string,
    claimed: string | undefined
  ): void => {
    // It is redacted when what it holds is tried; doing it here as well would cost its size on every level of a rejection.
    if (body["kind"] === "rejection") return readRejected(body, path, source, claimed)
    const written = readWritten(registry.redactor.record(body, maxNesting + WRITTEN_LEVELS), registry, claimed)
    switch (written.is) {
      case "fact":
        return sink.fact(written.fact, written.adapter)
      case "view":
        return sink.view(written.record, written.adapter)
      case "hint":
        return sink.hint(written.hint)
      case "refused":
        return reject(body, source, path, written)
    }
  }

  /** What was rejected before is tried again; a rejection that holds nothing to try stays one. */
  const readRejected = (
    body: JsonObject,
    path: ReadonlyArray<PathStep>,
    source: () => string,
    claimed: string | undefined
  ): void => {
    if (path.length > maxNesting) throw new TooDeep()
    let tried = false
    const onBody: OnBody = (inner, at, provider) => {
      tried = true
      opening.onBody(inner, [...path, "raw", ...at], provider ?? claimed)
    }
    const onBesideRaw = (beside: JsonObject, at: ReadonlyArray<PathStep>): void => {
      tried = true
      onBeside(beside, [...path, "raw", ...at])
    }
    openEnvelopes(body["raw"], { ...opening, onBody, onBeside: onBesideRaw })
    if (!tried)
      reject(body, source, path, { reason: "unknown_shape", message: "expected raw of a rejection to hold a record" })
  }

  let source: () => string = () => ""
  let rowProvider: string | undefined
  const opening = {
    registry,
    wrapper,
    onBeside,
    onBody: (body: unknown, path: ReadonlyArray<PathStep>, claimed: string | undefined): void => {
      try {
        readBody(body, path, source, options.provider ?? claimed ?? rowProvider)
      } catch (error) {
        if (!(error instanceof TooDeep)) throw error
        const message = `expected at most ${maxNesting} levels of nesting`
        reject(body, source, path, { reason: "unreadable_json", message })
      }
    }
  }
  return (payload, place, provider) => {
    source = place
    rowProvider = provider
    openEnvelopes(payload, opening)
  }
}

/** Text that is no JSON as a rejection, secrets redacted as well as text allows. */
export const unreadableText = (source: string, message: string, raw: string, redactor: Redactor): Rejection => ({
  kind: "rejection",
  reason: "unreadable_json",
  path: "",
  message: flat(message),
  source: flat(source),
  raw: redactor.text(raw)
})

const redactRaw = (body: unknown, maxNesting: number, redactor: Redactor): unknown => {
  try {
    return redactor.value(body, maxNesting)
  } catch {
    return redactor.value(prune(body, Math.min(maxNesting, 64)), maxNesting)
  }
}

/** A record whose payloads are gone, as a record of its own. */
export const viewAgain = (record: CallOrder | CallAttempt): CallOrder | CallAttempt => ({
  ...record,
  issues: withNote(record)
})
