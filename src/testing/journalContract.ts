/**
 * What every placement journal must obey, as cases for any test runner: each is a name and an async function.
 *
 *     for (const { name, run } of journalContract(() => customJournal(functionsOverAnEmptyTable()))) it(name, run)
 */
import { asideOf } from "../calls/attribution.ts"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { JournalHandle } from "../calls/JournalHandle.ts"
import { JournalError, PlacementJournal, type PlacementKey } from "../calls/PlacementJournal.ts"
import { absenceLaws } from "./journal/absenceLaws.ts"
import { assignmentLaws } from "./journal/assignmentLaws.ts"
import { releasingLaws, listingLaws, reservingLaws, settlingLaws } from "./journal/laws.ts"
import { history, HISTORY_SIZE, REFERENCES, TENANTS } from "./journal/histories.ts"
import { explanation, isOfAbsence, isOfRetention, type Journal, type Operation, perform } from "./journal/model.ts"
import { retentionLaws } from "./journal/retentionLaws.ts"
import { keyOf } from "./journal/samples.ts"
import { type Model, placeOf } from "./journal/modelState.ts"
import { collect } from "./case.ts"
import type { Law } from "./journal/law.ts"

/** A law that a journal must obey, to be run by any test runner. */
export interface JournalCase {
  /** Begins with MUST. */
  readonly name: string
  /** Rejects with an Error that says what is wrong. */
  readonly run: () => Promise<void>
}

/** How much is tried. */
export interface JournalContractOptions {
  /** Random histories, each in a journal of its own. @default 50 */
  readonly runs?: number | undefined
  /** Chooses the histories: the same seed gives the same ones. @default 1 */
  readonly seed?: number | undefined
}

/** Opens an empty journal. */
type Make = () => JournalHandle | PromiseLike<JournalHandle>

const inJournal = <A>(
  make: Make,
  use: (journal: Journal) => Effect.Effect<A, JournalError>
): Effect.Effect<A, JournalError> =>
  Effect.flatMap(
    Effect.promise(async () => await make()),
    (handle) => Effect.provide(Effect.flatMap(PlacementJournal, use), JournalHandle.layerOf(handle), { local: true })
  )

const contentOf = (journal: Journal, keys: Iterable<PlacementKey>): Effect.Effect<Model, JournalError> =>
  Effect.map(
    Effect.forEach(keys, (key) => journal.find(key)),
    (found) => new Map(found.flatMap(Option.toArray).map((placement) => [placeOf(placement), placement]))
  )

const EVERY_KEY = REFERENCES.flatMap((text) => TENANTS.map((of) => keyOf(text, of)))

/** Where an operation may write. */
const keysOf = (operation: Operation): ReadonlyArray<PlacementKey> => {
  switch (operation.do) {
    case "reserve":
      return [operation.reservation]
    case "supersede":
      return [operation.reservation, keyOf(operation.aside, operation.reservation.tenant)]
    case "settle":
    case "release":
      return [operation.key]
    default:
      return []
  }
}

/** Whether all answers, and what is in the journal after each group, come from some order of its operations. */
const isExplained = Effect.fnUntraced(function* (
  journal: Journal,
  groups: ReadonlyArray<ReadonlyArray<Operation>>
): Effect.fn.Return<boolean, JournalError> {
  let model: Model = new Map()
  let asides = 0
  const written = new Map<string, PlacementKey>()
  const withAside = (operation: Operation): Operation =>
    operation.do === "supersede"
      ? { ...operation, aside: asideOf(operation.reservation.reference, String(asides++)) }
      : operation
  for (const all of groups) {
    const possible = all
      .filter((each) => journal.absence !== undefined || !isOfAbsence(each))
      .filter((each) => journal.retention !== undefined || !isOfRetention(each))
    const group = possible.map(withAside)
    for (const key of group.flatMap(keysOf)) written.set(placeOf(key), key)
    const answers = yield* Effect.forEach(
      group,
      (each) => Effect.map(perform(journal, each), (answer) => [each, answer] as const),
      { concurrency: "unbounded" }
    )
    const end = explanation(model, answers, yield* contentOf(journal, written.values()))
    if (end === undefined) return false
    model = end
  }
  return explanation(model, [], yield* contentOf(journal, [...EVERY_KEY, ...written.values()])) !== undefined
})

/**
 * The cases that a placement journal must pass; `make` opens an empty one each time it is called. The laws are those of
 * `PlacementJournal`. What a crash leaves is not among them: no test can ask it of a store that it does not know.
 */
export const journalContract = (
  make: Make,
  { runs = 50, seed = 1 }: JournalContractOptions = {}
): ReadonlyArray<JournalCase> => {
  const caseOf = ({ name, check }: Law): JournalCase => ({
    name,
    run: async () => {
      const messages: Array<string> = []
      await Effect.runPromise(inJournal(make, (journal) => check(journal, (message) => messages.push(message))))
      collect((fail) => messages.forEach(fail))
    }
  })
  return [
    {
      name: "MUST do what a map with one placement for each key would, in some order of what is under way together",
      run: async () => {
        const property = (groups: ReadonlyArray<ReadonlyArray<Operation>>) =>
          inJournal(make, (journal) => isExplained(journal, groups))
        const failure = Arbitrary.formatCheckFailure(
          await Effect.runPromise(Arbitrary.checkEffect(history, property, { runs, seed, size: HISTORY_SIZE }))
        )
        if (failure !== undefined) throw new Error(failure)
      }
    },
    ...[
      ...reservingLaws,
      ...settlingLaws,
      ...releasingLaws,
      ...listingLaws,
      ...absenceLaws,
      ...retentionLaws,
      ...assignmentLaws
    ].map(caseOf)
  ]
}
