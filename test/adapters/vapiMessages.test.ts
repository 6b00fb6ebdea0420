/** How old Vapi facts are, which transfer of several is told, and when a message is sent. */
import { describe, expect, it } from "vitest"
import { hintFrom, orderFrom, statusUpdateFrom } from "../../adapters/vapi/Mapping.ts"

const call = {
  id: "call-1",
  orgId: "org-1",
  createdAt: "2026-03-02T15:00:00.000Z",
  updatedAt: "2026-03-02T15:02:00.000Z",
  type: "outboundPhoneCall",
  status: "ended",
  endedAt: "2026-03-02T15:01:20.000Z"
}

const message = (more: object) => ({ type: "status-update", status: "ended", call, ...more })

describe("a fact is as old as", () => {
  it.each([
    ["its record", orderFrom(call), call.updatedAt],
    ["the end, where the record tells no change", orderFrom({ ...call, updatedAt: undefined }), call.endedAt],
    [
      "the message that told it",
      statusUpdateFrom(message({ timestamp: Date.parse("2026-03-02T15:05:00Z") })),
      "2026-03-02T15:05:00.000Z"
    ],
    ["the call inside, where the message tells no time", statusUpdateFrom(message({})), call.updatedAt]
  ])("%s", (_, fact, asOf) => {
    expect(fact).toMatchObject({ asOf })
  })
})

it("what a message tells of the call inside alone is as old as that call", () => {
  const agesOf = (inside: object) => {
    const fact = statusUpdateFrom(message({ timestamp: Date.parse("2026-03-02T15:05:00Z"), call: inside }))
    return fact.kind === "order" ? fact.ages?.get("agentId") : fact
  }
  expect(agesOf(call)).toBe(call.updatedAt)
  expect(agesOf({ ...call, updatedAt: undefined })).toBe(call.createdAt)
})

it("what names no call is refused at the place where its id would be", () => {
  const { id: _, ...nameless } = call
  expect(orderFrom(nameless)).toMatchObject({ reason: "missing_id", path: ["id"] })
  expect(statusUpdateFrom(message({ call: nameless }))).toMatchObject({ reason: "missing_id", path: ["call", "id"] })
  expect(hintFrom(message({ type: "hang", call: nameless }))).toMatchObject({ path: ["call", "id"] })
})

it("messages of a hint are its transcript in an update of the conversation, and nowhere else", () => {
  const messages = [{ role: "user", message: "Hello." }]
  expect(hintFrom(message({ type: "conversation-update", messages }))).toMatchObject({
    transcript: { turns: [{ role: "remote", text: "Hello." }] }
  })
  expect(hintFrom(message({ type: "tool-calls", messages }))).not.toHaveProperty("transcript")
})

describe("of several transfers", () => {
  const to = (number: string, status: string) => ({ status, destination: { type: "number", number } })
  const transferOf = (transfers: ReadonlyArray<object | null>) => {
    const fact = orderFrom({ ...call, artifact: { transfers } })
    return fact.kind === "order" ? fact.attempts[0]?.claims.transfer : fact
  }

  it("the last is told of those that came equally far", () => {
    expect(transferOf([to("+12025550171", "busy"), to("+12025550172", "no-answer")])).toEqual({
      to: "+12025550172",
      state: "not_connected"
    })
  })

  it("the one that came furthest is told, wherever it stands", () => {
    expect(transferOf([to("+12025550171", "completed"), to("+12025550172", "connected")])).toEqual({
      to: "+12025550171",
      state: "completed"
    })
  })

  it("one that is null is none", () => {
    expect(transferOf([to("+12025550171", "busy"), null])).toMatchObject({ to: "+12025550171" })
  })

  it.each(["assistant", "squad"])("a hand-off to a %s is none", (type) => {
    expect(transferOf([{ status: "completed", destination: { type } }])).toBeUndefined()
  })
})

describe("a message is sent", () => {
  it.each([
    ["assistant-request", "pre_call"],
    ["call.deleted", "post_call"],
    ["call.delete.failed", "post_call"],
    ["call.artifact.upload", "post_call"],
    ["hang", "in_call"],
    ["of-a-new-kind", "in_call"]
  ])("%s: %s", (type, event) => {
    expect(hintFrom({ type, timestamp: 1772463692000, call })).toMatchObject({ kind: "call_hint", event })
  })
})
