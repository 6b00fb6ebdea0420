/** What became of placements, on standard output. */
import type { Reconciled, Search, Uncertain } from "../../calls/Placed.ts"
import type { JournalError } from "../../calls/PlacementJournal.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import { withoutNative } from "../../normalize/Normalizer.ts"
import { type CallError, formatCallRef } from "../../provider/CallError.ts"
import type { AssignedArm } from "../commands/place/orderInput.ts"
import type { Results } from "./results.ts"
import { aligned, plainText, seconds, shortened } from "../shell/terminal.ts"

/** An order that was not placed. */
export interface NotPlaced {
  readonly state: "failed"
  readonly reference: string | undefined
  /** Where it stood, for an order from a file. */
  readonly source: string | undefined
  /** Whom it would have been placed with; absent if that is not known. */
  readonly provider?: string
  readonly reason: string
  readonly message: string
}

/** A placement that was given up. */
export interface Released {
  readonly state: "released"
  readonly reference: string
}

export type PlacementResult = Reconciled | NotPlaced | Released

/** What is told of a placement beyond its result. */
export interface PlacementNote {
  readonly experiment?: AssignedArm
  /** How long the provider took to answer; absent unless the request was sent just now. */
  readonly latencyMs?: number
}

export const reasonOf = (error: CallError | JournalError): string =>
  error._tag === "CallError" ? error.reason._tag : error._tag

const HEADER = ["REFERENCE", "CALL", "PLACED", "STATUS", "REACH", "TALK", "NOTES"]

const LONGEST_REFERENCE = 40

const talk = (order: CallOrder | undefined): string =>
  seconds(order?.attempts.findLast(({ talkSeconds }) => talkSeconds !== undefined)?.talkSeconds)

const SEARCHED = {
  early: "it is too young for the provider's list to say anything",
  whole: "the provider's list is whole and does not have it",
  part: "the part of the provider's list that tells references does not have it",
  none: "the provider's list does not tell references"
} as const satisfies Record<Search["compared"], string>

const uncertainNote = ({ because, search }: Uncertain): string =>
  search === undefined ? because : `${because}; ${SEARCHED[search.compared]}`

const rowOf = (result: PlacementResult, { experiment }: PlacementNote): ReadonlyArray<string> => {
  const reference = shortened(plainText(result.reference ?? ""), LONGEST_REFERENCE)
  switch (result.state) {
    case "accepted": {
      const { order } = result
      const placed = result.already ? "already" : "now"
      return [
        reference,
        formatCallRef(result.call),
        placed,
        order?.status ?? "",
        order?.reach.value ?? "",
        talk(order),
        [experiment === undefined ? "" : `arm ${experiment.arm}`, result.differs === true ? "other content" : ""]
          .filter((note) => note !== "")
          .join(", ")
      ]
    }
    case "in_flight":
      return [reference, `${result.provider}:?`, "in flight", "", "", "", `ask again at ${result.askAgainAt}`]
    case "free":
      return [reference, "", "no", "", "", "", "no placement holds it: it can be placed"]
    case "uncertain":
      return [reference, `${result.provider}:?`, "uncertain", "", "", "", uncertainNote(result)]
    case "failed":
      return [reference, "", "no", "", "", "", result.reason]
    case "released":
      return [reference, "", "released", "", "", "", "the reference can be placed again"]
  }
}

const jsonOf = (result: PlacementResult, native: boolean): object => {
  if (result.state !== "accepted") return result
  const { call, order, ...rest } = result
  const shown = order === undefined ? {} : { status: order.status, order: native ? order : withoutNative(order) }
  return { ...rest, provider: call.provider, call: formatCallRef(call), ...shown }
}

export interface PlacementOutput {
  /** `place`: where it stands in a table; after all others unless given. */
  readonly add: (result: PlacementResult, place?: number, note?: PlacementNote) => void
  readonly end: () => void
}

/** JSON is written as results come; a table at the end. */
export const makePlacementOutput = (
  { json, native }: { readonly json: boolean; readonly native: boolean },
  { print }: Pick<Results, "print">
): PlacementOutput => {
  const rows: Array<{ readonly place: number; readonly cells: ReadonlyArray<string> }> = []
  return {
    add: (result, place = rows.length, note = {}) => {
      if (json) print(`${JSON.stringify({ ...jsonOf(result, native), ...note })}\n`, aligned([rowOf(result, note)]))
      else rows.push({ place, cells: rowOf(result, note) })
    },
    end: () => {
      if (rows.length === 0) return
      const table = aligned([HEADER, ...rows.toSorted((a, b) => a.place - b.place).map(({ cells }) => cells)])
      print(table, table)
    }
  }
}
