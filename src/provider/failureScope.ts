/** What the failure of one read tells of the next one, and of reads of other calls. */
import type { CallErrorReason } from "./CallError.ts"

/** Whether the same read may succeed later. */
export const mayPass = (reason: CallErrorReason): boolean => reason.retryable || reason._tag === "UnreadableResponse"

/** Whether it holds for whatever is asked of the provider just now. */
export const holdsForAll = ({ _tag }: CallErrorReason): boolean =>
  _tag === "Unauthorized" || _tag === "RateLimited" || _tag === "AtCapacity"
