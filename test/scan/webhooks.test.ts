/** Handlers of messages: whose they are, what they read, and what they read in vain. */
import { describe, expect, it } from "vitest"
import { findingsOf, placesIn, saidIn, trapsIn } from "./scanned.ts"

const VAPI = `export async function POST(req) {
  const { message } = await req.json()
  if (message.type === "end-of-call-report") await save(message.call.id, message.endedReason, message.artifact.transcript)
  return new Response("ok")
}`

const REVOX = `app.post("/done", (req, res) => {
  const { call_order_id, call_id, result, transcript } = req.body
  save(call_order_id, call_id, result, transcript)
  res.sendStatus(200)
})`

const REVRING = `export async function POST(request) {
  const body = await request.json()
  save(body.id, body.status, body.hangupCause)
  return new Response("ok")
}`

const cases: Readonly<Record<string, readonly [source: string, places: ReadonlyArray<string>, path?: string]>> = {
  "of Vapi, by a type": [VAPI, ["1 vapi webhook"]],
  "of Vapi, in a switch over what may be wrapped": [
    `app.post("/x", async (req, res) => {\n  const message = req.body?.message ?? req.body\n  switch (message.type) {\n    case "assistant-request": return res.json({})\n    case "end-of-call-report": return save(message)\n  }\n})`,
    ["1 vapi webhook"]
  ],
  "of Vapi, in a function that is given the message": [
    `const report = (message) => message.type === "end-of-call-report" && save(message.summary)\nexport const handler = async (event) => {\n  const body = JSON.parse(event.body)\n  report(body.message)\n}`,
    ["2 vapi webhook"]
  ],
  "of Revox, by its own field": [REVOX, ["1 revox webhook"]],
  "of RevRing, by its own field": [REVRING, ["1 revring webhook"]],
  "by the name of the file and what it reads": [
    `export async function POST(request) {\n  const { id, status, toNumber } = await request.json()\n  await save(id, status, toNumber)\n}`,
    ["1 revring webhook likely"],
    "app/api/webhooks/revring/route.ts"
  ],
  "an answer that is read": [
    `const call = await (await fetch("https://api.revring.ai/v1/calls/" + id)).json()\nsave(call.data.hangupCause)`,
    ["1 revring get"]
  ],
  "a request for something else": [
    `export async function POST(request) {\n  const { id, status } = await request.json()\n  await save(id, status) // vapi\n}`,
    []
  ]
}

describe("a handler", () => {
  it.each(Object.entries(cases))("%s", (_, [source, places, path]) => {
    expect(placesIn(source, path)).toEqual(places)
  })

  it("tells the fields that it reads, with what a record has", () => {
    expect(findingsOf(REVOX)[0]?.fields).toEqual({
      call_order_id: "the call that a change names",
      call_id: "id of an attempt",
      result: "reach",
      transcript: "transcript"
    })
    expect(Object.keys(findingsOf(VAPI)[0]?.fields ?? {})).toEqual(["type", "call", "endedReason", "artifact"])
  })
})

const asked = (source: string, check: string): string => source.replace("\n", `\n  ${check}\n`)

describe("who sends", () => {
  it.each(Object.entries({ VAPI, REVOX, REVRING }))("is asked by nobody: %s", (_, source) => {
    expect(trapsIn(source)).toEqual(["1 unverified_webhook likely"])
  })

  it.each([
    asked(VAPI, `if (req.headers.get("x-vapi-secret") !== process.env.KEY) return new Response("no", { status: 401 })`),
    asked(REVRING, "await verifySender(request)"),
    REVOX.replace(`"/done", `, `"/done", requireAuth, `),
    REVOX.replace(`"/done", `, `"/done", { preHandler: (req) => checkSignature(req) }, `),
    `app.use((req, res, next) => (req.get("authorization") === key ? next() : res.sendStatus(401)))\n${REVOX}`
  ])("is asked", (source) => {
    expect(trapsIn(source)).toEqual([])
  })

  it("is not asked by the key with which the handler itself asks", () => {
    const source = asked(REVRING, `await fetch("https://api.revring.ai/v1/calls", { headers: { authorization: key } })`)
    expect(trapsIn(source)).toContain("1 unverified_webhook likely")
  })
})

describe("fields that are not there", () => {
  it("are told with what is there", () => {
    const source = REVRING.replace("body.hangupCause", "body.hangupCause, body.endedReason, body.call.id")
    expect(trapsIn(source).filter((trap) => trap.includes("no_such_field"))).toEqual([
      "3 no_such_field likely",
      "3 no_such_field likely"
    ])
    expect(saidIn(source)).toContain("hangupCause, or errorMessage")
  })

  it("are told of another provider's field", () => {
    const source = REVOX.replace("transcript }", "transcript, hangupCause }")
    expect(saidIn(source)).toContain("the field hangupCause is of messages of RevRing")
  })

  it("are none where the message is wrapped", () => {
    expect(saidIn(VAPI)).not.toContain("no message")
  })
})
