/** The hand-over of a Vapi call to a person or another line. Pure. */
import type { AttemptClaims } from "../../src/domain/Fact.ts"
import type { Transcript } from "../../src/domain/Transcript.ts"
import { isGiven, type IssueLog, readWord } from "../../src/provider/FieldReader.ts"
import type { ReasonMeaning } from "./EndedReason.ts"
import type * as Wire from "./Wire.ts"
import { isOfThirdParty, transferStatusWords } from "./Words.ts"

interface Party {
  readonly number?: string | null | undefined
  readonly sipUri?: string | null | undefined
  readonly twilioPhoneNumber?: string | null | undefined
}

/** The number or address of a party, as given. */
export const addressOf = (party: Party | null | undefined): string | undefined =>
  [party?.number, party?.sipUri, party?.twilioPhoneNumber].find(isGiven) ?? undefined

type Transfer = NonNullable<AttemptClaims["transfer"]>

/** How far it came. */
const TRANSFER_RANK = { initiated: 0, not_connected: 1, connected: 2, completed: 3 } as const satisfies Record<
  Transfer["state"],
  number
>

/** A hand-off to another assistant of a squad is no transfer. */
const isHandOff = (destination: Wire.Destination | null | undefined): boolean =>
  destination?.type === "assistant" || destination?.type === "squad"

const transferTo = (destination: Wire.Destination | null | undefined, state: Transfer["state"]): Transfer => {
  const to = addressOf(destination)
  return to === undefined ? { state } : { to, state }
}

const furthest = (a: Transfer["state"], b: Transfer["state"]): Transfer["state"] =>
  TRANSFER_RANK[a] >= TRANSFER_RANK[b] ? a : b

/**
 * Of several the one that came furthest, of equals the last. How far it came, the reason of the end may say too; `course` is
 * what else tells whose connection failed.
 */
export const transferFrom = (
  { artifact, destination }: Wire.Course,
  reason: ReasonMeaning | undefined,
  course: { readonly type: string | undefined; readonly transcript: Transcript | undefined },
  issues: IssueLog
): Transfer | undefined => {
  const attempts = (artifact?.transfers ?? []).flatMap((each, index): ReadonlyArray<Transfer> => {
    if (each === null || each === undefined || isHandOff(each.destination)) return []
    const word = readWord(each.status, transferStatusWords, `artifact.transfers[${index}].status`, issues)
    const state = word === undefined ? undefined : transferStatusWords(word)
    return [transferTo(each.destination, state ?? "initiated")]
  })
  const [first, ...others] = attempts
  const isTold = isGiven(destination) && !isHandOff(destination)
  const best =
    first === undefined
      ? isTold
        ? transferTo(destination, "initiated")
        : undefined
      : others.reduce((best, each) => (TRANSFER_RANK[each.state] >= TRANSFER_RANK[best.state] ? each : best), first)
  const isThirdParty = isOfThirdParty(reason, course.type, { transfer: best, transcript: course.transcript })
  const byReason = reason?.transfer ?? (isThirdParty ? "not_connected" : undefined)
  if (best === undefined) return byReason === undefined ? undefined : { state: byReason }
  return byReason === undefined ? best : { ...best, state: furthest(best.state, byReason) }
}
