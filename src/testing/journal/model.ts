/** What a journal does, over a map: what any implementation is held against. It shares no code with the journals. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type {
  Absences,
  CallKey,
  JournalError,
  Open,
  Placement,
  PlacementJournal,
  PlacementKey,
  PlacementState,
  Reservation,
  Settlement,
  Superseding,
  Unfinished
} from "../../calls/PlacementJournal.ts"
import type { ProviderId } from "../../domain/Identifiers.ts"
import type { Instant } from "../../domain/Instant.ts"
import { present } from "../../domain/present.ts"
import type { Ended } from "../../calls/RetentionJournal.ts"
import { allOf } from "../../calls/retention.ts"
import { listing } from "./modelLists.ts"
import { type Answer, answering, changing, type Model, placeOf, same, type Step } from "./modelState.ts"

export type Journal = PlacementJournal["Service"]

/** Where a state may go, or stay and be heard of again; nowhere else. */
export const NEXT: { readonly [state in PlacementState]: ReadonlyArray<PlacementState> } = {
  reserved: ["uncertain", "absent", "accepted", "ended"],
  uncertain: ["uncertain", "absent", "accepted", "ended"],
  absent: ["absent", "accepted", "ended"],
  accepted: ["accepted", "ended"],
  ended: []
}

/** What of a placement is left when it moves on. */
export const kept = ({
  state: _state,
  changedAt: _changedAt,
  because: _because,
  lead: _lead,
  evidence: _evidence,
  missedMillis: _missedMillis,
  ...rest
}: Placement) => rest

/** What is known of an order stays known. */
const evidenceOf = ({ state, evidence }: Placement) =>
  (state === "accepted" || state === "ended") && evidence !== undefined ? { evidence } : {}

/** Lists that did not hold an order were wrong, if there is one. */
const wrongOf = ({ state, evidence }: Placement, to: PlacementState, at: Instant) =>
  state === "absent" && evidence === "not_listed" && to !== "absent" ? { wrongAt: at } : {}

/** An id to be followed is kept until the order is known. */
const leadOf = ({ lead }: Placement, { state }: Settlement) =>
  state === "uncertain" && lead !== undefined ? { lead } : {}

/** How the clocks stood is told once. */
const clockOf = ({ clockOffset }: Placement) => (clockOffset === undefined ? {} : { clockOffset })

export type Operation =
  | { readonly do: "reserve"; readonly reservation: Reservation }
  | {
      readonly do: "settle"
      readonly key: PlacementKey
      readonly token: string
      readonly settlement: Settlement
      readonly at: Instant
    }
  | { readonly do: "release"; readonly key: PlacementKey; readonly token: string; readonly changedAt: Instant }
  | { readonly do: "find"; readonly key: PlacementKey }
  | ({ readonly do: "findCall" } & CallKey)
  | ({ readonly do: "unfinished" } & Unfinished)
  | { readonly do: "supersede"; readonly reservation: Superseding; readonly aside: string }
  | ({ readonly do: "open" } & Open)
  | ({ readonly do: "absent" } & Absences)
  | { readonly do: "listRecord"; readonly provider: ProviderId; readonly since: Instant }
  | ({ readonly do: "countEnded" | "compactEnded" | "deleteEnded" } & Ended)

/** Journals that do not keep what is absent need not store them. */
const OF_ABSENCE = ["evidence", "requestMillis", "missedMillis", "listDelay"]

/** Whether only a journal can do it that keeps what is absent. */
export const isOfAbsence = (operation: Operation): boolean =>
  operation.do === "supersede" ||
  operation.do === "open" ||
  operation.do === "absent" ||
  operation.do === "listRecord" ||
  (operation.do === "settle" && OF_ABSENCE.some((field) => Object.hasOwn(operation.settlement, field)))

/** Whether only a journal can do it that compacts and deletes. */
export const isOfRetention = (operation: Operation): boolean =>
  operation.do === "countEnded" || operation.do === "compactEnded" || operation.do === "deleteEnded"

export const perform = (journal: Journal, operation: Operation): Effect.Effect<Answer, JournalError> => {
  switch (operation.do) {
    case "reserve":
      return journal.reserve(operation.reservation)
    case "settle":
      return Effect.map(
        journal.settle(operation.key, operation.token, operation.settlement, operation.at),
        Option.getOrNull
      )
    case "release":
      return journal.release(operation.key, operation.token, operation.changedAt)
    case "find":
      return Effect.map(journal.find(operation.key), Option.getOrNull)
    case "findCall":
      return Effect.map(journal.findCall(operation), Option.getOrNull)
    case "unfinished":
      return journal.unfinished(operation)
    case "supersede":
      return absenceOf(journal).supersede(operation.reservation, operation.aside)
    case "open":
      return absenceOf(journal).open(operation)
    case "absent":
      return absenceOf(journal).absent(operation)
    case "listRecord":
      return absenceOf(journal).listRecord(operation.provider, operation.since)
    case "countEnded":
      return retentionOf(journal).countEnded(operation)
    case "compactEnded":
    case "deleteEnded":
      return allOf(retentionOf(journal)[operation.do], operation)
  }
}

const retentionOf = ({ retention }: Journal) => {
  if (retention === undefined) throw new Error("the journal neither compacts nor deletes")
  return retention
}

const absenceOf = ({ absence }: Journal) => {
  if (absence === undefined) throw new Error("the journal does not keep what is absent")
  return absence
}

const settling = (model: Model, placement: Placement, settlement: Settlement, at: Instant): Step => {
  if (!NEXT[placement.state].includes(settlement.state)) return answering(model, placement)
  if (placement.state === settlement.state && at <= placement.changedAt) return answering(model, placement)
  // Since it was sent last, no list has missed it.
  if (settlement.state === "absent" && settlement.evidence === "not_listed" && placement.missedMillis === undefined)
    return answering(model, placement)
  if (placement.state === "accepted" && "orderId" in settlement && settlement.orderId !== placement.orderId)
    return answering(model, placement)
  const { claim: _claim, ofRequest, ...said } = { ofRequest: undefined, ...settlement }
  // Of an earlier request; one whose end is not known may be on its way for eleven minutes.
  if (ofRequest !== undefined && ofRequest !== (placement.requestMillis ?? 660_000)) return answering(model, placement)
  return changing(model, {
    ...kept(placement),
    ...leadOf(placement, said),
    ...evidenceOf(placement),
    ...said,
    ...wrongOf(placement, said.state, at),
    ...clockOf(placement),
    changedAt: at
  })
}

const isOpen = ({ state }: Placement): boolean => state === "reserved" || state === "uncertain"

/** What an operation makes of it, and which answers to it are right. */
export const step = (model: Model, operation: Operation): Step => {
  switch (operation.do) {
    case "reserve": {
      const { at, ...rest } = operation.reservation
      const earlier = model.get(placeOf(rest))
      if (earlier !== undefined) return answering(model, earlier)
      const state = rest.orderId === undefined ? "reserved" : "accepted"
      return changing(model, { ...rest, state, reservedAt: at, changedAt: at })
    }
    case "settle": {
      const placement = model.get(placeOf(operation.key))
      return placement?.token === operation.token
        ? settling(model, placement, operation.settlement, operation.at)
        : answering(model, null)
    }
    case "release": {
      const placement = model.get(placeOf(operation.key))
      const isAsRead = placement?.token === operation.token && placement.changedAt === operation.changedAt
      return isAsRead && isOpen(placement)
        ? answering(new Map([...model].filter(([place]) => place !== placeOf(operation.key))), true)
        : answering(model, false)
    }
    case "find":
      return answering(model, model.get(placeOf(operation.key)) ?? null)
    case "findCall": {
      const found = [...model.values()].filter(
        ({ tenant, provider, orderId }) =>
          tenant === operation.tenant && provider === operation.provider && orderId === operation.orderId
      )
      return {
        model,
        allows: (answer) => (found.length === 0 ? answer === null : found.some((placement) => same(answer, placement)))
      }
    }
    case "unfinished":
      return listing(
        model,
        operation,
        ({ state, changedAt }) => state !== "ended" && state !== "absent" && changedAt <= operation.before
      )
    case "supersede":
      return superseding(model, operation.reservation, operation.aside)
    case "open":
      return listing(model, operation, (each) => isOpen(each) && each.changedAt <= operation.before)
    case "absent":
      return listing(
        model,
        operation,
        ({ state, changedAt }) => state === "absent" && changedAt >= operation.since,
        "latest first"
      )
    case "listRecord": {
      const found = [...model.values()].filter(({ provider }) => provider === operation.provider)
      const delays = found.flatMap(({ listDelay }) => (listDelay === undefined ? [] : [listDelay]))
      return answering(model, {
        wrong: found.filter(({ wrongAt }) => wrongAt !== undefined && wrongAt > operation.since).length,
        ...(delays.length === 0 ? {} : { slowestMillis: Math.max(...delays) })
      })
    }
    case "countEnded": {
      const { ended, compactable, deletable } = endedIn(model, operation)
      return answering(model, { ended: ended.length, compactable: compactable.length, deletable: deletable.length })
    }
    case "compactEnded": {
      const { compactable } = endedIn(model, operation)
      const compacted = compactable.map(([place, placement]) => [place, compactedOf(placement)] as const)
      return answering(new Map([...model, ...compacted]), compacted.length)
    }
    case "deleteEnded": {
      const deleted = new Map(endedIn(model, operation).deletable)
      return answering(new Map([...model].filter(([place]) => !deleted.has(place))), deleted.size)
    }
  }
}

const endedIn = (model: Model, { tenant, endedBefore }: Ended) => {
  const ended = [...model].filter(
    ([, placement]) =>
      placement.state === "ended" &&
      placement.changedAt < endedBefore &&
      (tenant === undefined || placement.tenant === tenant)
  )
  const alone = ended.filter(([, { sentAs, supersedes }]) => sentAs === undefined && supersedes === undefined)
  return {
    ended,
    compactable: alone.filter(([, { numberDigest }]) => numberDigest !== ""),
    deletable: alone.filter(([, { wrongAt, listDelay }]) => wrongAt === undefined && listDelay === undefined)
  }
}

/** All that is kept. */
export const compactedOf = (placement: Placement): Placement => {
  const { reference, provider, token, state, reservedAt, changedAt } = placement
  const { tenant, account, orderId, listDelay, wrongAt } = placement
  return {
    reference,
    provider,
    token,
    numberDigest: "",
    state,
    reservedAt,
    changedAt,
    ...present({ tenant, account, orderId, listDelay, wrongAt })
  }
}

const superseding = (model: Model, { at, ...rest }: Superseding, aside: string): Step => {
  const place = placeOf(rest)
  const earlier = model.get(place)
  const placement: Placement = { ...rest, state: "reserved", reservedAt: at, changedAt: at }
  if (earlier === undefined) return changing(model, placement)
  if (earlier.state !== "absent" || earlier.token !== rest.supersedes) return answering(model, earlier)
  const old: Placement = { ...earlier, reference: aside, sentAs: earlier.reference }
  return changing(new Map([...model].filter(([key]) => key !== place).concat([[placeOf(old), old]])), placement)
}

const orders = <A>(items: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  items.length < 2
    ? [items]
    : items.flatMap((item, place) => orders(items.toSpliced(place, 1)).map((rest) => [item, ...rest]))

/** The state some order of the operations leads to that explains all answers and what is in the journal now. */
export const explanation = (
  model: Model,
  done: ReadonlyArray<readonly [Operation, Answer]>,
  content: Model
): Model | undefined =>
  orders(done)
    .map((order) =>
      order.reduce<Model | undefined>((current, [each, answer]) => {
        const next = current === undefined ? undefined : step(current, each)
        return next?.allows(answer) === true ? next.model : undefined
      }, model)
    )
    .find((end) => end !== undefined && same(Object.fromEntries(end), Object.fromEntries(content)))
