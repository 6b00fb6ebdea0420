/** Requests to place an order as rows: each reference once at a provider, as its request turned out when it was made. */
import * as Result from "effect/Result"
import { makeAssign, unitOf } from "../../experiment/assignment.ts"
import type { Experiment } from "../../experiment/Experiment.ts"
import type { Definition, PlacementSubject } from "../../metrics/Metric.ts"
import { answerColumn } from "./answers.ts"
import { LOSS_NUMBERS, lossOf } from "./losses.ts"
import { millisecondsOf } from "./moments.ts"
import { type Columns, type Key, makeObservationTable, type ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"
import type { PlacementReading } from "./placementRecord.ts"
import { afterStop, type ArmsBy, leftOutNumber, outsidePeriod, type PopulationOptions } from "./populations.ts"
import type { Strata } from "./strata.ts"
import { makeTextHash } from "./textHash.ts"

/**
 * The most telling record of a request stays: one that measured the provider's answer, then the worse state, since later
 * records of a reference say what has become of it and not how the request went.
 */
const SEVERITY = { accepted: 0, uncertain: 1, failed: 2 } as const

const STATES = ["accepted", "uncertain", "failed"] as const satisfies ReadonlyArray<keyof typeof SEVERITY>

/** An arm that only the order may tell. */
const UNKNOWN = ""

interface DescribedPlacement extends PlacementSubject {
  readonly leftOut: number
  /** It was made under the experiment. */
  readonly marked: boolean
  readonly at: string | undefined
  readonly arm: string
  readonly country: string
  /** Until the end, the order's key: it may be read later than its placement. */
  readonly person: Key
  /** What was assigned; where that is not told, the request itself. */
  readonly unit: Key
  readonly tellsUnit: boolean
}

const PLACEMENT_COLUMNS = {
  // What was asked for while the experiment ran counts, whatever came of it after.
  counts: { as: "byte", of: ({ leftOut }) => Number(leftOut === 0) },
  isMeasured: { as: "byte", of: ({ latencyMs }) => Number(latencyMs !== undefined) },
  severity: { as: "byte", of: ({ state }) => SEVERITY[state] },
  leftOut: { as: "byte", of: ({ leftOut }) => leftOut },
  marked: { as: "byte", of: ({ marked }) => Number(marked) },
  personHigh: { as: "word", of: ({ person }) => person.high },
  personLow: { as: "word", of: ({ person }) => person.low },
  tellsUnit: { as: "byte", of: ({ tellsUnit }) => Number(tellsUnit) },
  unitHigh: { as: "word", of: ({ unit }) => unit.high },
  unitLow: { as: "word", of: ({ unit }) => unit.low },
  at: { as: "double", of: ({ at }) => millisecondsOf(at) },
  ended: { as: "double", of: () => Number.NaN },
  /** How it was lost; not known before all orders are. */
  loss: { as: "byte", of: () => LOSS_NUMBERS.none },
  arm: { as: "text", of: ({ arm }) => arm },
  country: { as: "text", of: ({ country }) => country },
  /** Empty until the end, and after it where not all is told that orders are sorted by. */
  stratum: { as: "text", of: () => "" }
} as const satisfies Columns<string, DescribedPlacement>

export type PlacementColumn = keyof typeof PLACEMENT_COLUMNS
export type PlacementRows = ReturnType<typeof makePlacementRows>

/** All orders, once they are complete. */
interface ClosedOrders {
  readonly table: ObservationTable<OrderColumn>
  /** Whether one of them has the reference, by the key of provider and reference. */
  readonly hasReference: (key: Key) => boolean
}

export const makePlacementRows = (
  definitions: ReadonlyArray<Definition<PlacementSubject>>,
  { experiment, armsBy, strata }: PopulationOptions & { readonly strata: Strata }
) => {
  const answers = definitions.map((definition) => answerColumn(definition))
  const table = makeObservationTable({ all: PLACEMENT_COLUMNS, counted: {}, answers })
  const tally = { folded: 0, withoutReference: 0 }
  const key = makeTextHash()
  const orderKey = makeTextHash()
  const unitKey = makeTextHash()
  const [leftOut, time] = [table.column("leftOut"), table.column("at")]
  const [personHigh, personLow] = [table.column("personHigh"), table.column("personLow")]
  /** Orders that only another record of a placement names than the one that stays, by row. */
  const orderOf = new Map<number, Key>()
  /** When requests were made of which several records count, by row, in milliseconds since the epoch. */
  const earliest = new Map<number, number>()
  const armOf: (placement: PlacementReading) => string | undefined =
    experiment === undefined ? FOUND_ARMS[armsBy] : assignedArm(experiment)

  const add = (placement: PlacementReading, at: string | undefined): void => {
    const { reference, provider, orderId, subject } = placement
    if (reference === undefined) {
      tally.withoutReference += 1
      return
    }
    key.of(provider ?? "", reference)
    const hasOrder = orderId !== undefined && provider !== undefined
    if (hasOrder) orderKey.of(provider, orderId)
    // What was placed under an experiment was placed while it ran.
    const isInside = experiment === undefined || placement.experiment?.id === experiment.id
    const period = isInside ? experiment && afterStop(at, experiment) : outsidePeriod(at, experiment)
    const reason = leftOutNumber(period)
    const marked = experiment !== undefined && isInside
    const assigned = experiment?.unit === "reference" ? reference : placement.experiment?.unit
    const tellsUnit = assigned !== undefined
    if (tellsUnit) unitKey.of(assigned)
    const [arm, person, unit] = [armOf(placement) ?? UNKNOWN, hasOrder ? orderKey : key, tellsUnit ? unitKey : key]
    const country = placement.experiment?.country ?? ""
    const described = { ...subject, leftOut: reason, marked, at, arm, country, person, unit, tellsUnit }
    table.draft(key, described, subject)
    const row = table.find(key)
    if (row < 0) return void table.append()
    tally.folded += 1
    const [isNew, isHeld] = [reason === 0, leftOut.get(row) === 0]
    const held = isHeld ? ownOrder(row) : undefined
    const named = isNew && hasOrder
    if (named !== (held !== undefined)) orderOf.set(row, least(held ?? orderKey, orderOf.get(row)))
    if (isNew && isHeld) earliest.set(row, earlier(millisecondsOf(at), earliest.get(row) ?? time.get(row)))
    if (table.compare(row) < 0) table.write(row)
  }

  /** The key of the order that the row's record names. */
  const ownOrder = (row: number): Key | undefined => {
    const [own, named] = [table.key(row), { high: personHigh.get(row), low: personLow.get(row) }]
    return own.high === named.high && own.low === named.low ? undefined : named
  }

  /** The key of the order that the request became, whichever record of it says so; until `close`. */
  const namedOrder = (row: number): Key | undefined => ownOrder(row) ?? orderOf.get(row)

  /**
   * Gives placements the arm or person that only their orders tell, and says which were lost; the orders must be complete.
   * `asOf`: the latest moment in the data, in milliseconds since the epoch.
   */
  const close = ({ table: orders, hasReference }: ClosedOrders, asOf: number): void => {
    const [arm, severity, loss] = [table.column("arm"), table.column("severity"), table.column("loss")]
    const [country, stratum, tellsUnit] = [table.column("country"), table.column("stratum"), table.column("tellsUnit")]
    const isForeign = foreignRows(orders)
    for (let row = 0; row < table.size(); row++) {
      const order = namedOrder(row)
      const found = order === undefined ? -1 : orders.find(order)
      const known = found >= 0 && orders.column("leftOut").get(found) === 0
      const isRecorded = hasReference(table.key(row))
      if (isForeign(row, found, isRecorded)) leftOut.set(row, leftOutNumber("unmarkedPlacement"))
      const state = STATES[severity.get(row)] ?? "accepted"
      const placement = { state, namesOrder: order !== undefined, isRecorded }
      loss.set(row, LOSS_NUMBERS[lossOf(placement, orders, found, asOf)])
      time.set(row, earliest.get(row) ?? time.get(row))
      stratum.set(row, strata.ofRequest({ country: country.text(row) || undefined, at: time.get(row) }) ?? "")
      if (known) {
        const shared = tellsUnit.get(row) === 1 ? PERSON : [...PERSON, ...UNIT]
        for (const name of shared) table.column(name).set(row, orders.column(name).get(found))
        tellsUnit.set(row, 1)
      }
      if (arm.text(row) !== UNKNOWN || leftOut.get(row) !== 0) continue
      if (known) arm.set(row, orders.column("arm").text(found))
      else leftOut.set(row, leftOutNumber("placementWithoutArm"))
    }
    orderOf.clear()
    earliest.clear()
  }

  /**
   * Whether a request was hardly made under the experiment: it carries no mark, where its order was left out for that or
   * where other requests carry one and no order in the data is its.
   */
  const foreignRows = (orders: ObservationTable<OrderColumn>) => {
    const marked = table.column("marked")
    let areMarked = false
    for (let row = 0; row < table.size() && !areMarked; row++) areMarked = marked.get(row) === 1
    return (row: number, found: number, isRecorded: boolean): boolean => {
      if (experiment === undefined || marked.get(row) === 1) return false
      if (found < 0) return areMarked && !isRecorded && table.column("arm").text(row) !== UNKNOWN
      return orders.column("leftOut").get(found) === UNMARKED
    }
  }

  return { table, add, close, tally, namedOrder }
}

const UNMARKED = leftOutNumber("unmarked")

/** What a request has of its order: who was called, and what was assigned, if it does not tell that itself. */
const PERSON = ["personHigh", "personLow"] as const
const UNIT = ["unitHigh", "unitLow"] as const

/** NaN where neither is told. */
const earlier = (a: number, b: number): number => (Number.isNaN(a) || b < a ? b : a)

/** Of two keys always the same, whichever came first. */
const least = (a: Key, b: Key | undefined): Key =>
  b === undefined || a.high < b.high || (a.high === b.high && a.low < b.low) ? { high: a.high, low: a.low } : b

const FOUND_ARMS = {
  provider: ({ provider }) => provider,
  agent: ({ agentId }) => agentId,
  campaign: () => undefined
} as const satisfies Record<ArmsBy, (placement: PlacementReading) => string | undefined>

/** The arm that the line names, else that of its reference if references are what is assigned. */
const assignedArm = (experiment: Experiment): ((placement: PlacementReading) => string | undefined) => {
  const names = new Set<string>(experiment.arms.map(({ name }) => name))
  const providers = new Set<string>(experiment.arms.map(({ provider }) => provider))
  const assign = makeAssign(experiment)
  return ({ experiment: told, reference, provider }) => {
    if (told !== undefined) return told.id === experiment.id && names.has(told.arm) ? told.arm : undefined
    if (experiment.unit !== "reference" || provider === undefined || !providers.has(provider)) return undefined
    const unit = unitOf(experiment, { reference })
    return Result.isSuccess(unit) ? assign(unit.success).arm.name : undefined
  }
}
