/** The twin of Vapi where it differs from the others: mailboxes that nobody looks for, its list, its lines. */
import { describe, expect, it } from "vitest"
import { normalize } from "../../adapters/index.ts"
import { makeVapiTwin, type VapiTwinOptions } from "../../adapters/vapi/Twin.ts"
import { stories } from "../../src/twin/stories.ts"
import { ask, endOf, jsonOf, KEY, numberOf, place, read, START, twinsUnderTest } from "./twinsUnderTest.ts"

const kind = twinsUnderTest.find(({ provider }) => provider === "vapi")!

const twinWith = (options: VapiTwinOptions) => makeVapiTwin({ apiKey: KEY, ...options })

describe("a twin of Vapi without a detector of mailboxes", () => {
  const twin = twinWith({ voicemailDetection: false })

  it.each(stories.flatMap((story) => (story.ending === undefined ? [] : [[story.name, story] as const])))(
    "plays %s to the end that it promises",
    (_, story) => {
      const id = place(kind, twin, numberOf(story.digits))
      const [record] = normalize(read(kind, twin, id, endOf(kind, story)))
      const { status, reach } = twin.endingOf(story) ?? {}
      expect(record).toMatchObject({ status, reach: { value: reach } })
    }
  )

  it("has no call that shows a mailbox, though mailboxes answered", () => {
    const id = place(kind, twin, numberOf("10"))
    const text = JSON.stringify(normalize(read(kind, twin, id, START + 1_000_000)))
    expect(text).toContain("answered")
    expect(text).not.toContain("voicemail")
  })
})

describe("the list of the twin of Vapi", () => {
  const twin = twinWith({})
  const ids = [0, 1, 2].map((second) => place(kind, twin, numberOf("00"), START + second * 1000))
  const list = (query: string) => ask(twin, { path: "/call", query, headers: kind.auth })

  it("is a bare array, the newest first, cut and bounded as asked", () => {
    const idsIn = (query: string) => {
      const body = jsonOf(list(query))
      return Array.isArray(body) ? body.map(({ id }: { readonly id: string }) => ids.indexOf(id)) : body
    }
    expect(idsIn("")).toEqual([2, 1, 0])
    expect(idsIn("limit=2")).toEqual([2, 1])
    expect(idsIn("limit=0")).toEqual([])
    const at = new Date(START + 1000).toISOString()
    expect(idsIn(`createdAtLt=${at}`)).toEqual([0])
    expect(idsIn(`createdAtLe=${at}`)).toEqual([1, 0])
    expect(idsIn(`createdAtGt=${at}`)).toEqual([2])
    expect(idsIn(`createdAtGe=${at}`)).toEqual([2, 1])
    expect(idsIn("assistantId=another")).toEqual([])
  })

  it.each(["limit=1001", "limit=-1", "createdAtLt=yesterday"])("refuses %s", (query) => {
    expect(list(query).status).toBe(400)
  })
})

describe("the lines of the twin of Vapi", () => {
  it("make a call wait until one is free", () => {
    const twin = twinWith({ concurrencyLimit: 1 })
    const [first = "", second = ""] = ["00", "00"].map((digits) => place(kind, twin, numberOf(digits)))
    const statuses = [first, second].map((id) => read(kind, twin, id, START + 20_000))
    expect(statuses).toMatchObject([{ status: "in-progress" }, { status: "queued" }])
  })
})
