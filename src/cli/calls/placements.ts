/** Results of placements on standard output. */
import type { Accepted, Expired, Question, Reconciled, Search, Uncertain } from "../../calls/Placed.ts"
import type { Decision } from "../../calls/Router.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { Instant } from "../../domain/Instant.ts"
import { withoutNative } from "../../normalize/Normalizer.ts"
import { formatCallRef } from "../../provider/CallError.ts"
import { aligned, jsonLine, plainText, seconds, shortened } from "../shell/terminal.ts"
import type { Results } from "./results.ts"

export interface NotPlaced {
  readonly state: "failed"
  readonly reference: string | undefined
  /** Its place in a file, if it is from one. */
  readonly source: string | undefined
  /** The provider it was meant for, if that is known. */
  readonly provider?: string
  readonly reason: string
  readonly message: string
}

/** An uncertain placement that was given up is released: its reference is free again. */
type PlacementResult = Reconciled | Expired | NotPlaced | { readonly state: "released"; readonly reference: string }

/** What is shown of a placement beyond its result. */
export interface PlacementNote {
  /** When it was asked for. */
  readonly at?: Instant
  /**
   * `unit`: the same for all orders of a unit, and nobody can tell whose it is. `country`: that of the number, where the
   * experiment compares like with like by it.
   */
  readonly experiment?: {
    readonly id: string
    readonly arm: string
    readonly unit: string
    readonly country?: string
  }
  /** How long the provider took to answer; absent unless the request was sent just now. */
  readonly latencyMs?: number
}

const HEADER = ["REFERENCE", "CALL", "PLACED", "STATUS", "REACH", "TALK", "NOTES"]

const LONGEST_REFERENCE = 40

export const talkTime = (order: CallOrder | undefined): string =>
  seconds(order?.attempts.findLast(({ talkSeconds }) => talkSeconds !== undefined)?.talkSeconds)

const SEARCHED = {
  early: "it is too young for the provider's list to say anything",
  whole: "the provider's list is whole and does not have it",
  part: "the part of the provider's list that tells references does not have it",
  none: "the provider's list does not tell references"
} as const satisfies Record<Search["compared"], string>

const ABSENT = "the provider does not have it, as far as can be known: it can be placed again"
const DOUBTED = "called absent, but lists of this provider were wrong since: a person decides (--release)"

/** The one question that a person must answer. */
const asked = ({ ask, since, calls = [] }: Question): string =>
  ask === "is_it_one_of"
    ? `is it one of ${calls.map(formatCallRef).join(", ")}? If so, --call names it; if not, --release`
    : `does the provider show a call to its number from about ${since}? If so, --call names it; if not, --release`

const uncertainNote = ({ because, search, question }: Uncertain): string =>
  [
    because,
    ...(search === undefined ? [] : [SEARCHED[search.compared]]),
    ...(question === undefined ? [] : [asked(question)])
  ].join("; ")

const routedNotes = ({ route, rule, omitted = [] }: Decision): ReadonlyArray<string> => [
  ...(route === undefined || rule === undefined ? [] : [`route ${route}, rule ${rule}`]),
  ...(omitted.length === 0 ? [] : [`without ${omitted.join(" and ")}`])
]

const acceptedNotes = ({ differs, compacted, wasAbsent, routed, also = [] }: Accepted): ReadonlyArray<string> => [
  ...(routed === undefined ? [] : routedNotes(routed)),
  ...(differs === true ? ["other content"] : []),
  ...(compacted === true ? ["compacted: no longer known whether it is the same order"] : []),
  ...(wasAbsent === true ? ["it had been called absent"] : []),
  ...(also.length === 0 ? [] : [`also ${also.map(formatCallRef).join(", ")}`])
]

const rowOf = (result: PlacementResult, { experiment }: PlacementNote): ReadonlyArray<string> => {
  const reference = shortened(plainText(result.reference ?? ""), LONGEST_REFERENCE)
  const row = (call: string, placed: string, notes: string, order?: CallOrder) =>
    [reference, call, placed, order?.status ?? "", order?.reach.value ?? "", talkTime(order), notes] as const
  switch (result.state) {
    case "accepted": {
      const arm = experiment === undefined ? [] : [`arm ${experiment.arm}`]
      const notes = [...arm, ...acceptedNotes(result)].join(", ")
      return row(formatCallRef(result.call), result.already ? "already" : "now", notes, result.order)
    }
    case "in_flight":
      return row(`${result.provider}:?`, "in flight", `ask again at ${result.askAgainAt}`)
    case "free":
      return row("", "no", "no placement holds it: it can be placed")
    case "uncertain":
      return row(`${result.provider}:?`, "uncertain", uncertainNote(result))
    case "absent":
      return row(`${result.provider}:?`, "absent", result.doubted === true ? DOUBTED : ABSENT)
    case "expired":
      return row("", "expired", `too late: not after ${result.notAfter}`)
    case "failed":
      return row("", "no", result.reason)
    case "released":
      return row("", "released", "the reference can be placed again")
  }
}

const jsonOf = (result: PlacementResult, native: boolean): object => {
  if (result.state !== "accepted") return result
  const { call, order, ...rest } = result
  const shown = order === undefined ? {} : { status: order.status, order: native ? order : withoutNative(order) }
  return { ...rest, provider: call.provider, call: formatCallRef(call), ...shown }
}

/** JSON is written as results come; a table at the end. */
export const makePlacementOutput = (
  { json, native }: { readonly json: boolean; readonly native: boolean },
  { print }: Pick<Results, "print">
) => {
  const rows: Array<{ readonly place: number; readonly cells: ReadonlyArray<string> }> = []
  return {
    /** `place`: where it stands in a table; after all others unless given. */
    add: (result: PlacementResult, place = rows.length, note: PlacementNote = {}): void => {
      const cells = rowOf(result, note)
      if (json) print(jsonLine({ ...jsonOf(result, native), ...note }), aligned([cells]))
      else rows.push({ place, cells })
    },
    end: (): void => {
      if (rows.length === 0) return
      const table = aligned([HEADER, ...rows.toSorted((a, b) => a.place - b.place).map(({ cells }) => cells)])
      rows.length = 0
      print(table, table)
    }
  }
}

export type PlacementOutput = ReturnType<typeof makePlacementOutput>
