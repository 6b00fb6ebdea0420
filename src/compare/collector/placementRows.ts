/** Requests to place an order as rows: each reference once at a provider, as its request turned out when it was made. */
import * as Result from "effect/Result"
import { makeAssign, unitOf } from "../../experiment/assignment.ts"
import type { Experiment } from "../../experiment/Experiment.ts"
import type { Definition, PlacementSubject } from "../../metrics/Metric.ts"
import { answerColumn } from "./answers.ts"
import { millisecondsOf } from "./moments.ts"
import { type Columns, type Key, makeObservationTable, type ObservationTable } from "./ObservationTable.ts"
import type { PlacementReading } from "./placementRecord.ts"
import { afterStop, type ArmsBy, leftOutNumber, outsidePeriod, type PopulationOptions } from "./populations.ts"
import { makeTextHash } from "./textHash.ts"

/**
 * The most telling record of a request stays: one that measured the provider's answer, then the worse state, since later
 * records of a reference say what has become of it and not how the request went.
 */
const SEVERITY = { accepted: 0, uncertain: 1, failed: 2 } as const

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
}

const PLACEMENT_COLUMNS = {
  isMeasured: { as: "byte", of: ({ latencyMs }) => Number(latencyMs !== undefined) },
  severity: { as: "byte", of: ({ state }) => SEVERITY[state] },
  leftOut: { as: "byte", of: ({ leftOut }) => leftOut },
  marked: { as: "byte", of: ({ marked }) => Number(marked) },
  personHigh: { as: "word", of: ({ person }) => person.high },
  personLow: { as: "word", of: ({ person }) => person.low },
  at: { as: "double", of: ({ at }) => millisecondsOf(at) },
  ended: { as: "double", of: () => Number.NaN },
  arm: { as: "text", of: ({ arm }) => arm },
  stratum: { as: "text", of: () => "" }
} as const satisfies Columns<string, DescribedPlacement>

export type PlacementColumn = keyof typeof PLACEMENT_COLUMNS

export const makePlacementRows = (
  definitions: ReadonlyArray<Definition<PlacementSubject>>,
  { experiment, armsBy }: PopulationOptions
) => {
  const answers = definitions.map((definition) => answerColumn(definition))
  const table = makeObservationTable({ all: PLACEMENT_COLUMNS, counted: {}, answers })
  const tally = { folded: 0, withoutReference: 0 }
  const key = makeTextHash()
  const orderKey = makeTextHash()
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
    const person = hasOrder ? orderKey : key
    const described = { ...subject, leftOut, marked, at, arm: armOf(placement) ?? UNKNOWN, person }
    table.draft(key, described, subject)
    const row = table.find(key)
    if (row < 0) return void table.append()
    tally.folded += 1
    if (table.compare(row) < 0) table.write(row)
  }

  /** Gives placements whose arm or person only their orders tell those; the orders must be complete. */
  const close = (orders: ObservationTable): void => {
    const [leftOut, arm, marked] = [table.column("leftOut"), table.column("arm"), table.column("marked")]
    const [high, low] = [table.column("personHigh"), table.column("personLow")]
    for (let row = 0; row < table.size(); row++) {
      const found = orders.find({ high: high.get(row), low: low.get(row) })
      const orderLeftOut = found < 0 ? 0 : orders.column("leftOut").get(found)
      const known = found >= 0 && orderLeftOut === 0
      if (orderLeftOut === UNMARKED && marked.get(row) === 0) leftOut.set(row, leftOutNumber("unmarkedPlacement"))
      if (known) {
        high.set(row, orders.column("personHigh").get(found))
        low.set(row, orders.column("personLow").get(found))
      }
      if (arm.text(row) !== UNKNOWN || leftOut.get(row) !== 0) continue
      if (known) arm.set(row, orders.column("arm").text(found))
      else leftOut.set(row, leftOutNumber("placementWithoutArm"))
    }
  }

  return { table, add, close, tally }
}

const UNMARKED = leftOutNumber("unmarked")

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
