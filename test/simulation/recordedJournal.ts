/** A journal whose every call is compared with the model of journals, and told. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scheduler from "effect/Scheduler"
import { type JournalError, type Placement, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import type { EndedProgress, EndedStep } from "../../src/calls/RetentionJournal.ts"
import type { Machine } from "../../src/testing/simulation/index.ts"
import { type Operation, step } from "../../src/testing/journal/model.ts"
import type { Answer, Model } from "../../src/testing/journal/modelState.ts"

type Journal = PlacementJournal["Service"]

/** Whatever else of any machine can go on has a turn. */
export const turn = (machine: Machine): Effect.Effect<void> =>
  Effect.callback<void>((resume) => machine.ready(() => resume(Effect.void)))

/** How many a step has changed: a history has so few placements that the first step looks at all, as the model does. */
const wholeOf =
  ({ after }: EndedStep) =>
  ({ changed, next }: EndedProgress): Answer => {
    if (after !== undefined || next !== undefined) throw new Error("more placements have ended than one step looks at")
    return changed
  }

/**
 * `disk`: where the calls are done, one after the other. It never dies, so what has begun is done to its end. Absent for
 * a journal that takes no time; with `hasTurns` others may go on all the same before each call and after it.
 */
export const recordedJournal = (disk: Machine | undefined, hasTurns: boolean) => {
  let model: Model = new Map()
  const faults: Array<string> = []

  const check = (operation: Operation, answer: Answer): void => {
    const next = step(model, operation)
    model = next.model
    if (!next.allows(answer)) faults.push(`the journal answered ${operation.do} with ${JSON.stringify(answer)}`)
  }

  const waiting: Array<() => void> = []
  let isBusy = false
  const next = (): void => {
    isBusy = false
    waiting.shift()?.()
  }

  /** For one process, on its machine and its own connection. */
  const of = (machine: Machine, journal: Journal, onDone: (operation: Operation, answer: Answer) => void): Journal => {
    const told = <A>(
      call: Effect.Effect<A, JournalError>,
      operation: Operation,
      answerOf: (value: A) => Answer
    ): Effect.Effect<A, JournalError> => {
      const tell = (value: A): void => {
        const answer = answerOf(value)
        check(operation, answer)
        onDone(operation, answer)
      }
      if (disk === undefined) {
        // Nobody else has a turn in between.
        const telling = Effect.tap(call, (value) => Effect.sync(() => tell(value)))
        const atOnce = Effect.provideService(telling, Scheduler.PreventSchedulerYield, true)
        return hasTurns ? Effect.andThen(turn(machine), Effect.tap(atOnce, turn(machine))) : atOnce
      }
      return Effect.callback((resume) => {
        const begin = (): void => {
          isBusy = true
          disk.run(call, (exit) => {
            if (Exit.isSuccess(exit)) tell(exit.value)
            machine.ready(() => resume(exit))
            next()
          })
        }
        if (isBusy) waiting.push(begin)
        else begin()
      })
    }
    const same = (answer: Answer): Answer => answer
    const orNull = (found: Option.Option<Placement>): Answer => Option.getOrNull(found)
    const { absence, retention } = journal
    return PlacementJournal.of({
      reserve: (reservation) => told(journal.reserve(reservation), { do: "reserve", reservation }, same),
      settle: (key, token, settlement, at) =>
        told(journal.settle(key, token, settlement, at), { do: "settle", key, token, settlement, at }, orNull),
      release: (key, token, changedAt) =>
        told(journal.release(key, token, changedAt), { do: "release", key, token, changedAt }, same),
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
          }),
      ...(retention === undefined
        ? {}
        : {
            retention: {
              countEnded: (filter) => told(retention.countEnded(filter), { do: "countEnded", ...filter }, same),
              compactEnded: (step) =>
                told(retention.compactEnded(step), { do: "compactEnded", ...step }, wholeOf(step)),
              deleteEnded: (step) => told(retention.deleteEnded(step), { do: "deleteEnded", ...step }, wholeOf(step))
            }
          })
    })
  }

  return { of, faults: () => faults, rows: (): ReadonlyArray<Placement> => [...model.values()] }
}
