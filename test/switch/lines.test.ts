/** The lines that a plan tells people to write do what it says, on twins. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openCalls } from "../../adapters/promiseNode.ts"
import { listen, makeRevRingTwin } from "../../adapters/testing.ts"
import { featureOf, planFor } from "./planned.ts"
import { revoxOrder } from "./records.ts"

const plan = planFor("revox", "revring", [
  revoxOrder({ id: "o-1", tries: ["no_answer", "no_answer", "human"], scheduled: true, agent: 'agent "7"' })
])

const linesOf = (id: string, language: "js" | "sh"): ReadonlyArray<string> =>
  (featureOf(plan, id).lines ?? []).flatMap((lines) => (lines.language === language ? [lines.text] : []))

type Names = { readonly [name: string]: unknown }

/** Runs code as the body of a module's function, with these names. */
const run = async (code: string, names: Names): Promise<void> => {
  const source = `export default async ({ ${Object.keys(names).join(", ")} }) => {\n${code}\n}`
  const module: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)
  const body: unknown = typeof module === "object" && module !== null ? Reflect.get(module, "default") : undefined
  if (typeof body !== "function") throw new Error("expected a function")
  await body(names)
}

const unanswered = "+12025550121"
const answered = "+12025550100"
const hungUp = "+12025550101"
const twin = makeRevRingTwin({ seed: "lines" })
let server: Awaited<ReturnType<typeof listen>>
let calls: Awaited<ReturnType<typeof openTwin>>

const openTwin = (url: string) =>
  openCalls({ revring: { apiKey: "twin-key", baseUrl: url }, poll: { firstSeconds: 0.02, longestSeconds: 0.05 } })

beforeAll(async () => {
  server = await listen(twin, { speed: 2000 })
  calls = await openTwin(server.url)
})
afterAll(async () => {
  await calls.close()
  await server.close()
})

const placedAt = async (reference: string) => {
  for await (const record of calls.list({ provider: "revring" })) {
    if (record.kind === "call_order" && record.reference === reference) return record
  }
  return undefined
}

const order = (reference: string, more: Names = {}) => ({
  to: answered,
  from: "+12025550198",
  agent: { id: "agent-1" },
  reference,
  ...more
})

const only = (texts: ReadonlyArray<string>): string => {
  const [text, ...more] = texts
  if (text === undefined || more.length > 0) throw new Error("expected one block of lines")
  return text
}

describe("lines of JavaScript", () => {
  it("place again whoever was not reached, at most as often as before, each under a reference of its own", async () => {
    const code = only(linesOf("attempts", "js"))
    // What the provider that is left was told of redialling is nothing that the new one takes.
    await run(code, { calls, order: order("again", { to: unanswered, retry: { maxAttempts: 3 } }) })
    expect((await placedAt("again"))?.reach.value).toBe("not_reached")
    expect((await placedAt("again-2"))?.reach.value).toBe("not_reached")
    expect((await placedAt("again-3"))?.reach.value).toBe("not_reached")
    expect(await placedAt("again-4")).toBeUndefined()
  })

  it("ring nobody twice who was reached", async () => {
    await run(only(linesOf("attempts", "js")), { calls, order: order("reached") })
    expect((await placedAt("reached"))?.reach.value).toBe("human")
    expect(await placedAt("reached-2")).toBeUndefined()
    await run(only(linesOf("attempts", "js")), { calls, order: order("silent", { to: hungUp }) })
    expect((await placedAt("silent"))?.reach.value).toBe("answered")
    expect(await placedAt("silent-2")).toBeUndefined()
  })

  it("ring nobody again where it is not known whether the first order was taken", async () => {
    const asked: Array<unknown> = []
    const unsure = {
      place: (given: unknown) => {
        asked.push(given)
        return Promise.resolve({ state: "uncertain" })
      }
    }
    await run(only(linesOf("attempts", "js")), { calls: unsure, order: order("unsure") })
    expect(asked).toHaveLength(1)
  })

  it("place an order at its time, and not long after", async () => {
    const code = only(linesOf("schedule", "js"))
    const [late, now] = [Date.now() - 3_600_000, Date.now()].map((time) => new Date(time).toISOString())
    await run(code, { calls, order: order("now", { scheduledAt: now }) })
    await run(code, { calls, order: order("late", { scheduledAt: late }) })
    expect(await placedAt("now")).toBeDefined()
    expect(await placedAt("late")).toBeUndefined()
  })

  it("send values of one's own as variables", async () => {
    const values = { metadata: { source: "web form" }, variables: { first_name: "Ada" } }
    await run(only(linesOf("metadata", "js")), { calls, order: order("values", values) })
    expect((await placedAt("values"))?.variables).toMatchObject({ source: "web form", first_name: "Ada" })
  })

  it("have no more calls at a time than lanes", async () => {
    let [running, most] = [0, 0]
    const counting = {
      place: async (given: Parameters<typeof calls.place>[0]) => {
        running += 1
        most = Math.max(most, running)
        return calls.place(given)
      },
      awaitEnd: async (...given: Parameters<typeof calls.awaitEnd>) => {
        const ended = await calls.awaitEnd(...given)
        running -= 1
        return ended
      }
    }
    const orders = Array.from({ length: 12 }, (_, index) => order(`lane-${index}`, { concurrency: { key: "desk" } }))
    await run(only(linesOf("concurrency", "js")), { calls: counting, orders })
    expect(most).toBe(5)
    for (const { reference } of orders) expect(await placedAt(reference)).toBeDefined()
  })

  it("name the number to call from", async () => {
    const { from: _, ...silent } = order("from")
    await run(only(linesOf("caller_number", "js")), { calls, order: silent, ourNumber: "+12025550199" })
    expect((await placedAt("from"))?.from).toBe("+12025550199")
  })

  it("name the counterpart of each agent, whatever its id is", async () => {
    const code = only(linesOf("agents", "js")).replace('"agent \\"7\\"": ""', '"agent \\"7\\"": "agent-of-ring"')
    await run(code, { calls, order: order("agent", { agent: { id: 'agent "7"' } }) })
    expect((await placedAt("agent"))?.agent?.id).toBe("agent-of-ring")
  })
})
