/** The registry: every provider, one line each. */
import { registry } from "../src/provider/registry.ts"
import { revox } from "./revox/index.ts"
import { revring } from "./revring/index.ts"

export const providers = registry({
  revox,
  revring
})
