/** What providers declare that their records tell: whether a definition can be met by all of them, in the same way. */
import type { Adapter } from "../provider/Adapter.ts"
import { isSameProof, type Observable, proofOf } from "../provider/Evidence.ts"
import type { Definition } from "./Metric.ts"

/** A provider by what it declares. */
export type Witness = Pick<Adapter, "title" | "evidence">

/** Whether a provider tells all that a definition needs. */
export const isTold = ({ needs }: Pick<Definition<never>, "needs">, { evidence }: Pick<Witness, "evidence">): boolean =>
  needs.every((need) => proofOf(evidence, need) !== undefined)

/** Why a definition cannot be met, whatever the data. */
export interface EvidenceDiffers {
  readonly because: "not_told" | "told_differently"
  readonly sentence: string
}

export const evidenceDiffers = (
  { needs }: Pick<Definition<never>, "needs">,
  providers: ReadonlyArray<Witness>
): EvidenceDiffers | undefined => {
  for (const need of needs) {
    const what = OBSERVABLE_TITLES[need]
    const proofs = providers.map(({ title, evidence }) => ({ title, proof: proofOf(evidence, need) }))
    const silent = proofs.filter(({ proof }) => proof === undefined)
    if (silent.length > 0) {
      const names = silent.map(({ title }) => title).join(" and ")
      return { because: "not_told", sentence: `${names} ${silent.length > 1 ? "do" : "does"} not tell ${what}.` }
    }
    const [first, ...others] = proofs.flatMap(({ title, proof }) => (proof === undefined ? [] : [{ title, proof }]))
    const other = first === undefined ? undefined : others.find(({ proof }) => !isSameProof(proof, first.proof))
    if (first !== undefined && other !== undefined) {
      const one = `${first.title} ${tells[first.proof.certainty]} ${what} (${plain(first.proof.from)})`
      const another = `${other.title} ${tellsIt[other.proof.certainty]} (${plain(other.proof.from)})`
      return { because: "told_differently", sentence: `${one}; ${another}. These are not the same measure.` }
    }
  }
  return undefined
}

/** That a provider tells a thing, and how; `undefined` if it does not. */
export const toldBy = ({ title, evidence }: Witness, observable: Observable): string | undefined => {
  const proof = proofOf(evidence, observable)
  if (proof === undefined) return undefined
  return `${title} ${tells[proof.certainty]} ${OBSERVABLE_TITLES[observable]} (${plain(proof.from)})`
}

/** Why a definition may count what nobody listens for: something that it needs is told only where it was set up. */
export const needsSetUp = (
  { needs }: Pick<Definition<never>, "needs">,
  providers: ReadonlyArray<Witness>
): string | undefined => {
  for (const need of needs) {
    for (const { title, evidence } of providers) {
      const proof = proofOf(evidence, need)
      if (proof?.setUpBy === undefined) continue
      return `${title} ${tells[proof.certainty]} ${OBSERVABLE_TITLES[need]} (${plain(proof.from)})`
    }
  }
  return undefined
}

/** Marks of code are for Markdown; people read this at a terminal too. */
const plain = (clause: string): string => clause.replaceAll("`", "")

const OBSERVABLE_TITLES = {
  human: "that a person answered",
  voicemail: "that a mailbox answered",
  ivr: "that a telephone menu answered",
  call_screening: "that call screening answered",
  dialed_time: "when dialling began",
  answer_time: "when the call was answered",
  connected: "that the call was answered",
  end_time: "when the call ended",
  created_time: "when the order was created",
  updated_time: "when the record last changed",
  talk_time: "how long the call lasted",
  busy: "that the line was busy",
  no_answer: "that nobody answered",
  invalid_number: "that the number does not exist",
  unreachable: "that the number could not be reached",
  declined: "that the call was declined",
  blocked: "that the call was blocked on the way",
  congestion: "that the network was congested",
  not_permitted: "that the call was not permitted",
  precondition_failed: "that a precondition failed",
  timeout: "that dialling timed out",
  account: "that the account had no credit or was closed",
  account_limit: "that the account had as many calls as it may",
  customer_error: "that the customer's own server, model or settings were at fault",
  provider_error: "that the provider was at fault",
  transferred: "that the call was transferred",
  remote_hangup: "that the other side hung up",
  outcome: "what came of the order",
  goal: "whether the task was done",
  cost: "what the order cost",
  transcript: "what was said",
  recording: "the recording",
  response_latency: "how soon the agent responded",
  interruptions_by_agent: "how often the agent cut the other side off",
  interruptions_by_remote: "how often the other side cut the agent off",
  remote_speech: "how long the other side spoke"
} as const satisfies Record<Observable, string>

const tells = { stated: "states", detected: "detects", inferred: "lets us infer" } as const
const tellsIt = { stated: "states it", detected: "only detects it", inferred: "lets us infer it" } as const
