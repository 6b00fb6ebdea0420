/** Lists of agents and numbers as providers answer them: all in one answer, or the newest first, cut by their time of creation. */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { parseId, type ProviderId } from "../../domain/Identifiers.ts"
import { type Instant, parseInstant } from "../../domain/Instant.ts"
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import { isPhoneNumber, type PhoneNumber } from "../../domain/PhoneNumber.ts"
import { present } from "../../domain/present.ts"
import type { CallError } from "../CallError.ts"
import type { AgentInfo, NumberInfo } from "../Catalog.ts"
import { unwrap } from "./answer.ts"
import { newestDistinct, type Page, walkDistinct } from "./pages.ts"
import type { WireRequest } from "./request.ts"
import { type Sender, unreadable } from "./Sender.ts"

type CatalogItem = AgentInfo | NumberInfo

/** What could be read of a list, and how many entries could not. */
export type EntriesRead<Item> = Pick<Page<never, Item>, "items" | "unreadable">

/** What is listed, and where. */
export interface CatalogSource<Item extends CatalogItem> {
  readonly operation: "agents" | "numbers"
  readonly path: string
  /** The key under which answers have the list. @default none: the answer is the list */
  readonly envelope?: string
  /** The entries, with secrets removed. */
  readonly read: (entries: ReadonlyArray<unknown>) => EntriesRead<Item>
}

/** How a list is cut that is more than one answer. */
export interface NewestEntries {
  /** The most entries that a page is asked for. */
  readonly pageSize: number
  /** What asks for the newest that are no younger than this moment, or than any. */
  readonly query: (until: Instant | undefined) => WireRequest["query"]
}

type Told = string | null | undefined

const readText = (raw: Told): string | undefined => raw || undefined

const readE164 = (raw: Told): PhoneNumber | undefined => {
  const text = raw?.trim() ?? ""
  return isPhoneNumber(text) ? text : undefined
}

/** An agent out of what a provider tells of it; none without an id. */
export const agentInfo = (
  provider: ProviderId,
  told: {
    readonly id?: Told | number
    readonly name?: Told
    readonly language?: Told
    readonly createdAt?: unknown
    readonly updatedAt?: unknown
  }
): AgentInfo | undefined => {
  const id = parseId(told.id)
  if (id === undefined) return undefined
  const fields = present({
    name: readText(told.name),
    language: readText(told.language),
    createdAt: parseInstant(told.createdAt),
    updatedAt: parseInstant(told.updatedAt)
  })
  return { kind: "agent", provider, id, ...fields }
}

/** A number out of what a provider tells of it; none without what its orders name. */
export const numberInfo = (
  provider: ProviderId,
  ordersName: "e164" | "id",
  told: {
    readonly e164?: Told
    readonly id?: Told | number
    readonly label?: Told
    readonly agentIds?: ReadonlyArray<string> | undefined
    readonly createdAt?: unknown
  }
): NumberInfo | undefined => {
  const names = present({ e164: readE164(told.e164), id: parseId(told.id) })
  if (names[ordersName] === undefined) return undefined
  const { agentIds } = told
  const fields = present({ label: readText(told.label), agentIds, createdAt: parseInstant(told.createdAt) })
  return { kind: "number", provider, ...names, ...fields }
}

/** Reads each entry by itself; what is none is `undefined`, and counted. */
export const eachEntry =
  <Item>(read: (body: JsonObject) => Item | undefined): ((entries: ReadonlyArray<unknown>) => EntriesRead<Item>) =>
  (entries) => {
    const items = entries
      .map((entry) => (isJsonObject(entry) ? read(entry) : undefined))
      .filter((item) => item !== undefined)
    return { items, unreadable: entries.length - items.length }
  }

/** Each is told by its id, and a number without one by the number. */
const keyOf = (item: CatalogItem): string =>
  item.kind === "agent" || item.id !== undefined ? `id ${item.id}` : `number ${item.e164}`

const ask = Effect.fnUntraced(function* <Item extends CatalogItem>(
  sender: Sender,
  { operation, path, envelope, read }: CatalogSource<Item>,
  query: WireRequest["query"] = []
): Effect.fn.Return<EntriesRead<Item> & Pick<Page<never>, "isCached">, CallError> {
  const answer = yield* sender.ask(operation, { method: "GET", path, query })
  const entries = envelope === undefined ? answer.body : unwrap(answer.body, envelope)
  if (Array.isArray(entries)) return { ...read(entries), isCached: answer.isCached }
  return yield* sender.fail(operation, unreadable(answer, `a list of ${operation}`))
})

/** A list that is one answer. */
export const wholeList = <Item extends CatalogItem>(
  sender: Sender,
  source: CatalogSource<Item>
): Stream.Stream<Item, CallError> =>
  walkDistinct<undefined, Item>(
    {
      first: undefined,
      read: () => Effect.map(ask(sender, source), (page) => ({ ...page, next: undefined, doubt: undefined })),
      fail: (reason) => sender.fail(source.operation, reason)
    },
    keyOf
  )

/** A list without cursors that is cut by the time of creation; see `newestFirst`. */
export const newestEntries = <Item extends CatalogItem>(
  sender: Sender,
  source: CatalogSource<Item>,
  { pageSize, query }: NewestEntries
): Stream.Stream<Item, CallError> =>
  newestDistinct<Item>(
    {
      first: undefined,
      pageSize,
      read: (until) => ask(sender, source, query(until)),
      fail: (reason) => sender.fail(source.operation, reason)
    },
    { keyOf, createdAt: ({ createdAt }) => createdAt }
  )
