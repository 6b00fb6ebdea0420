/** How tests name placements and calls, as the laws of the journal do. */
export { callOf, keyOf } from "../../src/testing/journal/samples.ts"
