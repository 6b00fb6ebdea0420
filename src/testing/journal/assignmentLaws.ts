/** The laws of a journal that keeps whom routes have assigned. */
import * as Effect from "effect/Effect"
import type { Assignment, JournalError, PlacementJournal } from "../../calls/PlacementJournal.ts"
import { expectSame, type Fail, law, type Law } from "./law.ts"
import { instant } from "./samples.ts"
import { ONE, TWO } from "./placements.ts"

type Assign = NonNullable<PlacementJournal["Service"]["assign"]>

/** Nothing is asked of a journal that keeps no assignments: no route may ask it to. */
const lawOfAssignments = (
  name: string,
  check: (assign: Assign, fail: Fail) => Effect.Effect<void, JournalError>
): Law => law(name, ({ assign }, fail) => (assign === undefined ? Effect.void : check(assign, fail)))

const KEY = "9f86d081884c7d659a2feaa0c55ad015"

const assignment = (more: Partial<Assignment> = {}): Assignment => ({
  tenant: "",
  key: KEY,
  provider: ONE,
  at: instant(1),
  ...more
})

export const assignmentLaws: ReadonlyArray<Law> = [
  lawOfAssignments("keep the first provider that is assigned to a key", (assign, fail) =>
    Effect.gen(function* () {
      expectSame(fail, "first", yield* assign(assignment()), ONE)
      expectSame(fail, "another", yield* assign(assignment({ provider: TWO, at: instant(2) })), ONE)
      expectSame(fail, "another key", yield* assign(assignment({ key: `${KEY}0`, provider: TWO })), TWO)
      expectSame(fail, "the first again", yield* assign(assignment({ provider: TWO })), ONE)
    })
  ),
  lawOfAssignments("keep assignments of each tenant apart", (assign, fail) =>
    Effect.gen(function* () {
      yield* assign(assignment())
      expectSame(fail, "another tenant's", yield* assign(assignment({ tenant: "acme", provider: TWO })), TWO)
      expectSame(fail, "the common tenant's", yield* assign(assignment({ provider: TWO })), ONE)
    })
  ),
  lawOfAssignments("assign once: of a hundred at once, one", (assign, fail) =>
    Effect.gen(function* () {
      const kept = yield* Effect.forEach(
        Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? ONE : TWO)),
        (provider) => assign(assignment({ provider })),
        { concurrency: "unbounded" }
      )
      expectSame(fail, "kept", new Set(kept).size, 1)
    })
  )
]
