/** Walking a list page by page at a provider that may not say where it ends: each record once, and whether it is whole. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { AttemptFact, OrderFact } from "../../domain/Fact.ts"
import { type CallError, type CallErrorReason, Incomplete } from "../CallError.ts"

/** What a list holds. */
export type Listed = OrderFact | AttemptFact

/** One page as it was read. */
export interface Page<Cursor> {
  readonly items: ReadonlyArray<Listed>
  /** Items in which no record could be read. */
  readonly unreadable: number
  /** Where to go on if this page brought something new, and where if it did not; absent: here the list ends. */
  readonly next: Cursor | undefined
  readonly nextIfNothingNew?: Cursor | undefined
  /** Why the list may go on although nothing new came. */
  readonly doubt: string | undefined
  /** Why records may be missing whatever comes after. */
  readonly flaw?: string | undefined
}

/** A list that is read page by page. */
export interface Pages<Cursor> {
  readonly first: Cursor
  readonly read: (cursor: Cursor) => Effect.Effect<Page<Cursor>, CallError>
  readonly fail: (reason: CallErrorReason) => CallError
}

/** Far beyond any list a person reads; a server that never comes to an end is stopped here. */
const MOST_PAGES = 100_000

/** Fails with `Incomplete` after the last record if the list is not known to be whole. */
export const walkPages = <Cursor>({ first, read, fail }: Pages<Cursor>): Stream.Stream<Listed, CallError> =>
  Stream.suspend(() => {
    const seen = new Set<string>()
    let unreadable = 0
    let doubt: string | undefined
    let flaw: string | undefined

    const step = ({ cursor, page }: { readonly cursor: Cursor; readonly page: number }) =>
      Effect.map(read(cursor), (result) => {
        const fresh = result.items.filter(({ kind, id }) => {
          const key = `${kind} ${id}`
          return !seen.has(key) && seen.add(key).has(key)
        })
        unreadable += result.unreadable
        flaw ??= result.flaw
        const next = fresh.length > 0 ? result.next : result.nextIfNothingNew
        const goesOn = next !== undefined && page < MOST_PAGES
        if (!goesOn)
          doubt = next === undefined ? (fresh.length === 0 ? result.doubt : undefined) : "it never came to an end"
        return [fresh, goesOn ? Option.some({ cursor: next, page: page + 1 }) : Option.none()] as const
      })

    const settle = Stream.suspend(() => {
      const lost = unreadable === 0 ? undefined : `${unreadable} items could not be read`
      const because = [lost, flaw, doubt].filter((text) => text !== undefined).join("; ")
      return because === "" ? Stream.empty : Stream.fail(fail(new Incomplete({ delivered: seen.size, because })))
    })
    return Stream.concat(Stream.paginate({ cursor: first, page: 1 }, step), settle)
  })
