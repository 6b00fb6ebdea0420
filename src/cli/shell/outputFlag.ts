/** `-o` for commands that use a journal: it never takes the place of one, nor of a file that is read. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { checkFiles, type FileUse } from "./fileUse.ts"
import { type OutputFlag, withOutput } from "./wholeFile.ts"
import type { JournalFlags } from "../calls/callFlags.ts"

interface NamedFiles extends Partial<JournalFlags> {
  readonly order?: Option.Option<string>
  readonly experiment?: Option.Option<string>
}

/** What SQLite keeps beside its file belongs to it. */
const JOURNAL_PARTS = ["", "-wal", "-shm"] as const

const filesOf = Effect.fnUntraced(function* (flags: NamedFiles) {
  const named = [flags.order, flags.experiment].flatMap((file) => (file === undefined ? [] : Option.toArray(file)))
  const { journal, tenant, sameAccount } = flags
  if (journal === undefined || tenant === undefined || sameAccount === undefined) return named
  const { journalFile } = yield* Effect.promise(() => import("../calls/journalFile.ts"))
  const file = journalFile({ journal, tenant, sameAccount })
  return [...named, ...JOURNAL_PARTS.map((part) => `${file}${part}`)]
})

export interface LiveOutput {
  /** What was written stays whatever happens: it tells of calls that have been placed. */
  readonly keeps?: boolean
}

/** Loads what carries a command out when it is called for, and runs it with its data going where `-o` says. */
export const writing = <Flags, A, E, R>(
  load: () => Promise<(flags: Flags) => Effect.Effect<A, E, R>>,
  { keeps = false }: LiveOutput = {}
) =>
  withOutput(
    Effect.fnUntraced(function* (flags: Flags & OutputFlag & NamedFiles) {
      if (Option.isSome(flags.output)) {
        const reads = (yield* filesOf(flags))
          .filter((name) => name !== "-")
          .map((name): FileUse => ({ name, at: name }))
        yield* checkFiles({ reads, writes: [] })
      }
      const run = yield* Effect.promise(load)
      return yield* run(flags)
    }),
    keeps
  )
