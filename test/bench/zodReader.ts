/** What `src/provider/WireReader.ts` gives the mappings, over zod. Loaded in its place by `zodHooks.ts`. */
import type { z } from "zod"
import type { Issue } from "../../src/domain/Issue.ts"
import { formatPath, type JsonObject, type PathStep, valueAt } from "../../src/domain/Json.ts"

const NO_ISSUES: ReadonlyArray<Issue> = []

const isPathStep = (step: PropertyKey): step is PathStep => typeof step !== "symbol"

/** Sets every value that does not fit aside and decodes once more, as ours does. */
export const makeReader =
  <Schema extends z.ZodType>(schema: Schema) =>
  (raw: JsonObject): { body: z.output<Schema>; issues: ReadonlyArray<Issue> } => {
    const decoded = schema.safeParse(raw)
    if (decoded.success) return { body: decoded.data, issues: NO_ISSUES }
    const repaired = structuredClone(raw)
    const issues = decoded.error.issues.map(({ path }): Issue => {
      const steps = path.filter(isPathStep)
      const parent = valueAt(repaired, steps.slice(0, -1))
      const last = steps.at(-1)
      if (typeof parent === "object" && parent !== null && last !== undefined) Reflect.set(parent, last, undefined)
      return { path: formatPath(steps), reason: "wrong_type", raw: valueAt(raw, steps) }
    })
    return { body: schema.parse(repaired), issues }
  }
