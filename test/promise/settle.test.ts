import { describe, expect, it } from "vitest"
import { InvalidRequest, openCalls } from "../../adapters/promise.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import { listen } from "../../src/twin/server.ts"
import { KEY, order, twinsInProcess } from "./inProcessFetch.ts"

const opening = (settle: object) =>
  openCalls({ revox: { apiKey: KEY }, revring: { apiKey: KEY }, fetch: twinsInProcess("").fetch, settle })

/** In the time that the machine has. */
const opened = async (settle: object, faults = "") => {
  const revring = makeRevRingTwin({ faults })
  const server = await listen(revring)
  const calls = await openCalls({ revring: { apiKey: "twin-key", baseUrl: server.url }, settle })
  const close = async () => {
    await calls.close()
    await server.close()
  }
  return { calls, revring, [Symbol.asyncDispose]: close }
}

const dial = (reference: string) => ({ ...order("revring"), provider: undefined, reference })

describe("settling", () => {
  it("looks once, in batches, and asks a person where a person is needed", async () => {
    await using site = await opened({}, "place:drop/accepted*1,place:drop*1")
    const { calls: all, revring } = site
    const references = ["lost", "dropped"]
    for (const reference of references) expect((await all.place(dial(reference))).state).toBe("uncertain")
    const settled = await all.settle()
    expect(settled.map(({ state, reference }) => [state, reference]).toSorted()).toEqual([
      ["accepted", "lost"],
      ["uncertain", "dropped"]
    ])
    const again = await all
      .reconcile("dropped", { call: `revring:${revring.orders[0]?.id}` })
      .catch((error: unknown) => error)
    expect(again).toBeInstanceOf(InvalidRequest)
    expect(String(again)).toContain("call: expected a call to the number")
  })

  it("goes on by itself until the calls are closed", async () => {
    await using site = await opened({ everySeconds: 1 }, "place:drop/accepted*1")
    const { calls: all } = site
    await all.place(dial("lost"))
    for (;;) {
      const placed = await all.place(dial("lost"))
      if (placed.state === "accepted") break
    }
  })

  it("expires what would be too late", async () => {
    await using site = await opened({})
    const { calls: all, revring } = site
    const notAfter = new Date(Date.now() - 1)
    expect(await all.place({ ...dial("late"), notAfter })).toMatchObject({
      state: "expired",
      notAfter: notAfter.toISOString()
    })
    expect(revring.orders).toEqual([])
  })

  it.each([
    [{ everySeconds: 0.9 }, "settle.everySeconds", "1 or more"],
    [{ every: 1 }, "settle.every", "everySeconds, policies"],
    [{ policies: { revring: { absent: "yes" } } }, "settle.policies.revring.absent", "never, listed"],
    [{ policies: { revring: { absent: "listed" } } }, "settle.policies.revring.confirmedAt", "ISO 8601"],
    [
      { policies: { revring: { absent: "listed", confirmedAt: 7 } } },
      "settle.policies.revring.confirmedAt",
      "ISO 8601"
    ],
    [
      { policies: { revox: { absent: "listed", confirmedAt: "2026-03-02T10:00:00Z" } } },
      "settle.policies.revox",
      "the list of Revox does not tell references"
    ]
  ])("refuses a policy that cannot be followed: %j", async (settle, field, expected) => {
    const fault = await opening(settle).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(InvalidRequest)
    expect(fault).toMatchObject({ field, expected: expect.stringContaining(expected) })
  })
})
