/** How it ended, and how far it is: statuses, failures, disconnects, transfers. */
import type { Attempt } from "../domain/CallAttempt.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import { isTerminalAttempt, isTerminalOrder } from "../domain/CallStatus.ts"
import type { DisconnectReason } from "../domain/Disconnect.ts"
import { type FailureKind, reachOfFailure } from "../domain/Failure.ts"
import { isContact, type Reach } from "../domain/Reach.ts"
import type { Transfer } from "../domain/Transfer.ts"
import type { Observable } from "../provider/Evidence.ts"
import {
  type DeclaredReason,
  different,
  type Finding,
  type Rule,
  SAME,
  type Told,
  unless,
  UNTOLD,
  type Witness
} from "./Finding.ts"
import { doesNotTell } from "./silence.ts"

const hadContact = ({ reach }: { readonly reach: Reach }): boolean => isContact(reach.value)

const endsDiffer = ({ id }: Witness, what: "order" | "attempt", text: string): DeclaredReason => ({
  provider: id,
  declaration: `endings.${what}`,
  text
})

// Statuses

/** Of an order that reached nobody: each has the status that its provider declares for it. */
const unreachedReason = (a: Told<CallOrder>, b: Told<CallOrder>): DeclaredReason | undefined => {
  const what = [a, b].some(({ record }) => record.attempts.length === 0) ? "broken" : "unreached"
  const isAsDeclared = [a, b].every(
    ({ record, by: { endings } }) =>
      endings !== undefined && record.status === endings.order[what] && !hadContact(record)
  )
  const [one, other] = [a, b].map(({ record, by }) => `${by.title} says ${record.status}`)
  return isAsDeclared ? endsDiffer(a.by, "order", `Of an order that reached nobody ${one}, ${other}.`) : undefined
}

/** A provider that takes no start time has no word for an order that waits for one. */
const waitingReason = (said: Told<CallOrder>, other: Told<CallOrder>): DeclaredReason | undefined =>
  said.record.status === "queued" && other.record.status === "scheduled" && said.by.capabilities.schedule === "no"
    ? { provider: said.by.id, declaration: "capabilities.schedule", text: `${said.by.title} has no schedule.` }
    : undefined

export const orderStatus: Rule<CallOrder> = (a, b) => {
  const [one, other] = [a.record.status, b.record.status]
  if (one === other) return SAME
  const isOver = isTerminalOrder(one) && isTerminalOrder(other)
  const because = isOver ? unreachedReason(a, b) : (waitingReason(a, b) ?? waitingReason(b, a))
  return unless(because, one, other)
}

/** A dial that is `ended` where the other says more: its provider has no such word. */
const endedReason = (said: Told<Attempt>, other: Told<Attempt>): DeclaredReason | undefined => {
  const { status } = other.record
  if (said.record.status !== "ended" || (status !== "failed" && status !== "canceled")) return undefined
  if (status === "failed" && (hadContact(said.record) || hadContact(other.record))) return undefined
  return said.by.endings?.attempt[status] === "ended"
    ? endsDiffer(said.by, "attempt", `${said.by.title} has no status for a dial that was ${status}.`)
    : undefined
}

export const attemptStatus: Rule<Attempt> = (a, b) => {
  const [one, other] = [a.record.status, b.record.status]
  if (one === other) return SAME
  const isOver = isTerminalAttempt(one) && isTerminalAttempt(other)
  return unless(isOver ? (endedReason(a, b) ?? endedReason(b, a)) : undefined, one, other)
}

// Failures

type NamedKind = Extract<FailureKind, Observable>

const isNamed = (kind: FailureKind): kind is NamedKind => kind !== "unclassified" && kind !== "unrecognized"

/** One that does not tell a kind says another of the same weight, or none; one that only infers it may say none. */
const kindReason = (kind: FailureKind, said: FailureKind, by: Witness): DeclaredReason | undefined => {
  if (!isNamed(kind)) return undefined
  const proof = by.evidence[kind]
  const isVague = said === "unclassified"
  if (proof === undefined)
    return isVague || reachOfFailure(kind) === reachOfFailure(said) ? doesNotTell(by, kind) : undefined
  return isVague && proof.certainty === "inferred"
    ? { provider: by.id, declaration: `evidence.${kind}`, text: `${by.title} only infers it.` }
    : undefined
}

/** Why two records may name two kinds of failure. */
export const failureReason = (a: Told<Attempt>, b: Told<Attempt>): DeclaredReason | undefined => {
  const [one, other] = [a.record.failure?.kind, b.record.failure?.kind]
  if (one === undefined || other === undefined || one === other) return undefined
  return kindReason(one, other, b.by) ?? kindReason(other, one, a.by)
}

export const failure: Rule<Attempt> = (a, b) => {
  const [one, other] = [a.record.failure, b.record.failure]
  if (one === undefined && other === undefined) return UNTOLD
  if (one?.kind !== other?.kind) return unless(failureReason(a, b), one?.kind ?? "not told", other?.kind ?? "not told")
  const codes = [one?.sipCode, other?.sipCode]
  return codes.includes(undefined) || codes[0] === codes[1] ? SAME : different("one SIP code", "another SIP code")
}

// Ends of calls that were connected

/** What a reason stands for, where evidence speaks of it. */
const OBSERVED: { readonly [reason in DisconnectReason]?: Observable } = {
  transferred: "transferred",
  remote_hangup: "remote_hangup",
  voicemail: "voicemail",
  ivr_dead_end: "ivr"
}

const reasonReason = (
  reason: DisconnectReason,
  said: DisconnectReason | undefined,
  by: Witness
): DeclaredReason | undefined => {
  if (said !== undefined && said !== "agent_hangup") return undefined
  const observable = OBSERVED[reason]
  const proof = observable === undefined ? undefined : by.evidence[observable]
  if (observable !== undefined && (proof === undefined || proof.setUpBy !== undefined))
    return doesNotTell(by, observable)
  return by.endings?.reasons.includes(reason) === false
    ? { provider: by.id, declaration: "endings.reasons", text: `${by.title} has no word for this end of a call.` }
    : undefined
}

/** Which side ended it, where that is said: the remote party, or somebody or something of ours. */
const sideOf = ({ disconnect }: Attempt): "remote" | "ours" | undefined => {
  const by = disconnect?.by
  return by === undefined || by === "unrecognized" ? undefined : by === "remote" ? "remote" : "ours"
}

export const disconnect: Rule<Attempt> = (a, b) => {
  const [one, other] = [a.record.disconnect, b.record.disconnect]
  if (one === undefined && other === undefined) return UNTOLD
  const [sideOfA, sideOfB] = [sideOf(a.record), sideOf(b.record)]
  if (sideOfA !== undefined && sideOfB !== undefined && sideOfA !== sideOfB) return different(sideOfA, sideOfB)
  const [reason, another] = [one?.reason, other?.reason]
  if (reason === another) return reason === undefined ? withoutReason(a, b) : SAME
  const because =
    (reason === undefined ? undefined : reasonReason(reason, another, b.by)) ??
    (another === undefined ? undefined : reasonReason(another, reason, a.by))
  return unless(because, reason ?? "not told", another ?? "not told")
}

/** One says at least which side it was; the other has no word for such an end. */
const withoutReason = (a: Told<Attempt>, b: Told<Attempt>): Finding => {
  const silent = [a, b].find(({ record }) => record.disconnect === undefined)
  if (silent === undefined) return SAME
  const isComplete = silent.by.endings === undefined
  return unless(
    isComplete
      ? undefined
      : {
          provider: silent.by.id,
          declaration: "endings.reasons",
          text: `${silent.by.title} has no word for this end of a call.`
        },
    a.record.disconnect === undefined ? "not told" : "told",
    b.record.disconnect === undefined ? "not told" : "told"
  )
}

const transferReason = ({ state }: Transfer, by: Witness): DeclaredReason | undefined => {
  if (by.evidence.transferred === undefined) return doesNotTell(by, "transferred")
  return state === "not_connected" && by.endings?.reasons.includes("transfer_failed") === false
    ? { provider: by.id, declaration: "endings.reasons", text: `${by.title} has no word for a transfer that failed.` }
    : undefined
}

/** That it was begun is said by each that tells of it; how far it came is said by some. */
export const transfer: Rule<Attempt> = (a, b) => {
  const [one, other] = [a.record.transfer, b.record.transfer]
  if (one === undefined && other === undefined) return UNTOLD
  if (one === undefined) return unless(other && transferReason(other, a.by), "not told", "told")
  if (other === undefined) return unless(transferReason(one, b.by), "told", "not told")
  if (one.to !== undefined && other.to !== undefined && one.to !== other.to)
    return different("one number", "another number")
  return one.state === other.state || one.state === "initiated" || other.state === "initiated"
    ? SAME
    : different(one.state, other.state)
}
