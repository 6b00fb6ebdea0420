/** `unicall journal`: what a journal holds, and keeping less of what is over. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import { writing } from "../../calls/callCommand.ts"
import { durationFlag, journalFlags, yesFlag } from "../../calls/callFlags.ts"
import { described, lazily, outputFlag } from "../../shell/commandRun.ts"
import { choice, type Given, jsonFlag, onOff, optional, text } from "../../shell/flags.ts"

const { journal } = journalFlags

const tenantFlags = {
  tenant: text("tenant", "NAME", "Only this tenant's placements (default $UNICALL_TENANT, else everybody's)"),
  tenants: choice(
    "tenants",
    ["all", "common"],
    "Instead: everybody's, whatever $UNICALL_TENANT says, or only what was placed without a tenant"
  )
}

const results = { json: jsonFlag, ...outputFlag }

const showFlags = { journal, ...tenantFlags, ...results }

export type ShowFlags = Given<typeof showFlags>

const showCommand = Command.make(
  "show",
  showFlags,
  writing(lazily(async () => (await import("./showRun.ts")).runShow))
).pipe(described("Count placements by provider and state, and tell how large the journal is"))

const endedFlags = {
  endedBefore: text(
    "ended-before",
    "DATE",
    "Placements that ended before: a day, which begins at midnight UTC, or ISO 8601 with a zone"
  ),
  olderThan: durationFlag("older-than", "Instead: placements that ended longer ago than this, such as 90d").pipe(
    optional
  ),
  dryRun: onOff("dry-run", "Only count them"),
  journal,
  ...tenantFlags
}

const compactFlags = {
  ...endedFlags,
  shrink: onOff("shrink", "Give what has become free back to the disk: nobody can place while the file is rewritten"),
  ...results
}

export type CompactFlags = Given<typeof compactFlags>

const compactCommand = Command.make(
  "compact",
  compactFlags,
  writing(lazily(async () => (await import("./endedRun.ts")).runCompact))
).pipe(
  described("Keep of ended placements no more than what keeps their references taken", {
    "unicall journal compact --older-than 90d --dry-run": "How many that would be",
    "unicall journal compact --ended-before 2026-01-01 --shrink": "And make the file smaller"
  })
)

const deleteFlags = {
  ...endedFlags,
  yes: yesFlag("Do not ask"),
  shrink: compactFlags.shrink,
  ...results
}

export type DeleteFlags = Given<typeof deleteFlags>

const deleteCommand = Command.make(
  "delete",
  deleteFlags,
  writing(lazily(async () => (await import("./endedRun.ts")).runDelete))
).pipe(
  described("Delete ended placements: their references may be placed again, and the people be called again", {
    "unicall journal delete --older-than 730d --dry-run": "How many that would be"
  })
)

export const journalCommand = Command.make("journal").pipe(
  described("Look at the journal of placements, and keep less of orders that are over"),
  Command.withSubcommands([showCommand, compactCommand, deleteCommand])
)
