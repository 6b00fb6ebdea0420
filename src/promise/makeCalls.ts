/** The operations of an opened handle: what is given is checked, the service does the rest. */
import * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { ChangesOptions as ServiceChangesOptions } from "../calls/changes/consume.ts"
import type { ListOptions as ServiceListOptions, VoiceCalls } from "../calls/VoiceCalls.ts"
import type { WaitOptions as Waiting } from "../calls/WaitOptions.ts"
import { momentGiven } from "../domain/Instant.ts"
import { ProviderId, parseOrderId } from "../domain/Identifiers.ts"
import { isJsonObject } from "../domain/Json.ts"
import type { PlaceCallInput } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import { type CallRef, type Operation, parseCallRef } from "../provider/CallError.ts"
import { type Check, isText } from "../provider/optionChecks.ts"
import type { Webhooks } from "../webhooks/Webhooks.ts"
import type { CallLike, Calls, CatalogOptions, CheckOptions, ListOptions, OrderFields } from "./Calls.ts"
import { insist, invalid } from "./failureOf.ts"
import { makeInbox } from "./makeInbox.ts"
import {
  type AgentFields,
  type Cancelable,
  type ChangesOptions,
  CHECKS,
  provider,
  reference as isReference,
  type WaitOptions
} from "./OperationOptions.ts"
import type { Session } from "./session.ts"

const readCall = (call: unknown): CallRef | undefined => {
  if (typeof call === "string") return parseCallRef(call)
  if (!isJsonObject(call)) return undefined
  const id = parseOrderId(call["id"])
  const name = call["provider"]
  return id === undefined || !isText(name) ? undefined : { provider: ProviderId.make(name), id }
}

export const makeCalls = <Provider extends string>(
  service: VoiceCalls["Service"],
  session: Session,
  providers: ReadonlyArray<Provider>,
  webhooks: Webhooks["Service"] | undefined
): Calls<Provider> => {
  const [only] = providers.length === 1 ? providers : []

  const refOf = (operation: Operation, call: CallLike): CallRef => {
    const ref = readCall(call)
    if (ref !== undefined) return ref
    const expected = `{ provider, id } or ${providers.map((id) => `${id}:ID`).join(" or ")}`
    throw invalid(operation, { field: "call", expected })
  }

  const whichOf = (operation: Operation, given: string | undefined): string => {
    const which = given ?? only
    if (which !== undefined) return which
    throw invalid(operation, { field: "provider", expected: providers.join(" or ") })
  }

  const agentOf = (
    operation: Operation,
    { provider: given, agentId }: AgentFields & { readonly provider?: string | undefined }
  ) => ({
    provider: whichOf(operation, given),
    agentId
  })

  const inputOf = (order: OrderFields & { readonly provider?: string | undefined }): PlaceCallInput => {
    if (!isJsonObject(order)) throw invalid("place", { field: "order", expected: "an object" })
    insist("place", provider, order.provider, ["provider"])
    return present(order)
  }

  const waitOf = ({ deadlineSeconds, until, parts }: WaitOptions): Waiting => ({
    deadline: Duration.seconds(deadlineSeconds),
    until,
    parts
  })

  const filterOf = (options: Partial<ListOptions<Provider>>): ServiceListOptions => {
    const { provider: _provider, signal: _signal, createdAfter, createdBefore, ...rest } = options
    const filter = { ...rest, createdAfter: momentGiven(createdAfter), createdBefore: momentGiven(createdBefore) }
    return { provider: whichOf("list", options.provider), ...present(filter) }
  }

  const consumingOf = (options: ChangesOptions): ServiceChangesOptions => {
    const { consumer, after, from, onForgotten, content, follow, everySeconds } = options
    const every = everySeconds === undefined ? undefined : Duration.seconds(everySeconds)
    const how = present({ onForgotten, content, follow, every })
    if (consumer === undefined && after !== undefined) return { after, ...how }
    if (consumer !== undefined && after === undefined) return { consumer, ...present({ from }), ...how }
    throw invalid("changes", { field: "consumer", expected: "a name, or after, the position of the last change" })
  }

  const referenceOf = (reference: string): string => {
    insist("reconcile", isReference, reference, ["reference"])
    return reference
  }

  /** Rejects where the options are wrong, where `ask` throws, and where what it asks for fails. */
  const run = async <A, E>(
    operation: Operation,
    [check, options]: readonly [Check, Cancelable],
    ask: () => Effect.Effect<A, E>,
    goesOn = false
  ): Promise<A> => {
    insist(operation, check, options)
    return await session.run(ask(), { signal: options.signal, goesOn })
  }

  /** The same, one after the other, looked at when a loop begins. */
  const each = <A, E>(
    operation: Operation,
    [check, options]: readonly [Check, Cancelable],
    ask: () => Stream.Stream<A, E>
  ): AsyncIterable<A> =>
    session.iterate(() => {
      insist(operation, check, options)
      return { stream: ask(), signal: options.signal }
    })

  const webhooksOf = (): Webhooks["Service"] => {
    if (webhooks !== undefined) return webhooks
    throw invalid("configure", { field: "webhooks", expected: "whom webhooks are believed to come from: { trust }" })
  }

  const { cancelable } = CHECKS
  return {
    providers,
    place: (order, options = {}) => {
      const ask = () => {
        const { onDifference, onUncertain } = options
        return service.place(inputOf(order), present({ onDifference, onUncertain }))
      }
      return run("place", [CHECKS.place, options], ask, true)
    },
    dryRun: (order, options = {}) => run("place", [cancelable, options], () => service.dryRun(inputOf(order))),
    get: (call, options = {}) => run("get", [cancelable, options], () => service.get(refOf("get", call))),
    list: (options: Partial<ListOptions<Provider>> = {}) =>
      each("list", [CHECKS.list, options], () => service.list(filterOf(options))),
    cancel: (call, options = {}) => run("cancel", [cancelable, options], () => service.cancel(refOf("cancel", call))),
    awaitEnd: (call, options) =>
      run("awaitEnd", [CHECKS.wait, options], () => service.awaitEnd(refOf("awaitEnd", call), waitOf(options))),
    watch: (call, options) =>
      each("watch", [CHECKS.wait, options], () => service.watch(refOf("watch", call), waitOf(options))),
    wake: (call) => run("watch", [cancelable, {}], () => service.wake(refOf("watch", call))),
    webhook: async (request) => await session.run(webhooksOf().handle(request), { signal: undefined, goesOn: true }),
    inbox: makeInbox({ refOf, webhooksOf, run }),
    reconcile: (reference, options = {}) =>
      run("reconcile", [CHECKS.reconcile, options], () => {
        const call = options.call === undefined ? undefined : refOf("reconcile", options.call)
        return service.reconcile(referenceOf(reference), present({ call }))
      }),
    settle: (options = {}) => run("reconcile", [cancelable, options], () => service.settle),
    reconcileStale: (options) =>
      run("reconcile", [CHECKS.stale, options], () => {
        const { olderThanSeconds, limit } = options
        return service.reconcileStale({ olderThan: Duration.seconds(olderThanSeconds), ...present({ limit }) })
      }),
    changes: (options) => each("changes", [CHECKS.changes, options], () => service.changes(consumingOf(options))),
    release: (reference, options = {}) =>
      run("reconcile", [cancelable, options], () => service.release(referenceOf(reference))),
    webhookAddresses: (options) =>
      run("webhookAddresses", [CHECKS.agent, options], () =>
        service.webhookAddresses(agentOf("webhookAddresses", options))
      ),
    setWebhookAddresses: (options) =>
      run("setWebhookAddresses", [CHECKS.addresses, options], () => {
        const { calls, preCall, dryRun } = options
        return service.setWebhookAddresses(agentOf("setWebhookAddresses", options), present({ calls, preCall }), {
          dryRun
        })
      }),
    agents: (options: Partial<CatalogOptions<Provider>> = {}) =>
      each("agents", [CHECKS.check, options], () => service.agents({ provider: whichOf("agents", options.provider) })),
    numbers: (options: Partial<CatalogOptions<Provider>> = {}) =>
      each("numbers", [CHECKS.check, options], () =>
        service.numbers({ provider: whichOf("numbers", options.provider) })
      ),
    check: (options: Partial<CheckOptions<Provider>> = {}) =>
      run("check", [CHECKS.check, options], () => service.check(whichOf("check", options.provider))),
    async close(options = {}) {
      insist("configure", CHECKS.close, options)
      await session.close(options.withinSeconds)
    },
    [Symbol.asyncDispose]: () => session.close()
  }
}
