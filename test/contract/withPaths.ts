/** Adapters that say otherwise where a field comes from. */
import type { Adapter } from "../../src/provider/Adapter.ts"

/** The adapter, naming these places as the sources of a field. */
export const withPaths = (
  adapter: Adapter,
  part: "order" | "attempt",
  field: string,
  ...paths: ReadonlyArray<string>
): Adapter => ({
  ...adapter,
  sources: {
    ...adapter.sources,
    [part]: adapter.sources[part].map((each) => (each.field === field ? { ...each, paths } : each))
  }
})
