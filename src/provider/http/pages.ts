/** Walking a list page by page at a provider that may not say where it ends: each record once, and whether it is whole. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { AttemptFact, OrderFact } from "../../domain/Fact.ts"
import { type Instant, instantAt } from "../../domain/Instant.ts"
import { type CallError, type CallErrorReason, Incomplete } from "../CallError.ts"

/** What a list holds. */
export type Listed = OrderFact | AttemptFact

/** One page as it was read. */
export interface Page<Cursor, Item = Listed> {
  readonly items: ReadonlyArray<Item>
  /** Items in which nothing could be read. */
  readonly unreadable: number
  /** Whether the answer came out of a cache (`Answer.isCached`): the newest records may be missing. */
  readonly isCached: boolean
  /** Where to go on if this page brought something new, and where if it did not; absent: here the list ends. */
  readonly next: Cursor | undefined
  readonly nextIfNothingNew?: Cursor | undefined
  /** Why the list may go on although nothing new came. */
  readonly doubt: string | undefined
  /** Why records may be missing whatever comes after. */
  readonly flaw?: string | undefined
}

/** A list that is read page by page. */
export interface Pages<Cursor, Item = Listed> {
  readonly first: Cursor
  readonly read: (cursor: Cursor) => Effect.Effect<Page<Cursor, Item>, CallError>
  readonly fail: (reason: CallErrorReason) => CallError
}

/** Far beyond any list a person reads; a server that never comes to an end is stopped here. */
const MOST_PAGES = 100_000

/** Fails with `Incomplete` after the last record if the list is not known to be whole. */
export const walkPages = <Cursor>(pages: Pages<Cursor>): Stream.Stream<Listed, CallError> =>
  walkDistinct(pages, ({ kind, id }) => `${kind} ${id}`)

/** The same of items of any kind, of which those with one key are one. */
export const walkDistinct = <Cursor, Item>(
  { first, read, fail }: Pages<Cursor, Item>,
  keyOf: (item: Item) => string
): Stream.Stream<Item, CallError> =>
  Stream.suspend(() => {
    const seen = new Set<string>()
    let unreadable = 0
    let doubt: string | undefined
    let flaw: string | undefined

    const step = ({ cursor, page }: { readonly cursor: Cursor; readonly page: number }) =>
      Effect.map(read(cursor), (result) => {
        const fresh = result.items.filter((item) => {
          const key = keyOf(item)
          return !seen.has(key) && seen.add(key).has(key)
        })
        unreadable += result.unreadable
        flaw ??= result.isCached ? "it came out of a cache" : result.flaw
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

/** A list that is cut by the time of creation, the newest first, where nothing else tells how to go on. */
export interface NewestFirst<Item = OrderFact> {
  /** The latest moment of creation that is wanted. @default any */
  readonly first: Instant | undefined
  /** The most items that a page is asked for; `Check.overlappingPageSize` says which sizes there are. */
  readonly pageSize: number
  /** The newest that are no younger than this moment, or than any. */
  readonly read: (
    until: Instant | undefined
  ) => Effect.Effect<Pick<Page<never, Item>, "items" | "unreadable" | "isCached">, CallError>
  /** Which of them are wanted, where the provider may not have left out the others. @default all */
  readonly isWanted?: (item: Item) => boolean
  readonly fail: (reason: CallErrorReason) => CallError
}

/** How items are told apart, and when each was made. */
export interface Distinct<Item> {
  readonly keyOf: (item: Item) => string
  readonly createdAt: (item: Item) => Instant | undefined
}

/**
 * Goes on from the oldest order so far until a page brings nothing new: a short page is no end, since a server may give fewer
 * than it was asked for. Fails with `Incomplete` as `walkPages` does, where the orders do not come in this way, and where the
 * last page, all of one moment, is as large as any: of that moment there may be more.
 */
export const newestFirst = (options: NewestFirst): Stream.Stream<OrderFact, CallError> =>
  newestDistinct(options, { keyOf: ({ id }) => id, createdAt: ({ claims }) => claims.createdAt })

/** The same of items of any kind. */
export const newestDistinct = <Item>(
  { first, pageSize, read, isWanted = () => true, fail }: NewestFirst<Item>,
  { keyOf, createdAt }: Distinct<Item>
): Stream.Stream<Item, CallError> =>
  Stream.suspend(() => {
    const seen = new Set<string>()
    let largest = 0
    let oldestSeen: Instant | undefined

    const readUntil = (until: Instant | undefined) =>
      Effect.map(read(until), ({ items, unreadable, isCached }) => {
        const isNew = items.some((item) => !seen.has(keyOf(item)))
        const hasSkipped = isNew && until !== undefined && oldestSeen !== undefined && until <= oldestSeen
        for (const item of items) seen.add(keyOf(item))
        const size = items.length + unreadable
        largest = Math.max(largest, size)
        const times = items.map(createdAt).filter((time) => time !== undefined)
        const [oldest] = times.toSorted()
        oldestSeen = oldest ?? oldestSeen
        const next = isNew && oldest !== undefined ? justAfter(oldest) : undefined
        return {
          items: items.filter(isWanted),
          unreadable,
          isCached,
          next,
          // A server that gives one at a time gives the same one again: what is older is asked for past its moment.
          nextIfNothingNew: next ?? (largest === 1 ? pastMoment(oldest, until) : undefined),
          doubt: size > 1 && size >= Math.min(pageSize, largest) ? "a full page brought nothing new" : undefined,
          flaw: hasSkipped ? "the provider listed one at a time" : disorderOf(items.length, times, until)
        }
      })
    return walkDistinct({ first: first === undefined ? undefined : justAfter(first), read: readUntil, fail }, keyOf)
  })

/** Of its very moment orders are asked for again: they may be on two pages, and a bound may leave out its own moment. */
const justAfter = (moment: Instant): Instant => later(moment, 1)

/** The next bound that may leave an order's moment out: a bound may include its own moment. */
const pastMoment = (oldest: Instant | undefined, until: Instant | undefined): Instant | undefined => {
  if (oldest === undefined || until === undefined || until > oldest) return oldest
  return until === oldest ? later(oldest, -1) : undefined
}

const later = (moment: Instant, millis: number): Instant => instantAt(Date.parse(moment) + millis) ?? moment

/** Why going on from the oldest one does not find the rest. */
const disorderOf = (listed: number, times: ReadonlyArray<Instant>, until: Instant | undefined): string | undefined => {
  if (times.length === 0)
    return listed === 0 ? undefined : "what it lists has no time of creation: there is no going on"
  if (until !== undefined && times.some((time) => time > until))
    return "the provider listed younger ones than were asked for"
  return times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time))
    ? undefined
    : "the provider did not list the newest first"
}
