/** An answer over HTTP as it is needed: status, JSON where there is JSON, what the headers say about asking again. */
import * as Redacted from "effect/Redacted"
import { type Instant, parseInstant } from "../../domain/Instant.ts"
import { isJsonObject } from "../../domain/Json.ts"
import { present } from "../../domain/present.ts"
import { makeRedactor, type Redactor } from "../../domain/Redaction.ts"
import { httpDateMillis, retryAfterSeconds } from "./httpTime.ts"
import { requestIdOf, type Sent } from "./requestId.ts"

/** An answer over HTTP, as adapters read it. */
export interface Answer {
  readonly status: number
  /** Parsed where it is JSON, secrets removed; text otherwise; absent if empty. */
  readonly body: unknown
  /** As it came, for a token that was asked for: in `body` it is removed. */
  readonly text: Redacted.Redacted
  readonly requestId: string | undefined
  /** Seconds. */
  readonly retryAfter: number | undefined
  /** What the server says of asking again, beside the status (`x-should-retry`). */
  readonly shouldRetry: boolean | undefined
  /** The `date` header. */
  readonly date: string | undefined
  readonly isCached: boolean
  /** Request fields that the body of a failure mentions. */
  readonly fields: ReadonlyArray<string>
}

const LONGEST_FAILURE = 16_384

const parse = (text: string, redactor: Redactor): unknown => {
  if (text === "") return undefined
  try {
    return redactor.value(JSON.parse(text))
  } catch {
    // The error of JSON.parse quotes the text, and too deep nesting is no JSON we read either.
    return redactor.value(text.slice(0, LONGEST_FAILURE))
  }
}

/** Names among the fields sent that stand in the answer: a word of the request, so nothing of the answer gets out. */
const mentioned = (text: string, sent: ReadonlyArray<string>): ReadonlyArray<string> =>
  sent.filter((name) => text.split(name).some((before, at, all) => isApart(before, all[at + 1]))).slice(0, 5)

/** Whether a name between two parts of a text stands there as a word of its own. */
const isApart = (before: string, after: string | undefined): boolean =>
  after !== undefined && !/[\w-]$/.test(before) && !/^[\w-]/.test(after)

/** Whether it came out of a cache, which tells its `Age` (RFC 9111): date and content may be of another moment. */
export const isCached = ({ age }: { readonly [name: string]: string | undefined }): boolean =>
  age !== undefined && age.trim() !== "0"

export const answerOf = (
  status: number,
  headers: { readonly [name: string]: string | undefined },
  text: string,
  now: number,
  sent: Sent,
  redactor: Redactor = makeRedactor()
): Answer => ({
  status,
  body: parse(text, redactor),
  text: Redacted.make(text),
  requestId: requestIdOf(headers, sent),
  retryAfter: status < 400 ? undefined : retryAfterSeconds(headers, now),
  shouldRetry: headers["x-should-retry"] === "true" ? true : headers["x-should-retry"] === "false" ? false : undefined,
  date: headers["date"],
  isCached: isCached(headers),
  fields: status < 400 ? [] : mentioned(text.slice(0, LONGEST_FAILURE), sent.fields)
})

/** What an error keeps of an answer. */
export interface AnswerNotes {
  readonly status: number
  readonly requestId?: string
  readonly fields?: ReadonlyArray<string>
  readonly body?: Redacted.Redacted<unknown>
}

export const notesOf = ({ status, requestId, fields, body }: Answer): AnswerNotes =>
  present({
    status,
    requestId,
    fields: fields.length === 0 ? undefined : fields,
    body: body === undefined ? undefined : Redacted.make(body)
  })

/** The content of an envelope: `{ data: … }`, `{ data: { data: … } }`, or the body itself where there is none. */
export const unwrap = (body: unknown, key: string): unknown => {
  let content = body
  while (isJsonObject(content) && Object.hasOwn(content, key) && typeof content[key] === "object")
    content = content[key]
  return content
}

/** The server's clock, from the `date` header. */
export const providerTimeOf = ({ date }: Answer): { readonly providerTime?: Instant } => {
  const millis = httpDateMillis(date)
  const at = millis === undefined ? undefined : parseInstant(millis)
  return present({ providerTime: at })
}
