/** Measures the rules over transcripts by a sheet that was filled in. */
import * as Effect from "effect/Effect"
import { intervalText, percent } from "../../../compare/format.ts"
import {
  labelAgreement,
  type LabelAgreement,
  type LabelledTranscript,
  measureLabels,
  type RuleMeasure,
  type Share
} from "../../../compare/labels.ts"
import { namedInputs, type ReadingJob, readInThread, splitOptionsOf } from "../../inputs/readInputs.ts"
import { usage } from "../../shell/failures.ts"
import { aligned, count, jsonLine, plainText, plural, print, tell } from "../../shell/terminal.ts"
import type { LabelFlags } from "./labelCommand.ts"
import { readRow } from "./sheet.ts"

const shareText = ({ n, count: counted, share, interval }: Share): string =>
  share === undefined || interval === undefined
    ? "none"
    : `${percent(share)} of ${count(n)} (${count(counted)}; ${intervalText("rate", interval)})`

const HEAD = ["", "CALLS", "PERSONS COUNTED", "OTHERS NOT COUNTED", "AGREEMENT", "NO VERDICT", "UNCLEAR"]

const ruleText = ({ rule, groups }: RuleMeasure): string =>
  `Rule ${rule.id}: ${rule.text}\n` +
  aligned([
    HEAD,
    ...groups.map((each) => [
      plainText(each.group),
      count(each.transcripts),
      shareText(each.sensitivity),
      shareText(each.specificity),
      shareText(each.agreement),
      count(each.noVerdict),
      count(each.unclear)
    ])
  ])

const agreementText = ({ n, same, kappa }: LabelAgreement): string =>
  `Two labels on ${plural(n, "call")}: the same on ${percent(same / n)}${
    kappa === undefined ? "" : `, Cohen's kappa ${kappa.toFixed(2)}`
  }.\n`

const MOST_FAULTS = 20

export const measureSheet = Effect.fnUntraced(function* (flags: LabelFlags, sheet: string) {
  const inputs = yield* namedInputs([sheet], flags)
  const rows: Array<LabelledTranscript> = []
  const faults: Array<string> = []
  let unlabelled = 0
  const job: ReadingJob = {
    tally: { read: 0, rejected: 0 },
    payload: (payload, source) => {
      const row = readRow(payload)
      if (row === undefined) unlabelled += 1
      else if ("expected" in row) faults.push(`${source()}: ${row.column}: expected ${row.expected}`)
      else rows.push(row)
    },
    unreadable: (source, message) => faults.push(`${source}: ${message}`)
  }
  yield* readInThread(inputs, job, splitOptionsOf(flags))
  if (faults.length > 0) {
    const more = faults.length - MOST_FAULTS
    const shown = [...faults.slice(0, MOST_FAULTS), ...(more > 0 ? [`and ${count(more)} more`] : [])]
    return yield* usage(shown.map(plainText).join("\n"))
  }
  if (rows.length === 0) return yield* usage(`${sheet}: expected labels in the column label, found none`)
  const rules = measureLabels(rows)
  const agreement = labelAgreement(rows)
  print(
    flags.json
      ? jsonLine({ kind: "label_measure", version: 1, labelled: rows.length, unlabelled, rules, labels: agreement })
      : `${rules.map(ruleText).join("\n")}${agreement === undefined ? "" : `\n${agreementText(agreement)}`}`
  )
  if (unlabelled > 0) tell(`${plural(unlabelled, "call")} without a label left out\n`)
})
