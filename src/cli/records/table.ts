/** A table for people: one line per attempt, widths taken from the first lines. */
import type { Attempt } from "../../domain/CallAttempt.ts"
import type { CallHint } from "../../domain/CallHint.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { CallRecord } from "../../domain/OutputRecord.ts"
import { alignedRow, plainText, plural, seconds, shortened, widthsOf } from "../shell/terminal.ts"

const HEADER = ["PROVIDER", "ORDER", "TRY", "TO", "STATUS", "REACH", "SURE", "TALK", "WHEN (UTC)", "NOTES"]

/** Only these rows determine the widths; a wider cell in a later row shifts the next ones. */
const MEASURED_ROWS = 200
const LONGEST_CELL = 36

type Row = ReadonlyArray<string>

const when = (instant: string | undefined): string =>
  instant === undefined ? "" : `${instant.slice(0, 10)} ${instant.slice(11, 16)}`

/** The earliest time that is known of an attempt. */
export const timeOf = ({ dialedAt, answeredAt, endedAt }: Omit<Attempt, "native">) => dialedAt ?? answeredAt ?? endedAt

const attemptNotes = ({ reach, failure, disconnect }: Omit<Attempt, "native">): ReadonlyArray<string> => [
  ...(reach.contradicted === true ? ["contradicted"] : []),
  ...(failure === undefined ? [] : [`failure ${failure.kind}`]),
  ...(disconnect?.reason === undefined ? [] : [`ended ${disconnect.reason}`])
]

/** Notes about the order as a whole, on the line of its last attempt. */
const orderNotes = ({ outcome, issues, conflicts, reach, attempts }: CallOrder): ReadonlyArray<string> => [
  ...(attempts.length > 0 && attempts.at(-1)?.reach.value !== reach.value ? [`order ${reach.value}`] : []),
  ...(outcome === undefined ? [] : [`outcome ${outcome}`]),
  ...(issues === undefined ? [] : [plural(issues.length, "issue")]),
  ...(conflicts === undefined ? [] : ["conflict"])
]

const hintRow = (hint: CallHint): Row => {
  const status = hint.providerStatus ?? hint.event
  const note = hint.result === undefined ? "" : `result ${hint.result}`
  const at = when(hint.endedAt ?? hint.dialedAt)
  return [hint.provider, hint.orderId ?? "", "hint", hint.to ?? "", status, "", "", "", at, note]
}

const attemptRow = (
  [provider, id, place, to, status]: readonly [string, string, string, string, string],
  attempt: Omit<Attempt, "native">,
  created?: string,
  orderNotes: ReadonlyArray<string> = []
): Row => {
  const { reach, talkSeconds } = attempt
  const at = when(timeOf(attempt) ?? created)
  const notes = [...attemptNotes(attempt), ...orderNotes].join(", ")
  return [provider, id, place, attempt.to ?? to, status, reach.value, reach.certainty, seconds(talkSeconds), at, notes]
}

const orderRows = (order: CallOrder): ReadonlyArray<Row> => {
  const { provider, id, to = "", status, reach, attempts, createdAt } = order
  const notes = orderNotes(order)
  if (attempts.length === 0) {
    return [[provider, id, "0/0", to, status, reach.value, reach.certainty, "", when(createdAt), notes.join(", ")]]
  }
  return attempts.map((attempt, index) => {
    const place = `${index + 1}/${attempts.length}`
    return attemptRow([provider, id, place, to, status], attempt, createdAt, index === attempts.length - 1 ? notes : [])
  })
}

const rowsOf = (record: CallRecord): ReadonlyArray<Row> => {
  if (record.kind === "call_order") return orderRows(record)
  if (record.kind === "call_hint") return [hintRow(record)]
  return [attemptRow([record.provider, record.orderId ?? record.id, "attempt", "", record.status], record)]
}

const shown = (cell: string): string => shortened(plainText(cell), LONGEST_CELL)

export const makeTable = () => {
  let widths: ReadonlyArray<number> | undefined
  const waiting: Array<Row> = [HEADER]
  const release = (): string => {
    const measured = (widths ??= widthsOf(waiting.slice(0, MEASURED_ROWS)))
    return waiting
      .splice(0)
      .map((row) => alignedRow(row, measured))
      .join("")
  }
  return {
    record: (record: CallRecord): string => {
      for (const row of rowsOf(record))
        waiting.push(row.map((cell, at) => (at === row.length - 1 ? cell : shown(cell))))
      return widths === undefined && waiting.length <= MEASURED_ROWS ? "" : release()
    },
    end: release
  }
}
