/** A journal as a process on a machine has it: each call is an operation at which it may die, and may fail. */
import * as Effect from "effect/Effect"
import { JournalError, PlacementJournal } from "../../calls/PlacementJournal.ts"
import type { Machine, OperationKind } from "./machine.ts"

type Journal = PlacementJournal["Service"]

/** How a call of the journal goes wrong. */
export interface JournalFault {
  /** Whether it has been done all the same. */
  readonly isDone: boolean
}

/** How the journal on a machine may fail. */
export interface JournalOnOptions {
  /** What goes wrong with the next call; it is asked once for each. @default nothing */
  readonly fault?: (operation: JournalError["operation"]) => JournalFault | undefined
}

/** The word of a journal that several processes share and whose connection breaks. */
const PROBLEM = "SIMULATED"

/** A journal as a machine has it: what is asked of it after the machine has died has no effect, and is never answered. */
export const makeJournalOn = (machine: Machine, journal: Journal, { fault }: JournalOnOptions = {}): Journal => {
  const on = <A>(
    kind: OperationKind,
    operation: JournalError["operation"],
    call: Effect.Effect<A, JournalError>
  ): Effect.Effect<A, JournalError> =>
    Effect.suspend(() => {
      const wrong = fault?.(operation)
      if (wrong === undefined) return machine.operating(kind, call)
      const failed = Effect.fail(new JournalError({ operation, problem: PROBLEM }))
      return wrong.isDone ? machine.operating(kind, Effect.andThen(call, failed)) : failed
    })
  const { absence, retention } = journal
  return PlacementJournal.of({
    reserve: (reservation) => on("write", "reserve", journal.reserve(reservation)),
    settle: (key, token, settlement, at) => on("write", "settle", journal.settle(key, token, settlement, at)),
    release: (key, token, changedAt) => on("write", "release", journal.release(key, token, changedAt)),
    find: (key) => on("read", "find", journal.find(key)),
    findCall: (call) => on("read", "find", journal.findCall(call)),
    unfinished: (filter) => on("read", "unfinished", journal.unfinished(filter)),
    ...(absence === undefined
      ? {}
      : {
          absence: {
            supersede: (reservation, aside) => on("write", "supersede", absence.supersede(reservation, aside)),
            open: (filter) => on("read", "unfinished", absence.open(filter)),
            absent: (filter) => on("read", "unfinished", absence.absent(filter)),
            listRecord: (provider, since) => on("read", "listRecord", absence.listRecord(provider, since))
          }
        }),
    ...(retention === undefined
      ? {}
      : {
          retention: {
            countEnded: (filter) => on("read", "countEnded", retention.countEnded(filter)),
            compactEnded: (step) => on("write", "compactEnded", retention.compactEnded(step)),
            deleteEnded: (step) => on("write", "deleteEnded", retention.deleteEnded(step))
          }
        })
  })
}
