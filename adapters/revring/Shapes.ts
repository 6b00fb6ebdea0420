/** How bodies of RevRing are told apart, by their keys alone. */
import type { Shape } from "../../src/provider/Adapter.ts"
import type { Envelopes } from "../../src/provider/envelopes.ts"
import { hintFrom, orderFrom } from "./Mapping.ts"

export const envelopes: Envelopes = { data: { holds: "either" } }

const PARTY_SIGNS = ["fromNumber", "direction", "agentId"]

const isCall = (body: object): boolean =>
  (Object.hasOwn(body, "toNumber") &&
    Object.hasOwn(body, "status") &&
    PARTY_SIGNS.some((key) => Object.hasOwn(body, key))) ||
  (Object.hasOwn(body, "organizationId") && Object.hasOwn(body, "initiatedAt"))

const isPreCall = (body: { readonly [key: string]: unknown }): boolean =>
  Object.hasOwn(body, "event") && body["event"] === "pre_call"

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "call",
    signs: "toNumber and status with fromNumber, direction or agentId; or organizationId and initiatedAt",
    matches: isCall,
    read: orderFrom
  },
  {
    name: "pre-call",
    signs: "event = pre_call",
    matches: isPreCall,
    read: hintFrom
  }
]
