/**
 * Orders and attempts as rows: each order once, by the fullest record of it, joined with attempts that came apart from it.
 * What an order's record settles becomes a row at once and is forgotten; the rest waits until everything has been read.
 */
import type { Attempt, CallAttempt } from "../../domain/CallAttempt.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import { isOverAttempt } from "../../domain/CallStatus.ts"
import { FailureKind } from "../../domain/Failure.ts"
import { byAge, fuller, isDial, lastEnd, latestOf, tellsFirst, withAttempts } from "./dials.ts"
import { leanAttempt, leanOrder, orderText } from "./lean.ts"
import type { Definition } from "../../metrics/Metric.ts"
import { laterOf, toldFields } from "../../domain/RecordRank.ts"
import { millisecondsOf } from "./moments.ts"
import { compareText } from "../../domain/textOrder.ts"
import { makeNames, type Names } from "./names.ts"
import { makeAnswers } from "./answers.ts"
import { EMPTY, FLAG, GRADE, makeObservationTable, type ObservationTable } from "./ObservationTable.ts"
import { type Candidate, LEFT_OUT, type Population } from "./populations.ts"
import { makeTextHash } from "./textHash.ts"

export interface OrderRowsOptions {
  readonly definitions: ReadonlyArray<Definition>
  readonly population: Population
  readonly stratumOf: (candidate: Candidate) => string
  /** Whether an order of the provider is one dial, so that an attempt without its order's id is its first. */
  readonly dialsOnce: (provider: string) => boolean
  /** Whether an experiment may read its assignment from the orders' maps. */
  readonly maps: boolean
}

/** Failures of first dials are numbered by their place in this list, from 1. */
export const FAILURE_KINDS = FailureKind.literals

export interface OrderRows {
  readonly table: ObservationTable
  readonly arms: Names
  readonly providers: Names
  readonly strata: Names
  /** What people call an arm, by the arm's name; of several, the first in order of letters. */
  readonly labels: ReadonlyMap<string, string>
  readonly addOrder: (order: CallOrder) => void
  readonly addAttempt: (attempt: CallAttempt) => void
  /** Joins what was waiting; nothing may be added after. */
  readonly close: () => void
  readonly tally: {
    /** Records about an order, or attempt, that another record is about as well. */
    folded: number
    attemptsWithoutOrder: number
    /** The latest moment told of, ISO 8601. */
    asOf: string | undefined
  }
}

export const makeOrderRows = (options: OrderRowsOptions): OrderRows => {
  const { population, stratumOf, maps } = options
  const answers = makeAnswers(options.definitions)
  const table = makeObservationTable(answers.rates, answers.values)
  const { draft } = table
  const [arms, providers, strata] = [makeNames(), makeNames(), makeNames()]
  const labels = new Map<string, string>()
  const tally: OrderRows["tally"] = { folded: 0, attemptsWithoutOrder: 0, asOf: undefined }
  const key = makeTextHash()
  const person = makeTextHash()
  /** Orders to which a record of an attempt may still add something, by row. */
  const unsettled = new Map<number, CallOrder>()
  /** Attempts by provider, order and id, until their order is known to be whole. */
  const waiting = new Map<string, Map<string, Map<string, Attempt>>>()

  const draftPerson = (candidate: Candidate): void => {
    const found = population.personOf(candidate)
    if (found === undefined) {
      // Nobody else's: the order stands for its own person.
      draft.personHigh = draft.keyHigh
      draft.personLow = draft.keyLow
      return
    }
    if ("contact" in found) person.of(found.contact)
    else person.ofNumber(found.number)
    draft.personHigh = person.high
    draft.personLow = person.low
  }

  /** The order's row as a draft; `order` is absent where only attempts are known. */
  const describe = (provider: string, order: CallOrder | undefined, attempts: ReadonlyArray<Attempt>): void => {
    const oldest = attempts.find(isDial)
    const firstUnknown = !tellsFirst(order ?? {}, attempts)
    const first = firstUnknown ? undefined : oldest
    const to = order?.to ?? attempts.find((attempt) => attempt.to !== undefined)?.to
    const candidate: Candidate = { provider, order, to, at: order?.createdAt ?? oldest?.dialedAt }
    const latest = latestOf(order, attempts)
    const membership = population.membershipOf(candidate)
    draft.keyHigh = key.high
    draft.keyLow = key.low
    draft.grade = order === undefined ? GRADE.attempts : gradeOf(order, options.dialsOnce(provider))
    draft.told = Math.min(order === undefined ? 0 : toldFields(order), 0xffff)
    draft.latest = millisecondsOf(order?.updatedAt ?? latest)
    draft.provider = providers.numberOf(provider)
    tally.asOf = laterOf(tally.asOf, laterOf(order?.updatedAt, latest))
    if ("leftOut" in membership) return leaveOut(membership.leftOut)
    draft.leftOut = LEFT_OUT.none
    draft.arm = arms.numberOf(membership.arm)
    draft.at = millisecondsOf(candidate.at)
    draft.ended = millisecondsOf(lastEnd(attempts))
    draft.stratum = strata.numberOf(stratumOf(candidate))
    draftPerson(candidate)
    draftFacts(order, attempts, first, membership)
    noteLabel(membership.arm, membership.label)
    answers.ask({ order, attempts, first, firstUnknown }, draft)
  }

  const leaveOut = (reason: number): void => {
    const { keyHigh, keyLow, grade, told, latest, provider } = draft
    Object.assign(draft, EMPTY, { keyHigh, keyLow, grade, told, latest, provider, leftOut: reason })
    draft.rates.fill(0)
    draft.values.fill(0)
  }

  const draftFacts = (
    order: CallOrder | undefined,
    attempts: ReadonlyArray<Attempt>,
    first: Attempt | undefined,
    { crossover, unmarked }: { readonly crossover: boolean; readonly unmarked: boolean }
  ): void => {
    let verdicts = 0
    let contradicted = 0
    for (const { answeredBy, reach } of attempts) {
      if (answeredBy?.value !== "human" && answeredBy?.value !== "voicemail") continue
      verdicts += 1
      if (reach.contradicted === true) contradicted += 1
    }
    const open = order === undefined ? !attempts.every(isOverAttempt) : order.terminal !== true
    draft.flags =
      (open ? FLAG.open : 0) |
      (attempts.some(isDial) ? FLAG.dialed : 0) |
      (crossover ? FLAG.crossover : 0) |
      (unmarked ? FLAG.unmarked : 0) |
      (order === undefined ? FLAG.attemptsOnly : 0) |
      (order?.attemptsAllowed === undefined ? 0 : FLAG.tellsAllowed)
    draft.dials = wholeNumber(Math.max(order?.attemptsAllowed ?? 0, order?.attemptsMade ?? 0, attempts.length))
    draft.verdicts = Math.min(verdicts, 0xff)
    draft.contradicted = Math.min(contradicted, 0xff)
    const failure = first?.answered === true ? undefined : first?.failure
    draft.failure = failure === undefined ? 0 : FAILURE_KINDS.indexOf(failure.kind) + 1
  }

  const noteLabel = (arm: string, label: string | undefined): void => {
    if (label === undefined || label === "") return
    const known = labels.get(arm)
    if (known === undefined || label < known) labels.set(arm, label)
  }

  /** Numbers of names depend on which came first, so the names themselves are compared. */
  const compareWithDraft = (row: number): number =>
    table.compare(row) ||
    compareText(arms.name(table.get(row, "arm")), arms.name(draft.arm)) ||
    compareText(strata.name(table.get(row, "stratum")), strata.name(draft.stratum))

  /** The row that stays is the greater one; what may still be added to it is kept. */
  const settle = (order: CallOrder): void => {
    const row = table.find(key.high, key.low)
    if (row < 0) return keep(table.append(), order)
    tally.folded += 1
    const comparison = compareWithDraft(row)
    const held = unsettled.get(row)
    if (comparison > 0) return
    if (comparison === 0 && (held === undefined || orderText(held) >= orderText(leanOrder(order, maps)))) return
    table.write(row)
    keep(row, order)
  }

  const keep = (row: number, order: CallOrder): void => {
    if (draft.grade !== GRADE.whole) {
      unsettled.set(row, leanOrder(order, maps))
      return
    }
    unsettled.delete(row)
    const orders = waiting.get(order.provider)
    const attempts = orders?.get(order.id)
    if (attempts === undefined) return
    tally.folded += attempts.size
    orders?.delete(order.id)
  }

  const addOrder = (order: CallOrder): void => {
    key.of(order.provider, order.id)
    describe(order.provider, order, byAge(order.attempts))
    settle(order)
  }

  const addAttempt = (attempt: CallAttempt): void => {
    const { kind: _, provider, ...own } = attempt
    // Where an order is one dial, the dial's id is the order's.
    const orderId = own.orderId ?? (options.dialsOnce(provider) ? own.id : undefined)
    tally.asOf = laterOf(tally.asOf, latestOf(undefined, [own]))
    if (orderId === undefined) {
      tally.attemptsWithoutOrder += 1
      return
    }
    key.of(provider, orderId)
    const row = table.find(key.high, key.low)
    if (row >= 0 && table.get(row, "grade") === GRADE.whole) {
      tally.folded += 1
      return
    }
    const orders = waiting.get(provider) ?? new Map<string, Map<string, Attempt>>()
    waiting.set(provider, orders)
    const attempts = orders.get(orderId) ?? new Map<string, Attempt>()
    orders.set(orderId, attempts)
    const known = attempts.get(own.id)
    if (known !== undefined) tally.folded += 1
    attempts.set(own.id, known === undefined ? leanAttempt(own) : fuller(known, leanAttempt(own)))
  }

  const join = (provider: string, orderId: string, attempts: ReadonlyMap<string, Attempt>): void => {
    key.of(provider, orderId)
    const row = table.find(key.high, key.low)
    const order = unsettled.get(row)
    if (row >= 0) tally.folded += attempts.size
    if (row < 0) {
      tally.folded += attempts.size - 1
      // Dials of one moment go by their ids, not by which was read first.
      const inOrder = [...attempts.values()].toSorted((a, b) => compareText(a.id, b.id))
      describe(provider, undefined, byAge(inOrder))
      table.append()
    } else if (order !== undefined) {
      const whole = withAttempts(order, attempts)
      describe(provider, whole, whole.attempts)
      table.write(row)
    }
  }

  const close = (): void => {
    for (const [provider, orders] of waiting) for (const [id, attempts] of orders) join(provider, id, attempts)
    waiting.clear()
    unsettled.clear()
  }

  return { table, arms, providers, strata, labels, addOrder, addAttempt, close, tally }
}

/** An order that does not tell how often it was dialled may have been dialled more often than it shows. */
const gradeOf = ({ terminal, attempts, attemptsMade }: CallOrder, dialsOnce: boolean): number => {
  if (terminal !== true) return GRADE.running
  const tellsAll = dialsOnce || (attemptsMade !== undefined && attempts.length >= attemptsMade)
  return tellsAll && attempts.every(isOverAttempt) ? GRADE.whole : GRADE.over
}

const wholeNumber = (value: number): number => Math.min(Math.max(Math.trunc(value), 0), 0xffff)
