import { describe, expect, it } from "vitest"
import { neverThere } from "../../../src/compare/guard/neverThere.ts"
import { WATCHED } from "../../../src/compare/guard/watchedDefinitions.ts"
import { FUNNEL_STEPS } from "../../../src/compare/plots.ts"
import { metricIds, metricsFor } from "../../../src/metrics/index.ts"
import type { Definition } from "../../../src/metrics/Metric.ts"
import { type AnswerWord, observationsOf, type Rows } from "../observed.ts"

const definitions = metricsFor().flatMap((metric): ReadonlyArray<Definition<never>> => metric.definitions)
const rules = definitions.filter(({ transcriptRule }) => transcriptRule !== undefined)

describe("what is looked at whatever is compared", () => {
  it.each(Object.entries(WATCHED))("%s is a definition of a rate that there is", (_, id) => {
    expect(definitions.find((each) => each.id === id)?.kind).toBe("rate")
  })

  it.each(FUNNEL_STEPS)("$metric is a metric that there is", ({ metric }) => {
    expect(metricIds.has(metric)).toBe(true)
  })
})

describe("a definition that counts by a rule over transcripts", () => {
  const rows = (arm: number, word: AnswerWord): Rows => ({
    arm,
    count: 300,
    rates: { [WATCHED.human]: "yes_stated", [WATCHED.conversation]: word }
  })
  const unlike = observationsOf(["a", "b"], [rows(0, "yes_inferred"), rows(1, "no_inferred")])

  it.each(rules.map(({ id }) => id))("%s is refused where the agents do not talk alike", (id) => {
    const because = definitions
      .filter((each) => each.id === id)
      .map((each) => neverThere(each, unlike, () => [])?.because)
    expect(because).toEqual(["few_conversations"])
  })

  it("alone is", () => {
    const others = definitions.filter((each) => !rules.includes(each))
    expect(others.flatMap((each) => neverThere(each, unlike, () => []) ?? [])).toEqual([])
  })
})
