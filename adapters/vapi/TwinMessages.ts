/**
 * What the Vapi twin sends of its own: a `status-update` whenever the status changes, and an `end-of-call-report` once all has
 * been written down; both are on by default, in the forms of the SDK's types. The call inside is as it was at its start, for how
 * fresh it is nobody says. Nothing is sent again, which is the default of a server without a plan for repeating.
 */
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import type { MessageKind } from "../../src/twin/messages.ts"
import type { OrderState } from "../../src/twin/timeline.ts"
import { isWrittenUp } from "../../src/twin/timeline.ts"
import * as Wire from "./Wire.ts"
import type { CallDetails, TwinCall } from "./TwinRecords.ts"

/** An assistant's server, of its own or of the call. */
interface Server {
  readonly url?: unknown
  readonly headers?: unknown
}

const headersIn = ({ headers }: Server): { readonly [name: string]: string } =>
  isJsonObject(headers) ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])) : {}

const SECONDS = 20

/** When each status is reached. */
const REACHED = {
  queued: ({ phase }) => phase !== "scheduled",
  ringing: ({ attempts }) => attempts.length > 0,
  "in-progress": ({ attempts: [attempt] }) => attempt?.answeredAt !== undefined,
  ended: ({ phase }) => phase === "over"
} as const satisfies { readonly [status: string]: (state: OrderState) => boolean }

const REPEATED = ["endedReason", "startedAt", "endedAt", "cost", "artifact", "analysis", "destination", "customer"]

export const messagesOf = (
  serverOf: (call: TwinCall) => Server | undefined,
  recordOf: (call: TwinCall, at: number) => JsonObject
): ReadonlyArray<MessageKind<CallDetails>> => {
  const common = {
    urlOf: (call: TwinCall) => {
      const url = serverOf(call)?.url
      return typeof url === "string" && url !== "" ? url : undefined
    },
    headersOf: (call: TwinCall) => headersIn(serverOf(call) ?? {}),
    withinSeconds: SECONDS
  }
  const message = (call: TwinCall, type: string, at: number, fields: JsonObject) => ({
    message: { timestamp: at, type, ...fields, call: recordOf(call, call.placedAt) }
  })
  const updates = Object.entries<(state: OrderState) => boolean>(REACHED).map(
    ([status, isDue]): MessageKind<CallDetails> => ({
      ...common,
      name: `${Wire.STATUS_UPDATE} ${status}`,
      isDue,
      bodyOf: (call, _, at) => {
        const { status: word, endedReason } = recordOf(call, at)
        const ended = endedReason === undefined ? {} : { endedReason }
        return message(call, Wire.STATUS_UPDATE, at, { status: word, ...ended })
      }
    })
  )
  return [
    ...updates,
    {
      ...common,
      name: Wire.REPORT,
      isDue: isWrittenUp,
      bodyOf: (call, _, at) => {
        const record = Object.entries(recordOf(call, at)).filter(([key]) => REPEATED.includes(key))
        return message(call, Wire.REPORT, at, Object.fromEntries(record))
      }
    }
  ]
}
