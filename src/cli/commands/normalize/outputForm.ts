/** The output format of `normalize`, from its flags and the name of its file. */
import * as Effect from "effect/Effect"
import * as Flag from "effect/cli/Flag"
import { CALL_COLUMNS, type CallColumn } from "../../../normalize/callRow.ts"
import { type Format, FORMATS, makeEncoder } from "../../records/encoders.ts"
import type { OutputFlag } from "../../shell/commandRun.ts"
import { type Given, onOff, optional, refuseGiven, text, timeZoneOf, wordsOf } from "../../shell/flags.ts"
import { GROUP_KEYS, type GroupKey, makeGroupEncoder } from "./groups.ts"

export const formFlags = {
  format: Flag.Literals("format", FORMATS).pipe(
    Flag.withAlias("f"),
    Flag.withDescription(
      "ndjson (default): one record a line; json: one array; csv: one row per attempt; table: for people; a .csv or .json of --output says it as well"
    ),
    optional
  ),
  columns: text("columns", "NAMES", "CSV: only these columns, in this order, separated by commas"),
  bom: onOff("bom", "CSV: begin with a byte order mark, by which Excel reads accents right"),
  oneLine: onOff("one-line", "CSV: no line breaks within cells; turns of a transcript are divided by |"),
  groupBy: text(
    "group-by",
    "KEYS",
    `Count people by how they were reached, for each ${GROUP_KEYS.join(", ")}, or several of them separated by commas; a table unless --format says otherwise`
  ),
  timeZone: text(
    "time-zone",
    "ZONE",
    "With --group-by: whose days and weeks, an IANA name such as Europe/Paris (default UTC)"
  )
}

interface FormFlags extends Given<typeof formFlags>, OutputFlag {
  readonly only: string | undefined
}

const formatOfName = (name: string): Format | undefined => {
  const ending = /\.(csv|json|ndjson|jsonl)$/i.exec(name)?.[1]?.toLowerCase()
  return ending === "jsonl" ? "ndjson" : FORMATS.find((format) => format === ending)
}

/** The format with its encoder; `isCounted`: records are counted instead of written, each order once. */
export const outputFormOf = Effect.fnUntraced(function* (flags: FormFlags) {
  const columns = yield* wordsOf<CallColumn>("--columns", flags.columns, CALL_COLUMNS)
  const keys = yield* wordsOf<GroupKey>("--group-by", flags.groupBy, GROUP_KEYS)
  const format = flags.format ?? formatOfName(flags.output ?? "") ?? (keys === undefined ? "ndjson" : "table")
  if (format !== "csv") {
    yield* refuseGiven({ "--columns": flags.columns, "--bom": flags.bom, "--one-line": flags.oneLine }, "--format csv")
  }
  if (keys === undefined) {
    yield* refuseGiven({ "--time-zone": flags.timeZone }, "--group-by, whose days it is about")
    const csv = { columns, bom: flags.bom, oneLine: flags.oneLine }
    return { format, isCounted: false, encoder: makeEncoder(format, csv) }
  }
  yield* refuseGiven({ "--only": flags.only }, "without --group-by, which writes no records")
  yield* refuseGiven({ "--columns": flags.columns }, "without --group-by, which has columns of its own")
  const timeZone = (yield* timeZoneOf(flags.timeZone)) ?? "UTC"
  return { format, isCounted: true, encoder: makeGroupEncoder(keys, { format, timeZone, bom: flags.bom }) }
})
