/** A scripted call as each provider's twin writes it down: the bodies that the provider would answer. */
import * as Result from "effect/Result"
import { revox } from "../../adapters/revox/index.ts"
import { bodyFrom as revoxBody } from "../../adapters/revox/Request.ts"
import { orderRecord } from "../../adapters/revox/TwinRecords.ts"
import { readCreate, retryFrom } from "../../adapters/revox/TwinRequest.ts"
import { revring } from "../../adapters/revring/index.ts"
import { bodyFrom as revringBody } from "../../adapters/revring/Request.ts"
import { callRecord as revringRecord } from "../../adapters/revring/TwinRecords.ts"
import { vapi } from "../../adapters/vapi/index.ts"
import { bodyFrom as vapiBody } from "../../adapters/vapi/Request.ts"
import { callRecord as vapiRecord, OWN_NUMBER_ID } from "../../adapters/vapi/TwinRecords.ts"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { parsePlaceCall, type PlaceCall } from "../../src/domain/PlaceCall.ts"
import { present } from "../../src/domain/present.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import type { PlacedOrder } from "../../src/twin/orderBook.ts"
import { uuidFrom } from "../../src/twin/seeded.ts"
import { isoOf, stateAt } from "../../src/twin/timeline.ts"
import type { ScriptedCall } from "./scriptedCalls.ts"

/** A provider, and how it tells of a call: one body for each order that had to be placed. */
export interface Teller {
  readonly adapter: Adapter
  readonly tell: (call: ScriptedCall) => ReadonlyArray<JsonObject>
}

const AGENT = "agent-1"

const taken = <A>(result: Result.Result<A, unknown>): A =>
  Result.getOrElse(result, (fault) => {
    throw new Error(`a scripted order is refused: ${JSON.stringify(fault)}`)
  })

const orderOf = (call: ScriptedCall, reference = call.reference): PlaceCall =>
  taken(
    parsePlaceCall({
      to: call.remoteNumber,
      from: call.ownNumber,
      agent: { id: AGENT },
      reference,
      ...present({
        metadata: call.metadata,
        variables: call.variables,
        scheduledAt: call.timeline.scheduledAt === undefined ? undefined : isoOf(call.timeline.scheduledAt)
      }),
      providerOptions: { vapi: { phoneNumberId: OWN_NUMBER_ID } }
    })
  )

const placed = <Details>(call: ScriptedCall, id: string, details: Details): PlacedOrder<Details> => ({
  id: uuidFrom("pair", call.seed, id),
  to: call.isInbound ? call.ownNumber : call.remoteNumber,
  reference: undefined,
  placedAt: call.placedAt,
  options: call.timeline,
  lines: undefined,
  details,
  story: call.story,
  canceledAt: call.timeline.canceledAt,
  ...(call.isInbound ? { incoming: "phone" as const } : {})
})

const stateOf = ({ story, placedAt, timeline, now }: ScriptedCall) => stateAt(story, placedAt, now, timeline)

/**
 * The calls that somebody has to place where the provider does not redial: one for each dial that there was, the second at the
 * moment of the second dial. One at least, dialled or not.
 */
const singleDials = (call: ScriptedCall): ReadonlyArray<ScriptedCall> =>
  call.story.attempts.length < 2
    ? [call]
    : stateOf(call).attempts.map(({ index, dialedAt, plan }) => ({
        ...call,
        seed: `${call.seed} ${index}`,
        reference: index === 0 ? call.reference : `${call.reference}-${index + 1}`,
        story: { ...call.story, attempts: [plan], ...(index === 0 ? {} : { queueSeconds: 0 }) },
        ...(index === 0 ? {} : { placedAt: dialedAt, timeline: {} })
      }))

const textMap = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})

const revoxTeller: Teller = {
  adapter: revox,
  tell: (call) => {
    const retry = retryFrom(undefined)
    const inbound = { from: call.remoteNumber, metadata: null, variables: {} }
    const asked = call.isInbound ? undefined : taken(readCreate(taken(revoxBody(orderOf(call)))))
    const ordered =
      asked === undefined
        ? inbound
        : {
            from: asked.from_phone_number ?? "",
            metadata: asked.metadata ?? null,
            variables: asked.prompt_variables ?? {}
          }
    const order = placed(call, "revox", { ...ordered, assistantId: AGENT, assistant: undefined, retry })
    return [orderRecord(order, stateOf(call), call.revoxVersion, call.now)]
  }
}

const revringTeller: Teller = {
  adapter: revring,
  tell: (given) =>
    singleDials(given).map((call) => {
      const variables = call.isInbound ? {} : textMap(taken(revringBody(orderOf(call)))["variables"])
      const from = call.isInbound ? call.remoteNumber : call.ownNumber
      const order = placed(call, "revring", { agentId: AGENT, from, callerIdName: null, variables })
      return revringRecord(order, stateOf(call), call.revringGeneration)
    })
}

const vapiTeller: Teller = {
  adapter: vapi,
  tell: (given) =>
    singleDials(given).map((call) => {
      const request = call.isInbound
        ? {
            assistantId: AGENT,
            type: "inboundPhoneCall",
            customer: { number: call.remoteNumber },
            phoneNumberId: OWN_NUMBER_ID
          }
        : taken(vapiBody({})(orderOf(call)))
      const order = placed(call, "vapi", { request, address: "https://api.vapi.ai" })
      return vapiRecord(order, stateOf(call), call.now, call.detectsVoicemail)
    })
}

/** One for each provider that has a twin. */
export const tellers = { revox: revoxTeller, revring: revringTeller, vapi: vapiTeller } satisfies {
  readonly [id: string]: Teller
}

export type TellerId = keyof typeof tellers

/** Every two of them. */
export const PAIRINGS = [
  ["revox", "revring"],
  ["revox", "vapi"],
  ["revring", "vapi"]
] as const satisfies ReadonlyArray<readonly [TellerId, TellerId]>
