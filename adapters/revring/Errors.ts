/**
 * What failures of RevRing mean beyond the common table. Its error body is not documented. Only one status is: placing
 * with `skipQueue` at the concurrency limit is answered 429.
 */
import type { StatusRows } from "../../src/provider/http/reason.ts"

export const statuses: StatusRows = { place: { 429: "AtCapacity" } }
