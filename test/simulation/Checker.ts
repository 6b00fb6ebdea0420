/** What looks for something in a history that must not be. */
import type { History } from "./history.ts"
import type { PlacingModel } from "./placingModel.ts"
import type { StepKind } from "./script.ts"

/** Pure; the model is that of the whole history. Each fault is a sentence. */
export type Checker = (history: History, model: PlacingModel) => ReadonlyArray<string>

export const MINUTE = 60_000

/** Whether a history has no such step. */
export const isWithout = ({ script }: History, ...kinds: ReadonlyArray<StepKind>): boolean =>
  script.steps.every((step) => !kinds.includes(step.do))
