/** What a move to another provider changes beside what it can do and what its records prove. */
import type { OrderStatus } from "../domain/CallStatus.ts"
import { LONGEST_REFERENCE } from "../domain/PlaceCall.ts"

/** Limits and habits of one provider. */
export interface Conventions {
  /** The longest reference that it carries, in characters. @default LONGEST_REFERENCE */
  readonly longestReference?: number
  /** The status that our records give to an order that is over and reached nobody. @default not known */
  readonly unreachedStatus?: OrderStatus
}

/** The longest reference that orders of the provider can have, in characters. */
export const longestReferenceOf = ({ conventions }: { readonly conventions?: Conventions | undefined }): number =>
  conventions?.longestReference ?? LONGEST_REFERENCE
