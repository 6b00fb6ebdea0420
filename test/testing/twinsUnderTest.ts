/** The twins as a test sees them: how to make one, and how to ask it for the things that all can do. */
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { makeVapiTwin } from "../../adapters/vapi/Twin.ts"
import { valueAt } from "../../src/domain/Json.ts"
import type { FaultRule } from "../../src/twin/fault.ts"
import type { TwinReply } from "../../src/twin/reply.ts"
import type { Story } from "../../src/twin/story.ts"
import { settledAt } from "../../src/twin/timeline.ts"
import type { Twin } from "../../src/twin/twin.ts"

export const KEY = "key-of-the-test"
export const START = Date.parse("2026-03-02T15:00:00.000Z")

/** From the range that North America keeps for fiction; the last two digits choose the story. */
export const numberOf = (digits: string): string => `+120255501${digits}`

export interface TwinUnderTest {
  readonly provider: string
  readonly make: (faults?: string | ReadonlyArray<FaultRule>) => Twin
  readonly baseUrl: string
  /** What stands before the paths in requests to a server that stands for the base URL. */
  readonly basePath: string
  readonly auth: { readonly [name: string]: string }
  readonly placePath: string
  readonly placed: number
  /** The status with which an order is refused. */
  readonly refused: number
  /** Whether a call is canceled by a request. */
  readonly cancels: boolean
  readonly order: (number: string, reference?: string) => { readonly [field: string]: unknown }
  /** Where an answer has the order. */
  readonly envelope: ReadonlyArray<string>
  /** The attempts that are made of a story unless an order says otherwise. */
  readonly attemptsAllowed: number
}

export const twinsUnderTest: ReadonlyArray<TwinUnderTest> = [
  {
    provider: "revox",
    make: (faults = []) => makeRevoxTwin({ apiKey: KEY, faults }),
    baseUrl: "https://www.getrevox.com/api",
    basePath: "/api",
    auth: { authorization: `Bearer ${KEY}` },
    placePath: "/call",
    placed: 200,
    refused: 422,
    cancels: true,
    order: (number, reference) => ({
      phone_number: number,
      assistant_id: "asst-1",
      ...(reference === undefined ? {} : { metadata: { reference } })
    }),
    envelope: ["call"],
    attemptsAllowed: 3
  },
  {
    provider: "revring",
    make: (faults = []) => makeRevRingTwin({ apiKey: KEY, faults }),
    baseUrl: "https://api.revring.ai/v1",
    basePath: "/v1",
    auth: { "x-api-key": KEY },
    placePath: "/calls",
    placed: 201,
    refused: 422,
    cancels: true,
    order: (number, reference) => ({
      agentId: "agent-1",
      toNumber: number,
      fromNumber: "+12025550199",
      ...(reference === undefined ? {} : { variables: { call_reference: reference } })
    }),
    envelope: ["data"],
    attemptsAllowed: 1
  },
  {
    provider: "vapi",
    make: (faults = []) => makeVapiTwin({ apiKey: KEY, faults }),
    baseUrl: "https://api.vapi.ai",
    basePath: "",
    auth: { authorization: `Bearer ${KEY}` },
    placePath: "/call",
    placed: 201,
    refused: 400,
    cancels: false,
    order: (number, reference) => ({
      customer: { number },
      assistantId: "assistant-1",
      phoneNumberId: "number-1",
      ...(reference === undefined ? {} : { name: reference })
    }),
    envelope: [],
    attemptsAllowed: 1
  }
]

export const jsonOf = ({ body }: Pick<TwinReply, "body">): unknown =>
  JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body))

export interface Asking {
  readonly path: string
  readonly method?: string
  readonly query?: string
  readonly headers?: { readonly [name: string]: string }
  /** Sent as JSON unless it is text. */
  readonly body?: unknown
  readonly now?: number
}

/** One request to a twin, without any transport. */
export const ask = (
  twin: Twin,
  { path, method = "GET", query = "", headers = {}, body, now = START }: Asking
): TwinReply =>
  twin.respond(
    {
      method,
      path,
      query: new URLSearchParams(query),
      headers,
      body: body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body)
    },
    now
  )

export const place = (kind: TwinUnderTest, twin: Twin, number: string, now = START): string => {
  const reply = ask(twin, { method: "POST", path: kind.placePath, headers: kind.auth, body: kind.order(number), now })
  return idIn(kind, jsonOf(reply))
}

export const idIn = ({ envelope }: TwinUnderTest, body: unknown): string => String(valueAt(body, [...envelope, "id"]))

export const read = (kind: TwinUnderTest, twin: Twin, id: string, now: number): unknown =>
  jsonOf(ask(twin, { path: `${kind.placePath}/${id}`, headers: kind.auth, now }))

/** The moment after which nothing happens to an order placed at the start any more. */
export const endOf = ({ attemptsAllowed }: TwinUnderTest, story: Story): number =>
  settledAt(story, START, { attemptsAllowed })
