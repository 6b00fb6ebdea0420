/** Messages: none that was acknowledged is lost, none acts twice, and what one names is no riddle any more. */
import { type Checker, isWithout } from "./Checker.ts"
import type { Event } from "./events.ts"
import { textOf } from "./placingModel.ts"

type Named = Extract<Event, { readonly event: "received" | "claimed" | "dealt" }>

const isNamed = (event: Event): event is Named =>
  event.event === "received" || event.event === "claimed" || event.event === "dealt"

/** What is done with has been read by whoever had claimed it, unless he had taken its record away himself. */
export const lookingFaults: Checker = ({ events, orders }) => {
  const gone = new Set(
    orders.flatMap(({ provider, id, canceledAt }) =>
      provider === "vapi" && canceledAt !== undefined ? [`${provider}:${id}`] : []
    )
  )
  const open = new Map<string, { readonly life: string; isRead: boolean }>()
  const faults: Array<string> = []
  for (const event of events) {
    const { event: kind } = event
    if (kind === "claimed")
      open.set(keyOf(event.tenant, event.call), { life: `${event.process}/${event.life}`, isRead: false })
    if (kind === "read")
      for (const [key, claim] of open)
        if (key.endsWith(`/${event.call}`) && claim.life === `${event.process}/${event.life}`) claim.isRead = true
    if (kind !== "dealt" || !event.isStanding || event.state !== "done" || event.problem !== undefined) continue
    if (open.get(keyOf(event.tenant, event.call))?.isRead !== true && !gone.has(event.call))
      faults.push("a call was done with, and nobody had read it")
  }
  return faults
}

const keyOf = (tenant: string, call: string): string => `${tenant}/${call}`

/**
 * Whatever was acknowledged is there, and has been dealt with once nothing goes wrong any more. A call that was canceled by taking its
 * record away, by a process that died before it wrote that down, nobody can read any more: it is tried for days, and then for a person.
 */
export const keepingFaults: Checker = ({ events, inbox, orders }, { placings }) => {
  const left = new Map(inbox.map(({ tenant, call, state }) => [keyOf(tenant, call), state]))
  const over = new Set([...placings.values()].flatMap(({ state, orderId }) => (state === "ended" ? [orderId] : [])))
  const gone = new Set(
    orders.flatMap(({ provider, id, key, canceledAt }) =>
      provider === "vapi" && canceledAt !== undefined && !over.has(id) ? [keyOf(key.tenant, `${provider}:${id}`)] : []
    )
  )
  return events.flatMap((event) => {
    if (event.event !== "acknowledged") return []
    return event.calls.flatMap((call) => {
      const key = keyOf(event.tenant, call)
      const state = left.get(key)
      if (state === "done" || state === "parked" || (state === "waiting" && gone.has(key))) return []
      return [`a message was acknowledged, and its call is ${state ?? "lost"}`]
    })
  })
}

/** Nobody deals with a call while somebody else does, and nobody deals with it again for a message that had come before. */
export const claimingFaults: Checker = (history) => {
  const isByClock = isWithout(history, "sleep", "setClock")
  const { events, script } = history
  const skew = Math.max(0, ...script.setup.processes.map(({ aheadMillis }) => Math.abs(aheadMillis)))
  const faults: Array<string> = []
  for (const own of Map.groupBy(events.filter(isNamed), ({ tenant, call }) => keyOf(tenant, call)).values()) {
    const seen = new Set<string>()
    let claimedAt: number | undefined
    let fence = 0
    let isDone = false
    let hasNews = false
    for (const event of own) {
      if (event.event === "received") {
        hasNews ||= !seen.has(event.message)
        seen.add(event.message)
      }
      if (event.event === "claimed") {
        if (isByClock && skew === 0 && claimedAt !== undefined && event.at < claimedAt + LEASE)
          faults.push("a call was dealt with by two at once")
        if (isDone && !hasNews) faults.push("a call was dealt with again, and nothing new had come")
        claimedAt = event.at
        fence = event.fence
        isDone = false
        hasNews = false
      }
      if (event.event === "dealt" && event.isStanding) {
        if (event.fence !== fence) faults.push("a call was dealt with by one whose claim had ended")
        claimedAt = undefined
        isDone = event.state === "done" && event.problem === undefined
      }
    }
    if (isDone && hasNews) faults.push("a message came while its call was dealt with, and nobody looked again")
  }
  return faults
}

/** An order that a message named is known, unless somebody gave it up: its provider was asked about that very order. */
export const hearingFaults: Checker = (history, { placings }) => {
  const { events, inbox } = history
  const named = new Set(
    events.flatMap((event) =>
      event.event === "acknowledged" ? event.calls.map((call) => keyOf(event.tenant, call)) : []
    )
  )
  const done = new Set(inbox.flatMap(({ tenant, call, state }) => (state === "done" ? [keyOf(tenant, call)] : [])))
  // A provider that knows an order again has answered with that of an earlier placement.
  const known = new Set([...placings.values()].flatMap(({ orderId }) => orderId ?? []))
  return [...placings.values()].flatMap(({ key, provider, state, orders, freed }) => {
    const calls = orders.filter((order) => !known.has(order)).map((order) => keyOf(key.tenant, `${provider}:${order}`))
    if (!calls.some((call) => named.has(call) && done.has(call)) || freed !== undefined) return []
    return state === "uncertain" || state === "absent"
      ? [`${textOf(key)} was named by a message, and is still ${state}`]
      : []
  })
}

/** How long a claim is good for, as `src/webhooks/dispatch.ts` has it: the checker does not ask the code. */
const LEASE = 300_000
