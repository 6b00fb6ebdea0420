/**
 * What failures of Revox mean beyond the common table. Its error body is not documented; the SDK parses JSON where it
 * can and shows a `message`. The statuses its SDKs name are those of their generator, so no row differs.
 */
import type { StatusRows } from "../../src/provider/http/reason.ts"

export const statuses: StatusRows = {}
