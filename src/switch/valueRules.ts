/** Rules for fields of one kind each: values that are equal or not, moments, lengths, and what is only there or not. */
import type { CallOrder } from "../domain/CallOrder.ts"
import { canonicalJson, type JsonObject } from "../domain/Json.ts"
import { hasWords, type Transcript, type Turn } from "../domain/Transcript.ts"
import { different, type Finding, OWN, type Rule, SAME, type Told, unless, UNTOLD } from "./Finding.ts"
import { type Needs, whySilent } from "./silence.ts"

/** Two clocks, and figures in whole seconds, are so far apart at most. */
export const NEAR_SECONDS = 1

/** Each provider's own: its ids, its agents, its prices, its technical figures. */
export const own: Rule<unknown> = () => OWN

/** Compares what both tell; where one is silent, its declarations say whether it may be. */
const told =
  <R, V>(
    get: (record: R, side: Told<R>) => V | undefined,
    needs: Needs | ((side: Told<R>) => Needs),
    compare: (a: V, b: V, side: Told<R>) => Finding
  ): Rule<R> =>
  (a, b, field) => {
    const [one, other] = [get(a.record, a), get(b.record, b)]
    if (one !== undefined && other !== undefined) return compare(one, other, a)
    if (one === undefined && other === undefined) return UNTOLD
    const silent = one === undefined ? a : b
    const because = whySilent(silent.by, field, typeof needs === "function" ? needs(silent) : needs)
    return unless(because, words(one), words(other))
  }

const words = (value: unknown): string => (value === undefined ? "not told" : "told")

/** The same word of the model: a closed one, which may be shown. */
export const word = <R>(get: (record: R) => string | undefined, needs: Needs): Rule<R> =>
  told(get, needs, (a, b) => (a === b ? SAME : different(a, b)))

/** The same value, which may be anybody's and is not shown. */
export const equal = <R>(get: (record: R, side: Told<R>) => unknown, needs: Needs): Rule<R> =>
  told(get, needs, (a, b) => (canonicalJson(a) === canonicalJson(b) ? SAME : different("one value", "another value")))

/** The same value of one call; of two calls only that there is one. */
export const equalOfOneCall = <R>(get: (record: R) => unknown, needs: Needs): Rule<R> =>
  told(get, needs, (a, b, { ofOneCall }) =>
    !ofOneCall || canonicalJson(a) === canonicalJson(b) ? SAME : different("one value", "another value")
  )

const isOwnSide = ({ direction }: CallOrder, side: "from" | "to"): boolean =>
  (direction === "inbound") === (side === "to")

/** The number of your own side may be told by its id alone, and each provider has its own; that of the other side must be told. */
export const number = <R>(
  source: "order" | "attempt",
  side: "from" | "to",
  get: (record: R) => string | undefined
): Rule<R> =>
  told(
    get,
    ({ order }) => ({ source, observables: isOwnSide(order, side) ? ["own_number"] : [] }),
    (a, b, { order, ofOneCall }) =>
      a === b || (!ofOneCall && isOwnSide(order, side)) ? SAME : different("one value", "another value")
  )

/** There or not: a text, a link, which each provider makes itself. */
export const presence = <R>(get: (record: R) => unknown, needs: Needs): Rule<R> => told(get, needs, () => SAME)

export const moment = <R>(get: (record: R) => string | undefined, needs: Needs): Rule<R> =>
  told(get, needs, (a, b, { ofOneCall }) => {
    const seconds = (Date.parse(b) - Date.parse(a)) / 1000
    if (!ofOneCall || Math.abs(seconds) <= NEAR_SECONDS) return SAME
    return seconds > 0 ? different("earlier", "later") : different("later", "earlier")
  })

export const length = <R>(get: (record: R) => number | undefined, needs: Needs): Rule<R> =>
  told(get, needs, (a, b, { ofOneCall }) => {
    if (!ofOneCall || Math.abs(b - a) <= NEAR_SECONDS) return SAME
    return b > a ? different("shorter", "longer") : different("longer", "shorter")
  })

/** A map of the caller's own values. In one of them the provider may have stored the caller's own key, which is in `reference` too. */
export const ownValues = <R extends { readonly reference?: string }>(
  name: "metadata" | "variables",
  get: (record: R) => JsonObject | undefined
): Rule<R> =>
  equal(
    (record, { by }) => {
      const values = Object.entries(get(record) ?? {}).filter(
        ([, value]) => by.capabilities.referenceIn !== name || value !== record.reference
      )
      return values.length === 0 ? undefined : Object.fromEntries(values)
    },
    { ability: name, source: "order" }
  )

const isSpoken = ({ role }: Turn): boolean => role !== "tool"

/** How tools are written down is each provider's own: as one turn or two, with or without a name. */
const spokenIn = (transcript: Transcript): ReadonlyArray<Turn> | undefined =>
  "turns" in transcript ? transcript.turns.filter(isSpoken) : undefined

const plain = (text: string): string => text.trim().replace(/\s+/g, " ")

const compareTurns = (a: ReadonlyArray<Turn>, b: ReadonlyArray<Turn>): Finding => {
  if (a.length !== b.length)
    return different(
      a.length > b.length ? "more turns" : "fewer turns",
      a.length > b.length ? "fewer turns" : "more turns"
    )
  if (a.some(({ role }, index) => role !== b[index]?.role)) return different("one speaker", "another speaker")
  return a.some(({ text }, index) => plain(text) !== plain(b[index]?.text ?? ""))
    ? different("one text", "another text")
    : SAME
}

export const transcript = <R>(get: (record: R) => Transcript | undefined, needs: Needs): Rule<R> =>
  told(
    (record) => {
      const given = get(record)
      return hasWords(given) ? given : undefined
    },
    needs,
    (a, b, { ofOneCall }) => {
      if (!ofOneCall) return SAME
      const [one, other] = [spokenIn(a), spokenIn(b)]
      if (one !== undefined && other !== undefined) return compareTurns(one, other)
      return one === other
        ? SAME
        : different(one === undefined ? "one text" : "turns", other === undefined ? "one text" : "turns")
    }
  )
