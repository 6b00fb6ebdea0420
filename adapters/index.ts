/** The library, bound to every provider of `providers.ts`. */
import "../src/supportedNode.ts"
import { makeExplain } from "../src/normalize/explain.ts"
import { makeNormalizer } from "../src/normalize/Normalizer.ts"
import { providers } from "./providers.ts"

const normalizer = makeNormalizer(providers)

// One by one: taken apart in one line they would lose their comments.

/**
 * The records that a payload of any provider holds, in its order; what is no record comes as a `rejection`. It takes any
 * JSON value and never throws.
 */
export const normalize = normalizer.normalize

/** `normalize` as an Effect that fails with `PayloadRejected` if anything in the payload was rejected. */
export const normalizeEffect = normalizer.normalizeEffect

/** The records of a stream of payloads. */
export const normalizeStream = normalizer.normalizeStream

/** The records of a stream of bytes: NDJSON, JSON arrays, envelopes, pretty-printed documents, in any mixture. */
export const normalizeBytes = normalizer.normalizeBytes

/**
 * One record per order out of many payloads, and per attempt whose order is not among them. Any order and any repetition
 * of the payloads gives the same records.
 */
export const fold = normalizer.fold

/** A value with every secret in it replaced, those of these providers included. */
export const redact = providers.redactor.value

/** For each field of a record: its value, where it stands in the provider's record, the rule, and how sure it is. */
export const explain = makeExplain(providers)

export { providers }
export type { RevoxOptions } from "./revox/index.ts"
export type { RevRingOptions } from "./revring/index.ts"
export type { VapiOptions } from "./vapi/index.ts"
export * from "../src/index.ts"
