/** Small readers that every adapter needs: a wire value in, a domain value out, what could not be understood noted. */
import { parseId } from "../domain/Identifiers.ts"
import { type Instant, parseInstant } from "../domain/Instant.ts"
import type { Issue } from "../domain/Issue.ts"
import { isEmptyObject } from "../domain/Json.ts"
import type { WordTable } from "../domain/Words.ts"

/** Collects issues; most records have none, so the list is made on the first. */
export class IssueLog {
  private found: Array<Issue> | undefined
  private readonly first: ReadonlyArray<Issue>

  constructor(first: ReadonlyArray<Issue>) {
    this.first = first
  }

  add(path: string, reason: Issue["reason"], raw?: unknown): void {
    this.found ??= [...this.first]
    this.found.push(raw === undefined ? { path, reason } : { path, reason, raw })
  }

  all(): ReadonlyArray<Issue> {
    return this.found ?? this.first
  }
}

/** Null, absent and the empty object of documentation generators are "not given". */
export const isGiven = (raw: unknown): boolean => raw !== undefined && raw !== null && !isEmptyObject(raw)

/** An instant; anything given that is none becomes an issue. */
export const readInstant = (raw: unknown, path: string, issues: IssueLog): Instant | undefined => {
  if (raw === undefined || raw === null) return undefined
  const instant = parseInstant(raw)
  if (instant === undefined && isGiven(raw)) issues.add(path, "unreadable_time", raw)
  return instant
}

/** Text; `undefined` for null. */
export const readText = (raw: string | null | undefined): string | undefined => raw ?? undefined

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
