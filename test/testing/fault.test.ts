import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { FAULT_KINDS, type FaultRule, GARBLE_FORMS, TwinOperation } from "../../src/twin/fault.ts"
import { makeFaultPlan } from "../../src/twin/faultPlan.ts"
import { faultRules, FaultTextError, parseFaults } from "../../src/twin/faultText.ts"

const failureOf = (text: string): FaultTextError => {
  const read = parseFaults(text)
  if (Result.isFailure(read)) return read.failure
  throw new Error(`"${text}" was read as ${JSON.stringify(read.success)}`)
}

describe("the short text of faults", () => {
  it.each<readonly [string, ReadonlyArray<FaultRule>]>([
    ["", []],
    ["place:503@10%", [{ on: { operation: "place" }, rate: 0.1, fault: { kind: "status", status: 503 } }]],
    [
      "get:429+retry-after=2*3",
      [{ on: { operation: "get" }, times: 3, fault: { kind: "status", status: 429, retryAfter: 2 } }]
    ],
    [
      "get:504+delay=30+form=html@10%",
      [{ on: { operation: "get" }, rate: 0.1, fault: { kind: "status", status: 504, delaySeconds: 30, form: "html" } }]
    ],
    ["catalog:503", [{ on: { operation: "catalog" }, fault: { kind: "status", status: 503 } }]],
    ["place:drop/accepted", [{ on: { operation: "place" }, fault: { kind: "drop", accepted: true } }]],
    ["*:delay=1.5", [{ fault: { kind: "delay", seconds: 1.5 } }]],
    ["place:hang", [{ on: { operation: "place" }, fault: { kind: "hang" } }]],
    [
      "place:garble=html/accepted",
      [{ on: { operation: "place" }, fault: { kind: "garble", form: "html", accepted: true } }]
    ],
    ["place:redirect=307", [{ on: { operation: "place" }, fault: { kind: "redirect", status: 307 } }]],
    [
      "list:redirect=301+location=https://elsewhere.example.invalid/a",
      [
        {
          on: { operation: "list" },
          fault: { kind: "redirect", status: 301, location: "https://elsewhere.example.invalid/a" }
        }
      ]
    ],
    ["cancel:slow_body=0.5", [{ on: { operation: "cancel" }, fault: { kind: "slow_body", seconds: 0.5 } }]],
    [
      "batch:500+form=empty+retry-after-ms=250~2*1@50%/accepted",
      [
        {
          on: { operation: "batch" },
          rate: 0.5,
          times: 1,
          skip: 2,
          fault: { kind: "status", status: 500, form: "empty", retryAfterMs: 250, accepted: true }
        }
      ]
    ],
    [
      " check:401 , /call/*:hang ,",
      [
        { on: { operation: "check" }, fault: { kind: "status", status: 401 } },
        { on: { path: "/call/*" }, fault: { kind: "hang" } }
      ]
    ],
    ["place:garble", [{ on: { operation: "place" }, fault: { kind: "garble", form: "html" } }]],
    [
      '{"on":{"method":"post"},"fault":{"kind":"status","status":429,"retryAfter":"Wed, 21 Oct 2026 07:28:00 GMT"}}',
      [
        {
          on: { method: "post" },
          fault: { kind: "status", status: 429, retryAfter: "Wed, 21 Oct 2026 07:28:00 GMT" }
        }
      ]
    ],
    ['[{"skip":1,"fault":{"kind":"hang"}}]', [{ skip: 1, fault: { kind: "hang" } }]]
  ])("reads %s", (text, rules) => {
    expect(parseFaults(text)).toEqual(Result.succeed(rules))
  })

  it.each([
    ["503", "503", /TARGET:FAULT/],
    ["place:drop,dial:503", "dial:503", /an operation, a path or \*/],
    ["place:boom", "place:boom", /a fault after the colon/],
    ["place:200", "place:200", /a status from 400 to 599/],
    ["place:503+form=xml", "place:503+form=xml", /json, html, text, empty/],
    ["place:503+delay=soon", "place:503+delay=soon", /\+delay= seconds/],
    ["place:503+delay=-1", "place:503+delay=-1", /\+delay= seconds/],
    ["place:hang+delay=3", "place:hang+delay=3", /no \+name=value after hang/],
    ["place:503+tone=rude", "place:503+tone=rude", /\+form=, \+retry-after=, \+retry-after-ms=/],
    ["place:hang+form=html", "place:hang+form=html", /no \+name=value after hang/],
    ["place:hang=3", "place:hang=3", /nothing after hang/],
    ["place:delay=soon", "place:delay=soon", /seconds after delay=/],
    ["place:garble=rot13", "place:garble=rot13", /garble= one of html, truncated/],
    ["place:redirect=300", "place:redirect=300", /301, 302, 303, 307, 308/],
    ["place:503@120%", "place:503@120%", /^rate: /],
    ["*:double", "*:double", /webhook before :double/],
    ["place:reorder", "place:reorder", /webhook before :reorder/],
    ["webhook:503", "webhook:503", /drop, delay=SECONDS, double, reorder or garble/],
    ["webhook:garble=cut", "webhook:garble=cut", /not cut/],
    ["webhook:double=often", "webhook:double=often", /seconds after double=/],
    ["webhook:reorder=2", "webhook:reorder=2", /nothing after reorder/],
    ['[{"fault":{"kind":"double"}}]', '[{"fault":{"kind":"double"}}]', /webhook before :double/],
    ["^[:hang", "^[:hang", /on\.path/],
    ["[{", "[{", /JSON/],
    ['[{"fault":{"kind":"hang"},"often":1}]', '[{"fault":{"kind":"hang"},"often":1}]', /often/],
    ['{"fault":{"kind":"explode"}}', '{"fault":{"kind":"explode"}}', /fault/]
  ])("refuses %s", (text, piece, expected) => {
    const error = failureOf(text)
    expect(error.piece).toBe(piece)
    expect(error.expected).toMatch(expected)
    expect(error.message).toContain(`"${piece}"`)
    for (const word of [...FAULT_KINDS, ...GARBLE_FORMS, ...TwinOperation.literals])
      expect(error.message).toContain(word)
  })

  it("is checked as rules are", () => {
    expect(() => faultRules("place:boom")).toThrow(FaultTextError)
    expect(() => faultRules([{ rate: 2, fault: { kind: "hang" } }])).toThrow(FaultTextError)
    expect(faultRules([{ fault: { kind: "hang" } }])).toEqual([{ fault: { kind: "hang" } }])
  })
})

describe("rules about webhooks", () => {
  it("are read from text, and from the same as rules", () => {
    expect(faultRules("webhook:double, webhook:double=5@50%, webhook:reorder*1, webhook:drop~2")).toEqual([
      { on: { operation: "webhook" }, fault: { kind: "double" } },
      { on: { operation: "webhook" }, rate: 0.5, fault: { kind: "double", seconds: 5 } },
      { on: { operation: "webhook" }, times: 1, fault: { kind: "reorder" } },
      { on: { operation: "webhook" }, skip: 2, fault: { kind: "drop" } }
    ])
    expect(() => faultRules([{ fault: { kind: "reorder" } }])).toThrow(FaultTextError)
  })

  it("meet webhooks, which no other rule does", () => {
    const webhook = { method: "POST", path: "/webhooks", operation: "webhook" } as const
    const metBy = (rules: string) => makeFaultPlan(faultRules(rules), "s")(webhook)?.kind
    expect([metBy("*:hang"), metBy("/webhooks:drop"), metBy("webhook:double")]).toEqual([
      undefined,
      undefined,
      "double"
    ])
  })
})

const get = { method: "GET", path: "/call/1", operation: "get" } as const

const fired = (rules: string | ReadonlyArray<FaultRule>, requests: number, seed = "s"): string => {
  const faultOf = makeFaultPlan(faultRules(rules), seed)
  return Array.from({ length: requests }, () => (faultOf(get) === undefined ? "." : "x")).join("")
}

describe("a plan of faults", () => {
  it("lets the first requests through and stops in time", () => {
    expect(fired("get:hang", 4)).toBe("xxxx")
    expect(fired("get:hang~2", 4)).toBe("..xx")
    expect(fired("get:hang*2", 4)).toBe("xx..")
    expect(fired("get:hang~1*2", 4)).toBe(".xx.")
    expect(fired("get:hang*0", 2)).toBe("..")
  })

  it("meets the requests it is about", () => {
    const meets = (on: FaultRule["on"]) => fired([{ ...(on === undefined ? {} : { on }), fault: { kind: "hang" } }], 1)
    expect(meets(undefined)).toBe("x")
    expect(meets({ operation: "get", method: "get", path: "/call/1" })).toBe("x")
    expect(meets({ operation: "place" })).toBe(".")
    expect(meets({ method: "POST" })).toBe(".")
    expect(meets({ path: "/call" })).toBe(".")
    expect(meets({ path: "/call*" })).toBe("x")
    expect(meets({ path: "^/call/\\d+$" })).toBe("x")
    expect(meets({ operation: "get", method: "POST" })).toBe(".")
  })

  it("draws the same requests for the same seed, about as many as it is told", () => {
    const draws = fired("get:hang@30%", 2000)
    expect(fired("get:hang@30%", 2000)).toBe(draws)
    expect(fired("get:hang@30%", 2000, "another")).not.toBe(draws)
    const share = draws.replaceAll(".", "").length / 2000
    expect(share).toBeGreaterThan(0.25)
    expect(share).toBeLessThan(0.35)
    expect(fired("get:hang@0%", 50)).not.toContain("x")
    expect(fired("get:hang@100%", 50)).not.toContain(".")
  })

  it("takes the first rule that fires", () => {
    const faultOf = makeFaultPlan(faultRules("get:500*1,get:drop*1,*:hang"), "s")
    expect([faultOf(get), faultOf(get), faultOf(get)].map((fault) => fault?.kind)).toEqual(["status", "drop", "hang"])
  })
})
