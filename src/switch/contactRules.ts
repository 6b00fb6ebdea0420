/** Who or what was reached. A provider that is less sure may say less, and never something else. */
import type { Attempt } from "../domain/CallAttempt.ts"
import { type Certainty, isContact, type ReachValue } from "../domain/Reach.ts"
import { OBSERVABLE_TITLES, type Proof } from "../provider/Evidence.ts"
import { type DeclaredReason, type Rule, SAME, type Told, unless, UNTOLD, type Witness } from "./Finding.ts"
import { failureReason } from "./endingRules.ts"
import { doesNotTell, whySilent } from "./silence.ts"

const PARTIES = ["human", "voicemail", "ivr", "call_screening"] as const
type Party = (typeof PARTIES)[number]

/** What a record says: a party, that somebody or something answered, or anything else. */
interface Said {
  readonly value: ReachValue | "unrecognized"
  readonly certainty: Certainty
}

const partyIn = ({ value }: Said): Party | undefined => PARTIES.find((party) => party === value)

const RANK = { stated: 2, detected: 1, inferred: 0 } as const satisfies Record<Certainty, number>

/** Not always told though there is a rule for it: known less surely, by another rule, or only where it was set up. */
const isWeaker = (proof: Proof, other: Proof | undefined): boolean => {
  if (proof.setUpBy !== undefined || other === undefined) return true
  const less = RANK[proof.certainty] - RANK[other.certainty]
  return less < 0 || (less === 0 && proof.basis !== other.basis)
}

const KNOWS = { stated: "states", detected: "only detects", inferred: "only infers" } as const satisfies Record<
  Certainty,
  string
>

const isLessSure = ({ id, title }: Witness, party: Party, { certainty, setUpBy }: Proof): DeclaredReason => ({
  provider: id,
  declaration: `evidence.${party}`,
  text: `${title} ${KNOWS[certainty]} ${OBSERVABLE_TITLES[party]}${setUpBy === undefined ? "" : ", and only where that is set up"}.`
})

/** Whether one may have said what it said of a call in which the other knows the party. */
const reasonFor = (party: Party, knower: Witness, said: Said, by: Witness): DeclaredReason | undefined => {
  const proof = by.evidence[party]
  const other = partyIn(said)
  if (proof === undefined) {
    return said.value === "answered" || (other !== undefined && said.certainty !== "stated")
      ? doesNotTell(by, party)
      : undefined
  }
  if (!isWeaker(proof, knower.evidence[party])) return undefined
  const isGuess = said.value === "human" && said.certainty === "inferred" && by.evidence.human?.certainty === "inferred"
  return said.value === "answered" || isGuess ? isLessSure(by, party, proof) : undefined
}

/** A person whom one infers, where the other says that it does not know who answered. */
const reasonForGuess = (guess: Said, by: Witness, other: Said): DeclaredReason | undefined => {
  const { human } = by.evidence
  const isGuess = guess.value === "human" && guess.certainty === "inferred" && human?.certainty === "inferred"
  return isGuess && other.value === "answered" ? isLessSure(by, "human", human) : undefined
}

const partyReason = (
  a: Said,
  b: Said,
  by: { readonly a: Witness; readonly b: Witness }
): DeclaredReason | undefined => {
  const [ofA, ofB] = [partyIn(a), partyIn(b)]
  return (
    (ofA === undefined ? undefined : reasonFor(ofA, by.a, b, by.b)) ??
    (ofB === undefined ? undefined : reasonFor(ofB, by.b, a, by.a)) ??
    reasonForGuess(a, by.a, b) ??
    reasonForGuess(b, by.b, a)
  )
}

const answererOf = ({ answeredBy }: Attempt): Said =>
  answeredBy === undefined || answeredBy.value === "unknown" ? { value: "answered", certainty: "inferred" } : answeredBy

export const answeredBy: Rule<Attempt> = (a, b) => {
  const [one, other] = [answererOf(a.record), answererOf(b.record)]
  if (one.value === other.value)
    return a.record.answeredBy === undefined && b.record.answeredBy === undefined ? UNTOLD : SAME
  return unless(partyReason(one, other, { a: a.by, b: b.by }), one.value, other.value)
}

/** Of a call that was answered, by one that does not always say so. */
const reasonForDoubt = (said: Said, other: Said, by: Witness): DeclaredReason | undefined =>
  (said.value === "unknown" || said.value === "canceled") && other.value !== "unrecognized" && isContact(other.value)
    ? whySilent(by, "answered", { observables: ["answer_time"] })
    : undefined

/** Of a dial that was canceled, by one that has no word for it. */
const reasonForCanceled = (said: Said, other: Said, by: Witness): DeclaredReason | undefined =>
  other.value === "canceled" &&
  (said.value === "not_reached" || said.value === "unknown") &&
  by.endings?.attempt.canceled === "ended"
    ? { provider: by.id, declaration: "endings.attempt", text: `${by.title} has no word for a dial that was canceled.` }
    : undefined

const isOfFailure = ({ value }: Said): boolean => value === "not_reached" || value === "failed"

const reachReason = (a: Told<Attempt>, b: Told<Attempt>): DeclaredReason | undefined => {
  const [one, other] = [a.record.reach, b.record.reach]
  return (
    partyReason(one, other, { a: a.by, b: b.by }) ??
    reasonForDoubt(one, other, a.by) ??
    reasonForDoubt(other, one, b.by) ??
    reasonForCanceled(one, other, a.by) ??
    reasonForCanceled(other, one, b.by) ??
    (isOfFailure(one) && isOfFailure(other) ? failureReason(a, b) : undefined)
  )
}

export const attemptReach: Rule<Attempt> = (a, b) => {
  const [one, other] = [a.record.reach, b.record.reach]
  return one.value === other.value ? SAME : unless(reachReason(a, b), one.value, other.value)
}
