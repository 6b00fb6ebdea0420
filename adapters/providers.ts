/** Every provider, one line each. Whatever works with providers is driven by this list. */
import { registry } from "../src/provider/registry.ts"
import { revox } from "./revox/index.ts"
import { revring } from "./revring/index.ts"
import { vapi } from "./vapi/index.ts"

/** Every provider there is, by its id: how its records are read, how it is called, and its twin. */
export const declared = {
  /** Revox. */ revox,
  /** RevRing. */ revring,
  /** Vapi. */ vapi
}

/** Every provider there is, as reading records needs them. */
export const providers = registry(declared)
