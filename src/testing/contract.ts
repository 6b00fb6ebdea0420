/**
 * What every adapter must obey, as cases for any test runner. The adapter's own fixtures are the material: each case
 * reads them, or bodies made from them by removing, replacing or adding values, and fails with all it has found.
 */
import * as Schema from "effect/Schema"
import type { CallOrder } from "../domain/CallOrder.ts"
import { canonicalJson, isJsonObject, type JsonObject, valueAt } from "../domain/Json.ts"
import { OutputRecord } from "../domain/OutputRecord.ts"
import { timingFigure, TIMING_FIGURES } from "../domain/Timing.ts"
import { sourcePlace } from "../domain/sourcePath.ts"
import type { Adapter } from "../provider/Adapter.ts"
import { CAPABILITY_NAMES } from "../provider/abilities.ts"
import { Capabilities, CapabilitySource } from "../provider/Capabilities.ts"
import { partsOf, sourceOf } from "../provider/capabilitySources.ts"
import { redactorOf } from "../provider/registry.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { differencesOf } from "./differences.ts"
import { changed, deepFreeze, plant, PLANTED } from "./edits.ts"
import { fieldCases } from "./fieldCases.ts"
import { type ContractFixture, materialOf } from "./material.ts"
import { sourceCase } from "./sourceCase.ts"

export type { ContractCase } from "./case.ts"
export type { ContractFixture } from "./material.ts"

/** What else the adapter's fixtures are held against. */
export interface ContractOptions {
  /** Adapters that live in the same registry: no body of this one may look like one of theirs. */
  readonly others?: ReadonlyArray<Adapter>
}

/** As much of a record as the fixture says something about. */
const comparable = (record: JsonObject, expected: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(record).filter(([key]) =>
      key === "native" || record["kind"] === "rejection" ? Object.hasOwn(expected, key) : true
    )
  )

/** What an order shows that its provider may say it cannot. */
const abilitiesShown: ReadonlyArray<readonly [ability: keyof Capabilities, shows: (order: CallOrder) => boolean]> = [
  ["retries", ({ attempts }) => attempts.length > 1],
  ["callerNumber", ({ direction, from }) => from !== undefined && direction !== "inbound"],
  ["schedule", ({ scheduledAt }) => scheduledAt !== undefined],
  ["metadata", ({ metadata }) => metadata !== undefined],
  ["variables", ({ variables }) => variables !== undefined],
  ["answeredBy", ({ attempts }) => attempts.some(({ answeredBy }) => answeredBy?.certainty === "stated")],
  ["outcome", ({ outcome }) => outcome !== undefined],
  ["extraction", ({ attempts }) => attempts.some(({ extracted }) => extracted !== undefined)],
  ["summary", ({ summary }) => summary !== undefined],
  ["transcript", ({ enriched }) => enriched.transcript],
  ["recording", ({ enriched }) => enriched.recording],
  ["webCalls", ({ channel }) => channel === "web"]
]

const isWellFormed = Schema.is(CapabilitySource)

/** Words, and where a page says so its whole address. */
const isSource = (source: CapabilitySource | undefined): boolean => {
  if (!isWellFormed(source)) return false
  const { page, note } = partsOf(source)
  if (source.startsWith("https://")) return page !== undefined && URL.canParse(page)
  return note?.trim() !== ""
}

const DENIALS: ReadonlySet<Capabilities[keyof Capabilities]> = new Set(["no", "none"])

/** The body with another id, or with none, wherever it stands by the adapter's own account. */
const withId = ({ sources }: Adapter, kind: string, body: JsonObject, id: unknown): JsonObject => {
  const list = kind === "call_attempt" ? sources.attempt : sources.order
  const places = list
    .filter(({ field }) => field === "id")
    .flatMap(({ paths }) => paths.flatMap((path) => [sourcePlace(body, path) ?? []]))
    .filter((place) => place.length > 0 && valueAt(body, place) !== undefined)
  return places.reduce((copy, place) => changed(copy, place, id), body)
}

/**
 * The cases an adapter must pass: `for (const { name, run } of adapterContract(adapter, fixtures)) it(name, run)`.
 *
 * @throws Error if there are no fixtures, or a shape has none: a suite without material would pass
 */
export const adapterContract = (
  adapter: Adapter,
  fixtures: ReadonlyArray<ContractFixture>,
  { others = [] }: ContractOptions = {}
): ReadonlyArray<ContractCase> => {
  const material = materialOf(adapter, fixtures, others)
  const { all, normalize, recognised, bodies } = material

  const cases: ReadonlyArray<ContractCase> = [
    contractCase("MUST have a lower-case kebab id, which is its provider id", (fail) => {
      if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(adapter.id)) fail(`expected a lower-case kebab id, got "${adapter.id}"`)
      if (adapter.providerId !== adapter.id)
        fail(`expected the provider id "${adapter.id}", got "${adapter.providerId}"`)
    }),
    contractCase(
      "MUST declare its capabilities",
      () => void Schema.decodeUnknownSync(Capabilities)(adapter.capabilities)
    ),
    contractCase(
      "MUST say of each capability what says so: a page by its address, or how it is known without one",
      (fail) => {
        for (const name of CAPABILITY_NAMES) {
          if (!isSource(sourceOf(adapter, name)))
            fail(`${name}: expected https:// and the address of a page, or undocumented: and how it is known`)
        }
      }
    ),
    contractCase("MUST NOT show in a fixture what its capabilities deny", (fail) => {
      for (const { name, record } of bodies) {
        if (record.kind !== "call_order") continue
        for (const [ability, shows] of abilitiesShown) {
          if (DENIALS.has(adapter.capabilities[ability]) && shows(record))
            fail(`${name}: shows ${ability}, denied by the capabilities`)
        }
      }
    }),
    contractCase("MUST declare the evidence that its fixtures show, with its certainty", (fail) => {
      for (const { name, record } of bodies) {
        if (record.kind !== "call_order") continue
        if (record.outcome !== undefined && adapter.evidence.outcome === undefined) fail(`${name}: an outcome`)
        for (const { answeredBy, transcript, recordingUrl, timing } of record.attempts) {
          if (transcript !== undefined && adapter.evidence.transcript === undefined) fail(`${name}: a transcript`)
          if (recordingUrl !== undefined && adapter.evidence.recording === undefined) fail(`${name}: a recording`)
          for (const figure of TIMING_FIGURES) {
            const isTold = timing !== undefined && timingFigure(timing, figure) !== undefined
            if (isTold && adapter.evidence[figure] === undefined) fail(`${name}: ${figure}`)
          }
          if (answeredBy === undefined || answeredBy.value === "unknown" || answeredBy.value === "unrecognized")
            continue
          const { value, certainty } = answeredBy
          const declared = adapter.evidence[value]?.certainty ?? "not told"
          if (declared !== certainty) fail(`${name}: ${value} is ${certainty}, by the evidence ${declared}`)
        }
      }
    }),
    contractCase("MUST tell each body by exactly one of its shapes, and by none of another adapter", (fail) => {
      for (const { name, body } of recognised) {
        const matching = isJsonObject(body)
          ? all.adapters.flatMap(({ id, shapes }) =>
              shapes.filter((shape) => shape.matches(body)).map((shape) => `${id} ${shape.name}`)
            )
          : []
        const [only] = matching
        if (matching.length !== 1 || only?.startsWith(`${adapter.id} `) !== true) {
          fail(`${name}: expected one shape of ${adapter.id}, got ${matching.join(", ") || "none"}`)
        }
      }
    }),
    contractCase("MUST read the same from the same body and leave it as it was", (fail) => {
      for (const { name, wire } of fixtures) {
        const frozen = deepFreeze(structuredClone(wire))
        const [once, again] = [JSON.stringify(normalize(frozen)), JSON.stringify(normalize(structuredClone(wire)))]
        if (once !== again) fail(`${name}: two readings differ`)
      }
    }),
    contractCase("MUST keep the provider's record, redacted, as native", (fail) => {
      for (const { name, body, record } of bodies) {
        if (canonicalJson(record.native) !== canonicalJson(redactorOf(adapter).record(body)))
          fail(`${name}: native is not the redacted body`)
      }
    }),
    contractCase("MUST give records that survive JSON and the schema unchanged", (fail) => {
      for (const { name, wire } of fixtures) {
        for (const record of normalize(wire)) {
          const decoded = Schema.decodeUnknownSync(OutputRecord)(JSON.parse(JSON.stringify(record)))
          const encoded = Schema.encodeSync(OutputRecord)(decoded)
          if (canonicalJson(encoded) !== canonicalJson(record)) fail(`${name}: the schema changes the record`)
          if (
            JSON.stringify({ ...record, native: 0, raw: 0 }).length !==
            canonicalJson({ ...record, native: 0, raw: 0 }).length
          ) {
            fail(`${name}: the record has a value that JSON does not keep`)
          }
        }
      }
    }),
    contractCase(
      "MUST reject an order or an attempt without id as missing_id, or as unknown_shape where the key tells it",
      (fail) => {
        for (const { name, body, record } of bodies) {
          if (record.kind === "call_hint") continue
          for (const id of [undefined, null, "", {}, true]) {
            const without = withId(adapter, record.kind, body, id)
            const isTold = all.adapters.some(({ shapes }) => shapes.some((shape) => shape.matches(without)))
            const wanted = id === undefined && !isTold ? "unknown_shape" : "missing_id"
            const [first, ...more] = normalize(without)
            const got = first?.kind === "rejection" ? first.reason : (first?.kind ?? "nothing")
            if (more.length > 0 || got !== wanted)
              fail(`${name}: expected ${wanted} for the id ${JSON.stringify(id)}, got ${got}`)
          }
        }
      }
    ),
    contractCase("MUST NOT let secrets out", (fail) => {
      for (const { name, body, record } of bodies) {
        const planted = plant(body)
        for (const payload of [
          planted,
          isJsonObject(planted) ? withId(adapter, record.kind, planted, undefined) : planted,
          JSON.stringify(planted)
        ]) {
          if (JSON.stringify(normalize(payload)).includes(PLANTED)) fail(`${name}: a planted secret comes out`)
        }
      }
    })
  ]

  const readings = fixtures.map(({ name, wire, expected }) =>
    contractCase(`MUST read exactly the expected records: ${name}`, (fail) => {
      const records = normalize(wire)
      if (records.length !== expected.length) fail(`expected ${expected.length} records, got ${records.length}`)
      records.forEach((record, index) => {
        const wanted = expected[index] ?? {}
        const differences = differencesOf(wanted, comparable({ ...record }, wanted))
        for (const difference of differences) fail(`record ${index}: ${difference}`)
      })
    })
  )
  return [...cases, ...fieldCases(adapter, material), sourceCase(adapter, material), ...readings]
}
