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
  /** Until the end, the order's key: it may be read later than its placement. */
  readonly person: Key
  /** What was assigned; where that is not told, the request itself. */
  readonly unit: Key
  readonly tellsUnit: boolean
}

const PLACEMENT_COLUMNS = {
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
  arm: { as: "text", of: ({ arm }) => arm }
} as const satisfies Columns<string, DescribedPlacement>

export type PlacementColumn = keyof typeof PLACEMENT_COLUMNS
/** All orders, once they are complete. */
interface ClosedOrders {
  readonly table: ObservationTable<OrderColumn>
  /** Whether one of them has the reference, by the key of provider and reference. */
  readonly hasReference: (key: Key) => boolean
}

export const makePlacementRows = (
  definitions: ReadonlyArray<Definition<PlacementSubject>>,
  { experiment, armsBy }: PopulationOptions
) => {
  const answers = definitions.map((definition) => answerColumn(definition))
  const table = makeObservationTable({ all: PLACEMENT_COLUMNS, counted: {}, answers })
  const tally = { folded: 0, withoutReference: 0 }
  const key = makeTextHash()
  const orderKey = makeTextHash()
  const unitKey = makeTextHash()
  const [personHigh, personLow] = [table.column("personHigh"), table.column("personLow")]
  /** Orders that only another record of a placement names than the one that stays, by row. */
  const orderOf = new Map<number, Key>()
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
    const leftOut = leftOutNumber(period)
    const marked = experiment !== undefined && isInside
    const assigned = experiment?.unit === "reference" ? reference : placement.experiment?.unit
    const tellsUnit = assigned !== undefined
    if (tellsUnit) unitKey.of(assigned)
    const [arm, person, unit] = [armOf(placement) ?? UNKNOWN, hasOrder ? orderKey : key, tellsUnit ? unitKey : key]
    const described = { ...subject, leftOut, marked, at, arm, person, unit, tellsUnit }
    table.draft(key, described, subject)
    const row = table.find(key)
    if (row < 0) return void table.append()
    tally.folded += 1
    const held = namedOrder(row)
    if (hasOrder !== (held !== undefined)) orderOf.set(row, least(held ?? orderKey, orderOf.get(row)))
    if (table.compare(row) < 0) table.write(row)
  }

  /** The key of the order that the row's record names. */
  const namedOrder = (row: number): Key | undefined => {
    const [own, named] = [table.key(row), { high: personHigh.get(row), low: personLow.get(row) }]
    return own.high === named.high && own.low === named.low ? undefined : named
  }

  /**
   * Gives placements the arm or person that only their orders tell, and says which were lost; the orders must be complete.
   * `asOf`: the latest moment in the data, in milliseconds since the epoch.
   */
  const close = ({ table: orders, hasReference }: ClosedOrders, asOf: number): void => {
    const [leftOut, arm, marked, severity, loss] = [
      table.column("leftOut"),
      table.column("arm"),
      table.column("marked"),
      table.column("severity"),
      table.column("loss")
    ]
    for (let row = 0; row < table.size(); row++) {
      const order = namedOrder(row) ?? orderOf.get(row)
      const found = order === undefined ? -1 : orders.find(order)
      const orderLeftOut = found < 0 ? 0 : orders.column("leftOut").get(found)
      const known = found >= 0 && orderLeftOut === 0
      if (orderLeftOut === UNMARKED && marked.get(row) === 0) leftOut.set(row, leftOutNumber("unmarkedPlacement"))
      const state = STATES[severity.get(row)] ?? "accepted"
      const placement = { state, namesOrder: order !== undefined, isRecorded: hasReference(table.key(row)) }
      loss.set(row, LOSS_NUMBERS[lossOf(placement, orders, found, asOf)])
      if (known) {
        personHigh.set(row, orders.column("personHigh").get(found))
        personLow.set(row, orders.column("personLow").get(found))
      }
      if (arm.text(row) !== UNKNOWN || leftOut.get(row) !== 0) continue
      if (known) arm.set(row, orders.column("arm").text(found))
      else leftOut.set(row, leftOutNumber("placementWithoutArm"))
    }
    orderOf.clear()
  }

  return { table, add, close, tally }
}

const UNMARKED = leftOutNumber("unmarked")
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
