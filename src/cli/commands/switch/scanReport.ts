/** What a scan found, as text: file by file, then a summary. */
import type { Finding, Sought, Trap, TrapKind } from "../../../scan/Finding.ts"
import { plainText, plural } from "../../shell/terminal.ts"
import type { Mention, Scan } from "./scanRun.ts"

const TRAP_TITLES = {
  rings_twice: "may ring twice",
  uncovered_status: "statuses that are forgotten",
  no_such_field: "fields that there are not",
  no_reference: "orders without a key of your own",
  unverified_webhook: "webhooks from anybody",
  timeout_as_failure: "a timeout taken for a failure"
} as const satisfies Record<TrapKind, string>

const KIND_TITLES = {
  client: "clients and packages",
  request: "requests",
  webhook: "handlers of webhooks",
  status: "places that tell statuses apart"
} as const satisfies Record<Finding["kind"], string>

const trapLines = ({ grade, line, says }: Trap): string => `      ! ${grade}, line ${line}: ${plainText(says)}\n`

/** What the code reads, where a record has it by another name. */
const fieldLine = (fields: { readonly [field: string]: string } = {}): string => {
  const read = Object.entries(fields).filter(([name, becomes]) => name !== becomes && !becomes.startsWith("stays"))
  return read.length === 0 ? "" : `      reads ${read.map(([name, becomes]) => `${name} (${becomes})`).join(", ")}\n`
}

const findingLines = (title: string, finding: Finding): string => {
  const { line, column, operation, grade, what, becomes, traps, fields } = finding
  const is = operation === undefined || operation === "outside" ? "" : ` (${operation})`
  const doubt = grade === "likely" ? ", likely" : ""
  return (
    `  ${line}:${column}  ${title}: ${plainText(what)}${is}${doubt}\n` +
    fieldLine(fields) +
    `      → ${plainText(becomes)}\n` +
    traps.map(trapLines).join("")
  )
}

const counted = <Key extends string>(keys: ReadonlyArray<Key>): ReadonlyArray<readonly [Key, number]> => {
  const counts = new Map<Key, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return [...counts].toSorted(([, one], [, other]) => other - one)
}

const MOST_MENTIONS = 20

const mentionLines = (mentions: ReadonlyArray<Mention>, titleOf: (id: string) => string): string => {
  if (mentions.length === 0) return ""
  const shown = mentions.slice(0, MOST_MENTIONS)
  const lines = shown.map(
    ({ file, line, provider, language }) => `  ${plainText(file)}:${line}  ${titleOf(provider)}, in ${language}\n`
  )
  const left = mentions.length - shown.length
  return `\nmentioned, in code that was not understood:\n${lines.join("")}${left > 0 ? `  and ${left} more: --json has them all\n` : ""}`
}

const list = (counts: ReadonlyArray<readonly [string, number]>): string =>
  counts.map(([name, count]) => `${name} ${count}`).join(", ")

const summaryLines = ({ files, notParsed, notRead, looked, languages }: Scan): string => {
  const findings = files.flatMap((file) => file.findings)
  const traps = findings.flatMap((finding) => finding.traps)
  const operations = counted(findings.flatMap(({ operation }) => operation ?? []))
  const lines = [
    `${plural(findings.length, "place")} in ${plural(files.length, "file")} of ${looked} JavaScript and TypeScript files`,
    ...counted(findings.map(({ kind }) => kind)).map(([kind, count]) => `  ${KIND_TITLES[kind]}: ${count}`),
    ...(operations.length === 0 ? [] : [`  operations: ${list(operations)}`]),
    `${plural(traps.length, "trap")}${traps.length === 0 ? "" : `, ${traps.filter(({ grade }) => grade === "certain").length} of them certain`}`,
    ...counted(traps.map(({ kind }) => kind)).map(([kind, count]) => `  ${TRAP_TITLES[kind]}: ${count}`)
  ]
  const others = Object.entries(languages).toSorted(([, one], [, other]) => other - one)
  if (others.length > 0) lines.push(`not scanned, in other languages: ${list(others)}`)
  if (notParsed.length > 0) lines.push(`could not be parsed: ${notParsed.map(plainText).join(", ")}`)
  if (notRead.length > 0) {
    lines.push(`not read: ${notRead.map(({ shown, reason }) => `${plainText(shown)} (${reason})`).join(", ")}`)
  }
  return `${lines.join("\n")}\n`
}

export const reportText = (scan: Scan, providers: ReadonlyArray<Sought>): string => {
  const titleOf = (id: string): string => providers.find((provider) => provider.id === id)?.title ?? id
  const files = scan.files.map(
    ({ file, findings }) =>
      `${plainText(file)}\n${findings.map((finding) => findingLines(titleOf(finding.provider), finding)).join("")}\n`
  )
  return `${files.join("")}${summaryLines(scan)}${mentionLines(scan.mentions, titleOf)}`
}
