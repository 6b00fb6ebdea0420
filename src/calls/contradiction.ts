/** Answers of success that are not believed. */
import type { OrderFact } from "../domain/Fact.ts"
import { parsePhoneNumber } from "../domain/PhoneNumber.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"
import type { Adapter } from "../provider/Adapter.ts"
import { isSameReference } from "./references.ts"

/**
 * What an order in an answer of success cannot be, if it is the one that was asked for: another number's, or another
 * reference's. What it does not tell, or not readably, contradicts nothing.
 */
export const contradictionOf = (
  { interpretation }: Adapter,
  { to, reference }: PlaceCall,
  fact: OrderFact
): "AnswerNamesOtherNumber" | "AnswerNamesOtherReference" | undefined => {
  const named = parsePhoneNumber(fact.claims.to ?? "")
  if (typeof named === "string" && named !== to) return "AnswerNamesOtherNumber"
  const told = interpretation.order(fact).reference
  return told !== undefined && !isSameReference(told, reference) ? "AnswerNamesOtherReference" : undefined
}
