/** What a journal keeps of an order to notice a mistake: too little to tell anything of it. */
import { canonicalJson } from "../domain/Json.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"

/** Sixteen bits (FNV-1a, folded): one text in 65,536 has the same. */
export const sixteenBits = (text: string): string => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return ((hash >>> 16) ^ (hash & 0xffff)).toString(16).padStart(4, "0")
}

export const numberDigest = (number: string): string => sixteenBits(number)

/**
 * Of what the caller asked for beside whom, where and when: the agent, its variables and so on, before anything is added
 * to them. The same order may be asked of another provider, by another route, or for another time.
 */
export const contentDigest = ({
  to: _to,
  provider: _provider,
  scheduledAt: _at,
  notAfter: _notAfter,
  reference: _reference,
  route: _route,
  routeKey: _routeKey,
  mayOmit: _mayOmit,
  ...content
}: PlaceCall): string => sixteenBits(canonicalJson(content))

/** Of when it is to be placed; the same for every order that is to be placed at once. */
export const timeDigest = ({ scheduledAt }: PlaceCall): string => sixteenBits(scheduledAt ?? "")
