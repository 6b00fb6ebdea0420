/** The journal that a command names, which must be there: nothing is made where somebody has mistyped a name. */
import * as Effect from "effect/Effect"
import type { JournalError } from "../../../calls/PlacementJournal.ts"
import { present } from "../../../domain/present.ts"
import { failureLine } from "../../calls/callFailures.ts"
import { journalPlace, tenantNamed } from "../../calls/environment.ts"
import { journalAt } from "../../calls/journal.ts"
import { EXIT } from "../../ExitCode.ts"
import { CallsFailed, inputFailure } from "../../shell/failures.ts"
import { plainText, tell } from "../../shell/terminal.ts"

interface Named {
  readonly journal: string | undefined
  readonly tenant: string | undefined
}

export const namedJournal = Effect.fnUntraced(function* (flags: Named) {
  const tenant = yield* tenantNamed(flags.tenant)
  const journal = journalAt(yield* journalPlace(flags.journal))
  if (journal.isMissing()) return yield* inputFailure(`${journal.title}: no such file or folder`)
  return { journal, whose: present({ tenant }) }
})

/** Whose placements are meant, for people. */
export const ofWhom = ({ tenant }: { readonly tenant?: string }): string =>
  tenant === undefined ? "of all tenants" : `of the tenant ${plainText(tenant)}`

/** Shows why it cannot be used. */
export const journalFailed = (error: JournalError): Effect.Effect<never, CallsFailed> => {
  tell(`${failureLine(error)}\n`)
  return Effect.fail(new CallsFailed({ exitCode: EXIT.setup }))
}
