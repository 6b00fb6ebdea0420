/**
 * A provider without a network, for tests of programs that place calls: it takes orders, plays the stories of the twins
 * by the last two digits of the number dialled, in the time of Effect's `Clock`, and fails when it is told to.
 *
 *     const memory = makeInMemoryProvider()
 *     const layer = VoiceCalls.layer([Effect.succeed(memory)]).pipe(Layer.provide(layerMemoryJournal))
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { OrderFact } from "../domain/Fact.ts"
import { ProviderId } from "../domain/Identifiers.ts"
import { instantAt } from "../domain/Instant.ts"
import { canonicalJson, isJsonObject } from "../domain/Json.ts"
import { PhoneNumber } from "../domain/PhoneNumber.ts"
import { PlaceCall, NO_SUCH_FIELD } from "../domain/PlaceCall.ts"
import {
  CallError,
  type CallErrorReason,
  InvalidRequest,
  NotFound,
  PlacementUncertain,
  Unsupported
} from "../provider/CallError.ts"
import type { CallProvider, ListFilter } from "../provider/CallProvider.ts"
import type { Capabilities } from "../provider/Capabilities.ts"
import type { AgentInfo, NumberInfo } from "../provider/Catalog.ts"
import { refuses } from "../provider/http/reason.ts"
import { MEMORY_CAPABILITIES, memoryAdapter, memoryFact, type MemoryOrder } from "./memoryAdapter.ts"
import { isListed, type MemoryList, type MemoryPlacement, placementOf, told } from "./memoryList.ts"
import { makeOrderBook } from "../twin/orderBook.ts"
import { storyOf } from "../twin/stories.ts"

export type { MemoryList, MemoryPlacement } from "./memoryList.ts"

/** What a provider in memory can be asked, and be told to fail at. */
export type MemoryOperation = (typeof OPERATIONS)[number]

const OPERATIONS = ["place", "get", "getMany", "list", "cancel", "check", "agents", "numbers"] as const

/** An agent of a provider in memory. */
export type MemoryAgent = Omit<AgentInfo, "kind" | "provider">

/** A number of a provider in memory. */
export type MemoryNumber = Omit<NumberInfo, "kind" | "provider">

/** How an operation fails. */
export interface MemoryFailure {
  /**
   * What it fails with. Placing fails with `PlacementUncertain` unless the reason says for certain that nothing was
   * placed, as it does at every provider.
   */
  readonly reason: CallErrorReason
  /** Whether the work is done all the same: the order is placed, the call canceled, and nobody is told. @default false */
  readonly accepted?: boolean
  /** How often. @default always */
  readonly times?: number
}

/** What a provider in memory is and does wrong. */
export interface InMemoryProviderOptions {
  /** Its id; two in one program need two. @default "memory" */
  readonly id?: string
  /**
   * What it can do, where that is to differ: `{ cancel: "no" }`. It can do everything unless told, but knows no order again
   * that it has taken: with `idempotency: { windowSeconds, evidence }` the identical order within the window is the same
   * call, another one under its reference is refused, and after the window it is a second call. @default everything
   */
  readonly capabilities?: Partial<Capabilities>
  /**
   * How operations fail from the start. @default they do not
   * @example { place: { reason: new TimedOut({}), accepted: true, times: 1 } }
   */
  readonly failures?: { readonly [operation in MemoryOperation]?: MemoryFailure }
  /** How its list differs from what has been placed. @default it does not */
  readonly list?: MemoryList
  /** The agents that it lists; orders may name any. @default one, `agent-1` */
  readonly agents?: ReadonlyArray<MemoryAgent>
  /** The numbers that it lists; orders may name any. @default one, that `agent-1` answers */
  readonly numbers?: ReadonlyArray<MemoryNumber>
}

/** A provider in memory, and what was asked of it. */
export interface InMemoryProvider extends CallProvider {
  /** What has been placed, oldest first. */
  readonly placed: ReadonlyArray<MemoryPlacement>
  /** What has been asked for, oldest first, whether or not it failed. */
  readonly asked: ReadonlyArray<MemoryOperation>
  /** Makes an operation fail from now on; `undefined` makes it well again. */
  readonly setFailure: (operation: MemoryOperation, failure: MemoryFailure | undefined) => void
  /** Makes the list differ from now on; `undefined` makes it well again. */
  readonly setList: (list: MemoryList | undefined) => void
}

/** Reasons that say for certain that nothing was placed, where no status does. */
const REFUSALS: ReadonlySet<CallErrorReason["_tag"]> = new Set([
  "Unauthorized",
  "Forbidden",
  "NotFound",
  "InvalidRequest",
  "AtCapacity",
  "RateLimited",
  "Unsupported"
])

const isRefusal = (reason: CallErrorReason): boolean => {
  if (reason._tag === "NetworkError") return reason.sent === "no"
  return "status" in reason && reason.status !== undefined ? refuses(reason.status) : REFUSALS.has(reason._tag)
}

const placementReason = ({ reason, accepted }: MemoryFailure): CallErrorReason =>
  reason._tag === "PlacementUncertain" || (isRefusal(reason) && accepted !== true)
    ? reason
    : new PlacementUncertain({ because: reason._tag })

const readOrder = Schema.decodeUnknownResult(PlaceCall)

const passes = ({ claims, evidence }: OrderFact, filter: ListFilter): boolean => {
  const { status, createdAfter, createdBefore, agentId, reference, to } = filter
  const createdAt = claims.createdAt ?? ""
  return (
    (status === undefined || status.includes(claims.status.value)) &&
    (createdAfter === undefined || createdAt >= createdAfter) &&
    (createdBefore === undefined || createdAt <= createdBefore) &&
    (agentId === undefined || claims.agentId === agentId) &&
    (reference === undefined || evidence["reference"] === reference) &&
    (to === undefined || claims.to === to)
  )
}

const AGENTS: ReadonlyArray<MemoryAgent> = [{ id: "agent-1", name: "Agent in memory" }]

const NUMBERS: ReadonlyArray<MemoryNumber> = [
  { e164: PhoneNumber.make("+12025550199"), id: "number-1", agentIds: ["agent-1"] }
]

/** A provider without a network, for tests of programs that place calls. */
export const makeInMemoryProvider = (options: InMemoryProviderOptions = {}): InMemoryProvider => {
  const adapter = memoryAdapter(ProviderId.make(options.id ?? "memory"), {
    ...MEMORY_CAPABILITIES,
    ...options.capabilities
  })
  const { providerId, capabilities } = adapter
  const { idempotency, retries } = capabilities
  const isRedialled = retries === "yes" || retries === "automatic"
  const windowMillis = idempotency === "no" ? 0 : idempotency.windowSeconds * 1000
  const orders = makeOrderBook<PlaceCall>(adapter.id)
  /** Id of the last order of each reference, where an order is known by that. */
  const known = new Map<string, string>()
  const asked: Array<MemoryOperation> = []
  const failures = new Map<MemoryOperation, { readonly failure: MemoryFailure; left: number }>()

  const setFailure: InMemoryProvider["setFailure"] = (operation, failure) => {
    if (failure === undefined) failures.delete(operation)
    else failures.set(operation, { failure, left: failure.times ?? Number.POSITIVE_INFINITY })
  }
  for (const operation of OPERATIONS) setFailure(operation, options.failures?.[operation])

  let list: MemoryList | undefined = options.list

  const nextFailure = (operation: MemoryOperation): MemoryFailure | undefined => {
    const found = failures.get(operation)
    if (found === undefined || found.left <= 0) return undefined
    found.left -= 1
    return found.failure
  }

  const perform = <A>(
    operation: MemoryOperation,
    work: (now: number) => Result.Result<A, CallErrorReason>
  ): Effect.Effect<A, CallError> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      asked.push(operation)
      const fail = (reason: CallErrorReason) => new CallError({ provider: providerId, operation, reason })
      const failure = nextFailure(operation)
      if (failure === undefined) return Effect.mapError(Effect.fromResult(work(now)), fail)
      if (failure.accepted === true) work(now)
      return Effect.fail(fail(operation === "place" ? placementReason(failure) : failure.reason))
    })

  const factOf = (order: MemoryOrder, now: number): OrderFact => memoryFact(order, orders.stateOf(order, now), adapter)

  const factsOf = (found: ReadonlyArray<MemoryOrder | undefined>, now: number): ReadonlyArray<OrderFact> =>
    found.filter((order) => order !== undefined).map((order) => factOf(order, now))

  const given = <Item extends AgentInfo | NumberInfo>(operation: "agents" | "numbers", items: ReadonlyArray<Item>) =>
    Stream.unwrap(perform(operation, () => Result.succeed(Stream.fromIterable(items))))

  return {
    adapter,
    ringsRealPhones: false,
    // It lives by our clock.
    clock: Effect.succeed({ offsetMillis: 0, doubtMillis: 0 }),
    get placed() {
      return orders.all().map(placementOf)
    },
    get asked() {
      return [...asked]
    },
    setFailure,
    setList: (differing) => {
      list = differing
    },
    request: ({ providerOptions, ...order }) => {
      if (capabilities.callerNumber === "none" && order.from !== undefined)
        return Result.fail(new Unsupported({ capability: "callerNumber", field: "from" }))
      const own = providerOptions?.[adapter.id]
      const [option] = isJsonObject(own) ? Object.keys(own) : []
      if (option === undefined)
        return Result.succeed({ method: "POST", url: `memory://${adapter.id}/calls`, headers: {}, body: order })
      const field = `providerOptions.${adapter.id}.${option}`
      return Result.fail(new InvalidRequest({ field, expected: NO_SUCH_FIELD }))
    },
    place: ({ body }) =>
      perform("place", (now) => {
        const read = readOrder(body)
        if (Result.isFailure(read)) return Result.fail(new InvalidRequest({ status: 422 }))
        const order = read.success
        if (storyOf(order.to).placement === "refused") return Result.fail(new InvalidRequest({ status: 422 }))
        const first = orders.get(known.get(order.reference) ?? "")
        if (first !== undefined && now - first.placedAt < windowMillis) {
          return canonicalJson(first.details) === canonicalJson(order)
            ? Result.succeed(factOf(first, now))
            : Result.fail(new InvalidRequest({ status: 422 }))
        }
        const placed = orders.place({
          to: order.to,
          reference: order.reference,
          placedAt: now,
          options: {
            attemptsAllowed: isRedialled ? order.retry?.maxAttempts : 1,
            retryDelaySeconds: order.retry?.delaySeconds,
            scheduledAt: order.scheduledAt === undefined ? undefined : Date.parse(order.scheduledAt)
          },
          lines:
            order.concurrency === undefined
              ? undefined
              : { key: order.concurrency.key, max: order.concurrency.max ?? 1 },
          details: order
        })
        if (windowMillis > 0) known.set(order.reference, placed.id)
        return Result.succeed(factOf(placed, now))
      }),
    get: (id) =>
      perform("get", (now) => {
        const order = orders.get(id)
        return order === undefined
          ? Result.fail(new NotFound({ status: 404 }))
          : Result.succeed(told(list, factOf(order, now), "read"))
      }),
    getMany: (ids) =>
      perform("getMany", (now) => {
        const found = factsOf([...new Set(ids)].map(orders.get), now)
        return Result.succeed({ orders: found.map((fact) => told(list, fact, "read")), failures: new Map() })
      }),
    list: (filter) =>
      Stream.unwrap(
        perform("list", (now) => {
          const listed = orders
            .all()
            .toReversed()
            .filter((order) => isListed(list, order, now))
          const facts = factsOf(listed, now).map((fact) => told(list, fact, "list"))
          return Result.succeed(Stream.fromIterable(facts.filter((fact) => passes(fact, filter))))
        })
      ),
    cancel: (id) =>
      perform("cancel", (now) => {
        const order = orders.get(id)
        if (order === undefined) return Result.fail(new NotFound({ status: 404 }))
        if (orders.stateOf(order, now).phase === "over") return Result.fail(new InvalidRequest({ status: 409 }))
        return Result.succeed(orders.cancel(id, now))
      }),
    catalog: {
      agents: given(
        "agents",
        (options.agents ?? AGENTS).map((agent) => ({ kind: "agent", provider: providerId, ...agent }))
      ),
      numbers: given(
        "numbers",
        (options.numbers ?? NUMBERS).map((number) => ({ kind: "number", provider: providerId, ...number }))
      )
    },
    check: perform("check", (now) => {
      const providerTime = instantAt(now)
      return Result.succeed(providerTime === undefined ? {} : { providerTime })
    })
  }
}
