/** What is parked is no dead end for programs that are not written in Effect: it is listed, shown, replayed and dropped. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openCalls } from "../../adapters/promiseNode.ts"
import { makeRevoxTwin } from "../../adapters/testing.ts"
import { listen } from "../../src/twin/server.ts"
import { InboxHandle } from "../../src/webhooks/InboxHandle.ts"
import { makeMemoryInbox } from "../../src/webhooks/MemoryInbox.ts"
import { WebhookInbox } from "../../src/webhooks/WebhookInbox.ts"
import { at, claims, received } from "../webhooks/inboxLaws.ts"

const KEY = "key-of-the-test"
const twin = makeRevoxTwin({ apiKey: KEY, listItems: "orders", faults: "place:drop/accepted*1" })

/** An inbox in which the calls are parked. */
const parked = (ids: ReadonlyArray<string>) =>
  Layer.effect(
    WebhookInbox,
    Effect.gen(function* () {
      const inbox = yield* makeMemoryInbox
      yield* inbox.receive(
        ids.map((id) => received(id, { isKnown: true })),
        9
      )
      for (const entry of yield* inbox.claim(claims(0)))
        yield* inbox.settle(entry, { dealt: { state: "parked", problem: "Forbidden" }, at: at(1), isKnown: true })
      return inbox
    }).pipe(Effect.orDie)
  )

const opened: Array<() => Promise<unknown>> = []
afterAll(async () => {
  for (const close of opened.toReversed()) await close()
})

const open = async (layer: Layer.Layer<WebhookInbox>) => {
  const site = await listen(twin)
  const revox = { apiKey: KEY, baseUrl: site.url }
  const webhooks = { trust: { revox: { trust: "refetch" } }, inbox: new InboxHandle("prepared", layer) } as const
  const calls = await openCalls({ revox, webhooks })
  opened.push(
    () => site.close(),
    () => calls.close()
  )
  return calls
}

let id = ""
beforeAll(async () => {
  const site = await listen(twin)
  const calls = await openCalls({ revox: { apiKey: KEY, baseUrl: site.url } })
  await calls.place({ to: "+12025550101", agent: { id: "asst-1" }, reference: "lead-1" })
  id = twin.orders[0]?.id ?? ""
  await calls.close()
  await site.close()
})

it("a call that is parked is listed, shown, and read when it is replayed", async () => {
  const calls = await open(parked([id, "other"]))
  expect(await calls.inbox.list({ state: "parked" })).toMatchObject([
    { orderId: expect.any(String), state: "parked", problem: "Forbidden" },
    { state: "parked" }
  ])
  expect(await calls.inbox.list({ limit: 1 })).toHaveLength(1)
  expect(await calls.inbox.list({ state: "done" })).toEqual([])
  expect(await calls.inbox.show(`revox:${id}`)).toMatchObject({ provider: "revox", orderId: id, state: "parked" })
  expect(await calls.inbox.show("revox:never-named")).toBeUndefined()
  expect(await calls.inbox.replay({ provider: "revox", id })).toBe(true)
  expect(await calls.inbox.replay("revox:never-named")).toBe(false)
  await expect.poll(() => calls.inbox.show(`revox:${id}`)).toMatchObject({ state: "done", tries: 1 })
})

it("and taken out when it is dropped", async () => {
  const calls = await open(parked([id]))
  expect(await calls.inbox.drop(`revox:${id}`)).toBe(true)
  expect(await calls.inbox.drop(`revox:${id}`)).toBe(false)
  expect(await calls.inbox.list()).toEqual([])
})

it("what is asked wrongly is refused, and so is asking where there are no webhooks", async () => {
  const calls = await open(parked([]))
  const options: object = { state: "lost" }
  await expect(calls.inbox.list(options)).rejects.toMatchObject({ reason: "InvalidRequest", field: "state" })
  await expect(calls.inbox.list({ limit: 0 })).rejects.toMatchObject({ reason: "InvalidRequest", field: "limit" })
  await expect(calls.inbox.show("no-colon")).rejects.toMatchObject({ reason: "InvalidRequest", field: "call" })
  const without = await openCalls({ revox: { apiKey: KEY } })
  for (const asked of [without.inbox.list(), without.inbox.replay("revox:a"), without.inbox.drop("revox:a")])
    await expect(asked).rejects.toMatchObject({ reason: "InvalidRequest", field: "webhooks" })
  await without.close()
  await calls.close()
  await expect(calls.webhook(new Request("http://localhost/webhooks/revox"))).rejects.toMatchObject({
    name: "CallsClosed"
  })
  await expect(calls.inbox.list()).rejects.toMatchObject({ name: "CallsClosed" })
})

it("a journal is no inbox, nor an inbox a journal", async () => {
  const inbox = new InboxHandle("prepared", parked([]))
  const given: object = { revox: { apiKey: KEY }, journal: inbox }
  await expect(openCalls(given)).rejects.toMatchObject({ field: "journal" })
})
