/** `unicall journal compact` and `unicall journal delete`: counted first, then done in steps, so that others go on placing. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import {
  COMPACTED_AFTER,
  compactEnded,
  countEnded,
  deleteEnded,
  DELETED_AFTER,
  type EndedOptions,
  insistOnAge
} from "../../../calls/retention.ts"
import type { EndedCount } from "../../../calls/RetentionJournal.ts"
import { type Instant, instantAt, momentOrDayGiven } from "../../../domain/Instant.ts"
import type { Journal } from "../../calls/journal.ts"
import { permission } from "../../calls/permission.ts"
import { type CallsFailed, type CommandFailure, usage } from "../../shell/failures.ts"
import { count, jsonLine, plural, print, tell } from "../../shell/terminal.ts"
import type { CompactFlags, DeleteFlags } from "./journalCommand.ts"
import { journalFailed, namedJournal, ofWhom } from "./namedJournal.ts"

const PERMITS =
  "Deleted, these references may be placed again, and the people be called again; a webhook or an import of these orders is that of an unknown one."

/** The time, and the flag that says it. */
const endedBeforeOf = Effect.fnUntraced(function* ({
  endedBefore,
  olderThan
}: Pick<CompactFlags, "endedBefore" | "olderThan">): Effect.fn.Return<
  readonly [Instant, flag: string],
  CommandFailure
> {
  if (endedBefore !== undefined && olderThan === undefined) {
    const flag = "--ended-before"
    const instant = momentOrDayGiven(endedBefore)
    return [instant ?? (yield* usage(`${flag}: expected a day such as 2026-01-01, or ISO 8601 with a zone`)), flag]
  }
  if (endedBefore !== undefined || olderThan === undefined)
    return yield* usage("expected one of --ended-before and --older-than")
  const flag = "--older-than"
  const instant = instantAt((yield* Clock.currentTimeMillis) - Duration.toMillis(olderThan))
  return [instant ?? (yield* usage(`${flag}: expected a time such as 90d`)), flag]
})

/** What a command does to those that ended, and how it says so. */
interface Change {
  readonly done: "compacted" | "deleted"
  /** How long ago they must have ended. */
  readonly least: Duration.Duration
  readonly wanted: (counted: EndedCount) => number
  readonly work: (options: EndedOptions) => ReturnType<typeof compactEnded>
  /** Before the work, told what it is about. */
  readonly ask: (about: string) => Effect.Effect<void, CommandFailure | CallsFailed>
}

const shrunk = Effect.fnUntraced(function* (size: Journal["size"], shrink: NonNullable<Journal["shrink"]>) {
  const before = yield* size
  yield* shrink
  const after = yield* size
  tell(`the file had ${count(before.bytes)} bytes, and has ${count(after.bytes)} now\n`)
})

const run = Effect.fnUntraced(function* (flags: CompactFlags, { done, least, wanted, work, ask }: Change) {
  const [endedBefore, flag] = yield* endedBeforeOf(flags)
  if (flags.shrink && flags.dryRun) return yield* usage("--shrink: expected no --dry-run, which changes nothing")
  const { journal, whose } = yield* namedJournal(flags)
  const { layer, size, shrink } = journal
  if (flags.shrink && shrink === undefined)
    return yield* usage(
      "--shrink: expected a journal in a file; for a database it is VACUUM FULL, by whoever looks after it"
    )
  const options = { endedBefore, ...whose }
  const changing = Effect.gen(function* () {
    yield* insistOnAge(endedBefore, least)
    const counted = yield* countEnded(options)
    const many = wanted(counted)
    const about = `${plural(counted.ended, "placement")} ${ofWhom(whose)} ended before ${endedBefore}`
    if (many > 0 && !flags.dryRun) yield* ask(`${about}; ${count(many)} of them can be ${done}.`)
    const changed = flags.dryRun ? 0 : yield* work(options)
    const would = flags.dryRun ? `${count(many)} would be` : count(changed)
    print(
      flags.json
        ? jsonLine({ endedBefore, ...whose, ...counted, dryRun: flags.dryRun, [done]: changed })
        : `${about}; ${would} ${done}\n`
    )
  })
  yield* changing.pipe(
    Effect.provide(layer),
    // What is refused is the time: it was found before anything was done.
    Effect.catchTag("CallError", ({ reason }) =>
      Effect.fail(usage(`${flag}: expected ${reason._tag === "InvalidRequest" ? reason.expected : "another time"}`))
    ),
    Effect.andThen(flags.shrink && shrink !== undefined ? shrunk(size, shrink) : Effect.void),
    Effect.catchTag("JournalError", journalFailed)
  )
})

export const runCompact = Effect.fn("unicall.journal.compact")((flags: CompactFlags) =>
  run(flags, {
    done: "compacted",
    least: COMPACTED_AFTER,
    wanted: ({ compactable }) => compactable,
    work: compactEnded,
    ask: () => Effect.void
  })
)

export const runDelete = Effect.fn("unicall.journal.delete")((flags: DeleteFlags) =>
  run(flags, {
    done: "deleted",
    least: DELETED_AFTER,
    wanted: ({ deletable }) => deletable,
    work: (options) => deleteEnded({ ...options, permits: "placing_again" }),
    ask: (about) =>
      permission({
        yes: flags.yes,
        question: `${about}\n${PERMITS}\nDelete them?`,
        refusal: `journal delete: expected --yes. ${about} ${PERMITS}`
      })
  })
)
