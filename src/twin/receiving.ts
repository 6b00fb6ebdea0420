/** Calls that come in, asked for over HTTP: no part of the provider's API, and open to whoever reaches the twin. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type ErrorBody, refuser } from "./reply.ts"
import { bodyReader, E164, optional } from "./requestBody.ts"
import type { IncomingCall, Route, TwinOrder } from "./twin.ts"

export const isE164 = Schema.is(E164)

const readCall = bodyReader(
  Schema.Struct({
    channel: optional(Schema.Literals(["phone", "web"])),
    from: optional(E164),
    agentId: optional(Schema.NonEmptyString)
  }),
  { channel: "phone or web", from: "a telephone number in E.164", agentId: "the id of a stored agent" }
)

/** `POST /twin/calls` with `{ "from": "+12025550100" }`. */
export const receivingRoutes = (
  receive: (call: IncomingCall, now: number) => TwinOrder | undefined,
  errorBody: ErrorBody
): ReadonlyArray<Route> => {
  const refuse = refuser(errorBody)
  const invalid = (message: string) => refuse(422, message, "invalid_request")
  return [
    {
      operation: "receive",
      method: "POST",
      path: "/twin/calls",
      takesNoKey: true,
      handle: ({ body, now }) =>
        Result.match(readCall(body), {
          onFailure: invalid,
          onSuccess: ({ channel, from, agentId }) => {
            if (from == null && channel !== "web") return invalid("from must be a telephone number in E.164")
            const call = receive(
              {
                ...(channel == null ? {} : { channel }),
                ...(from == null ? {} : { from }),
                ...(agentId == null ? {} : { agentId })
              },
              now
            )
            return call === undefined
              ? refuse(422, "there are no such calls here, or no agent with this id", "unsupported")
              : { status: 201, body: { id: call.id } }
          }
        })
    }
  ]
}
