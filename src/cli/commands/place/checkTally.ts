/** How many orders of a run other providers would have taken, and what of the rest they could not. */
import type { Decision } from "../../../calls/Router.ts"
import { plural } from "../../shell/terminal.ts"

interface Tally {
  taken: number
  checked: number
  /** By field. */
  readonly refused: Map<string, number>
}

export const makeCheckTally = () => {
  const byProvider = new Map<string, Tally>()
  return {
    add: (routed: Decision | undefined): void => {
      for (const { provider, cannot } of routed?.alsoChecked ?? []) {
        const tally = byProvider.get(provider) ?? { taken: 0, checked: 0, refused: new Map<string, number>() }
        byProvider.set(provider, tally)
        tally.checked += 1
        if (cannot === undefined) tally.taken += 1
        else tally.refused.set(cannot.field, (tally.refused.get(cannot.field) ?? 0) + 1)
      }
    },
    /** One line for each provider. */
    lines: (): ReadonlyArray<string> =>
      [...byProvider].map(([provider, { taken, checked, refused }]) => {
        const fields = [...refused].map(([field, count]) => `${field} (${count})`)
        const because = fields.length === 0 ? "" : `; not for ${fields.join(", ")}`
        return `${provider} would have taken ${taken} of ${plural(checked, "order")}${because}\n`
      })
  }
}

export type CheckTally = ReturnType<typeof makeCheckTally>
