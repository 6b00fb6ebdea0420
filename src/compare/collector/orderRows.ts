/**
 * Orders and attempts as rows: each order once, by the fullest record of it, joined with attempts that came apart from it.
 * What an order's record settles becomes a row at once and is forgotten; the rest waits until everything has been read.
 */
import type { Attempt, CallAttempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import { compareText } from "../../domain/textOrder.ts"
import { laterOf } from "../../domain/RecordRank.ts"
import type { Definition } from "../../metrics/Metric.ts"
import { answerColumn, ifAnswered } from "./answers.ts"
import { byAge, fuller, isDial, latestOf, tellsFirst, withAttempts } from "./dials.ts"
import { makeKeySet, makeObservationTable } from "./ObservationTable.ts"
import { COUNTED_COLUMNS, type CountedOrder, GRADE, ORDER_COLUMNS } from "./orderColumns.ts"
import { type Candidate, leftOutNumber, type Population } from "./populations.ts"
import { strippedAttempt, strippedOrder } from "./stripped.ts"
import { makeTextHash } from "./textHash.ts"
import { makeTraitsOf } from "./traits.ts"

export interface OrderRowsOptions {
  readonly definitions: ReadonlyArray<Definition>
  readonly population: Population
  /** Whether an order of the provider is one dial, so that an attempt without its order's id is its first. */
  readonly dialsOnce: (provider: string) => boolean
  /** Whether the provider's records tell what the definition needs. */
  readonly tells: (provider: string, definition: Definition) => boolean
  /** Whether an experiment may read its assignment from the orders' maps. */
  readonly maps: boolean
}

export const makeOrderRows = (options: OrderRowsOptions) => {
  const { population, maps, dialsOnce } = options
  const traitsOf = makeTraitsOf()
  const { definitions } = options
  const answers = definitions.map((definition, place) => ifAnswered<CountedOrder>(answerColumn(definition), place))
  const answersOf = new Map<string, Uint8Array>()
  /** With an order of a provider that does not tell what a definition needs in an arm, the definition is never used. */
  const answeredBy = (provider: string): Uint8Array => {
    const known = answersOf.get(provider)
    if (known !== undefined) return known
    const told = Uint8Array.from(definitions, (definition) => Number(options.tells(provider, definition)))
    answersOf.set(provider, told)
    return told
  }
  const table = makeObservationTable({ all: ORDER_COLUMNS, counted: COUNTED_COLUMNS, answers })
  const grade = table.column("grade")
  /** What people call an arm, by the arm's name; of several, the first in order of letters. */
  const labels = new Map<string, string>()
  /** `folded`: records about an order, or attempt, that another record is about as well; `asOf`: the latest moment told of. */
  const tally: { folded: number; attemptsWithoutOrder: number; asOf?: string | undefined } = {
    folded: 0,
    attemptsWithoutOrder: 0
  }
  const key = makeTextHash()
  const personHash = makeTextHash()
  const unitHash = makeTextHash()
  /** References of orders that are of an arm; only an experiment asks for them. */
  const references = makeKeySet()
  const referenceHash = makeTextHash()
  /** Orders to which a record of an attempt may still add something, by row. */
  const unsettled = new Map<number, CallOrder>()
  /** Attempts by id, by the name of their order, until that is known to be whole. */
  const waiting = new Map<string, Waiting>()

  /** Drafts the order's row; `order` is absent where only attempts are known. */
  const draft = (provider: string, order: CallOrder | undefined, attempts: ReadonlyArray<Attempt>): void => {
    const oldest = attempts.find(isDial)
    const firstUnknown = !tellsFirst(order ?? {}, attempts)
    const first = firstUnknown ? undefined : oldest
    const to = order?.to ?? attempts.find((attempt) => attempt.to !== undefined)?.to
    const candidate: Candidate = { provider, order, to, at: order?.createdAt ?? oldest?.dialedAt }
    const latest = latestOf(order, attempts)
    tally.asOf = laterOf(tally.asOf, laterOf(order?.updatedAt, latest))
    const membership = population.membershipOf(candidate)
    const leftOut = "leftOut" in membership ? membership.leftOut : undefined
    const described = { order, latest, dialsOnce: dialsOnce(provider), leftOut: leftOutNumber(leftOut) }
    if ("leftOut" in membership) return table.draft(key, described, undefined)
    if (maps && order?.reference !== undefined) {
      referenceHash.of(provider, order.reference)
      references.add(referenceHash)
    }
    const { arm, label, crossover, unmarked } = membership
    const { at } = candidate
    if (membership.unit !== undefined) unitHash.of(membership.unit)
    const unit = membership.unit === undefined ? key : unitHash
    // Where nobody is told, the order stands for its own person.
    const person = population.hashPerson(candidate, personHash) ? personHash : key
    const told = {
      order,
      attempts,
      first,
      firstUnknown,
      provider,
      at,
      traits: traitsOf(candidate),
      answers: answeredBy(provider)
    }
    table.draft(key, described, { ...told, person, unit, arm, crossover, unmarked })
    const known = labels.get(arm)
    if (label !== undefined && label !== "" && (known === undefined || label < known)) labels.set(arm, label)
  }

  /** The row that stays is the greater one; what may still be added to it is kept. */
  const settle = (order: CallOrder): void => {
    const row = table.find(key)
    if (row < 0) return keep(table.append(), order)
    tally.folded += 1
    const comparison = table.compare(row)
    if (comparison > 0) return
    const held = comparison === 0 ? unsettled.get(row) : undefined
    if (comparison === 0 && (held === undefined || isAtLeast(held, strippedOrder(order, maps)))) return
    table.write(row)
    keep(row, order)
  }

  const keep = (row: number, order: CallOrder): void => {
    if (grade.get(row) !== GRADE.whole) {
      unsettled.set(row, strippedOrder(order, maps))
      return
    }
    unsettled.delete(row)
    if (waiting.size === 0) return
    const name = nameOf(order.provider, order.id)
    tally.folded += waiting.get(name)?.attempts.size ?? 0
    waiting.delete(name)
  }

  const addOrder = (order: CallOrder): void => {
    key.of(order.provider, order.id)
    draft(order.provider, order, byAge(order.attempts))
    settle(order)
  }

  const addAttempt = (attempt: CallAttempt): void => {
    const { kind: _, provider, ...own } = attempt
    // Where an order is one dial, the dial's id is the order's.
    const orderId = own.orderId ?? (dialsOnce(provider) ? own.id : undefined)
    tally.asOf = laterOf(tally.asOf, latestOf(undefined, [own]))
    if (orderId === undefined) {
      tally.attemptsWithoutOrder += 1
      return
    }
    key.of(provider, orderId)
    const row = table.find(key)
    if (row >= 0 && grade.get(row) === GRADE.whole) {
      tally.folded += 1
      return
    }
    const name = nameOf(provider, orderId)
    const entry = waiting.get(name) ?? { provider, orderId, attempts: new Map<string, Attempt>() }
    waiting.set(name, entry)
    const { attempts } = entry
    const known = attempts.get(own.id)
    if (known !== undefined) tally.folded += 1
    const stripped = strippedAttempt(own)
    attempts.set(own.id, known === undefined ? stripped : fuller(known, stripped))
  }

  const join = ({ provider, orderId, attempts }: Waiting): void => {
    key.of(provider, orderId)
    const row = table.find(key)
    if (row < 0) {
      tally.folded += attempts.size - 1
      // Dials of one moment go by their ids, not by which was read first.
      const inOrder = [...attempts.values()].toSorted((a, b) => compareText(a.id, b.id))
      draft(provider, undefined, byAge(inOrder))
      table.append()
      return
    }
    tally.folded += attempts.size
    const order = unsettled.get(row)
    if (order === undefined) return
    const whole = withAttempts(order, attempts)
    draft(provider, whole, whole.attempts)
    table.write(row)
  }

  /** Joins what was waiting; nothing may be added after. */
  const close = (): void => {
    for (const entry of waiting.values()) join(entry)
    waiting.clear()
    unsettled.clear()
  }

  return { table, labels, addOrder, addAttempt, close, tally, hasReference: references.has }
}

interface Waiting {
  readonly provider: string
  readonly orderId: string
  readonly attempts: Map<string, Attempt>
}

const nameOf = (provider: string, orderId: string): string => `${provider}:${orderId}`

/** Of two records that come to the same row; only to choose one of them, whichever was read first. */
const isAtLeast = (a: CallOrder, b: CallOrder): boolean => JSON.stringify(a) >= JSON.stringify(b)
