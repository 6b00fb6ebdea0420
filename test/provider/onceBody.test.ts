/** The body of a placement, copied as `fetch` copies it: it is sent once all the same. */
import { describe, expect, it } from "vitest"
import { onceBody } from "../../src/provider/http/onceBody.ts"

const TEXT = "an order"

const textOf = (body: BodyInit): Promise<string> => new Response(body).text()

describe("the body of a placement", () => {
  it("is read by one of its copies, whichever comes first", async () => {
    for (const order of [
      [0, 1],
      [1, 0]
    ] as const) {
      const copies = onceBody(TEXT).stream.tee()
      expect(await textOf(copies[order[0]])).toBe(TEXT)
      await expect(textOf(copies[order[1]])).rejects.toThrow("sent once")
    }
  })

  it("is read by one of the copies of copies", async () => {
    const [first, second] = onceBody(TEXT).stream.tee()
    const [third, fourth] = first.tee()
    expect(await textOf(fourth)).toBe(TEXT)
    for (const other of [second, third]) await expect(textOf(other)).rejects.toThrow("sent once")
    expect(() => first.tee()).toThrow("sent once")
  })

  it("is not read by being copied, and can be taken back from all copies", async () => {
    const body = onceBody(TEXT)
    const copies = body.stream.tee()
    await Promise.resolve()
    expect(body.withdraw()).toBe(true)
    for (const copy of copies) await expect(textOf(copy)).rejects.toThrow("given up")
  })

  it("gives nothing to a copy that is made after it was taken back", async () => {
    const body = onceBody(TEXT)
    expect(body.withdraw()).toBe(true)
    for (const copy of body.stream.tee()) await expect(textOf(copy)).rejects.toThrow("given up")
    expect(body.withdraw()).toBe(true)
  })

  it("cannot be taken back after a copy was read, nor copied then", async () => {
    const body = onceBody(TEXT)
    const [copy] = body.stream.tee()
    await textOf(copy)
    expect(body.withdraw()).toBe(false)
    expect(() => body.stream.tee()).toThrow("sent once")
  })
})
