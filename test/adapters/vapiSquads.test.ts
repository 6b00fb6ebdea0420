/** Squads at the twin, which keeps of a call what applies to it, and no more. */
import { expect, it } from "@effect/vitest"
import { makeVapiTwin } from "../../adapters/vapi/Twin.ts"
import { normalize } from "../../adapters/index.ts"
import { TWIN_KEY } from "../../src/twin/twinKey.ts"

const OVERRIDES = { variableValues: { name: "Ada" }, metadata: { lead: "7" } }

const placed = (body: object) => {
  const reply = makeVapiTwin().respond(
    {
      method: "POST",
      path: "/call",
      query: new URLSearchParams(),
      headers: { authorization: `Bearer ${TWIN_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ customer: { number: "+12025550100" }, phoneNumberId: "number-1", ...body })
    },
    Date.parse("2026-03-02T15:00:00.000Z")
  )
  return normalize(JSON.parse(String(reply.body)))
}

it.each([
  ["a squad has its own overrides", { squadId: "squad-1", squadOverrides: OVERRIDES }],
  ["an assistant has its own overrides", { assistantId: "assistant-1", assistantOverrides: OVERRIDES }]
])("%s", (_, body) => {
  expect(placed(body)).toMatchObject([{ variables: { name: "Ada" }, metadata: { lead: "7" } }])
})

it.each([
  ["a squad has none of an assistant's", { squadId: "squad-1", assistantOverrides: OVERRIDES }],
  ["an assistant has none of a squad's", { assistantId: "assistant-1", squadOverrides: OVERRIDES }]
])("%s", (_, body) => {
  const [order] = placed(body)
  expect(order).toMatchObject({ kind: "call_order", status: "queued" })
  expect(order).not.toHaveProperty("variables")
  expect(order).not.toHaveProperty("metadata")
})
