/** What histories with routes have met: where a route would send an order otherwise than it went before, or than another process does. */
import type { Event } from "./events.ts"
import type { History } from "./history.ts"
import { EMPTY, isSameLife, modelStep, type Placing, textOf } from "./placingModel.ts"

/** Cells that 20,000 histories with routes are to meet. */
export const ROUTED_CELLS = [
  /** Two processes are placing one reference, and would do so with different providers. */
  "at once, by two processes",
  /** A reservation for one provider finds that of another process for the other one, made in between. */
  "reserved by another in between",
  /** It is asked for again, and the route goes elsewhere now. */
  "again, reserved elsewhere",
  "again, uncertain elsewhere",
  "again, accepted elsewhere",
  "again, absent elsewhere",
  "again, placed elsewhere by a process that died",
  /** What was given up is placed with another provider. */
  "given up, placed with the other",
  /** What was called absent is placed with another provider. */
  "absent, placed with the other"
] as const
export type RoutedCell = (typeof ROUTED_CELLS)[number]

type AskedPlace = Extract<Event, { readonly event: "asked" }>

/** The cells that a history has met, each time. */
export const routedCellsOf = ({ events }: History): ReadonlyArray<RoutedCell> => {
  const met: Array<RoutedCell> = []
  const placing = new Map<number, AskedPlace>()
  const freed = new Map<string, Placing>()
  const dead: Array<Extract<Event, { readonly event: "died" }>> = []
  let model = EMPTY
  for (const event of events) {
    const before = model
    model = modelStep(model, event)
    if (event.event === "died") {
      dead.push(event)
      for (const [step, each] of placing) if (isSameLife(each, event)) placing.delete(step)
    }
    if (event.event === "answered") placing.delete(event.step)
    if (event.event === "asked" && event.key !== undefined && event.chooses !== undefined) {
      const { key, chooses, process, step } = event
      const text = textOf(key)
      const others = [...placing.values()].filter((each) => each.key !== undefined && textOf(each.key) === text)
      if (others.some((each) => each.process !== process && each.chooses !== chooses))
        met.push("at once, by two processes")
      placing.set(step, event)
      const held = before.placings.get(before.holders.get(text) ?? "")
      if (held !== undefined && held.provider !== chooses) {
        met.push(`again, ${held.state === "ended" ? "accepted" : held.state} elsewhere`)
        if (dead.some((each) => isSameLife(each, held.by))) met.push("again, placed elsewhere by a process that died")
      }
    }
    if (event.event !== "journal") continue
    const { operation, answer } = event
    if (operation.do === "release" && answer === true) {
      const given = before.placings.get(operation.token)
      if (given !== undefined) freed.set(textOf(given.key), given)
    }
    if (operation.do !== "reserve" && operation.do !== "supersede") continue
    if (typeof answer !== "object" || answer === null || !("token" in answer)) continue
    const { tenant = "", reference, token, provider } = operation.reservation
    const text = `${tenant}/${reference}`
    const held = before.placings.get(before.holders.get(text) ?? "")
    if (answer.token !== token) {
      if (answer.provider !== provider && answer.state !== "absent") met.push("reserved by another in between")
    } else if (held !== undefined) {
      if (held.state === "absent" && held.provider !== provider) met.push("absent, placed with the other")
    } else if ((freed.get(text)?.provider ?? provider) !== provider) met.push("given up, placed with the other")
  }
  return met
}
