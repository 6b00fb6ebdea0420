/** The registry: every provider, one line each, and the library bound to them. */
import "../src/supportedNode.ts"
import { makeExplain } from "../src/normalize/explain.ts"
import { makeNormalizer } from "../src/normalize/Normalizer.ts"
import { registry } from "../src/provider/registry.ts"
import { revox } from "./revox/index.ts"
import { revring } from "./revring/index.ts"

export const providers = registry({
  revox,
  revring
})

export const { normalize, normalizeEffect, normalizeStream, normalizeBytes, fold } = makeNormalizer(providers)

/** For each field of a record: its value, where it stands in the provider's record, the rule, and how sure it is. */
export const explain = makeExplain(providers)

export type { RevoxOptions } from "./revox/index.ts"
export type { RevRingOptions } from "./revring/index.ts"
export * from "../src/index.ts"
