/** Random histories of a journal: operations, some of them at the same time. */
import * as Arbitrary from "effect/Arbitrary"
import type { PlacementKey, Settlement } from "../../calls/PlacementJournal.ts"
import { OrderId, ProviderId } from "../../domain/Identifiers.ts"
import { anyOf, type Arb, oneOf } from "../choice.ts"
import type { Operation } from "./model.ts"
import {
  absent,
  accepted,
  callOf,
  ended,
  instant,
  keyOf,
  missed,
  reservation,
  superseding,
  uncertain
} from "./samples.ts"

/** Hostile to quoting, to look-ups and to encodings. */
export const REFERENCES = ["a", "b", "'); DROP TABLE placement; --", "__proto__", "é\u0001😀", " "] as const
export const TENANTS = ["", "acme", "'"] as const
const tenant = oneOf<string>(...TENANTS, "")
// Mostly a few placements: they live long enough to come into every state.
const few = oneOf(keyOf("a"), keyOf("b"), keyOf("a", "acme"))
const key: Arb<PlacementKey> = anyOf(
  few,
  few,
  few,
  Arbitrary.map(Arbitrary.all([oneOf<string>(...REFERENCES), tenant]), ([text, of]) => keyOf(text, of))
)
const account = oneOf<object>({}, { account: "0a0b0c0d" }, { account: "01020304" })
const token = oneOf("token-1", "token-1", "token-1", "token-2", "\u0001")
export const PROVIDERS = [ProviderId.make("one"), ProviderId.make("two")] as const
const provider = oneOf(...PROVIDERS)
const orderId = oneOf(OrderId.make("order-1"), OrderId.make("order-2"))
const at = oneOf(instant(0), instant(1), instant(2), instant(3))

const settlement: Arb<Settlement> = anyOf<Settlement>(
  Arbitrary.map(orderId, (lead) => ({ ...uncertain(), lead })),
  Arbitrary.map(oneOf(0, -3_600_000), (clockOffset) => ({ ...uncertain(), clockOffset })),
  Arbitrary.map(oneOf("TimedOut", ""), uncertain),
  Arbitrary.map(oneOf(0, 400_000), (requestMillis) => ({ ...uncertain(), requestMillis })),
  Arbitrary.map(oneOf<object>({ evidence: "not_listed", missedMillis: 7 }, { evidence: "unknown" }), (evidence) => ({
    ...uncertain(),
    ...evidence
  })),
  Arbitrary.map(
    Arbitrary.all([oneOf<Settlement>(missed(), missed(), absent()), oneOf(0, 400_000, 660_000)]),
    ([listed, ofRequest]) => ({ ...listed, ofRequest })
  ),
  Arbitrary.map(
    oneOf<"not_listed" | "refused" | "given_up">("not_listed", "not_listed", "refused", "given_up"),
    absent
  ),
  Arbitrary.map(orderId, (order) => ({ ...accepted(order), evidence: "reference_seen", listDelay: order.length })),
  Arbitrary.map(orderId, (order) => accepted(order)),
  Arbitrary.map(orderId, (order) => accepted(order, "queued")),
  Arbitrary.map(orderId, (order) => ended(order))
)

const reserve: Arb<Operation> = Arbitrary.map(
  Arbitrary.all([
    key,
    token,
    provider,
    at,
    account,
    oneOf<object>({}, { agentId: "agent-1" }, { agentId: "", content: "c0de", clockOffset: 1500 })
  ]),
  ([of, mine, by, time, whose, rest]) => ({
    do: "reserve",
    reservation: reservation(of.reference, { ...of, token: mine, provider: by, at: time, ...whose, ...rest })
  })
)
const settle: Arb<Operation> = Arbitrary.map(Arbitrary.all([key, token, settlement, at]), ([of, mine, into, time]) => ({
  do: "settle",
  key: of,
  token: mine,
  settlement: into,
  at: time
}))
const release: Arb<Operation> = Arbitrary.map(Arbitrary.all([key, token, at]), ([of, mine, changedAt]) => ({
  do: "release",
  key: of,
  token: mine,
  changedAt
}))
const find: Arb<Operation> = Arbitrary.map(key, (of) => ({ do: "find", key: of }))
const findCall: Arb<Operation> = Arbitrary.map(Arbitrary.all([provider, orderId, tenant]), ([by, order, of]) => ({
  do: "findCall",
  ...callOf(by, order, of)
}))
/** What lists are asked for: mostly much, since a list of nothing tells little. */
const filter = Arbitrary.map(
  Arbitrary.all([oneOf("", "", "", "acme", "'"), oneOf(100, 100, 100, 1, 0), account]),
  ([of, limit, whose]) => ({ tenant: of, limit, ...whose })
)
const latest = oneOf(instant(3), instant(3), instant(2), instant(0))
const earliest = oneOf(instant(0), instant(0), instant(1), instant(3))
const unfinished: Arb<Operation> = Arbitrary.map(
  Arbitrary.all([filter, latest, oneOf<object>({}, { provider: ProviderId.make("one") })]),
  ([of, before, by]) => ({ do: "unfinished", ...of, before, ...by })
)
const open: Arb<Operation> = Arbitrary.map(Arbitrary.all([filter, latest, provider]), ([of, before, by]) => ({
  do: "open",
  ...of,
  before,
  provider: by
}))
const absentOnes: Arb<Operation> = Arbitrary.map(Arbitrary.all([filter, earliest, provider]), ([of, since, by]) => ({
  do: "absent",
  ...of,
  since,
  provider: by
}))
const supersede: Arb<Operation> = Arbitrary.map(
  Arbitrary.all([key, token, token, provider, at]),
  ([of, mine, over, by, time]) => ({
    do: "supersede",
    reservation: superseding(of.reference, over, { ...of, token: mine, provider: by, at: time }),
    // No two are kept under one.
    aside: ""
  })
)
const listRecord: Arb<Operation> = Arbitrary.map(Arbitrary.all([provider, at]), ([by, since]) => ({
  do: "listRecord",
  provider: by,
  since
}))
const retained: Arb<Operation> = Arbitrary.map(
  Arbitrary.all([
    oneOf<"countEnded" | "compactEnded" | "deleteEnded">("countEnded", "compactEnded", "compactEnded", "deleteEnded"),
    oneOf(instant(2), instant(3), instant(9)),
    oneOf<object>({}, { tenant: "" }, { tenant: "acme" })
  ]),
  ([what, endedBefore, of]) => ({ do: what, endedBefore, ...of })
)
const operation = anyOf(
  reserve,
  reserve,
  settle,
  settle,
  settle,
  settle,
  release,
  find,
  findCall,
  unfinished,
  supersede,
  supersede,
  open,
  absentOnes,
  listRecord,
  retained
)

type Group = ReadonlyArray<Operation>

const group: Arb<ReadonlyArray<Group>> = Arbitrary.map(
  Arbitrary.array(operation, { minLength: 1, maxLength: 3 }),
  (together) => [together]
)

/** A placement on its way, one step after the other: by chance alone few become absent. */
const life: Arb<ReadonlyArray<Group>> = Arbitrary.map(
  Arbitrary.all([
    key,
    provider,
    account,
    oneOf([missed()], [missed(), absent()], [absent("refused")], [absent("given_up")]),
    oneOf(instant(1), instant(2))
  ]),
  ([of, by, whose, settlements, time]) => [
    [{ do: "reserve", reservation: reservation(of.reference, { ...of, provider: by, ...whose }) }],
    ...settlements.map((into): Group => [{ do: "settle", key: of, token: "token-1", settlement: into, at: time }])
  ]
)

/** How long histories grow: a check begins with short ones, and most placements of a short one come into no state. */
export const HISTORY_SIZE = 60

/** Groups of operations: those of one group are under way at the same time. */
export const history: Arb<ReadonlyArray<Group>> = Arbitrary.map(
  Arbitrary.array(anyOf(group, group, life), { maxLength: 20 }),
  (parts) => parts.flat()
)
