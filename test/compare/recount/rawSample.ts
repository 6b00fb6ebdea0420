/**
 * The sample experiment as its raw files have it, read by nothing of the library: what became of the first order of each
 * person. Fields and rules are those that docs/providers and docs/comparing.md state.
 */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"

const root = new URL("../../../", import.meta.url)

/** Any JSON, walked by names. */
interface Json {
  readonly [name: string]: unknown
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null
const at = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined)
const textAt = (value: unknown, name: string): string => {
  const found = at(value, name)
  return typeof found === "string" ? found : ""
}
const timeAt = (value: unknown, name: string): number => Date.parse(textAt(value, name))
const listAt = (value: unknown, name: string): ReadonlyArray<unknown> => {
  const found = at(value, name)
  return Array.isArray(found) ? found : []
}

export type ArmName = "now" | "next"

/** What a person's first order came to. Times in seconds. */
export interface Order {
  readonly arm: ArmName
  readonly id: string
  readonly to: string
  readonly from: string
  readonly createdAt: number
  readonly changedAt: number
  readonly isOver: boolean
  /** Dials that were made. */
  readonly dials: number
  /** From the order to its first dial. */
  readonly wait: number
  readonly isConnected: boolean
  readonly ring: number
  readonly talk: number
  readonly isHungUpByRemote: boolean
  readonly isTransferred: boolean
  readonly hasTranscript: boolean
  readonly hasRecording: boolean
  /** Of the first dial; `undefined` without a verdict. */
  readonly replies: number | undefined
  /** What the provider says answered. */
  readonly ownWord: "person" | "mailbox" | "something else" | undefined
  /** Why the first dial did not connect, in the words of the report; empty if it did, or was not made. */
  readonly failure: string
  /** From the last end to the complete record, of orders with transcript and recording. */
  readonly completeAfter: number | undefined
}

/** The phrases of machines stand in the documentation, one line for each language. */
const page = readFileSync(new URL("docs/comparing.md", root), "utf8")
const phrases = (page.split("generated: machine-phrases")[1]?.split("end generated")[0] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| Language"))
  .flatMap((line) => (line.split("|")[2] ?? "").split("·").map((phrase) => phrase.trim()))
if (phrases.length < 50) throw new Error("the phrases of machines are not where they were")

const plain = (text: string): string =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .replaceAll("’", "'")

const saysPhrase = (text: string): boolean => {
  const said = ` ${plain(text).replaceAll(/[.,;:!?…]/g, " ")} `.replaceAll(/\s+/g, " ")
  return phrases.some((phrase) => said.includes(` ${phrase} `))
}

const repliesIn = (turns: ReadonlyArray<unknown>): number | undefined => {
  const spoken = turns.map((turn) => ({ isAgent: textAt(turn, "role") === "assistant", text: textAt(turn, "content") }))
  const words = spoken.flatMap(({ text }) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)))
  if (words.length < 5) return undefined
  return spoken.filter(
    ({ isAgent, text }, index) => !isAgent && spoken[index - 1]?.isAgent === true && !saysPhrase(text)
  ).length
}

const recordsOf = (file: string): ReadonlyArray<unknown> =>
  gunzipSync(readFileSync(new URL(`docs/samples/ab/${file}.ndjson.gz`, root)))
    .toString()
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line))

const REVOX_FAILURES: { readonly [word: string]: string } = {
  no_answer: "no answer",
  busy: "busy",
  number_non_attributed: "invalid number",
  temporarily_unavailable: "unreachable",
  too_many_calls: "congestion",
  non_classified_error: "unclassified"
}

const fromRevox = (record: unknown): Order => {
  const attempts = listAt(record, "call_attempts").toSorted((a, b) => timeAt(a, "started_at") - timeAt(b, "started_at"))
  const [first] = attempts
  const turns = listAt(first, "transcript")
  const result = textAt(first, "result")
  const last = attempts.at(-1)
  const isComplete = attempts.some(
    (each) => listAt(each, "transcript").length > 0 && textAt(each, "recording_url") !== ""
  )
  return {
    arm: "now",
    id: textAt(record, "id"),
    to: textAt(record, "to_phone_number"),
    from: textAt(record, "from_phone_number"),
    createdAt: timeAt(record, "created_at"),
    changedAt: timeAt(record, "updated_at"),
    isOver: at(record, "is_completed") === true || textAt(record, "status") === "failed" || attempts.length === 0,
    dials: attempts.length,
    wait: (timeAt(first, "started_at") - timeAt(record, "created_at")) / 1000,
    isConnected: textAt(first, "answered_at") !== "",
    ring: (timeAt(first, "answered_at") - timeAt(first, "started_at")) / 1000,
    talk: (timeAt(first, "ended_at") - timeAt(first, "answered_at")) / 1000,
    isHungUpByRemote: textAt(first, "ended_by") === "user",
    isTransferred: textAt(first, "end_reason") === "transfer",
    hasTranscript: turns.length > 0,
    hasRecording: textAt(first, "recording_url") !== "",
    replies: repliesIn(turns),
    ownWord:
      result === "human"
        ? "person"
        : result === "voicemail"
          ? "mailbox"
          : result === "IVR" || result === "ios-screening-filter"
            ? "something else"
            : undefined,
    failure: REVOX_FAILURES[textAt(first, "dial_error")] ?? "",
    completeAfter: isComplete ? (timeAt(record, "updated_at") - timeAt(last, "ended_at")) / 1000 : undefined
  }
}

const SIP_FAILURES: { readonly [code: string]: string } = {
  "486": "busy",
  "480": "unreachable",
  "503": "congestion",
  "603": "declined",
  "404": "invalid number"
}

const fromRevring = (record: unknown): Order => {
  const turns = listAt(record, "transcript")
  const cause = textAt(record, "hangupCause")
  const isConnected = textAt(record, "startedAt") !== ""
  const code = /^SIP (\d{3})/.exec(textAt(record, "errorMessage"))?.[1] ?? ""
  const hasRecording = textAt(record, "recordingUrl") !== ""
  return {
    arm: "next",
    id: textAt(record, "id"),
    to: textAt(record, "toNumber"),
    from: textAt(record, "fromNumber"),
    createdAt: timeAt(record, "createdAt"),
    changedAt: timeAt(record, "updatedAt"),
    isOver: textAt(record, "endedAt") !== "",
    dials: textAt(record, "initiatedAt") === "" ? 0 : 1,
    wait: (timeAt(record, "initiatedAt") - timeAt(record, "createdAt")) / 1000,
    isConnected,
    ring: (timeAt(record, "startedAt") - timeAt(record, "initiatedAt")) / 1000,
    talk: (timeAt(record, "endedAt") - timeAt(record, "startedAt")) / 1000,
    isHungUpByRemote: cause === "USER_ENDED",
    isTransferred: textAt(record, "status") === "TRANSFERRED",
    hasTranscript: turns.length > 0,
    hasRecording,
    replies: repliesIn(turns),
    ownWord: cause === "VOICEMAIL_DETECTED" ? "mailbox" : undefined,
    failure:
      isConnected || textAt(record, "status") !== "FAILED"
        ? ""
        : cause === "NO_ANSWER"
          ? "no answer"
          : (SIP_FAILURES[code] ?? "unclassified"),
    completeAfter:
      turns.length > 0 && hasRecording ? (timeAt(record, "updatedAt") - timeAt(record, "endedAt")) / 1000 : undefined
  }
}

export interface Sample {
  readonly records: number
  /** Records of orders that have a later one. */
  readonly repeated: number
  readonly orders: ReadonlyArray<Order>
  /** The first of each person. */
  readonly first: ReadonlyArray<Order>
  readonly experiment: unknown
}

export const rawSample = (): Sample => {
  const read = [...recordsOf("revox").map(fromRevox), ...recordsOf("revring").map(fromRevring)]
  // A file tells of an order as it was and then as it is.
  const orders = [...new Map(read.map((order) => [order.id, order])).values()]
  const first = new Map<string, Order>()
  for (const order of orders.toSorted((a, b) => a.createdAt - b.createdAt)) {
    if (!first.has(order.to)) first.set(order.to, order)
  }
  return {
    records: read.length,
    repeated: read.length - orders.length,
    orders,
    first: [...first.values()],
    experiment: JSON.parse(readFileSync(new URL("docs/samples/ab/experiment.json", root), "utf8"))
  }
}
