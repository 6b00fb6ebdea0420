/** The journal that a command names, which must be there: nothing is made where somebody has mistyped a name. */
import * as Effect from "effect/Effect"
import type { JournalError } from "../../../calls/PlacementJournal.ts"
import { present } from "../../../domain/present.ts"
import { failureLine } from "../../calls/callFailures.ts"
import { journalPlace, tenantNamed } from "../../calls/environment.ts"
import { journalAt } from "../../calls/journal.ts"
import { EXIT } from "../../ExitCode.ts"
import { CallsFailed, inputFailure, usage } from "../../shell/failures.ts"
import { plainText, tell } from "../../shell/terminal.ts"

interface Named {
  readonly journal: string | undefined
  readonly tenant: string | undefined
  readonly tenants: "all" | "common" | undefined
}

/** Whose placements: everybody's if there is no tenant. An empty one is the common one, of what was placed without a tenant. */
const whoseOf = Effect.fnUntraced(function* ({ tenant, tenants }: Named) {
  if (tenant === "")
    return yield* usage("--tenant: expected a name; what was placed without a tenant is --tenants common")
  if (tenants === undefined) return present({ tenant: yield* tenantNamed(tenant) })
  if (tenant !== undefined) return yield* usage("--tenants: expected no --tenant")
  return tenants === "all" ? {} : { tenant: "" }
})

export const namedJournal = Effect.fnUntraced(function* (flags: Named) {
  const whose: { readonly tenant?: string } = yield* whoseOf(flags)
  const journal = journalAt(yield* journalPlace(flags.journal))
  if (journal.isMissing()) return yield* inputFailure(`${journal.title}: no such file or folder`)
  return { journal, whose }
})

/** Whose placements are meant, for people. */
export const ofWhom = ({ tenant }: { readonly tenant?: string }): string => {
  if (tenant === undefined) return "of all tenants"
  return tenant === "" ? "of the common tenant" : `of the tenant ${plainText(tenant)}`
}

/** Shows why it cannot be used. */
export const journalFailed = (error: JournalError): Effect.Effect<never, CallsFailed> => {
  tell(`${failureLine(error)}\n`)
  return Effect.fail(new CallsFailed({ exitCode: EXIT.setup }))
}
