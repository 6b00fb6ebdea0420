/** A journal whose every call is compared with the model of journals, and told. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Scheduler from "effect/Scheduler"
import { type JournalError, type Placement, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { type Answer, type Model, type Operation, step } from "../../src/testing/journal/model.ts"

type Journal = PlacementJournal["Service"]

export const recordedJournal = (journal: Journal) => {
  let model: Model = new Map()
  const faults: Array<string> = []

  const check = (operation: Operation, answer: Answer): void => {
    const next = step(model, operation)
    model = next.model
    if (!next.allows(answer)) faults.push(`the journal answered ${operation.do} with ${JSON.stringify(answer)}`)
  }

  /** For one process. */
  const of = (onDone: (operation: Operation, answer: Answer) => void): Journal => {
    const told = <A>(
      call: Effect.Effect<A, JournalError>,
      operation: Operation,
      answerOf: (value: A) => Answer
    ): Effect.Effect<A, JournalError> =>
      // Nobody else has a turn in between.
      Effect.provideService(
        Effect.map(call, (value) => {
          const answer = answerOf(value)
          check(operation, answer)
          onDone(operation, answer)
          return value
        }),
        Scheduler.PreventSchedulerYield,
        true
      )
    const same = (answer: Answer): Answer => answer
    const orNull = (found: Option.Option<Placement>): Answer => Option.getOrNull(found)
    const { absence } = journal
    return PlacementJournal.of({
      reserve: (reservation) => told(journal.reserve(reservation), { do: "reserve", reservation }, same),
      settle: (key, token, settlement, at) =>
        told(journal.settle(key, token, settlement, at), { do: "settle", key, token, settlement, at }, orNull),
      release: (key, token) => told(journal.release(key, token), { do: "release", key, token }, same),
      find: (key) => told(journal.find(key), { do: "find", key }, orNull),
      findCall: (call) => told(journal.findCall(call), { do: "findCall", ...call }, orNull),
      unfinished: (filter) => told(journal.unfinished(filter), { do: "unfinished", ...filter }, same),
      ...(absence === undefined
        ? {}
        : {
            absence: {
              supersede: (reservation, aside) =>
                told(absence.supersede(reservation, aside), { do: "supersede", reservation, aside }, same),
              open: (filter) => told(absence.open(filter), { do: "open", ...filter }, same),
              absent: (filter) => told(absence.absent(filter), { do: "absent", ...filter }, same),
              listRecord: (provider, since) =>
                told(absence.listRecord(provider, since), { do: "listRecord", provider, since }, same)
            }
          })
    })
  }

  return { of, faults: () => faults, rows: (): ReadonlyArray<Placement> => [...model.values()] }
}
