import { request as httpRequest } from "node:http"
import { connect } from "node:net"
import { describe, expect, it } from "vitest"
import { valueAt } from "../../src/domain/Json.ts"
import { GARBLE_FORMS } from "../../src/twin/fault.ts"
import { listen, type ListenOptions, type TwinServer } from "../../src/twin/server.ts"
import { LARGEST_BODY } from "../../src/twin/parsedBody.ts"
import { type LoggedRequest, type Twin } from "../../src/twin/twin.ts"
import { numberOf, START, type TwinUnderTest, twinsUnderTest } from "./twinsUnderTest.ts"

const [kind] = twinsUnderTest
if (kind === undefined) throw new Error("no twin to test")

interface Served {
  readonly twin: Twin
  readonly server: TwinServer
  readonly place: () => Promise<Response>
  readonly get: (id: string) => Promise<Response>
}

/** A server for the time of a test. */
const serving = async (
  faults: string,
  test: (served: Served) => Promise<void>,
  options: ListenOptions = {},
  { make, auth, placePath, order }: TwinUnderTest = kind
): Promise<void> => {
  const twin = make(faults)
  const server = await listen(twin, { now: () => START, ...options })
  const url = `${server.url}${placePath}`
  const init: RequestInit = { headers: auth, redirect: "manual" }
  try {
    await test({
      twin,
      server,
      place: () => fetch(url, { ...init, method: "POST", body: JSON.stringify(order(numberOf("00"))) }),
      get: (id) => fetch(`${url}/${id}`, init)
    })
  } finally {
    await server.close()
  }
}

/** Whatever went wrong, as undici names it. */
const codeOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt
    return "nothing went wrong"
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    return String(valueAt({ ...Object(cause) }, ["code"]))
  }
}

const LOST = /^(UND_ERR_SOCKET|ECONNRESET)$/

describe("a twin on a socket", () => {
  it("answers where it says it does, with its time and its log", async () => {
    const logged: Array<LoggedRequest> = []
    const onRequest = (request: LoggedRequest): void => void logged.push(request)
    await serving(
      "",
      async ({ twin, server, place }) => {
        expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
        const before = Math.floor(Date.now() / 1000) * 1000
        const reply = await place()
        expect(reply.status).toBe(200)
        expect(reply.headers.get("content-type")).toMatch(/^application\/json/)
        expect(reply.headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/)
        // The clock on the wall, whatever the twin's own time is.
        expect(Date.parse(reply.headers.get("date") ?? "")).toBeGreaterThanOrEqual(before)
        expect(valueAt(await reply.json(), ["call", "created_at"])).toBe(new Date(START).toISOString())
        expect(logged).toEqual(twin.requests)
      },
      { onRequest }
    )
  })

  it("answers a client that puts two slashes after the host", async () => {
    await serving("", async ({ server }) => {
      const answer = await fetch(`${server.url}//api/call`, { headers: kind.auth })
      expect(answer.status).toBe(200)
    })
  })

  it("lets its time run as fast as it is told", async () => {
    const twin = kind.make()
    // Before the server is there, since its time runs from its own start.
    const started = Date.now()
    const server = await listen(twin, { speed: 1e6 })
    try {
      await fetch(`${server.url}/call`, { headers: kind.auth })
      const at = twin.requests[0]?.at ?? 0
      expect(at).toBeGreaterThanOrEqual(started)
      expect((at - started) / 1e6).toBeLessThanOrEqual(Date.now() - started + 1)
    } finally {
      await server.close()
    }
  })

  it("cannot listen where another one does", async () => {
    await serving("", async ({ server, twin }) => {
      await expect(listen(twin, { port: server.port })).rejects.toThrow(/EADDRINUSE/)
    })
  })

  it("answers HEAD without a body, unknown paths with 404, other methods with 405 and what is allowed", async () => {
    await serving("", async ({ server }) => {
      const ask = (path: string, method: string) => fetch(`${server.url}${path}`, { method, headers: kind.auth })
      const head = await ask("/call", "HEAD")
      expect([head.status, await head.text()]).toEqual([200, ""])
      expect((await ask("/nowhere?a=b", "GET")).status).toBe(404)
      const deleted = await ask("/call", "DELETE")
      expect([deleted.status, deleted.headers.get("allow")]).toEqual([405, "POST, GET"])
    })
  })

  it("refuses malformed JSON and bodies that are too large, and goes on", async () => {
    await serving("", async ({ server, place, twin }) => {
      const post = (body: string) => fetch(`${server.url}/call`, { method: "POST", headers: kind.auth, body })
      expect((await post("{")).status).toBe(400)
      expect((await post("[]")).status).toBe(422)
      expect((await post(" ".repeat(LARGEST_BODY + 1))).status).toBe(413)
      expect((await post("é".repeat(LARGEST_BODY / 2 + 1))).status).toBe(413)
      expect((await place()).status).toBe(200)
      expect(twin.orders).toHaveLength(1)
    })
  })

  it("refuses a body that nests too deeply for it to be written again, and goes on", async () => {
    await serving("", async ({ server, twin }) => {
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`
      const assistant = `"assistant":{"prompt":"Be brief.","faq_items":${deep}}`
      const answer = await fetch(`${server.url}/call`, {
        method: "POST",
        headers: kind.auth,
        body: `{"phone_number":"${numberOf("00")}",${assistant}}`
      })
      expect(answer.status).toBe(422)
      expect(twin.orders).toHaveLength(0)
    })
  })

  it("continues a request that expects it", async () => {
    await serving("", async ({ server }) => {
      const body = JSON.stringify(kind.order(numberOf("00")))
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const headers = { ...kind.auth, expect: "100-continue", "content-length": String(Buffer.byteLength(body)) }
        const request = httpRequest(`${server.url}/call`, { method: "POST", headers }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
        request.on("continue", () => request.end(body))
        request.on("error", reject)
        request.flushHeaders()
      })
      expect(status).toBe(200)
    })
  })

  it("outlives a client that goes away in the middle of a request", async () => {
    await serving("", async ({ server, place }) => {
      await new Promise<void>((resolve) => {
        const socket = connect(server.port, "127.0.0.1", () => {
          socket.write("POST /call HTTP/1.1\r\nhost: twin\r\ncontent-length: 99\r\n\r\n{", () => socket.destroy())
        })
        socket.on("close", () => resolve())
      })
      expect((await place()).status).toBe(200)
    })
  })
})

describe("a fault on a socket", () => {
  it("is an error status in the provider's form, or in a proxy's", async () => {
    const faults = "get:503*1,get:502+form=html*1,get:500+form=text*1,get:504+form=empty*1"
    await serving(faults, async ({ get }) => {
      const replies = [await get("x"), await get("x"), await get("x"), await get("x")]
      expect(replies.map(({ status }) => status)).toEqual([503, 502, 500, 504])
      const types = replies.map(({ headers }) => headers.get("content-type")?.split(";")[0])
      expect(types).toEqual(["application/json", "text/html", "text/plain", undefined])
      const bodies = await Promise.all(replies.map((reply) => reply.text()))
      expect(JSON.parse(bodies[0] ?? "")).toHaveProperty("message")
      expect(bodies[1]).toMatch(/^<!doctype html>/)
      expect(bodies[2]).not.toBe("")
      expect(bodies[3]).toBe("")
    })
  })

  it("says when to come back", async () => {
    const date = "Wed, 21 Oct 2026 07:28:00 GMT"
    await serving("place:429+retry-after=2*1,place:503+retry-after-ms=250", async ({ place, twin }) => {
      expect((await place()).headers.get("retry-after")).toBe("2")
      expect((await place()).headers.get("retry-after-ms")).toBe("250")
      twin.setFaults([{ fault: { kind: "status", status: 503, retryAfter: date } }])
      expect((await place()).headers.get("retry-after")).toBe(date)
    })
  })

  it("does the work before it fails only if told so", async () => {
    await serving("place:500*1,place:500/accepted*1,place:drop*1,place:drop/accepted*1", async ({ place, twin }) => {
      const counts: Array<number> = []
      for (const _ of [1, 2, 3, 4]) {
        await place().catch(() => undefined)
        counts.push(twin.orders.length)
      }
      expect(counts).toEqual([0, 1, 1, 2])
    })
  })

  it("is a closed connection", async () => {
    await serving("place:drop", async ({ place, twin }) => {
      expect(await codeOf(place())).toMatch(LOST)
      expect(twin.requests).toMatchObject([{ operation: "place", fault: { kind: "drop" } }])
    })
  })

  it("is no answer until the server closes", async () => {
    const { promise: arrived, resolve: tell } = Promise.withResolvers<LoggedRequest>()
    await serving(
      "place:hang/accepted",
      async ({ place, server, twin }) => {
        const code = codeOf(place())
        await arrived
        expect(twin.orders).toHaveLength(1)
        await server.close()
        expect(await code).toMatch(LOST)
      },
      { onRequest: tell }
    )
  })

  it("is the ordinary answer, late or slow, with the work done at once", async () => {
    await serving("place:delay=0.01*1,place:slow_body=0.02", async ({ place, twin }) => {
      for (const kind of ["delay", "slow_body"]) {
        const reply = await place()
        expect(reply.status).toBe(200)
        const id = valueAt(await reply.json(), ["call", "id"])
        expect(twin.orders.at(-1)?.id).toBe(id)
        expect(twin.requests.at(-1)?.fault?.kind).toBe(kind)
      }
    })
  })

  it("is given up when the server closes", async () => {
    const { promise: arrived, resolve: tell } = Promise.withResolvers<LoggedRequest>()
    await serving(
      "place:delay=3600,get:slow_body=3600",
      async ({ place, get, server }) => {
        const slow = await get("x")
        expect(slow.status).toBe(404)
        const text = codeOf(slow.text())
        const late = codeOf(place())
        await arrived
        await server.close()
        expect(await text).toMatch(LOST)
        expect(await late).toMatch(LOST)
      },
      {
        onRequest: (request) => {
          if (request.operation === "place") tell(request)
        }
      }
    )
  })

  it("is a redirection", async () => {
    await serving("get:redirect=307*1,get:redirect=301+location=/elsewhere", async ({ get }) => {
      const [first, second] = [await get("x"), await get("x")]
      expect([first.status, first.headers.get("location")]).toEqual([307, "/login"])
      expect([second.status, second.headers.get("location")]).toEqual([301, "/elsewhere"])
    })
  })

  it.each(GARBLE_FORMS)("is a success that cannot be read: %s", async (form) => {
    for (const accepted of [true, false]) {
      await serving("", async ({ place, twin }) => {
        twin.setFaults([{ fault: { kind: "garble", form, accepted } }])
        const reply = await place()
        expect(reply.status).toBe(200)
        expect(twin.orders).toHaveLength(accepted ? 1 : 0)
        if (form === "cut") {
          expect(await codeOf(reply.text())).toMatch(LOST)
          return
        }
        const bytes = await reply.bytes()
        const text = new TextDecoder().decode(bytes)
        if (form === "wrong_shape" || form === "no_id") {
          expect(valueAt(JSON.parse(text), ["call", "id"])).toBeUndefined()
        } else expect(() => void JSON.parse(text)).toThrow(SyntaxError)
        if (form === "invalid_utf8")
          expect(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes)).toThrow(TypeError)
        if (form === "html") expect(reply.headers.get("content-type")).toMatch(/^text\/html/)
      })
    }
  })
})
