/**
 * How records about one call are put in order where no payload is there to settle them: what is over comes before what
 * is not, whatever else differs. The orders are total, so which record was read first makes no difference.
 */
import { type Attempt, attemptFields } from "./CallAttempt.ts"
import { type CallOrder, orderFields } from "./CallOrder.ts"
import { isOverAttempt, isTerminalOrder } from "./CallStatus.ts"
import { uncountedIn } from "./fields.ts"
import { compareText } from "./textOrder.ts"

const uncounted = uncountedIn(orderFields, attemptFields)

/** How many fields a record tells, those of its attempts included. */
export const fieldCount = (record: CallOrder | Attempt): number => {
  let told = 0
  for (const key in record) if (!uncounted.has(key)) told += 1
  if ("attempts" in record) for (const attempt of record.attempts) told += fieldCount(attempt)
  return told
}

/** The later of two moments in the form of records, which sorts as time does. */
export const laterOf = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a

/** The latest time of anything that happened in an attempt. */
export const latestOfAttempt = ({ dialedAt, answeredAt, endedAt }: Attempt): string | undefined =>
  laterOf(dialedAt, laterOf(answeredAt, endedAt))

/** Over before not, then the fuller, then the later; 0 where only texts can still differ. */
export const compareAttempts = (a: Attempt, b: Attempt): number =>
  Number(isOverAttempt(a)) - Number(isOverAttempt(b)) ||
  fieldCount(a) - fieldCount(b) ||
  compareText(latestOfAttempt(a) ?? "", latestOfAttempt(b) ?? "")

/** A known end, an end in an unknown way, or none. */
const endednessOf = ({ status, terminal }: CallOrder): number =>
  terminal !== true ? 0 : isTerminalOrder(status) ? 2 : 1

const ageOf = ({ updatedAt, createdAt }: CallOrder): string => updatedAt ?? createdAt ?? ""

/**
 * Over before not, then the later, then the fuller; 0 where only texts can still differ. The later comes first here:
 * what it does not tell is taken from the others, so nothing of a fuller one is lost.
 */
export const compareOrders = (a: CallOrder, b: CallOrder): number =>
  endednessOf(a) - endednessOf(b) || compareText(ageOf(a), ageOf(b)) || fieldCount(a) - fieldCount(b)
