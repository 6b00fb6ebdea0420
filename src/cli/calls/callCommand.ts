/** How commands about live calls are run: their data going where `-o` says, the service loaded when it is called for. */
import * as Effect from "effect/Effect"
import { type CallRef, formatCallRef, parseCallRef } from "../../provider/CallError.ts"
import { checkFiles } from "../inputs/fileUse.ts"
import { type OutputFlag, withOutput } from "../shell/commandRun.ts"
import { usage } from "../shell/failures.ts"
import { callableIds, type RecordingFlags } from "./callFlags.ts"
import { configurationPlace, feedPlace, inboxPlace, journalFiles, journalPlace } from "./environment.ts"
import type { OpenOptions, ServiceFlags } from "./openCalls.ts"

interface NamedFiles extends Partial<RecordingFlags> {
  readonly order?: string | undefined
  readonly experiment?: string | undefined
  readonly config?: string | undefined
  readonly inbox?: string | undefined
}

const named = (names: ReadonlyArray<string | undefined>) =>
  names.filter((name): name is string => name !== undefined && name !== "-")

const filesOf = Effect.fnUntraced(function* (flags: NamedFiles) {
  const feed = Object.hasOwn(flags, "feed") ? yield* feedPlace(flags.feed) : undefined
  return [
    ...named([flags.order, flags.experiment, configurationPlace(flags.config)]),
    // A command that has the journal's flags uses the journal, whether they are given or not.
    ...(Object.hasOwn(flags, "journal") ? journalFiles(yield* journalPlace(flags.journal)) : []),
    ...(Object.hasOwn(flags, "inbox") ? journalFiles(yield* inboxPlace(flags.inbox)) : []),
    ...(feed === undefined ? [] : journalFiles(feed))
  ]
})

/**
 * `-o` may not replace the journal or a file that is read. With `keeps` the file stays whatever happens: it is about calls
 * that have been placed.
 */
export const writing = <Flags, A, E, R>(run: (flags: Flags) => Effect.Effect<A, E, R>, keeps = false) =>
  withOutput(
    (flags: Flags & OutputFlag & NamedFiles) => {
      if (flags.output === undefined) return run(flags)
      return Effect.flatMap(filesOf(flags), (files) =>
        Effect.andThen(checkFiles({ reads: files.map((name) => ({ name, at: name })) }), run(flags))
      )
    },
    { keeps }
  )

/** Reading records must not wait for an HTTP client. */
export const openCalls = (flags: ServiceFlags, options?: OpenOptions) =>
  Effect.flatMap(
    Effect.promise(() => import("./openCalls.ts")),
    (module) => module.openCalls(flags, options)
  )

/** Each call once, in the order given. Invalid text is not quoted: it may be a telephone number. */
const callRefs = Effect.fnUntraced(function* (texts: ReadonlyArray<string>) {
  const refs = new Map<string, CallRef>()
  for (const [index, text] of texts.entries()) {
    const ref = parseCallRef(text.trim())
    if (ref === undefined || !callableIds.includes(ref.provider)) {
      return yield* usage(`call ${index + 1}: expected ${callableIds.map((id) => `${id}:ID`).join(" or ")}`)
    }
    refs.set(formatCallRef(ref), ref)
  }
  return [...refs.values()]
})

export const openNamed = Effect.fnUntraced(function* (
  { calls: texts, ...flags }: ServiceFlags & { readonly calls: ReadonlyArray<string> },
  options?: OpenOptions
) {
  const refs = yield* callRefs(texts)
  const { calls } = yield* openCalls(flags, { ...options, needed: refs.map(({ provider }) => provider) })
  return { refs, calls }
})
