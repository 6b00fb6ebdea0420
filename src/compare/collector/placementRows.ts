/** Requests to place an order as rows: each reference once at a provider, as its request turned out when it was made. */
import * as Result from "effect/Result"
import { makeAnswers } from "./answers.ts"
import { makeAssign, unitOf } from "../../experiment/assignment.ts"
import type { Experiment } from "../../experiment/Experiment.ts"
import type { Definition, PlacementSubject } from "../../metrics/Metric.ts"
import { millisecondsOf } from "./moments.ts"
import { compareText } from "../../domain/textOrder.ts"
import { makeNames, type Names } from "./names.ts"
import { makeObservationTable, type ObservationTable } from "./ObservationTable.ts"
import type { OrderRows } from "./orderRows.ts"
import type { PlacementReading } from "./placementRecord.ts"
import { type ArmsBy, LEFT_OUT, outsidePeriod } from "./populations.ts"
import { makeTextHash } from "./textHash.ts"

export interface PlacementRowsOptions {
  readonly definitions: ReadonlyArray<Definition<PlacementSubject>>
  readonly experiment: Experiment | undefined
  readonly armsBy: ArmsBy
}

export interface PlacementRows {
  readonly table: ObservationTable
  readonly arms: Names
  readonly add: (placement: PlacementReading, at: string | undefined) => void
  /** Gives placements whose arm or person only their orders tell those; `orders` must be closed. */
  readonly close: (orders: Pick<OrderRows, "table" | "arms">) => void
  readonly tally: { folded: number; withoutReference: number }
}

/**
 * The most telling record of a request stays: one that measured the provider's answer, then the worse state, since later
 * records of a reference say what has become of it and not how the request went.
 */
const SEVERITY = { accepted: 0, uncertain: 1, failed: 2 } as const

/** An arm that only the order may tell. */
const UNKNOWN = ""

export const makePlacementRows = ({ definitions, experiment, armsBy }: PlacementRowsOptions): PlacementRows => {
  const answers = makeAnswers(definitions)
  const table = makeObservationTable(answers.rates, answers.values)
  const { draft } = table
  const arms = makeNames()
  const tally = { folded: 0, withoutReference: 0 }
  const key = makeTextHash()
  const order = makeTextHash()
  const armOf = experiment === undefined ? foundArm(armsBy) : assignedArm(experiment)

  const add = (placement: PlacementReading, at: string | undefined): void => {
    const { reference, provider, orderId, subject } = placement
    if (reference === undefined) {
      tally.withoutReference += 1
      return
    }
    key.of(provider ?? "", reference)
    draft.keyHigh = key.high
    draft.keyLow = key.low
    draft.grade = subject.latencyMs === undefined ? 0 : 1
    draft.told = SEVERITY[subject.state]
    draft.at = millisecondsOf(at)
    draft.arm = arms.numberOf(armOf(placement))
    // What was placed under an experiment was placed while it ran.
    draft.leftOut =
      experiment === undefined || placement.experiment?.id === experiment.id ? 0 : outsidePeriod(at, experiment)
    // Until the end, the order's key: it may be read later than its placement.
    if (orderId === undefined || provider === undefined) {
      draft.personHigh = key.high
      draft.personLow = key.low
    } else {
      order.of(provider, orderId)
      draft.personHigh = order.high
      draft.personLow = order.low
    }
    answers.ask(subject, draft)
    const row = table.find(key.high, key.low)
    if (row < 0) return void table.append()
    tally.folded += 1
    const comparison = table.compare(row) || compareText(arms.name(table.get(row, "arm")), arms.name(draft.arm))
    if (comparison < 0) table.write(row)
  }

  const close: PlacementRows["close"] = (orders) => {
    for (let row = 0; row < table.size(); row++) {
      const found = orders.table.find(table.get(row, "personHigh"), table.get(row, "personLow"))
      const known = found >= 0 && orders.table.get(found, "leftOut") === LEFT_OUT.none
      if (known) {
        table.set(row, "personHigh", orders.table.get(found, "personHigh"))
        table.set(row, "personLow", orders.table.get(found, "personLow"))
      }
      if (arms.name(table.get(row, "arm")) !== UNKNOWN) continue
      if (table.get(row, "leftOut") !== LEFT_OUT.none) continue
      if (known) table.set(row, "arm", arms.numberOf(orders.arms.name(orders.table.get(found, "arm"))))
      else table.set(row, "leftOut", LEFT_OUT.placementWithoutArm)
    }
  }

  return { table, arms, add, close, tally }
}

const foundArm = (armsBy: ArmsBy): ((placement: PlacementReading) => string) => {
  switch (armsBy) {
    case "provider":
      return ({ provider }) => provider ?? UNKNOWN
    case "agent":
      return ({ agentId }) => agentId ?? UNKNOWN
    case "campaign":
      return () => UNKNOWN
  }
}

/** The arm that the line names, else that of its reference if references are what is assigned. */
const assignedArm = (experiment: Experiment): ((placement: PlacementReading) => string) => {
  const names = new Set<string>(experiment.arms.map(({ name }) => name))
  const providers = new Set<string>(experiment.arms.map(({ provider }) => provider))
  const assign = makeAssign(experiment)
  return ({ experiment: told, reference, provider }) => {
    if (told !== undefined) return told.id === experiment.id && names.has(told.arm) ? told.arm : UNKNOWN
    if (experiment.unit !== "reference" || provider === undefined || !providers.has(provider)) return UNKNOWN
    return Result.match(unitOf(experiment, { reference }), {
      onFailure: () => UNKNOWN,
      onSuccess: (unit) => assign(unit).arm.name
    })
  }
}
