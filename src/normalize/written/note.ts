/** The remark on a record that comes from a record, and not from payloads. */
import type { CallAttempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import type { Issue } from "../../domain/Issue.ts"
import { settledIssues } from "../../domain/ViewJoin.ts"

const NOTE: Issue = { path: "", reason: "read_as_view" }

const isNote = ({ reason }: Issue): boolean => reason === NOTE.reason

export const isNoted = ({ issues }: CallOrder | CallAttempt): boolean => issues?.some(isNote) === true

/** A record's issues with the note among them. */
export const withNote = ({ issues = [] }: CallOrder | CallAttempt): ReadonlyArray<Issue> =>
  settledIssues([...issues, NOTE])

export const withoutNote = (record: CallOrder | CallAttempt): CallOrder | CallAttempt => {
  if (!isNoted(record)) return record
  const { issues = [], ...rest } = record
  const others = issues.filter((issue) => !isNote(issue))
  return others.length === 0 ? rest : { ...rest, issues: others }
}
