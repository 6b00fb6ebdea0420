/**
 * Ending a call at Vapi, which has no way to cancel one: a scheduled call goes with its record, a running one is hung up at its
 * control address. Each is done only where the client has been told to by name.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { OrderFact } from "../../src/domain/Fact.ts"
import { isJsonObject } from "../../src/domain/Json.ts"
import type { OrderId } from "../../src/domain/Identifiers.ts"
import { present } from "../../src/domain/present.ts"
import { type CallError, describeReason, InvalidRequest } from "../../src/provider/CallError.ts"
import { mayPass } from "../../src/provider/failureScope.ts"
import type { Answer } from "../../src/provider/http/answer.ts"
import { segment, type Sender, unreadable } from "../../src/provider/http/Sender.ts"

/** What may be done to cancel a call. Absent: nothing. */
export interface CancelBy {
  /** A scheduled call is deleted with its record: afterwards nothing of it can be read. */
  readonly scheduled?: "deleting_record" | undefined
  /** A running call is ended at the address that its record has for it. No key is sent there. */
  readonly running?: "control_address" | undefined
}

const RUNNING: ReadonlySet<unknown> = new Set(["ringing", "in-progress", "forwarding"])

const parsed = ({ text }: Answer): unknown => {
  try {
    return JSON.parse(Redacted.value(text))
  } catch {
    return undefined
  }
}

const statusOf = (call: unknown): unknown => (isJsonObject(call) ? call["status"] : undefined)

/** By the answer to its deletion, which may tell nothing. A call may begin, and go on, while its record is deleted. */
const neverBegan = (call: unknown): boolean => [undefined, null, "scheduled"].some((word) => word === statusOf(call))

/** The address is a secret, so that it stands in no body that has been read. */
const controlAddressIn = (call: unknown): string | undefined => {
  const monitor = isJsonObject(call) ? call["monitor"] : undefined
  const address = isJsonObject(monitor) ? monitor["controlUrl"] : undefined
  return typeof address === "string" && address !== "" ? address : undefined
}

/** All of it is used: what stands behind the host may be what lets one in. */
const partsOf = (address: string) => {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || url.username !== "" || url.password !== "" || url.hash !== "") return undefined
  return { base: url.origin, path: `${url.pathname}${url.search}` }
}

const CONTROL = "monitor.controlUrl"

/** What an answer of the control address means. It takes no key, and knows no calls but this one. */
const ofControl = ({ reason }: CallError): InvalidRequest | undefined => {
  const { status } = "status" in reason ? reason : {}
  switch (reason._tag) {
    case "Unauthorized":
    case "Forbidden":
      return because(CONTROL, "an address that takes commands without a key: this one asks who commands", status)
    case "NotFound":
      return because(
        CONTROL,
        "the address of a call that goes on: this one is closed, the call may be just over",
        status
      )
    case "InvalidRequest":
      return reason.field === undefined
        ? because(CONTROL, "an address that ends its call: this one refused", status)
        : because(CONTROL, reason.expected ?? "another address", status)
    default:
      return undefined
  }
}

const because = (field: string, expected: string, status?: number): InvalidRequest =>
  new InvalidRequest({ field, expected, ...present({ status }) })

/** Of a call that was not ended, and nothing of it can be read any more. */
const begun = (more = ""): InvalidRequest =>
  because("cancelBy.scheduled", `a call that has not begun: this one had begun when its record was deleted${more}`)

/** Whether it may have been done, for all that its answer tells: repeated, it finds what it did the first time. */
const mayBeDone = ({ reason }: CallError): boolean => reason._tag === "NotFound" || mayPass(reason)

/** `senderTo` sends to another address, without the key; `orderIn` reads the order in an answer. */
export const makeCancel = (
  sender: Sender,
  { scheduled, running }: CancelBy,
  orderIn: (body: unknown) => OrderFact | undefined,
  senderTo: (address: string) => Effect.Effect<Sender, CallError>
) => {
  const read = (path: string) => sender.ask("cancel", { method: "GET", path })

  /** Nothing where the record is gone; fails with the error that is given where it is there, or nobody can say. */
  const ifGone = (path: string, error: CallError): Effect.Effect<void, CallError> =>
    Effect.matchEffect(read(path), {
      onFailure: (again) => (again.reason._tag === "NotFound" ? Effect.void : Effect.fail(error)),
      onSuccess: () =>
        Effect.fail(
          error.reason._tag === "NotFound"
            ? sender.fail("cancel", because("cancelBy.scheduled", "the record to be gone: it is still there"))
            : error
        )
    })

  /**
   * What it answers, with the call as it then stood (typed); nothing where the answer was lost and the record is gone. What a
   * stranger on the way has answered, such as a proxy with a page of its own, is no word that it is gone.
   */
  const deleteRecord = (path: string): Effect.Effect<Answer | void, CallError> =>
    sender.ask("cancel", { method: "DELETE", path }).pipe(
      Effect.filterOrFail(
        (answer) => isJsonObject(parsed(answer)),
        (answer) => sender.fail("cancel", unreadable(answer, "the call as it stood"))
      ),
      Effect.catchIf(
        (error) => mayBeDone(error) || error.reason._tag === "UnreadableResponse",
        (error) => ifGone(path, error)
      )
    )

  /** Whether it runs, and may be ended in the one way that there is. */
  const canHangUp = (call: unknown): boolean => RUNNING.has(statusOf(call)) && running === "control_address"

  const hangUp = (call: unknown): Effect.Effect<void, CallError> =>
    Effect.gen(function* () {
      const address = controlAddressIn(call)
      if (address === undefined)
        return yield* sender.fail("cancel", because(CONTROL, "an address: the record has none"))
      const parts = partsOf(address)
      if (parts === undefined)
        return yield* sender.fail("cancel", because(CONTROL, "an address without user or fragment"))
      const control = yield* senderTo(parts.base)
      yield* control.ask("cancel", { method: "POST", path: parts.path, body: { type: "end-call" } })
    }).pipe(
      Effect.mapError((error) => {
        const reason = ofControl(error)
        return reason === undefined ? error : sender.fail("cancel", reason)
      })
    )

  return Effect.fnUntraced(function* (id: OrderId): Effect.fn.Return<void | "deleted" | OrderFact, CallError> {
    const path = `/call/${segment(id)}`
    const answer = yield* read(path)
    const before = orderIn(answer.body)
    if (before?.id !== id) return yield* sender.fail("cancel", unreadable(answer, "the order that was asked for"))
    const call = parsed(answer)
    if (statusOf(call) !== "scheduled" || scheduled !== "deleting_record") {
      if (canHangUp(call)) return yield* hangUp(call)
      return yield* sender.fail("cancel", because("cancelBy", "a way to end a call that stands as this one does"))
    }
    const deletion = yield* deleteRecord(path)
    const last = deletion === undefined ? undefined : parsed(deletion)
    if (neverBegan(last)) return "deleted"
    if (statusOf(last) !== "ended") {
      if (!canHangUp(last)) return yield* sender.fail("cancel", begun())
      // Nothing of it is left that a later try could go by, whatever the failure.
      yield* Effect.mapError(hangUp(last), ({ reason }) =>
        sender.fail("cancel", begun(`, and hanging it up failed: ${describeReason(reason)}`))
      )
    }
    return orderIn(deletion?.body) ?? before
  })
}
