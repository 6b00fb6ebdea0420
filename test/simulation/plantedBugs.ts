/**
 * Bugs that are planted in the code to see whether the simulation finds them: one that it does not find is a checker, or a
 * thing that can happen, that is missing. Each patch fits today's code; a test holds them to that.
 */
import type { CheckerName } from "./checkers.ts"
import type { Patch } from "./patchedModules.ts"

export interface PlantedBug {
  readonly id: string
  /** What is wrong, in one sentence. */
  readonly is: string
  readonly patches: readonly [Patch, ...ReadonlyArray<Patch>]
  /** Who is to notice it, where others would be the first: seeds in which only those do are passed over. */
  readonly noticedBy?: CheckerName
  /** Whether it is in routing: seeds of histories with routes are played. */
  readonly isRouted?: true
}

export const PLANTED_BUGS: ReadonlyArray<PlantedBug> = [
  {
    id: "reservation-in-two-steps",
    is: "It is looked whether a reference is free, and then it is reserved whatever came of that.",
    patches: [
      {
        file: "src/calls/place.ts",
        replace: "let placement = yield* journal.reserve(yield* reservationOf(tenant, prepared, token))",
        with: `const reservation = yield* reservationOf(tenant, prepared, token)
    const before = yield* journal.find(reservation)
    let placement = Option.isSome(before) ? before.value : { ...(yield* journal.reserve(reservation)), token }`
      }
    ]
  },
  {
    id: "lost-answer-as-refusal",
    is: "A connection that breaks after the request has left counts as a refusal.",
    patches: [
      {
        file: "src/provider/http/Sender.ts",
        replace: 'if (reason._tag === "NetworkError") return reason.sent === "no"',
        with: 'if (reason._tag === "NetworkError") return true'
      }
    ]
  },
  {
    id: "timeout-as-refusal",
    is: "A placement that is not answered in time counts as refused.",
    patches: [
      {
        file: "src/provider/http/Sender.ts",
        replace: "if (unsent === true) return true",
        with: 'if (unsent === true || reason._tag === "TimedOut") return true'
      }
    ]
  },
  {
    id: "server-error-as-refusal",
    is: "A status of 500 counts as a refusal.",
    patches: [
      {
        file: "src/provider/http/reason.ts",
        replace: "new Set([400, 401,",
        with: "new Set([500, 400, 401,"
      }
    ]
  },
  {
    id: "unreadable-answer-as-refusal",
    is: "An answer of success that cannot be read counts as a refusal.",
    patches: [
      {
        file: "src/calls/place.ts",
        replace: 'if (reason._tag === "PlacementUncertain") {',
        with: 'if (reason._tag === "PlacementUncertain" && reason.because !== "UnreadableResponse") {'
      }
    ]
  },
  {
    id: "release-without-age",
    is: "A person may give up a reservation of which nothing was heard, however young it is.",
    patches: [
      {
        file: "src/calls/reconcile.ts",
        replace: "return !isPerhapsUnderWay(placement, yield* nowInstant)",
        with: "return true"
      }
    ]
  },
  {
    id: "retry-in-transport",
    is: "The transport sends a placement again that has failed.",
    patches: [
      {
        file: "src/provider/http/Sender.ts",
        replace: "Effect.mapError(tryPlacement(request), (failed) =>",
        with: "Effect.mapError(Effect.retry(tryPlacement(request), { times: 1 }), (failed) =>"
      }
    ]
  },
  {
    id: "settle-by-older-token",
    is: "A settlement touches the placement of its reference, whatever its token.",
    patches: [
      {
        file: "src/calls/MemoryJournal.ts",
        replace: "return placement?.token === token ? placement : undefined",
        with: "return placement?.token === token ? placement : placement"
      }
    ]
  },
  {
    id: "search-window-too-small",
    is: "An order is only looked for that bears a time after its reservation by our clock.",
    patches: [
      {
        file: "src/calls/orderTimes.ts",
        replace: "if (clockOffset !== undefined) return at + clockOffset - Duration.toMillis(CLOCK_SKEW)",
        with: "if (clockOffset !== undefined) return at"
      }
    ]
  },
  {
    id: "unknown-clocks-as-equal",
    is: "Where clocks were not compared, an order may be no earlier than its reservation.",
    patches: [
      {
        file: "src/calls/orderTimes.ts",
        replace: "const UNKNOWN_SKEW = Duration.days(1)",
        with: "const UNKNOWN_SKEW = Duration.seconds(1)"
      }
    ]
  },
  {
    id: "absence-by-one-list",
    is: "One list that does not hold an order is enough to call it absent.",
    patches: [
      {
        file: "src/calls/absence.ts",
        replace: "if (isConfirmed && earlier !== undefined && ages.least - earlier >= apartOf(placement, delay))",
        with: "if (isConfirmed && counts && apartOf(placement, delay) > 0)"
      },
      {
        file: "src/calls/placementState.ts",
        replace: "if (isByLists && placement.missedMillis === undefined) return true",
        with: ""
      }
    ]
  },
  {
    id: "absence-without-time-between",
    is: "The two lists that do not hold an order may be read one right after the other.",
    patches: [
      {
        file: "src/calls/absence.ts",
        replace: "APART + delay + (isEndSeen(placement) ?",
        with: "(isEndSeen(placement) ? 0 : 0) * (APART + delay) + (APART > 0 ?"
      }
    ]
  },
  {
    id: "lists-not-apart",
    is: "The second list need not be later than the first by more than the first had to wait.",
    patches: [
      {
        file: "src/calls/absence.ts",
        replace: "const APART = Duration.toMillis(Duration.minutes(2))",
        with: "const APART = Duration.toMillis(Duration.zero)"
      }
    ]
  },
  {
    id: "slowest-delay-forgotten",
    is: "How late lists have been seen to be makes no difference.",
    patches: [{ file: "src/calls/absence.ts", replace: "const TIMES_SLOWEST = 3", with: "const TIMES_SLOWEST = 0" }]
  },
  {
    id: "unseen-end-as-seen",
    is: "Two lists are apart no further where nobody has seen the end of the request.",
    patches: [
      {
        file: "src/calls/absence.ts",
        replace: "(isEndSeen(placement) ? 0",
        with: "(isEndSeen(placement) || APART > 0 ? 0"
      }
    ]
  },
  {
    id: "missed-forgotten",
    is: "That a list has missed an order is not kept for the next one.",
    patches: [
      {
        file: "src/calls/absence.ts",
        replace: "const missedMillis = earlier ?? (counts ? Math.round(ages.most) : undefined)",
        with: "const missedMillis = earlier ?? (counts ? undefined : earlier)"
      }
    ]
  },
  {
    id: "absence-since-reservation",
    is: "A list counts five minutes after the reservation, whenever the request ended.",
    patches: [
      {
        file: "src/calls/absence.ts",
        replace: "const from = ofRequest + delay",
        with: "const from = ofRequest * 0 + delay"
      }
    ]
  },
  {
    id: "age-by-one-clock",
    is: "How old a placement is goes by our wall clock alone, whatever was done to it meanwhile.",
    patches: [
      {
        file: "src/calls/providerClock.ts",
        replace: "least: Math.min(own, age - clock.doubtMillis)",
        with: "least: own"
      }
    ]
  },
  {
    id: "clock-step-unnoticed",
    is: "How far the provider's clock is ahead stays what it was when our own is set.",
    patches: [
      {
        file: "src/provider/http/serverClock.ts",
        replace: "const step = Math.round(now.wall - wall - measuredMillisAgo)",
        with: "const step = Math.round(now.wall - wall - measuredMillisAgo) * 0"
      }
    ]
  },
  {
    id: "stopped-policy-goes-on",
    is: "Orders are called absent though a list turned out to be wrong.",
    patches: [
      {
        file: "src/calls/absence.ts",
        replace: "isConfirmed: wrong === 0,",
        with: "isConfirmed: wrong >= 0,"
      }
    ]
  },
  {
    id: "doubted-placed-again",
    is: "What was called absent is placed again though a list turned out to be wrong.",
    patches: [
      {
        file: "src/calls/supersede.ts",
        replace: "if (journal.absence === undefined || (yield* doubtedIn(journal, family)).length > 0)",
        with: "if (journal.absence === undefined || (yield* doubtedIn(journal, family)).length > 99)"
      }
    ]
  },
  {
    id: "supersede-without-comparing",
    is: "A new order takes the place of whatever holds the reference, not only of the absent one that was seen.",
    patches: [
      {
        file: "src/calls/MemoryJournal.ts",
        replace: `const placement = held(reservation, reservation.supersedes)
          if (placement?.state === "absent") {`,
        with: `const placement = placements.get(keyOf(reservation))
          if (placement !== undefined) {`
      }
    ]
  },
  {
    id: "repeat-in-whole-window",
    is: "An uncertain order is sent again until the provider forgets it, without room for clocks that are wrong.",
    patches: [
      {
        file: "src/calls/repeat.ts",
        replace: "const SHARE = 1 / 2",
        with: "const SHARE = 1"
      }
    ]
  },
  {
    id: "repeat-where-nothing-is-known-again",
    is: "An uncertain order is sent again at a provider that does not know it by its reference.",
    patches: [
      {
        file: "src/calls/repeat.ts",
        replace: "if (!isIdempotency(idempotency) || !isIdentical(placement, asked)) return undefined",
        with: "if (!isIdentical(placement, asked)) return undefined"
      },
      {
        file: "src/calls/repeat.ts",
        replace: "idempotency.windowSeconds * 1000",
        with: '(typeof idempotency === "object" ? idempotency.windowSeconds : 7200) * 1000'
      }
    ]
  },
  {
    id: "repeat-unmarked",
    is: "An uncertain order is sent again before that is written down.",
    patches: [
      {
        file: "src/calls/place.ts",
        replace: "const marked = yield* settling(placement, again)",
        with: "const marked = Option.some({ ...placement, ...again })"
      }
    ]
  },
  {
    id: "not-after-unasked-at-turn",
    is: "Whether an order is too late is not asked again when its turn comes.",
    patches: [
      {
        file: "src/provider/http/turns.ts",
        replace: `if (state === "late") return Effect.never
            if (leftNow < 0) return Effect.fail(unsent(tooLate()))`,
        with: 'if (state === "late") return Effect.never'
      },
      {
        file: "src/provider/http/turns.ts",
        replace: "Math.min(Duration.toMillis(LONGEST_TURN), Math.max(0, left + 1))",
        with: "Math.min(Duration.toMillis(LONGEST_TURN), Math.max(Duration.toMillis(LONGEST_TURN), left + 1))"
      }
    ]
  },
  {
    id: "accepted-unwritten",
    is: "What the provider has accepted is told to the caller, and not written down.",
    patches: [
      {
        file: "src/calls/place.ts",
        replace: "return Effect.as(keeping, {",
        with: "return Effect.succeed({"
      }
    ]
  },
  {
    id: "accepted-lost-with-its-caller",
    is: "A caller that is interrupted takes the placement with it: its answer is not written down.",
    patches: [
      {
        file: "src/calls/place.ts",
        replace: "return restore(Deferred.await(result))\n      })",
        with: "return Effect.onInterrupt(restore(Deferred.await(result)), () => Effect.sync(() => placing.interruptUnsafe()))\n      })"
      }
    ]
  },
  {
    id: "written-once",
    is: "A result that the journal does not take at once is not written down.",
    patches: [
      {
        file: "src/calls/place.ts",
        replace: 'Schedule.exponential("50 millis"), times: 5 }',
        with: 'Schedule.exponential("50 millis"), times: 0 }'
      }
    ]
  },
  {
    id: "step-back",
    is: "What is said late takes a placement a step back, such as from its end.",
    patches: [
      {
        file: "src/calls/placementState.ts",
        replace: "const isNews = step > 0 ||",
        with: "const isNews = step !== 0 ||"
      }
    ]
  },
  {
    id: "reference-of-another-tenant",
    is: "Tenants share their references.",
    patches: [
      {
        file: "src/calls/MemoryJournal.ts",
        replace: "JSON.stringify([tenant, reference])",
        with: "JSON.stringify([tenant.slice(0, 0), reference])"
      }
    ]
  },
  {
    id: "reference-normalised-away",
    is: "References that differ in capitals are one.",
    patches: [
      {
        file: "src/calls/references.ts",
        replace: 'export const storedForm = (reference: string): string => reference.normalize("NFC")',
        with: 'export const storedForm = (reference: string): string => reference.normalize("NFC").toLowerCase()'
      }
    ]
  },
  {
    id: "order-by-number-alone",
    is: "An order to the same number is taken for the one that was placed, whatever reference it tells.",
    patches: [
      {
        file: "src/calls/listSearch.ts",
        replace: "return isSameNumber !== false && isSameReference(reference, sentReference(placement))",
        with: "return isSameNumber === true"
      },
      {
        file: "src/calls/listSearch.ts",
        replace: "const seeking = wanted.get(storedForm(told))",
        with: "const seeking = wanted.get(storedForm(told)) ?? [...wanted.values()].find(({ family }) => family.some((placement) => isItsOrder(placement, fact)))"
      }
    ]
  },
  {
    id: "order-by-reference-alone",
    is: "An order with the same reference is taken for the one that was placed, whatever number it calls.",
    patches: [
      {
        file: "src/calls/listSearch.ts",
        replace: "return isSameNumber !== false && isSameReference(reference, sentReference(placement))",
        with: "return isSameReference(reference, sentReference(placement))"
      }
    ]
  },
  {
    id: "order-of-the-one-before",
    is: "The order of an absent placement is taken for that of the one that took its place.",
    patches: [
      {
        file: "src/calls/attribution.ts",
        replace: "generationOf(b, all) - generationOf(a, all) || compareText(b.reservedAt, a.reservedAt)",
        with: "generationOf(a, all) - generationOf(b, all) || compareText(a.reservedAt, b.reservedAt)"
      }
    ]
  },
  {
    id: "part-of-a-list-as-whole",
    is: "A list that may not be whole counts as whole.",
    patches: [
      {
        file: "src/calls/listSearch.ts",
        replace: 'Effect.catchReason("CallError", "Incomplete", () => Effect.sync(() => void (whole = false)))',
        with: 'Effect.catchReason("CallError", "Incomplete", () => Effect.void)'
      }
    ]
  },
  {
    id: "first-page-as-list",
    is: "Of a list only the first page is read.",
    patches: [
      {
        file: "src/provider/http/pages.ts",
        replace: "const goesOn = next !== undefined && page < MOST_PAGES",
        with: "const goesOn = next !== undefined && page < 1"
      },
      {
        file: "src/provider/http/pages.ts",
        replace: '(fresh.length === 0 ? result.doubt : undefined) : "it never came to an end"',
        with: "(fresh.length === 0 ? result.doubt : undefined) : undefined"
      }
    ]
  },
  {
    id: "newest-left-out",
    is: "The newest order of a page is left out.",
    patches: [
      {
        file: "src/provider/http/pages.ts",
        replace: "items: items.filter(isWanted),",
        with: "items: items.filter(isWanted).slice(1),"
      }
    ],
    noticedBy: "wrong"
  },
  {
    id: "late-answer-dropped",
    is: "The answer to a placement that another one has superseded is dropped.",
    patches: [
      {
        file: "src/calls/settlePlacement.ts",
        replace: "Option.isNone(here) && journal.absence !== undefined && aside !== reference",
        with: "Option.isNone(here) && journal.absence !== undefined && aside === reference"
      }
    ]
  },
  {
    id: "cancel-of-another",
    is: "A call is read as another one whose record was deleted when it was canceled.",
    patches: [
      {
        file: "src/calls/deletedCalls.ts",
        replace: "const order = kept.get(id)",
        with: "const order = kept.get(id) ?? [...kept.values()][0]"
      }
    ]
  },
  {
    id: "in-flight-too-short",
    is: "A reservation of which nothing was heard counts as over after a minute.",
    patches: [
      {
        file: "src/provider/placingLimits.ts",
        replace: "[LONGEST_TURN, LONGEST_PLACE, LONGEST_WRITING].reduce((a, b) => Duration.sum(a, b))",
        with: "[LONGEST_WRITING].reduce((a, b) => Duration.sum(a, b))"
      }
    ]
  },
  {
    id: "refused-repetition-frees",
    is: "A repetition that is refused frees the reference, though the order that was sent first may exist.",
    patches: [
      {
        file: "src/calls/place.ts",
        replace: `return reserved.begun === undefined
              ? leaveOpen`,
        with: `return reserved.begun === undefined && reason._tag === "Forbidden"
              ? leaveOpen`
      }
    ]
  },
  {
    id: "wrong-untold",
    is: "Nobody is told that a list turned out to be wrong.",
    patches: [
      {
        file: "src/calls/outcome.ts",
        replace: "if (wasWrong) yield* absentWasWrong(placement.provider)",
        with: "if (wasWrong) yield* Effect.void"
      }
    ]
  },
  {
    id: "acknowledged-before-written",
    is: "A message is acknowledged while it is being written down.",
    patches: [
      {
        file: "src/webhooks/take.ts",
        replace: "inbox.receive(received, most)",
        with: 'Effect.as(Effect.forkDetach(inbox.receive(received, most)), "taken" as const)'
      }
    ]
  },
  {
    id: "claimed-by-two",
    is: "What somebody has claimed can be claimed by others.",
    patches: [
      {
        file: "src/webhooks/inboxState.ts",
        replace: "return dueAt <= now || ",
        with: 'return entry.state === "claimed" || dueAt <= now || '
      }
    ]
  },
  {
    id: "dead-claim-kept",
    is: "A claim does not end by itself.",
    patches: [
      {
        file: "src/webhooks/inboxState.ts",
        replace: "return dueAt <= now || dueAt >",
        with: 'return (entry.state === "waiting" && dueAt <= now) || dueAt >'
      }
    ]
  },
  {
    id: "older-claim-counts",
    is: "What came of a claim that has ended is written over that of a later one.",
    patches: [
      {
        file: "src/webhooks/inboxState.ts",
        replace: 'if (entry.state !== "claimed" || entry.fence !== fence) return undefined',
        with: 'if (entry.state !== "claimed") return undefined'
      }
    ]
  },
  {
    id: "doubled-message-acts-twice",
    is: "A message that comes again is dealt with again.",
    patches: [
      {
        file: "src/webhooks/inboxState.ts",
        replace: 'if (isSeen && !(entry.state === "done" && entry.problem !== undefined)) return entry',
        with: ""
      }
    ]
  },
  {
    id: "message-during-claim-lost",
    is: "A message that comes while its call is being read brings about no other look.",
    patches: [
      {
        file: "src/webhooks/inboxState.ts",
        replace: "return { ...named, isNamedAgain: true }",
        with: "return named"
      }
    ]
  },
  {
    id: "message-settles-nothing",
    is: "What a message names is read, and written down for no placement whose order was not known.",
    patches: [
      {
        file: "src/calls/heard.ts",
        replace: "const placement = known ?? (yield* placementOfOrder(at, fact))",
        with: "const placement = known"
      }
    ]
  },
  {
    id: "message-done-unread",
    is: "A call that was tried before is done with, and nobody reads it.",
    patches: [
      {
        file: "src/webhooks/deal.ts",
        replace: "return { isKnown, dealt: yield* hear(entry, isKnown) }",
        with: 'return { isKnown, dealt: entry.tries > 1 ? ({ state: "done" } as const) : yield* hear(entry, isKnown) }'
      }
    ]
  },
  {
    id: "route-over-held-reference",
    is: "A route decides whatever the journal says, and what holds the reference with another provider does not count.",
    isRouted: true,
    patches: [
      {
        file: "src/calls/prepare.ts",
        replace: "Effect.map(findPlacement(journal, tenant, reference), (found) => found?.provider)",
        with: "Effect.undefined"
      },
      {
        file: "src/calls/place.ts",
        replace: "let placement = yield* journal.reserve(yield* reservationOf(tenant, prepared, token))",
        with: `const reserving = yield* journal.reserve(yield* reservationOf(tenant, prepared, token))
    const isThere = reserving.provider === prepared.provider.adapter.providerId
    let placement = isThere ? reserving : { ...reserving, token }`
      }
    ]
  },
  {
    id: "held-read-where-route-goes",
    is: "A reference that another process has placed is read at the provider that this one's route chooses.",
    isRouted: true,
    patches: [
      {
        file: "src/calls/place.ts",
        replace: "const held = yield* answerHeld(placement, asked)",
        with: "const held = yield* answerHeld({ ...placement, provider: provider.adapter.providerId }, asked)"
      }
    ]
  },
  {
    id: "read-at-guessed-provider",
    is: "Where several providers are opened, a call is canceled and waited for at the first one.",
    isRouted: true,
    patches: [
      {
        file: "src/calls/VoiceCalls.ts",
        replace: 'at("cancel", call.provider, (connection) =>',
        with: 'at("cancel", [...connections.keys()][0] ?? call.provider, (connection) =>'
      }
    ]
  },
  {
    id: "sticky-provider-of-process",
    is: "A process goes on with the provider that it has placed with last, whatever the route says.",
    isRouted: true,
    patches: [
      {
        file: "src/calls/prepare.ts",
        replace: "export const makePrepare = (",
        with: "let last: ProviderId | undefined\nexport const makePrepare = ("
      },
      {
        file: "src/calls/prepare.ts",
        replace: "const first = router.route(asked, { at, placedWith })",
        with: `const first = router.route(asked, { at, placedWith: placedWith ?? last })
      if (Result.isSuccess(first)) last = first.success.provider.adapter.providerId`
      }
    ]
  },
  {
    id: "looked-for-at-first-provider",
    is: "An uncertain order is looked for at the first provider that is opened, not where it was placed.",
    isRouted: true,
    patches: [
      {
        file: "src/calls/reconcile.ts",
        replace: "Effect.flatMap(atProvider(id), (at) => reconcileAt",
        with: "Effect.flatMap(atProvider([...providers.keys()][0] ?? id), (at) => reconcileAt"
      }
    ]
  }
]
