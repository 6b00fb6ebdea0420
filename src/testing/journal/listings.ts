/** Whether a list that was answered is one of those that a journal may give. */
import type { Open, Placement, Unfinished } from "../../calls/PlacementJournal.ts"
import { type Answer, type Model, placeOf, same } from "./step.ts"

/** `direction`: 1 where the earliest change comes first, -1 where the latest does. */
export const isListed = (
  model: Model,
  answer: Answer,
  { tenant, provider, account, limit }: Omit<Open, "before">,
  isWanted: (placement: Placement) => boolean,
  direction: 1 | -1
): boolean => {
  if (!Array.isArray(answer)) return false
  const found: ReadonlyArray<Placement> = answer
  const times = [...model.values()]
    .filter((placement) => isWanted(placement) && placement.tenant === tenant && placement.provider === provider)
    .filter((placement) => account === undefined || placement.account === undefined || placement.account === account)
    .map(({ changedAt }) => changedAt)
    .toSorted()
  return (
    same(
      found.map(({ changedAt }) => changedAt),
      (direction === 1 ? times : times.toReversed()).slice(0, Math.max(0, limit))
    ) &&
    new Set(found.map(({ reference }) => reference)).size === found.length &&
    found.every((placement) => isWanted(placement) && same(placement, model.get(placeOf(placement))))
  )
}

/** Those that changed at the same time may come in any order, and any of them may be over the limit. */
export const isUnfinished = (
  model: Model,
  { tenant, before, limit, provider, account }: Unfinished,
  answer: Answer
): boolean => {
  if (!Array.isArray(answer)) return false
  const found: ReadonlyArray<Placement> = answer
  const wanted = [...model.values()]
    .filter(({ state, changedAt }) => state !== "ended" && state !== "absent" && changedAt <= before)
    .filter((placement) => placement.tenant === tenant && (provider === undefined || placement.provider === provider))
    .filter((placement) => account === undefined || placement.account === undefined || placement.account === account)
  const times = wanted.map(({ changedAt }) => changedAt).toSorted()
  return (
    same(
      found.map(({ changedAt }) => changedAt),
      times.slice(0, Math.max(0, limit))
    ) &&
    new Set(found.map(({ reference }) => reference)).size === found.length &&
    found.every((placement) => same(placement, model.get(placeOf(placement))))
  )
}
