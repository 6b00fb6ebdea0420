/** What must hold of every history, whatever went wrong in it. */
import * as Struct from "effect/Struct"
import { SENT_AGAIN } from "../../src/calls/heldReference.ts"
import { absenceFaults } from "./absenceFaults.ts"
import type { Checker } from "./Checker.ts"
import type { Event, OrderKey } from "./events.ts"
import { findingFaults, namingFaults, writingFaults } from "./callFaults.ts"
import { givingUpFaults, sendingFaults } from "./sendingFaults.ts"
import { claimingFaults, hearingFaults, keepingFaults, lookingFaults } from "./inboxFaults.ts"
import type { History } from "./history.ts"
import { lieOf, liesIn } from "./lyingLists.ts"
import { astrayFaults, choosingFaults } from "./routingFaults.ts"
import {
  isSameLife,
  EMPTY,
  modelStep,
  type Placing,
  placingModelOf,
  type PlacingModel,
  textOf
} from "./placingModel.ts"
import { addCounts, type Counts, type Settling, settlingIn } from "./settling.ts"

/** What a history comes to. */
export interface Verdict {
  /** What must not be. Empty: the history is as it must be. */
  readonly faults: ReadonlyArray<string>
  /** Who has found them. */
  readonly noticedBy: ReadonlyArray<CheckerName>
  /** Calls that somebody took on himself: a person who gave up what was there, or a policy by a list that lied, and how. */
  readonly doubles: { readonly byPerson: number; readonly byList: Counts }
  /** Orders that lists had been enough to call absent and that turned up, and how often a process told of one. */
  readonly lists: { readonly found: number; readonly told: number }
  readonly settling: Settling
}

/** Whether lists ever told less than there was, or later. */
const listsLied = ({ script }: History): boolean => script.steps.some((step) => step.do === "lists")

/** Clocks that differ by more than this are no clocks: what is under way may look old, and what is old as if it were. */
const MOST_SKEW = 300_000

const clocksDiffer = ({ script: { setup, steps } }: History): boolean =>
  setup.processes.some(({ aheadMillis }) => Math.abs(aheadMillis) > MOST_SKEW) ||
  steps.some((step) => step.do === "setClock" && Math.abs(step.millis) > MOST_SKEW)

const isKnown = ({ state }: Placing): boolean => state === "accepted" || state === "ended"

/** Orders of one key and the placements that made them, in the order in which they were taken. */
const byKey = (history: History, { placings }: PlacingModel) => {
  const of = new Map(
    [...placings.values()].flatMap((placing) => placing.orders.map((order) => [order, placing] as const))
  )
  const arrivals = eventsOf(history.events, "placed").map(({ order }) => order)
  return Map.groupBy(
    history.orders
      .map((order) => ({ order, placing: of.get(order.id), arrival: arrivals.indexOf(order.id) }))
      .toSorted((a, b) => a.arrival - b.arrival),
    ({ order }) => textOf(order.key)
  )
}

/** Nobody is rung twice, unless somebody took it on himself. */
const doublesIn = (history: History, model: PlacingModel) => {
  const faults: Array<string> = []
  let byPerson = 0
  let byList: Counts = {}
  for (const [text, taken] of byKey(history, model)) {
    for (const { placing } of taken.slice(0, -1)) {
      if (placing?.freed === "person") byPerson += 1
      else if (placing?.wasCalledAbsent === true) byList = addCounts(byList, { [lieOf(history, placing.provider)]: 1 })
      else faults.push(`${text} was rung twice`)
    }
  }
  return { faults, byPerson, byList }
}

const keeps = ({ placings }: PlacingModel, orderId: string): boolean =>
  [...placings.values()].some((each) => each.isKept && each.orderId === orderId)

/** Every order that was taken is known, or uncertain with its reason, unless a person has given one of its reference up. */
const lostIn = (history: History, model: PlacingModel): ReadonlyArray<string> =>
  [...byKey(history, model)].flatMap(([text, taken]) =>
    taken.flatMap(({ order, placing }) => {
      if (taken.some((each) => each.placing?.freed === "person")) return []
      if (placing === undefined) return [`${text} has an order that no request of its own made`]
      if (placing.freed !== undefined) return [`${text} has an order, and was taken for ${placing.freed}`]
      if (keeps(model, order.id)) return []
      if (isKnown(placing)) return placing.orderId === order.id ? [] : [`${text} is known by another order`]
      if (placing.state === "absent") return [`${text} has an order, and is still called absent`]
      if (placing.state === "reserved")
        return clocksDiffer(history) ? [] : [`${text} has an order, and was never looked for`]
      return (placing.because ?? "") === "" ? [`${text} is uncertain without a reason`] : []
    })
  )

/** Only a list that lied is called wrong. */
const wronglyAbsentIn = (history: History, { placings }: PlacingModel): ReadonlyArray<string> =>
  !listsLied(history) && [...placings.values()].some((each) => each.wasCalledAbsent && each.orders.length > 0)
    ? ["an order was called absent though the list held it"]
    : []

type Holding = "free" | "reserved" | "uncertain" | "absent" | "accepted"

/** What is known of a reference at each moment of its history. */
const holdingOf = (model: PlacingModel, text: string): Holding => {
  const placing = model.placings.get(model.holders.get(text) ?? "")
  if (placing === undefined) return "free"
  if (placing.state === "uncertain" && placing.because === SENT_AGAIN) return "reserved"
  return placing.state === "ended" ? "accepted" : placing.state
}

/** The same, and that another placement of the reference has an order: where the last one is absent, or it is kept aside, that is told. */
const holdingsOf = (model: PlacingModel, text: string): ReadonlyArray<Holding> => {
  const holding = holdingOf(model, text)
  const isTold = [...model.placings.values()].some(
    (each) => textOf(each.key) === text && (each.isKept || (holding === "absent" && isKnown(each)))
  )
  return isTold ? [holding, "accepted"] : [holding]
}

/** For each answer, what must have held at some moment between question and answer. */
const ALLOWED: { readonly [is: string]: ReadonlyArray<Holding> } = {
  free: ["free"],
  in_flight: ["reserved"],
  uncertain: ["uncertain", "reserved"],
  absent: ["absent"],
  accepted: ["accepted"]
}

interface Open {
  readonly kind: string
  readonly key: OrderKey | undefined
  readonly seen: Set<Holding>
  /** Calls of the reference that somebody had been told of when it was asked. */
  readonly known: ReadonlySet<string>
}

/** Answers agree with the journal at some moment, and with each other: what has been told does not change. */
const answersIn = (history: History): ReadonlyArray<string> => {
  const faults: Array<string> = []
  const open = new Map<number, Open>()
  const told = new Map<string, Set<string>>()
  const journalFails = history.script.steps.some((step) => step.do === "journal")
  let model = EMPTY
  const look = (): void => {
    for (const { key, seen } of open.values())
      if (key !== undefined) for (const each of holdingsOf(model, textOf(key))) seen.add(each)
  }
  const givenUp = new Set<string>()
  for (const event of history.events) {
    model = modelStep(model, event)
    if (event.event === "journal") {
      look()
      if (event.operation.do === "release" || event.operation.do === "settle")
        for (const { freed, key } of model.placings.values()) if (freed === "person") givenUp.add(textOf(key))
    }
    if (event.event === "asked") {
      const text = event.key === undefined ? "" : textOf(event.key)
      const seen = new Set<Holding>(event.key === undefined ? [] : holdingsOf(model, text))
      open.set(event.step, { kind: event.kind, key: event.key, seen, known: new Set(told.get(text)) })
    }
    if (event.event === "died")
      for (const each of history.events)
        if (each.event === "asked" && each.process === event.process && each.life === event.life) open.delete(each.step)
    if (event.event !== "answered") continue
    const asked = open.get(event.step)
    open.delete(event.step)
    const { is, calls = [] } = event.answer
    if (is.startsWith("defect")) faults.push(`${asked?.kind ?? "something"} died: ${is}`)
    if (asked?.key === undefined || !["place", "reconcile", "name"].includes(asked.kind)) continue
    const allowed = Object.hasOwn(ALLOWED, is) ? ALLOWED[is] : undefined
    if (allowed === undefined) continue
    const text = textOf(asked.key)
    if (givenUp.has(text)) continue
    // What has taken its place since says nothing of the order that its own request made.
    const isOfOwn = [...model.placings.values()].some(
      (each) =>
        textOf(each.key) === text &&
        isKnown(each) &&
        isSameLife(each.by, event) &&
        calls.includes(`${each.provider}:${each.orderId}`)
    )
    if (!journalFails && !(is === "accepted" && isOfOwn) && !allowed.some((each) => asked.seen.has(each)))
      faults.push(`${asked.kind} of ${text} was answered ${is}, and the journal said ${[...asked.seen].join(", ")}`)
    for (const call of journalFails ? [] : asked.known)
      if (!calls.includes(call)) faults.push(`${text} had been told to be ${call}, and then was ${is}`)
    told.set(text, new Set([...(told.get(text) ?? []), ...calls]))
  }
  for (const { kind } of open.values()) faults.push(`${kind} was never answered`)
  return faults
}

const undecidedIn: Checker = (history, model) => {
  const { needsPerson } = settlingIn(history, model, liesIn(history).stopped)
  return (needsPerson["other"] ?? 0) > 0
    ? ["an order is undecided for ever, and nothing stands against settling it"]
    : []
}

/** Each finds what must not be. */
const CHECKERS = {
  journal: ({ journalFaults }) => journalFaults,
  model: (_history, { faults }) => faults,
  doubles: (history, model) => doublesIn(history, model).faults,
  lost: lostIn,
  wrong: wronglyAbsentIn,
  lies: (history) => liesIn(history).faults,
  undecided: undecidedIn,
  answers: answersIn,
  absence: absenceFaults,
  sending: sendingFaults,
  "giving up": givingUpFaults,
  writing: writingFaults,
  finding: findingFaults,
  naming: namingFaults,
  keeping: keepingFaults,
  claiming: claimingFaults,
  hearing: hearingFaults,
  looking: lookingFaults,
  choosing: choosingFaults,
  astray: astrayFaults
} as const satisfies { readonly [name: string]: Checker }

export type CheckerName = keyof typeof CHECKERS

/** In the order in which they look. */
export const CHECKER_NAMES = Struct.keys(CHECKERS)

/** What a history comes to. Pure. */
export const verdictOf = (history: History): Verdict => {
  const model = placingModelOf(history.events)
  const found = CHECKER_NAMES.map((name) => [name, CHECKERS[name](history, model)] as const).filter(
    ([, faults]) => faults.length > 0
  )
  const { byPerson, byList } = doublesIn(history, model)
  const lies = liesIn(history)
  const settling = settlingIn(history, model, lies.stopped)
  return {
    faults: [...new Set(found.flatMap(([, faults]) => faults))],
    noticedBy: found.map(([name]) => name),
    doubles: { byPerson, byList },
    lists: { found: lies.found, told: lies.told },
    settling
  }
}

/** Events of one kind. */
const eventsOf = <Kind extends Event["event"]>(
  events: ReadonlyArray<Event>,
  kind: Kind
): ReadonlyArray<Extract<Event, { readonly event: Kind }>> =>
  events.filter((event): event is Extract<Event, { readonly event: Kind }> => event.event === kind)
