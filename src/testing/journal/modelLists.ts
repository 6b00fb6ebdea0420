/** The lists that a journal may give. */
import type { Placement, Unfinished } from "../../calls/PlacementJournal.ts"
import { type Model, placeOf, same, type Step } from "./modelState.ts"

/** Those that changed at the same time may come in any order, and any of them may be over the limit. */
export const listing = (
  model: Model,
  { tenant, provider, account, limit }: Omit<Unfinished, "before">,
  isListed: (placement: Placement) => boolean,
  order: "earliest first" | "latest first" = "earliest first"
): Step => {
  const wanted = new Map(
    [...model].filter(
      ([, placement]) =>
        isListed(placement) &&
        placement.tenant === tenant &&
        (provider === undefined || placement.provider === provider) &&
        (account === undefined || placement.account === undefined || placement.account === account)
    )
  )
  const earliest = [...wanted.values()].map(({ changedAt }) => changedAt).toSorted()
  const times = (order === "earliest first" ? earliest : earliest.toReversed()).slice(0, Math.max(0, limit))
  return {
    model,
    allows: (answer) => {
      if (!Array.isArray(answer)) return false
      const found: ReadonlyArray<Placement> = answer
      const places = found.map(placeOf)
      return (
        same(
          found.map(({ changedAt }) => changedAt),
          times
        ) &&
        new Set(places).size === places.length &&
        found.every((placement, index) => same(placement, wanted.get(places[index] ?? "")))
      )
    }
  }
}
