/** Twins behind a `fetch` of their own: no sockets, and a time that the test sets. */
import { makeRevoxTwin } from "../../adapters/revox/Twin.ts"
import { makeRevRingTwin } from "../../adapters/revring/Twin.ts"
import type { Twin } from "../../src/twin/twin.ts"

export const START = Date.parse("2026-03-02T15:00:00.000Z")

/** From the range that North America keeps for fiction; the last two digits choose the story. */
export const numberOf = (digits: string): string => `+120255501${digits}`

export const FROM = "+12025550199"

export const KEY = "key-of-the-test"

const ORIGINS = { revox: "https://www.getrevox.com", revring: "https://api.revring.ai" } as const

export interface TwinsInProcess {
  readonly revox: Twin
  readonly revring: Twin
  readonly fetch: typeof globalThis.fetch
  /** Lets the twins' time go on. */
  readonly pass: (seconds: number) => void
  /** Settles with the next request of the operation that arrives. */
  readonly next: (operation: string) => Promise<void>
  /** Whether each request that was under way has been answered or given up. */
  readonly underWay: () => number
}

const lost = (code: string): TypeError =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("other side closed"), { code }) })

export const twinsInProcess = (faults = ""): TwinsInProcess => {
  const revox = makeRevoxTwin({ apiKey: KEY, faults })
  const revring = makeRevRingTwin({ apiKey: KEY, faults })
  let now = START
  let underWay = 0
  const waiting = new Set<{ readonly operation: string; readonly tell: () => void }>()

  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    const twin = url.origin === ORIGINS.revox ? revox : url.origin === ORIGINS.revring ? revring : undefined
    if (twin === undefined) throw lost("ENOTFOUND")
    const reply = twin.respond(
      {
        method: request.method,
        path: url.pathname,
        query: url.searchParams,
        headers: Object.fromEntries(request.headers),
        body: await request.text()
      },
      now
    )
    for (const each of waiting) {
      if (each.operation !== twin.requests.at(-1)?.operation) continue
      waiting.delete(each)
      each.tell()
    }
    if (reply.fault?.kind === "drop") throw lost("UND_ERR_SOCKET")
    if (reply.fault?.kind === "hang") {
      await new Promise((_, reject) => {
        request.signal.addEventListener("abort", () => reject(request.signal.reason))
      })
    }
    return new Response(reply.body, { status: reply.status, headers: { ...reply.headers } })
  }

  return {
    revox,
    revring,
    fetch: async (input, init) => {
      underWay += 1
      try {
        // `manual` is what the library asks for; a twin follows nothing anyway.
        return await answer(new Request(input, { ...init, redirect: "follow" }))
      } finally {
        underWay -= 1
      }
    },
    pass: (seconds) => {
      now += seconds * 1000
    },
    next: (operation) => new Promise((tell) => waiting.add({ operation, tell })),
    underWay: () => underWay
  }
}

/** Everything that comes, as a list. */
export const collect = async <A>(records: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const collected: Array<A> = []
  for await (const record of records) collected.push(record)
  return collected
}

/** An order that Revox and RevRing take. */
export const order = <Provider extends "revox" | "revring">(
  provider: Provider,
  digits = "00",
  reference = "lead-7"
) => ({
  provider,
  to: numberOf(digits),
  from: FROM,
  agent: { id: "agent-1" },
  reference
})
