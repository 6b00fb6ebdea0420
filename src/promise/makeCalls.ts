/** The operations of an opened handle: what is given is checked, the service does the rest. */
import * as Duration from "effect/Duration"
import type { ListOptions as ServiceListOptions, VoiceCalls } from "../calls/VoiceCalls.ts"
import type { WaitOptions as Waiting } from "../calls/WaitOptions.ts"
import { ProviderId, parseOrderId } from "../domain/Identifiers.ts"
import { isJsonObject } from "../domain/Json.ts"
import type { PlaceCallInput } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import { type CallRef, type Operation, parseCallRef } from "../provider/CallError.ts"
import { isText } from "../provider/optionChecks.ts"
import type { CallLike, Calls, CheckOptions, ListOptions, OrderFields } from "./Calls.ts"
import { insist, invalid } from "./failureOf.ts"
import { CHECKS, instantOf, type PlaceOptions, reference as aReference, type WaitOptions } from "./OperationOptions.ts"
import type { Session } from "./session.ts"

const readCall = (call: unknown): CallRef | undefined => {
  if (typeof call === "string") return parseCallRef(call)
  if (!isJsonObject(call)) return undefined
  const id = parseOrderId(call["id"])
  const { provider: name } = call
  return id === undefined || !isText(name) ? undefined : { provider: ProviderId.make(name), id }
}

const NOTHING = {}

export const makeCalls = <Provider extends string>(
  service: VoiceCalls["Service"],
  session: Session,
  providers: ReadonlyArray<Provider>
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

  const inputOf = (order: OrderFields): PlaceCallInput => {
    if (!isJsonObject(order)) throw invalid("place", { field: "order", expected: "an object" })
    return present(order)
  }

  const waitOf = (operation: Operation, options: WaitOptions): Waiting => {
    insist(operation, CHECKS.wait, options)
    const { deadlineSeconds, until, parts } = options
    return { deadline: Duration.seconds(deadlineSeconds), until, parts }
  }

  const filterOf = (options: Partial<ListOptions<Provider>>): ServiceListOptions => {
    insist("list", CHECKS.list, options)
    const { provider: _provider, signal: _signal, createdAfter, createdBefore, ...rest } = options
    const filter = { ...rest, createdAfter: instantOf(createdAfter), createdBefore: instantOf(createdBefore) }
    return { provider: whichOf("list", options.provider), ...present(filter) }
  }

  return {
    providers,
    async place(order, options: PlaceOptions = NOTHING) {
      insist("place", CHECKS.place, options)
      const { signal, onDifference } = options
      return await session.run(service.place(inputOf(order), present({ onDifference })), { signal, goesOn: true })
    },
    async dryRun(order, options = NOTHING) {
      insist("place", CHECKS.cancelable, options)
      return await session.run(service.dryRun(inputOf(order)), options)
    },
    async get(call, options = NOTHING) {
      insist("get", CHECKS.cancelable, options)
      return await session.run(service.get(refOf("get", call)), options)
    },
    list(options: Partial<ListOptions<Provider>> = NOTHING) {
      return session.iterate(() => ({ stream: service.list(filterOf(options)), signal: options.signal }))
    },
    async cancel(call, options = NOTHING) {
      insist("cancel", CHECKS.cancelable, options)
      return await session.run(service.cancel(refOf("cancel", call)), options)
    },
    async awaitEnd(call, options) {
      const wait = waitOf("awaitEnd", options)
      return await session.run(service.awaitEnd(refOf("awaitEnd", call), wait), options)
    },
    watch(call, options) {
      return session.iterate(() => {
        const wait = waitOf("watch", options)
        return { stream: service.watch(refOf("watch", call), wait), signal: options.signal }
      })
    },
    async wake(call) {
      await session.run(service.wake(refOf("watch", call)))
    },
    async reconcile(reference, options = NOTHING) {
      insist("reconcile", CHECKS.cancelable, options)
      insist("reconcile", aReference, reference, ["reference"])
      return await session.run(service.reconcile(reference), options)
    },
    async reconcileStale(options) {
      insist("reconcile", CHECKS.stale, options)
      const { olderThanSeconds, limit, signal } = options
      const stale = { olderThan: Duration.seconds(olderThanSeconds), ...present({ limit }) }
      return await session.run(service.reconcileStale(stale), { signal })
    },
    async release(reference, options = NOTHING) {
      insist("reconcile", CHECKS.cancelable, options)
      insist("reconcile", aReference, reference, ["reference"])
      return await session.run(service.release(reference), options)
    },
    async check(options: Partial<CheckOptions<Provider>> = NOTHING) {
      insist("check", CHECKS.check, options)
      return await session.run(service.check(whichOf("check", options.provider)), options)
    },
    async close(options = NOTHING) {
      insist("configure", CHECKS.close, options)
      await session.close(options.withinSeconds)
    },
    async [Symbol.asyncDispose]() {
      await session.close()
    }
  }
}
