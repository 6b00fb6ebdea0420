/** Records on standard output: NDJSON, a table, or the detail of a single order. */
import type { Attempt, CallAttempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { Reach } from "../../domain/Reach.ts"
import type { Transcript } from "../../domain/Transcript.ts"
import { withoutNative } from "../../normalize/Normalizer.ts"
import { formatCallRef } from "../../provider/CallError.ts"
import { plainText, print, seconds } from "../shell/terminal.ts"
import { makeEncoder } from "./encoders.ts"

type Field = readonly [name: string, value: string | undefined]

const LABEL_WIDTH = 12

const fieldLines = (fields: ReadonlyArray<Field>, indent: string): string =>
  fields
    .map(([name, value]) =>
      value === undefined || value === "" ? "" : `${indent}${name.padEnd(LABEL_WIDTH)} ${plainText(value)}\n`
    )
    .join("")

const joined = (...parts: ReadonlyArray<string | undefined>): string | undefined => {
  const given = parts.filter((part) => part !== undefined && part !== "")
  return given.length === 0 ? undefined : given.join(", ")
}

const labelled = (label: string, value: string | number | undefined): string | undefined =>
  value === undefined || value === "" ? undefined : `${label} ${value}`

const reachText = ({ value, certainty, because, contradicted }: Reach): string =>
  `${value}, ${certainty}, because ${because.join(" and ")}${contradicted === true ? "; contradicted" : ""}`

const pairs = (values: { readonly [name: string]: unknown } | undefined): string | undefined =>
  values === undefined
    ? undefined
    : Object.entries(values)
        .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join(", ")

const turnsOf = (transcript: Transcript): ReadonlyArray<readonly [who: string, text: string]> =>
  "turns" in transcript
    ? transcript.turns.map(({ role, text, toolName }) => [role, toolName === undefined ? text : `${toolName} ${text}`])
    : transcript.text.split("\n").map((line) => ["", line])

const transcriptLines = (transcript: Transcript | undefined, indent: string): string => {
  if (transcript === undefined) return `${indent}no transcript yet\n`
  const lines = turnsOf(transcript).map(([who, text]) => `${indent}${who.padEnd(8)} ${plainText(text)}`.trimEnd())
  return lines.length === 0 ? `${indent}nothing was said\n` : `${lines.join("\n")}\n`
}

const attemptLines = (attempt: Omit<Attempt, "native">, place: string, withTranscript: boolean): string => {
  const { failure, disconnect, answeredBy, handledBy } = attempt
  const told = fieldLines(
    [
      ["reach", reachText(attempt.reach)],
      ["answered by", answeredBy === undefined ? undefined : `${answeredBy.value}, ${answeredBy.certainty}`],
      ["dialled", attempt.dialedAt],
      ["answered", attempt.answeredAt],
      ["ended", joined(attempt.endedAt, disconnect?.reason, labelled("by", disconnect?.by))],
      [
        "length",
        joined(labelled("rang", seconds(attempt.ringSeconds)), labelled("talked", seconds(attempt.talkSeconds)))
      ],
      [
        "failure",
        failure === undefined ? undefined : joined(failure.kind, labelled("SIP", failure.sipCode), failure.message)
      ],
      ["handled by", handledBy?.join(", ")],
      ["recording", attempt.recordingUrl],
      ["extracted", pairs(attempt.extracted)]
    ],
    "    "
  )
  const said = withTranscript ? `    transcript\n${transcriptLines(attempt.transcript, "      ")}` : ""
  return `\n  attempt ${place}: ${attempt.status}\n${told}${said}`
}

const PARTS = ["transcript", "recording", "outcome"] as const

const recordView = (order: CallOrder, options: { readonly transcript: boolean }): string => {
  const { status, providerStatus, attempts, enriched, agent } = order
  const head = fieldLines(
    [
      ["status", providerStatus === undefined || providerStatus === status ? status : `${status} (${providerStatus})`],
      ["reach", reachText(order.reach)],
      ["to", order.to],
      ["from", order.from],
      ["agent", joined(agent?.name, agent?.id)],
      ["reference", order.reference],
      ["created", order.createdAt],
      ["scheduled", order.scheduledAt],
      ["next attempt", order.nextAttemptAt],
      ["attempts", joined(labelled("made", order.attemptsMade), labelled("allowed", order.attemptsAllowed))],
      ["outcome", joined(order.outcome, order.outcomeReason)],
      ["summary", order.summary],
      ["variables", pairs(order.variables)],
      ["metadata", pairs(order.metadata)],
      ["arrived", PARTS.filter((part) => enriched[part]).join(", ") || "nothing but the state yet"],
      ["issues", order.issues?.map(({ path, reason }) => `${path} ${reason}`).join(", ")],
      ["conflicts", order.conflicts?.map(({ path, value }) => `${path} ${value}`).join(", ")]
    ],
    "  "
  )
  const tries = attempts.map((attempt, index) =>
    attemptLines(attempt, `${index + 1} of ${attempts.length}`, options.transcript)
  )
  return `${formatCallRef(order)}\n${head}${tries.join("")}`
}

interface RecordFlags {
  readonly json: boolean
  readonly native: boolean
}

/** JSON is written as records come, a table when its columns are known. */
export const makeRecordOutput = ({ json, native }: RecordFlags) => {
  const encoder = makeEncoder(json ? "ndjson" : "table")
  let end = (): void => {}
  return {
    add: (record: CallOrder | CallAttempt): void => {
      print(encoder.record(native ? record : withoutNative(record)))
      end = () => print(encoder.end())
    },
    end: (): void => end()
  }
}

/** For people a single order is shown in detail. */
export const makeDetailOutput = (flags: RecordFlags & { readonly transcript: boolean }, asked: number) =>
  flags.json || asked !== 1
    ? makeRecordOutput(flags)
    : { add: (order: CallOrder): void => print(recordView(order, flags)), end: (): void => {} }
