/**
 * From files to columns: payloads of providers, records and placements that `unicall` wrote, in any mixture, order and
 * repetition. The result does not depend on which came first, nor on what came twice.
 */
import type { CallAttempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { JsonObject } from "../domain/Json.ts"
import { present } from "../domain/present.ts"
import type { Experiment, Stratum } from "../experiment/Experiment.ts"
import { isTold } from "../metrics/evidence.ts"
import type { CallMetric, Definition, PlacementMetric } from "../metrics/Metric.ts"
import { makeFold } from "../normalize/fold.ts"
import { makePayloadReader, type PayloadReader, type ReadOptions } from "../normalize/normalize.ts"
import {
  attemptFault,
  type FieldFault,
  isCallAttempt,
  isCallOrder,
  isNormalised,
  orderFault
} from "../normalize/written/recordChecks.ts"
import type { Registry } from "../provider/registry.ts"
import { armFacts, settleArms } from "./collector/arms.ts"
import { assignedUnits, countLosses } from "./collector/assigned.ts"
import { countLeftOut, reasonsOf } from "./collector/leftOut.ts"
import { lostFacts, lostUnits, withLost } from "./collector/lostUnits.ts"
import { closeOverdue, primaryRates } from "./collector/primaryRates.ts"
import { gather, rowsByTime } from "./collector/gather.ts"
import { leaveOutUnmarked } from "./collector/marks.ts"
import { millisecondsOf } from "./collector/moments.ts"
import type { ObservationTable } from "./collector/ObservationTable.ts"
import { makeOrderRows } from "./collector/orderRows.ts"
import { isPlacement, readPlacement } from "./collector/placementRecord.ts"
import { makePlacementRows } from "./collector/placementRows.ts"
import { makePopulation, type PopulationOptions } from "./collector/populations.ts"
import { expectedRunning } from "./collector/runningOrders.ts"
import { makeRequestStratum, numberStrata } from "./collector/strata.ts"
import { strippedAttemptFact, strippedOrderFact } from "./collector/stripped.ts"
import { traitColumns } from "./collector/traitColumns.ts"
import { STRATA } from "./collector/traits.ts"
import { firstRows, judgedRows, judgesPersons } from "./collector/units.ts"
import { judgedWithin, lastAskedFor, makeIsWindowOpen, type MeasuredMetric } from "./collector/window.ts"
import type { DataSummary } from "./Comparison.ts"
import { WATCHED_IDS } from "./guard/watchedDefinitions.ts"
import type { Collected } from "./Observations.ts"

/** Something that was no record of any kind; holds no value of it. */
export interface Refused {
  readonly source: string
  readonly path: string
  readonly message: string
}

/** What a collector is made with. */
export interface CollectorOptions extends PopulationOptions {
  /** Whose records are read. */
  readonly registry: Registry
  /** Whose definitions are asked, once for each order or placement. */
  readonly metrics: ReadonlyArray<MeasuredMetric<CallMetric> | MeasuredMetric<PlacementMetric>>
  /** The arm that stands first, by its name or title; without effect if there is none. */
  readonly baseline?: string | undefined
  /** What orders are sorted by, so that like is compared with like. */
  readonly strata: ReadonlyArray<Stratum>
  /** IANA name, for hours. */
  readonly timeZone: string
  /** How payloads of providers are read. */
  readonly read?: ReadOptions | undefined
  /** Told of everything that was no record. */
  readonly refused?: ((refused: Refused) => void) | undefined
}

/** Takes payloads one after another and keeps what a comparison needs of them. */
export interface Collector {
  readonly payload: PayloadReader
  /** Input that is not even JSON. */
  readonly unreadable: (source: string, message: string, raw: string) => void
  /** Nothing may be given to it after. */
  readonly finish: () => Collected
  /** Bytes held in columns, for measuring. */
  readonly bytes: () => ReturnType<ObservationTable["bytes"]>
}

/** A collector of payloads for `compare`. */
export const makeCollector = (options: CollectorOptions): Collector => {
  const { registry, experiment, strata, metrics, timeZone } = options
  const maps = experiment !== undefined
  const tells = (provider: string, definition: Definition): boolean => {
    const adapter = registry.get(provider)
    return adapter === undefined || isTold(definition, adapter) || WATCHED_IDS.has(definition.id)
  }
  const callDefinitions = ratesFirst(metrics.flatMap((each) => (each.scope === "placement" ? [] : each.definitions)))
  const placementDefinitions = ratesFirst(
    metrics.flatMap((each) => (each.scope === "placement" ? each.definitions : []))
  )
  const orders = makeOrderRows({
    definitions: callDefinitions,
    population: makePopulation(options),
    tells,
    dialsOnce: (provider) => registry.get(provider)?.capabilities.retries === "no",
    maps
  })
  const placements = makePlacementRows(placementDefinitions, {
    ...options,
    stratumOf: makeRequestStratum(strata, timeZone)
  })
  const fold = makeFold()
  const tally = { records: 0, facts: 0, hints: 0, refused: 0, rejections: 0, released: 0 }

  const count = (what: "facts" | "hints" | "refused" | "rejections" | "released"): void => {
    tally.records += 1
    tally[what] += 1
  }
  const refuse = (refused: Refused): void => {
    count("refused")
    options.refused?.(refused)
  }
  const refuseField = (source: () => string, kind: string, { path, expected }: FieldFault): void =>
    refuse({ source: source(), path, message: `${kind}: expected ${path === "" ? "it" : path} to be ${expected}` })

  const addRecord = (record: CallOrder | CallAttempt): void =>
    record.kind === "call_order" ? orders.addOrder(record) : orders.addAttempt(record)
  const readView = (record: CallOrder | CallAttempt): void => {
    tally.records += 1
    addRecord(record)
  }

  const readRaw = makePayloadReader(registry, options.read ?? {}, {
    fact: (fact, adapter) => {
      count("facts")
      fold.add(fact.kind === "order" ? strippedOrderFact(fact, maps) : strippedAttemptFact(fact), adapter)
    },
    view: readView,
    hint: () => count("hints"),
    rejection: ({ source, path, message }) => refuse({ source, path, message })
  })

  const isProvider = (id: unknown): boolean => typeof id === "string" && registry.get(id) !== undefined

  const readRecord = (record: JsonObject, source: () => string): void => {
    const { kind, provider } = record
    if (kind === "call_hint") return count("hints")
    if (kind === "rejection") return count("rejections")
    if (!isProvider(provider)) {
      return refuseField(source, String(kind), { path: "provider", expected: "a provider known here" })
    }
    if (kind === "call_order" && isCallOrder(record)) return readView(record)
    if (kind === "call_attempt" && isCallAttempt(record)) return readView(record)
    const fault = kind === "call_order" ? orderFault(record) : attemptFault(record)
    refuseField(source, String(kind), fault ?? { path: "kind", expected: "a kind of record" })
  }

  const readPlaced = (line: JsonObject, source: () => string): void => {
    const placement = readPlacement(line)
    if (placement === "released") return count("released")
    if ("expected" in placement) return refuseField(source, "placement", placement)
    tally.records += 1
    const { order } = placement
    // A provider that is none here was only asked for; it is no arm.
    const known = isProvider(placement.provider) ? placement : { ...placement, provider: undefined }
    const createdAt = order !== undefined && isCallOrder(order) ? order.createdAt : undefined
    placements.add(known, placement.reservedAt ?? createdAt ?? placement.askedAt)
    if (order !== undefined) readRecord(order, source)
  }

  const payload: PayloadReader = (value, source, provider) => {
    if (isNormalised(value)) return readRecord(value, source)
    if (isPlacement(value)) return readPlaced(value, source)
    if (!Array.isArray(value) || !value.some(isOurs)) return readRaw(value, source, provider)
    for (const [index, item] of value.entries()) payload(item, () => `${source()}[${index}]`, provider)
  }

  const finish = (): Collected => {
    let folded = tally.facts
    for (const record of fold.records()) {
      folded -= 1
      addRecord(record)
    }
    orders.close()
    if (maps) leaveOutUnmarked(orders.table, placements)
    const asOf = millisecondsOf(orders.tally.asOf)
    placements.close(orders, asOf)
    const arms = settleArms([orders.table, placements.table], orders.labels, options)
    const all = rowsByTime(orders.table)
    const keys = arms.map(({ key }) => key)
    const judged = judgesPersons(experiment) ? judgedRows(orders.table, all, keys, experiment) : undefined
    const { rows } = judged ?? { rows: all }
    const readers = strata.map((stratum) => STRATA[stratum](orders.table, timeZone))
    const stratified = readers.length > 0
    const facts = armFacts(orders.table, rows, arms)
    const gathered = gather({
      table: orders.table,
      definitions: callDefinitions,
      // What one of the arms does not tell is compared in none.
      isUsed: (definition) => facts.every(({ providers }) => providers.every((id) => tells(id, definition))),
      rows,
      arms,
      strata: stratified ? numberStrata(readers, rows) : undefined,
      asOf
    })
    const placementRows = rowsByTime(placements.table)
    const gatheredPlacements = gather({
      table: placements.table,
      definitions: placementDefinitions,
      rows: placementRows,
      arms,
      asOf
    })
    const sum = (name: "attemptsOnly" | "crossover" | "unmarked"): number => {
      const column = orders.table.column(name)
      return rows.reduce((total, row) => total + column.get(row), 0)
    }
    const leftOut = countLeftOut([
      ["hint of a call, not a record of it", tally.hints],
      ["not readable as a record", tally.refused],
      ["rejected when it was normalised", tally.rejections],
      ["attempt that does not name its order: first dial or redial cannot be told", orders.tally.attemptsWithoutOrder],
      ["placement that was given up", tally.released],
      ["placement without a reference", placements.tally.withoutReference],
      ...reasonsOf(orders.table),
      ...reasonsOf(placements.table)
    ])
    const ofExperiment = (own: Experiment) => {
      const rates = primaryRates(metrics, own)
      const overdue = closeOverdue(gathered, rates, orders.table, rows, asOf)
      const assigned = assignedUnits(
        { placements: placements.table, placementRows, orders: orders.table, rows: all, asOf },
        keys
      )
      const lastAsked = lastAskedFor([assigned.at, gathered.at])
      const isOpen = makeIsWindowOpen(own, lastAsked, asOf)
      const within = judgesPersons(own) ? judgedWithin(gathered, { experiment: own, metrics, isOpen }) : gathered
      const lost = lostUnits(assigned, isOpen)
      return {
        orders: withLost(within, lost, { rates, stratified }),
        lastAsked,
        lost: lostFacts(lost, { rates, stratified, arms: keys.length }),
        overdue,
        losses: gatheredPlacements.size === 0 ? undefined : countLosses(assigned, keys)
      }
    }
    const collected: Collected = {
      orders: gathered,
      ...(experiment === undefined ? {} : ofExperiment(experiment)),
      placements: gatheredPlacements,
      facts,
      traits: traitColumns(orders.table, judged === undefined ? rows : firstRows(rows, gathered), keys, timeZone),
      running: expectedRunning(orders.table, rows, keys),
      data: {
        records: tally.records,
        orders: gathered.size,
        folded: folded + orders.tally.folded + placements.tally.folded,
        leftOut,
        attemptsOnly: sum("attemptsOnly"),
        persons: gathered.persons,
        ...periodOf(gathered.at, asOf),
        placements: gatheredPlacements.size
      },
      crossovers: sum("crossover"),
      unmarked: sum("unmarked"),
      units: judged?.facts
    }
    orders.table.clear()
    return collected
  }

  return {
    payload,
    unreadable: (source, message) => refuse({ source, path: "", message }),
    finish,
    bytes: () => orders.table.bytes()
  }
}

/** In this order two records of one order are compared by their answers. */
const ratesFirst = <S>(definitions: ReadonlyArray<Definition<S>>): ReadonlyArray<Definition<S>> => [
  ...definitions.filter(({ kind }) => kind === "rate"),
  ...definitions.filter(({ kind }) => kind !== "rate")
]

const isOurs = (value: unknown): boolean => isNormalised(value) || isPlacement(value)

const isoOf = (milliseconds: number): string | undefined =>
  Number.isFinite(milliseconds) ? new Date(milliseconds).toISOString() : undefined

/** `at` is in order of time, what has none at the end. */
const periodOf = (at: Float64Array, latest: number): Pick<DataSummary, "from" | "to" | "asOf"> => {
  const last = at.findLastIndex((time) => !Number.isNaN(time))
  return present({ from: isoOf(at[0] ?? Number.NaN), to: isoOf(at[last] ?? Number.NaN), asOf: isoOf(latest) })
}
