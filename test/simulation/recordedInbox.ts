/** An inbox as a process has it in a history: what it does is told, others have turns around it, and the process may die at it. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scheduler from "effect/Scheduler"
import type { CallKey, JournalError } from "../../src/calls/PlacementJournal.ts"
import type { Machine } from "../../src/testing/simulation/index.ts"
import { WebhookInbox } from "../../src/webhooks/WebhookInbox.ts"
import type { EventBody, Life } from "./events.ts"
import { turn } from "./recordedJournal.ts"
import type { InboxMoment } from "./script.ts"

type Inbox = WebhookInbox["Service"]

interface OfProcess {
  readonly machine: Machine
  readonly life: Life
  /** Where the calls are done; absent: where the process runs. */
  readonly disk: Machine | undefined
  readonly record: (event: EventBody) => void
  /** Whether it dies at this moment. */
  readonly isLast: (moment: InboxMoment) => boolean
}

const callOf = ({ provider, orderId }: CallKey): string => `${provider}:${orderId}`

const done = <A>({ machine, disk }: OfProcess, call: Effect.Effect<A, JournalError>): Effect.Effect<A, JournalError> =>
  disk === undefined
    ? Effect.andThen(turn(machine), Effect.tap(call, turn(machine)))
    : Effect.callback(
        (resume) => void disk.run(call, (exit: Exit.Exit<A, JournalError>) => machine.ready(() => resume(exit)))
      )

export const recordedInbox = (inbox: Inbox, process: OfProcess): Inbox => {
  const { machine, life, record, isLast } = process

  /** `tell` is told when it is done, whoever lives then. */
  const at = <A>(
    call: Effect.Effect<A, JournalError>,
    tell: (value: A) => void,
    { before, after }: { readonly before?: InboxMoment; readonly after?: (value: A) => InboxMoment | undefined }
  ): Effect.Effect<A, JournalError> => {
    const dies = (moment: InboxMoment | undefined): Effect.Effect<void> =>
      Effect.suspend(() => {
        if (moment === undefined || !machine.isAlive() || !isLast(moment)) return Effect.void
        machine.kill()
        record({ event: "died at a message", moment, ...life })
        return Effect.never
      })
    // Nobody else has a turn between what is done and what is told of it.
    const told = Effect.tap(call, (value) => Effect.sync(() => tell(value))).pipe(
      Effect.provideService(Scheduler.PreventSchedulerYield, true)
    )
    return dies(before).pipe(
      Effect.andThen(done(process, told)),
      Effect.tap((value) => dies(after?.(value)))
    )
  }

  return WebhookInbox.of({
    ...inbox,
    receive: (received, most) =>
      at(
        inbox.receive(received, most),
        (taken) => {
          if (taken === "taken")
            for (const each of received)
              record({ event: "received", tenant: each.tenant, call: callOf(each), message: each.message, ...life })
        },
        { before: "before receipt", after: (taken) => (taken === "taken" ? "after receipt" : undefined) }
      ),
    claim: (filter) =>
      at(
        inbox.claim(filter),
        (claimed) => {
          for (const each of claimed)
            record({
              event: "claimed",
              tenant: each.tenant,
              call: callOf(each),
              fence: each.fence,
              ...life
            })
        },
        { after: (claimed) => (claimed.length > 0 ? "after claim" : undefined) }
      ),
    settle: (claim, outcome) =>
      at(
        inbox.settle(claim, outcome),
        (isStanding) => {
          const { state, problem } = outcome.dealt
          record({
            event: "dealt",
            tenant: claim.tenant,
            call: callOf(claim),
            state,
            ...(problem === undefined ? {} : { problem }),
            fence: claim.fence,
            isStanding,
            ...life
          })
        },
        { before: "before end", after: () => "after end" }
      )
  })
}
