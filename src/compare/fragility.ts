/** What a verdict hangs on beside answers that may be wrong: answers that are not there, and the choice of the definition. */
import type { Contrast, Scenario } from "./Comparison.ts"
import { keeps } from "./samples.ts"

const CAUSES = {
  worst_for_arm: "unanswered",
  worst_for_baseline: "unanswered",
  other_definition: "definition",
  some_wrong: undefined
} as const satisfies Record<Scenario["scenario"], string | undefined>

export type Cause = NonNullable<(typeof CAUSES)[Scenario["scenario"]]>

type Judged = Pick<Contrast, "verdict" | "sensitivity">

/** Whether a what-if scenario turns the verdict round or takes it away. */
export const changesVerdict = ({ verdict }: Pick<Judged, "verdict">, scenario: Pick<Scenario, "verdict">): boolean =>
  verdict !== undefined && !keeps(verdict, scenario.verdict)

/** Whether a scenario of that cause changes the verdict; `undefined` where there is none. */
export const hangsOn = (contrast: Judged, cause: Cause): boolean | undefined => {
  const asked = contrast.sensitivity.filter(({ scenario }) => CAUSES[scenario] === cause)
  return asked.length === 0 ? undefined : asked.some((scenario) => changesVerdict(contrast, scenario))
}

/** Whether the verdict hangs on neither; `undefined` where nothing asks. */
export const isRobust = (contrast: Judged): boolean | undefined => {
  const found = [hangsOn(contrast, "unanswered"), hangsOn(contrast, "definition")].filter((each) => each !== undefined)
  return found.length === 0 ? undefined : !found.includes(true)
}
