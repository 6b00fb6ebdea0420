/**
 * What placing may do, as a small pure function over what can be seen of it: who holds a reference, whose request may
 * leave, what may free a reference again, which order is whose. The service is compared with it, event by event.
 */
import { SENT_AGAIN } from "../../src/calls/heldReference.ts"
import type { Placement, PlacementState } from "../../src/calls/PlacementJournal.ts"
import type { Event, Life, OrderKey } from "./events.ts"
import type { ProviderName } from "./script.ts"

/** A reservation that is older is under way no longer. */
const LIMIT = 11 * 60_000

/** Why a placement holds its reference no longer. */
type Freed = "unsent" | "refused" | "person"

/** All that is known of one placement. */
export interface Placing {
  readonly token: string
  readonly key: OrderKey
  readonly provider: ProviderName
  /** As the journal has it. */
  readonly numberDigest: string
  readonly by: Life
  readonly state: PlacementState
  /** When it was reserved, by the time that really passes. */
  readonly at: number
  /** Whether it was first settled by a clock to which its request was long over, or long to come. */
  readonly isByWrongClock: boolean
  readonly because?: string | undefined
  readonly evidence?: string | undefined
  readonly orderId?: string | undefined
  /** Whether the provider's clock has been told since it was reserved, or before. */
  readonly isMeasured: boolean
  /**
   * Who have marked it to be sent again, and have not sent it yet. Several may who have looked before the first had: at a
   * provider that knows it again, as it promises, that rings nobody twice.
   */
  readonly markedBy: ReadonlyArray<Life>
  /** Whether the end of its request was seen. */
  readonly isEndSeen: boolean
  /** Requests that have left for it. */
  readonly requests: ReadonlyArray<number>
  /** Orders that these have made. */
  readonly orders: ReadonlyArray<string>
  /** Orders to another number that these were answered with: of its reference before it was given up. */
  readonly others: ReadonlyArray<string>
  /** Whether its last request was refused for certain. */
  readonly isRefused: boolean
  readonly freed?: Freed
  /** Whether lists that did not hold its order were taken for enough. */
  readonly wasCalledAbsent: boolean
  /** Whether it keeps an order aside whose own placement was given up, or has another one. */
  readonly isKept: boolean
}

export interface PlacingModel {
  /** By token, in the order in which they were reserved. */
  readonly placings: ReadonlyMap<string, Placing>
  /** What holds each reference: its token. */
  readonly holders: ReadonlyMap<string, string>
  /** Whose each request is: its token. */
  readonly requests: ReadonlyMap<number, string>
  /** People who are giving a reference up just now, by their steps. */
  readonly releasing: ReadonlyMap<number, { readonly key: OrderKey; readonly by: Life }>
  readonly faults: ReadonlyArray<string>
}

export const EMPTY: PlacingModel = {
  placings: new Map(),
  holders: new Map(),
  requests: new Map(),
  releasing: new Map(),
  faults: []
}

export const textOf = ({ tenant, reference }: OrderKey): string => `${tenant}/${reference}`

export const isSameLife = (a: Life | undefined, b: Life): boolean => a?.process === b.process && a.life === b.life

const withEntry = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => new Map(map).set(key, value)

const without = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  const left = new Map(map)
  left.delete(key)
  return left
}

const faulty = (model: PlacingModel, fault: string): PlacingModel => ({ ...model, faults: [...model.faults, fault] })

const changed = (model: PlacingModel, placing: Placing): PlacingModel => ({
  ...model,
  placings: withEntry(model.placings, placing.token, placing)
})

const keyOf = (tenant: string | undefined, reference: string): OrderKey | undefined =>
  reference === "a" || reference === "b" || reference === "A" ? { tenant: tenant ?? "", reference } : undefined

const PROVIDER_NAMES: { readonly [name: string]: ProviderName } = { revox: "revox", revring: "revring", vapi: "vapi" }

/** Only an order is kept aside that a request of this reference has made, and whose own placement was given up or has another one. */
const kept = (model: PlacingModel, placing: Placing): PlacingModel => {
  const { orderId = "", key } = placing
  const text = textOf(key)
  const own = [...model.placings.values()].find((each) => textOf(each.key) === text && each.orders.includes(orderId))
  const next = changed(model, placing)
  if (own === undefined) return faulty(next, `${text} keeps the order ${orderId}, which is not its own`)
  return own.freed !== undefined || own.orderId !== undefined
    ? next
    : faulty(next, `${text} keeps the order ${orderId} aside, whose placement is there`)
}

const reserved = (model: PlacingModel, placement: Placement, by: Life, at: number): PlacingModel => {
  const { token, tenant, reference, numberDigest, orderId, sentAs, state } = placement
  const key = keyOf(tenant, orderId === undefined ? reference : (sentAs ?? reference))
  if (key === undefined || model.placings.has(token)) return model
  const text = textOf(key)
  const holder = model.placings.get(model.holders.get(text) ?? "")
  const placing: Placing = {
    token,
    key,
    provider: PROVIDER_NAMES[placement.provider] ?? "revring",
    numberDigest,
    by,
    state,
    at,
    isByWrongClock: false,
    orderId,
    requests: [],
    orders: [],
    others: [],
    markedBy: [],
    isRefused: false,
    isMeasured: placement.clockOffset !== undefined,
    isEndSeen: false,
    wasCalledAbsent: false,
    isKept: orderId !== undefined
  }
  if (placing.isKept) return kept(model, placing)
  const next = { ...changed(model, placing), holders: withEntry(model.holders, text, token) }
  return holder === undefined || holder.state === "absent"
    ? next
    : faulty(next, `${text} was reserved while it was held`)
}

/** Why a placement may be free again, or be called absent though no list has missed it. */
const reasonToFree = (model: PlacingModel, placing: Placing, by: Life): Freed | undefined => {
  const isPerson = [...model.releasing.values()].some(
    (each) => isSameLife(each.by, by) && textOf(each.key) === textOf(placing.key)
  )
  if (isPerson) return "person"
  if (!isSameLife(placing.by, by)) return undefined
  if (placing.requests.length === 0) return "unsent"
  return placing.isRefused && placing.orders.length === 0 ? "refused" : undefined
}

const freed = (model: PlacingModel, placing: Placing, by: Life): PlacingModel => {
  const reason = reasonToFree(model, placing, by)
  const next = changed(model, { ...placing, freed: reason ?? "person" })
  return reason === undefined
    ? faulty(next, `${textOf(placing.key)} was freed though its request may have been taken`)
    : next
}

type Settling = Extract<(Event & { readonly event: "journal" })["operation"], { readonly do: "settle" }>

const settled = (model: PlacingModel, answer: Placement, { settlement, at }: Settling, by: Life): PlacingModel => {
  const placing = model.placings.get(answer.token)
  if (placing === undefined) return faulty(model, "something was settled that was never reserved")
  const { state, because, evidence, orderId } = answer
  const wanted = "because" in settlement ? settlement.because : undefined
  const isFirst = placing.state === "reserved" && state !== "reserved"
  const isMarked = wanted === SENT_AGAIN && state === "uncertain" && because === SENT_AGAIN
  const becameAbsent = state === "absent" && placing.state !== "absent"
  const next = changed(model, {
    ...placing,
    state,
    because,
    evidence,
    orderId,
    isByWrongClock: isFirst
      ? Math.abs(Date.parse(at) - Date.parse(answer.reservedAt)) >= LIMIT
      : placing.isByWrongClock,
    isMeasured: answer.clockOffset !== undefined,
    isEndSeen: answer.requestMillis !== undefined,
    // Until it has been sent: it may turn out in between that there is an order, and the provider knows it again.
    markedBy: isMarked ? [...placing.markedBy, by] : placing.markedBy,
    wasCalledAbsent: placing.wasCalledAbsent || (becameAbsent && evidence === "not_listed")
  })
  if (becameAbsent && evidence === "not_listed" && !placing.isMeasured)
    return faulty(next, `${textOf(placing.key)} was called absent though no answer had told the provider's clock`)
  if (becameAbsent && evidence !== "not_listed") {
    const now = next.placings.get(answer.token)
    return now === undefined ? next : freed(next, now, by)
  }
  if (orderId === undefined || placing.orderId !== undefined || placing.orders.includes(orderId)) return next
  const isOfGivenUp = [...model.placings.values()].some(
    (other) => other.freed === "person" && other.orders.includes(orderId)
  )
  if (!isOfGivenUp || placing.others.includes(orderId))
    return faulty(next, `${textOf(placing.key)} was given the order ${orderId}, which is not its own`)
  return next
}

const onJournal = (model: PlacingModel, event: Event & { readonly event: "journal" }): PlacingModel => {
  const { operation, answer, process, life } = event
  const by = { process, life }
  const isPlacement = typeof answer === "object" && answer !== null && "token" in answer
  switch (operation.do) {
    case "reserve":
    case "supersede":
      return isPlacement && answer.token === operation.reservation.token ? reserved(model, answer, by, event.at) : model
    case "settle":
      return isPlacement ? settled(model, answer, operation, by) : model
    case "release": {
      const placing = model.placings.get(operation.token)
      if (answer !== true || placing === undefined) return model
      const left = { ...model, holders: without(model.holders, textOf(placing.key)) }
      return freed(left, placing, by)
    }
    default:
      return model
  }
}

const onSent = (model: PlacingModel, event: Event & { readonly event: "sent" }): PlacingModel => {
  const { key, provider, request } = event
  const text = textOf(key)
  const placing = model.placings.get(model.holders.get(text) ?? "")
  if (placing === undefined) return faulty(model, `${text} was sent without a reservation`)
  // To a clock that is so far off it looked long over: what is called uncertain for that stays held, and nobody else sends it.
  const isStill =
    placing.state === "reserved" ||
    (placing.state === "uncertain" && placing.isByWrongClock && event.at - placing.at < LIMIT)
  const isFirst = isStill && isSameLife(placing.by, event) && placing.requests.length === 0
  const isAgain = placing.markedBy.some((life) => isSameLife(life, event))
  const markedBy = placing.markedBy.filter((life) => !isSameLife(life, event))
  const next = {
    ...changed(model, { ...placing, requests: [...placing.requests, request], isRefused: false, markedBy }),
    requests: withEntry(model.requests, request, placing.token)
  }
  if (!isFirst && !isAgain) return faulty(next, `${text} was sent against what the journal says: ${placing.state}`)
  return provider === placing.provider
    ? next
    : faulty(next, `${text} was sent to another provider than it was reserved for`)
}

const onPlaced = (model: PlacingModel, event: Event & { readonly event: "placed" }): PlacingModel => {
  const placing = model.placings.get(model.requests.get(event.request) ?? "")
  if (placing === undefined) return model
  const { order, other, isNew, status } = event
  const text = textOf(placing.key)
  const isLast = placing.requests.at(-1) === event.request
  const next = changed(model, {
    ...placing,
    orders: order === undefined || placing.orders.includes(order) ? placing.orders : [...placing.orders, order],
    others: other === undefined ? placing.others : [...placing.others, other],
    // Whatever the code takes for a refusal: the client is told that it is at fault, and there is no order.
    isRefused: isLast && order === undefined && status >= 400 && status < 500
  })
  return isNew && placing.orders.length > 0 ? faulty(next, `${text} was rung twice for one reservation`) : next
}

/** What an event makes of it. */
export const modelStep = (model: PlacingModel, event: Event): PlacingModel => {
  switch (event.event) {
    case "journal":
      return onJournal(model, event)
    case "sent":
      return onSent(model, event)
    case "placed":
      return onPlaced(model, event)
    case "asked": {
      const { kind, key, step, process, life } = event
      return kind === "release" && key !== undefined
        ? { ...model, releasing: withEntry(model.releasing, step, { key, by: { process, life } }) }
        : model
    }
    case "answered":
      return model.releasing.has(event.step) ? { ...model, releasing: without(model.releasing, event.step) } : model
    default:
      return model
  }
}

export const placingModelOf = (events: ReadonlyArray<Event>): PlacingModel => events.reduce(modelStep, EMPTY)
