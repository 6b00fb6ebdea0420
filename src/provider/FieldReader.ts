/** Small readers that every adapter needs: a wire value in, a domain value out, what could not be understood noted. */
import { type AttemptStatus, isOver, type OrderStatus } from "../domain/CallStatus.ts"
import { type Decimal, parseDecimal } from "../domain/Decimal.ts"
import type { RawWords, StatusClaim } from "../domain/Fact.ts"
import { parseId } from "../domain/Identifiers.ts"
import { type Instant, parseInstant } from "../domain/Instant.ts"
import { evidenceText, flat } from "../domain/flatText.ts"
import type { Issue } from "../domain/Issue.ts"
import { formatPath, isEmptyObject, joinPaths, type JsonObject, type PathStep } from "../domain/Json.ts"
import type { WordTable } from "../domain/Words.ts"

interface IssueList {
  readonly first: ReadonlyArray<Issue>
  /** Made with the first issue: most records have none. */
  found?: Array<Issue>
}

/** Collects issues. Nothing is made or named before the first one, since this stands in the hottest path. */
export class IssueLog {
  private readonly list: IssueList
  private readonly place: ReadonlyArray<PathStep>

  constructor(first: ReadonlyArray<Issue>, place: ReadonlyArray<PathStep> = [], list: IssueList = { first }) {
    this.list = list
    this.place = place
  }

  /** The same log for a part of the record: paths are relative to it. */
  within(place: ReadonlyArray<PathStep>): IssueLog {
    return new IssueLog([], place, this.list)
  }

  add(path: string, reason: Issue["reason"], raw?: unknown): void {
    const at = this.place.length === 0 ? flat(path) : joinPaths(formatPath(this.place), path)
    this.list.found ??= [...this.list.first]
    this.list.found.push(raw === undefined ? { path: at, reason } : { path: at, reason, raw })
  }

  all(): ReadonlyArray<Issue> {
    return this.list.found ?? this.list.first
  }
}

/** Null, absent, empty text and the empty object of documentation generators are "not given". */
export const isGiven = (raw: unknown): boolean => raw !== undefined && raw !== null && raw !== "" && !isEmptyObject(raw)

/** What `readInstant` takes, as the rule of a source. */
export const INSTANT_RULE = "instant: ISO 8601 or RFC 2822 with zone, or epoch seconds or milliseconds"

/** An instant; anything given that is none becomes an issue. */
export const readInstant = (raw: unknown, path: string, issues: IssueLog): Instant | undefined => {
  if (raw === undefined || raw === null) return undefined
  const instant = parseInstant(raw)
  if (instant === undefined && isGiven(raw)) issues.add(path, "unreadable_time", raw)
  return instant
}

/** An amount as decimal text, as on the wire; anything given that is no plain decimal becomes an issue. */
export const readDecimal = (
  raw: string | number | null | undefined,
  path: string,
  issues: IssueLog
): Decimal | undefined => {
  const amount = parseDecimal(raw)
  if (amount === undefined && isGiven(raw)) issues.add(path, "wrong_type", raw)
  return amount
}

/** A value as it stands; null claims nothing. */
export const readValue = <A>(raw: A | null | undefined): A | undefined => raw ?? undefined

/** An id as text; `undefined` for null and for what is no id. */
export const readId = (raw: string | number | null | undefined): string | undefined =>
  raw === null || raw === undefined ? undefined : parseId(raw)

/** A word of the provider's as it stands; one outside the table becomes an issue. An empty word is none. */
export const readWord = <A>(
  raw: string | null | undefined,
  words: WordTable<A>,
  path: string,
  issues: IssueLog
): string | undefined => {
  if (raw === null || raw === undefined || raw === "") return undefined
  if (words(raw) === undefined) issues.add(path, "unknown_word", raw)
  return raw
}

/**
 * A status from the provider's word for it. A missing or unknown word is neither an end nor running unless `ended`, such as
 * an end time, says so. Leave out `issues` where the same word has been read before.
 */
export const readStatus = <S extends OrderStatus | AttemptStatus>(
  raw: string | null | undefined,
  words: WordTable<S>,
  path: string,
  ended: boolean,
  issues?: IssueLog
): StatusClaim<S | "unrecognized"> => {
  if (raw === undefined || raw === null || raw === "") {
    issues?.add(path, "missing")
    return { value: "unrecognized", terminal: ended, because: evidenceText(path, "missing") }
  }
  const known = words(raw)
  if (known === undefined) issues?.add(path, "unknown_word", raw)
  const value = known ?? "unrecognized"
  return { value, word: raw, terminal: isOver(value, ended), because: evidenceText(path, raw) }
}

/** Whether it was answered: yes with a time of answer, no where the time is null and the attempt is over. */
export const readAnswered = (answerTime: unknown, over: boolean): boolean | undefined =>
  isGiven(answerTime) ? true : answerTime === null && over ? false : undefined

/** What a word of evidence means: `unrecognized` outside the table, nothing without a word. */
export const meaningOf = <A>(word: RawWords[string], words: WordTable<A>): A | "unrecognized" | undefined =>
  typeof word === "string" ? (words(word) ?? "unrecognized") : undefined

/** The caller's own key of an order, under its key in a map such as the metadata; empty text is none. */
export const readReference = (map: JsonObject | null | undefined, key: string): string | undefined => {
  const reference = map != null && Object.hasOwn(map, key) ? map[key] : undefined
  return typeof reference === "string" && reference !== "" ? reference : undefined
}
