import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import { makeOrderAnswers } from "../../src/twin/orderAnswers.ts"
import { freeFrom, makeOrderBook } from "../../src/twin/orderBook.ts"
import { drawFrom, uuidFrom } from "../../src/twin/seeded.ts"
import { stories } from "../../src/twin/stories.ts"
import { makeTwin } from "../../src/twin/twin.ts"
import { anyJson, anyOf, oneOf } from "../arbitrary/payloads.ts"
import { ask, idIn, jsonOf, KEY, numberOf, place, read, START, twinsUnderTest } from "./twinsUnderTest.ts"

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

describe("what looks like chance", () => {
  it("is the same for the same seed, and different for others", () => {
    const ids = Array.from({ length: 1000 }, (_, index) => uuidFrom("seed", index))
    expect(ids.filter((id) => !UUID.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(1000)
    expect(uuidFrom("seed", 7)).toBe(ids[7])
    expect(uuidFrom("see", "d", 7)).not.toBe(ids[7])
  })

  it("is spread evenly", () => {
    const draws = Array.from({ length: 4000 }, (_, index) => drawFrom("seed", index))
    const tenths = draws.reduce((counts, draw) => {
      const tenth = Math.floor(draw * 10)
      return counts.with(tenth, (counts[tenth] ?? 0) + 1)
    }, Array<number>(10).fill(0))
    expect(tenths.filter((count) => count < 320 || count > 480)).toEqual([])
  })
})

describe("a line", () => {
  it.each<readonly [wanted: number, taken: ReadonlyArray<readonly [number, number]>, max: number, free: number]>([
    [5, [], 1, 5],
    [5, [[0, 10]], 1, 10],
    [5, [[0, 10]], 2, 5],
    [10, [[0, 10]], 1, 10],
    [
      5,
      [
        [0, 10],
        [10, 12]
      ],
      1,
      12
    ],
    [
      5,
      [
        [0, 10],
        [0, 8]
      ],
      2,
      8
    ],
    [5, [[0, Number.POSITIVE_INFINITY]], 1, Number.POSITIVE_INFINITY]
  ])("wanted at %s with %j taken and %s in all is free at %s", (wanted, taken, max, free) => {
    expect(freeFrom(wanted, taken, max)).toBe(free)
  })
})

describe("a twin whose ids stand under another key", () => {
  it("leaves them out of an answer that is to have none", () => {
    const orders = makeOrderBook<undefined>("seed")
    const { show } = makeOrderAnswers(orders, {
      errorBody: (message) => ({ message }),
      orderBody: ({ id, to }) => ({ dial: { uid: id, to } })
    })
    const order = { to: numberOf("00"), reference: undefined, options: {}, lines: undefined, details: undefined }
    const twin = makeTwin({
      name: "Another",
      seed: "seed",
      faults: "place:garble=no_id/accepted",
      basePaths: [""],
      isAuthorized: () => true,
      errorBody: (message) => ({ message }),
      routes: [
        {
          operation: "place",
          method: "POST",
          path: "/dials",
          handle: ({ now }) => show(orders.place({ ...order, placedAt: now }), now)
        }
      ],
      orders: orders.all,
      clear: orders.clear,
      endingOf: (ending) => ({ ...ending, because: undefined })
    })
    const request = { method: "POST", path: "/dials", query: new URLSearchParams(), headers: {}, body: "{}" }
    expect(jsonOf(twin.respond(request, START))).toEqual({ dial: { to: numberOf("00") } })
    expect(twin.orders).toHaveLength(1)
  })
})

describe("a twin that is sent a form", () => {
  const twin = makeTwin({
    name: "Forms",
    seed: "seed",
    faults: [],
    basePaths: [""],
    isAuthorized: () => true,
    errorBody: (message) => ({ message }),
    routes: [{ operation: "place", method: "PUT", path: "/dials", handle: ({ body }) => ({ status: 200, body }) }],
    orders: () => [],
    clear: () => {},
    endingOf: (ending) => ({ ...ending, because: undefined })
  })
  const bodyOf = (body: string, type: string) =>
    jsonOf(
      twin.respond(
        { method: "PUT", path: "/dials", query: new URLSearchParams(), headers: { "content-type": type }, body },
        START
      )
    )

  it.each(["application/x-www-form-urlencoded", "Application/X-WWW-Form-URLEncoded; charset=utf-8"])(
    "reads it as one of type %s",
    (type) => {
      expect(bodyOf("to=%2B12025550101&tag=a+b&tag=c&empty=", type)).toEqual({
        to: "+12025550101",
        tag: ["a b", "c"],
        empty: ""
      })
      expect(bodyOf("__proto__=1", type)).toEqual(JSON.parse('{"__proto__":"1"}'))
    }
  )

  it("reads JSON as JSON, whatever its type", () => {
    expect(bodyOf('{"to":1}', "application/x-www-form-urlencoded")).toEqual({ to: 1 })
    expect(bodyOf('{"to":1}', "text/plain")).toEqual({ to: 1 })
    expect(bodyOf("to=1", "application/json")).toEqual({ message: "the body is not JSON" })
  })
})

describe.each(twinsUnderTest)("the twin of $provider", (kind) => {
  const { auth, make, order, placePath, basePath } = kind

  it("answers under its base path and without it", () => {
    const twin = make()
    const body = order(numberOf("00"))
    expect(ask(twin, { method: "POST", path: placePath, headers: auth, body }).status).toBe(kind.placed)
    expect(ask(twin, { method: "POST", path: `${basePath}${placePath}`, headers: auth, body }).status).toBe(kind.placed)
    expect(ask(twin, { method: "POST", path: `/other${placePath}`, headers: auth, body }).status).toBe(404)
  })

  it("takes several slashes for one, and faults of a path meet them too", () => {
    const twin = kind.make()
    const id = place(kind, twin, numberOf("00"))
    for (const path of [`//${kind.placePath}/${id}`, `/${kind.basePath}/${kind.placePath}//${id}`]) {
      expect([path, ask(twin, { path, headers: kind.auth }).status]).toEqual([path, 200])
    }
    twin.setFaults(`${kind.placePath}/*:503`)
    expect(ask(twin, { path: `/${kind.placePath}/${id}`, headers: kind.auth }).status).toBe(503)
  })

  it("refuses a key that is missing or wrong, whatever is asked", () => {
    const twin = make()
    const wrong = Object.fromEntries(Object.entries(auth).map(([name, value]) => [name, `${value}x`]))
    for (const headers of [{}, wrong]) {
      expect(ask(twin, { path: placePath, headers }).status).toBe(401)
      expect(ask(twin, { path: `${placePath}/x`, headers }).status).toBe(401)
      expect(ask(twin, { method: "POST", path: placePath, headers, body: order(numberOf("00")) }).status).toBe(401)
    }
    expect(twin.orders).toEqual([])
    expect(ask(twin, { path: placePath, headers: auth }).status).toBe(200)
  })

  it("knows no other paths, methods and ids", () => {
    const twin = make()
    const missing = ask(twin, { path: `${placePath}/unknown`, headers: auth })
    expect(missing.status).toBe(404)
    expect(ask(twin, { path: `${placePath}/unknown/cancel`, method: "POST", headers: auth }).status).toBe(404)
    expect(ask(twin, { path: "/", headers: auth }).status).toBe(404)
    expect(ask(twin, { path: `${placePath}/unknown/more`, headers: auth }).status).toBe(404)
    const changed = ask(twin, { method: "PATCH", path: `${placePath}/unknown`, headers: auth })
    expect([changed.status, changed.headers["allow"]?.split(", ")[0]]).toEqual([405, "GET"])
  })

  it("logs requests without headers, hence without the key, and answers with an id for each", () => {
    const twin = make("get:503")
    const id = place(kind, twin, numberOf("00"))
    const body = JSON.stringify(order(numberOf("00")))
    const replies = [
      ask(twin, { path: `${placePath}/${id}`, query: "a=b&c=d", headers: auth, now: START + 5 }),
      ask(twin, { path: "/nowhere", headers: auth }),
      ask(twin, { path: placePath, headers: {} })
    ]
    expect(twin.requests).toEqual([
      {
        method: "POST",
        path: placePath,
        query: "",
        operation: "place",
        at: START,
        status: kind.placed,
        fault: undefined,
        body
      },
      {
        method: "GET",
        path: `${placePath}/${id}`,
        query: "a=b&c=d",
        operation: "get",
        at: START + 5,
        status: 503,
        fault: { kind: "status", status: 503 },
        body: ""
      },
      {
        method: "GET",
        path: "/nowhere",
        query: "",
        operation: undefined,
        at: START,
        status: 404,
        fault: undefined,
        body: ""
      },
      {
        method: "GET",
        path: placePath,
        query: "",
        operation: "list",
        at: START,
        status: 401,
        fault: undefined,
        body: ""
      }
    ])
    expect(JSON.stringify(twin.requests)).not.toContain(KEY)
    const ids = replies.map(({ headers }) => headers["x-request-id"])
    expect(ids.every((requestId) => requestId !== undefined && UUID.test(requestId))).toBe(true)
    expect(new Set(ids).size).toBe(3)
  })

  it("tells the orders it has taken", () => {
    const twin = make()
    const placed = ask(twin, {
      method: "POST",
      path: placePath,
      headers: auth,
      body: order(numberOf("62"), "order-17")
    })
    const id = idIn(kind, jsonOf(placed))
    expect(id).toMatch(UUID)
    const known = { id, to: numberOf("62"), placedAt: START, canceledAt: undefined }
    expect(twin.orders).toEqual([{ ...known, reference: "order-17" }])
    place(kind, twin, numberOf("00"), START + 9)
    expect(twin.orders.at(-1)).toMatchObject({ reference: undefined, placedAt: START + 9 })
    if (!kind.cancels) return
    const now = START + 60_000
    expect(ask(twin, { method: "POST", path: `${placePath}/${id}/cancel`, headers: auth, now }).status).toBe(200)
    expect(twin.orders[0]).toEqual({ ...known, reference: "order-17", canceledAt: now })
  })

  it.runIf(kind.cancels)("cancels what is not over, once", () => {
    const twin = make()
    const cancel = (id: string, seconds: number) =>
      ask(twin, { method: "POST", path: `${placePath}/${id}/cancel`, headers: auth, now: START + seconds * 1000 })
        .status
    for (const seconds of [0, 5, 20]) {
      const id = place(kind, twin, numberOf("00"))
      expect([cancel(id, seconds), cancel(id, seconds + 1)]).toEqual([200, 409])
      expect(JSON.stringify(read(kind, twin, id, START + 100_000))).toMatch(/"status":"(cancelled|CANCELED)"/)
    }
    const id = place(kind, twin, numberOf("00"))
    expect(cancel(id, 51)).toBe(409)
    expect(JSON.stringify(read(kind, twin, id, START + 100_000))).toMatch(/"status":"(completed|COMPLETED)"/)
  })

  it("refuses an order without placing it", () => {
    const twin = make()
    const reply = ask(twin, { method: "POST", path: placePath, headers: auth, body: order(numberOf("80")) })
    expect(reply.status).toBe(kind.refused)
    expect(JSON.stringify(jsonOf(reply))).not.toContain(numberOf("80").slice(1))
    expect(twin.orders).toEqual([])
    expect(twin.endingOf(stories.find(({ digits }) => digits === "80")!)).toBeUndefined()
  })

  it("starts over when it is reset, with the same ids and the faults it was made with", () => {
    const twin = make("get:503*1")
    const run = () => {
      const id = place(kind, twin, numberOf("00"))
      const statuses = [1, 2].map(() => ask(twin, { path: `${placePath}/${id}`, headers: auth }).status)
      return [id, ...statuses, ...twin.requests.map(({ status }) => status)]
    }
    const first = run()
    expect(first.slice(1)).toEqual([503, 200, kind.placed, 503, 200])
    twin.setFaults("*:hang")
    twin.reset()
    expect([twin.requests, twin.orders]).toEqual([[], []])
    expect(run()).toEqual(first)
  })

  it("takes faults as text or rules and refuses others", () => {
    expect(() => make("place:boom")).toThrow(/"place:boom": expected/)
    const twin = make()
    expect(() => twin.setFaults("place:boom")).toThrow(/expected/)
    twin.setFaults([{ on: { path: `${placePath}*` }, fault: { kind: "status", status: 418, form: "text" } }])
    expect(ask(twin, { path: `${basePath}${placePath}`, headers: auth }).status).toBe(418)
  })

  const fields = [
    "phone_number toNumber fromNumber from_phone_number assistant assistant_id agentId metadata variables",
    "prompt_variables concurrency scheduled_at call_retry_config callerIdName skipQueue force_now"
  ].flatMap((names) => names.split(" "))
  const extreme = oneOf<unknown>(
    Number.MAX_SAFE_INTEGER,
    "9999-12-31T23:59:59Z",
    { key: "k", max: Number.MAX_VALUE },
    { calling_windows: [{ retry_delay_seconds: Number.MAX_SAFE_INTEGER }] },
    { __proto__: null, constructor: "x" },
    "\u0000"
  )
  const [field = "", ...moreFields] = fields
  const anyOrder = Arbitrary.map(
    Arbitrary.all([oneOf("00", "40", "61", "53"), oneOf(field, ...moreFields), anyOf(anyJson(3), extreme)]),
    ([digits, name, value]) => ({ ...order(numberOf(digits)), [name]: value })
  )
  const anyRequest = Arbitrary.all([
    oneOf("GET", "POST", "HEAD", "PUT", "get", ""),
    oneOf(placePath, `${placePath}/x`, `${placePath}/%`, `${placePath}/x/cancel`, "", "//", "/auth-status", "/%2f?"),
    oneOf("", "page=1e9&page_size=1e9", "page=%00", "statuses", "createdFrom=9999-12-31T23:59:59Z&pageSize=007"),
    anyOf<unknown>(anyOrder, anyJson(2), oneOf("", "{", "null", "\ud800"))
  ])

  it.prop(
    "answers whatever it is asked, now and later",
    [Arbitrary.array(anyRequest, { maxLength: 5 }), anyOrder],
    ([requests, body]) => {
      const twin = make()
      for (const [method, path, query, sent] of [...requests, ["POST", placePath, "", body] as const]) {
        const reply = ask(twin, { method, path, query, headers: auth, body: sent })
        expect([200, 201, 400, 404, 405, 422]).toContain(reply.status)
        if (method !== "HEAD") expect(jsonOf(reply)).toBeTypeOf("object")
      }
      for (const { id } of twin.orders) {
        for (const seconds of [0, 2, 40, 9000, 1e12]) read(kind, twin, id, START + seconds * 1000)
      }
      expect(twin.orders.length).toBe(
        twin.requests.filter(({ status, operation }) => operation === "place" && status < 300).length
      )
    },
    { arbitrary: { runs: 300 } }
  )
})
