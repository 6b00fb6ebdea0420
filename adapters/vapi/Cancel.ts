/**
 * Ending a call at Vapi, which has no way to cancel one: a scheduled call goes with its record, a running one is hung up at its
 * control address. Each is done only where the client has been told to by name.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { isJsonObject } from "../../src/domain/Json.ts"
import type { OrderId } from "../../src/domain/Identifiers.ts"
import { type CallError, InvalidRequest } from "../../src/provider/CallError.ts"
import type { Answer } from "../../src/provider/http/answer.ts"
import { segment, type Sender } from "../../src/provider/http/Sender.ts"

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

/** The address is a secret, so that it stands in no body that has been read. */
const controlAddressIn = (call: unknown): string | undefined => {
  const monitor = isJsonObject(call) ? call["monitor"] : undefined
  const address = isJsonObject(monitor) ? monitor["controlUrl"] : undefined
  return typeof address === "string" && address !== "" ? address : undefined
}

/** `senderTo` sends to another address, without the key. */
export const makeCancel =
  (sender: Sender, { scheduled, running }: CancelBy, senderTo: (address: string) => Effect.Effect<Sender, CallError>) =>
  (id: OrderId): Effect.Effect<void | "deleted", CallError> =>
    Effect.gen(function* () {
      const path = `/call/${segment(id)}`
      const call = parsed(yield* sender.ask("cancel", { method: "GET", path }))
      const status = isJsonObject(call) ? call["status"] : undefined
      if (status === "scheduled" && scheduled === "deleting_record") {
        yield* sender.ask("cancel", { method: "DELETE", path })
        return "deleted" as const
      }
      const address = controlAddressIn(call)
      if (RUNNING.has(status) && running === "control_address" && address !== undefined) {
        const control = yield* senderTo(address)
        yield* control.ask("cancel", { method: "POST", path: "", body: { type: "end-call" } })
        return undefined
      }
      return yield* sender.fail("cancel", new InvalidRequest({}))
    })
