/** Pairs: one scripted call, told by two providers, read by the library, and compared. */
import { normalize } from "../../adapters/index.ts"
import type { CallOrder } from "../../src/domain/CallOrder.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import { compareTellings, type SameCall, type SameCallOptions } from "../../src/switch/sameCall.ts"
import { type ScriptedCall, scriptedCall } from "./scriptedCalls.ts"
import { PAIRINGS, type TellerId, tellers } from "./tellers.ts"

export type Pairing = readonly [TellerId, TellerId]

/** What bodies say, as the library reads them. */
export const readOrders = (bodies: ReadonlyArray<JsonObject>): ReadonlyArray<CallOrder> =>
  bodies.flatMap((body) =>
    normalize(body, { native: false }).map((record) => {
      if (record.kind !== "call_order") throw new Error(`a body of a twin is read as ${record.kind}`)
      return record
    })
  )

export const optionsFor = ({ detectsVoicemail }: ScriptedCall): SameCallOptions => ({
  setUp: detectsVoicemail ? ["voicemail"] : []
})

export const compareBy = (
  [a, b]: Pairing,
  ofA: ReadonlyArray<CallOrder>,
  ofB: ReadonlyArray<CallOrder>,
  call: ScriptedCall
): SameCall => compareTellings(ofA, ofB, { a: tellers[a].adapter, b: tellers[b].adapter }, optionsFor(call))

/** A pair in which they differ as they must not. */
export interface FalseAlarm {
  readonly seed: string
  readonly pairing: string
  readonly differences: SameCall["differences"]
}

/** What so many pairs came to. */
export interface PairFigures {
  readonly pairs: number
  /** How many in which somebody answered, nobody did, nothing was dialled, or the call still went on when it was read. */
  readonly kinds: { readonly [kind: string]: number }
  readonly alarms: ReadonlyArray<FalseAlarm>
  /** In how many pairs a declaration was the reason of a difference, by provider and declaration. */
  readonly declared: { readonly [declaration: string]: number }
  /** Fields that were found the same in at least one pair. */
  readonly compared: ReadonlySet<string>
}

const kindOf = ([order]: ReadonlyArray<CallOrder>): string => {
  if (order === undefined || order.terminal !== true) return "going on"
  if (order.attempts.length === 0) return "not dialled"
  return order.attempts.some(({ answered }) => answered === true) ? "answered" : "not answered"
}

const withoutPlace = (field: string): string => field.replace(/\[\d+\]/, "[]")

/** So many pairs, the calls of the seeds from `from` on: each call is told by every two providers. */
export const playPairs = (from: number, pairs: number, onProgress: (done: number) => void = () => {}): PairFigures => {
  const alarms: Array<FalseAlarm> = []
  const [declared, kinds] = [new Map<string, number>(), new Map<string, number>()]
  const compared = new Set<string>()
  const count = (counts: Map<string, number>, what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
  let done = 0
  for (let seed = from; done < pairs; seed++) {
    const call = scriptedCall(String(seed))
    const read = {
      revox: readOrders(tellers.revox.tell(call)),
      revring: readOrders(tellers.revring.tell(call)),
      vapi: readOrders(tellers.vapi.tell(call))
    } satisfies Record<TellerId, ReadonlyArray<CallOrder>>
    for (const pairing of PAIRINGS.slice(0, pairs - done)) {
      const [a, b] = pairing
      const found = compareBy(pairing, read[a], read[b], call)
      count(kinds, kindOf(read.revox))
      if (found.differences.length > 0)
        alarms.push({ seed: call.seed, pairing: `${a} and ${b}`, differences: found.differences })
      for (const because of new Set(found.declared.map(({ because }) => `${because.provider} ${because.declaration}`)))
        count(declared, because)
      for (const field of found.same) compared.add(withoutPlace(field))
      done += 1
    }
    if (seed % 1000 === 0) onProgress(done)
  }
  const sorted = (counts: Map<string, number>) =>
    Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return { pairs: done, kinds: sorted(kinds), alarms, declared: sorted(declared), compared }
}
