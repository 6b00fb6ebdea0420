/** Answers without a body, by each transport and with every fault. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as TestClock from "effect/testing/TestClock"
import { inTime } from "../../src/testing/liveSite.ts"
import { REQUEST_FAULT_KINDS, type RequestFault, GARBLE_FORMS } from "../../src/twin/fault.ts"
import { twinHttpClient } from "../../src/twin/inProcess.ts"
import { listen } from "../../src/twin/server.ts"
import { type LoggedRequest, makeTwin, type Twin } from "../../src/twin/twin.ts"

const BASE_URL = "http://127.0.0.1:4010"

/** `/stop` answers 204; `/wrong` does as well, with a body that HTTP does not let it have; `/empty` answers 200 and nothing. */
const stopping = () => {
  let stops = 0
  const route = (path: string, status: number, body: unknown) => ({
    operation: "cancel" as const,
    method: "POST" as const,
    path,
    handle: () => {
      stops += 1
      return { status, body }
    }
  })
  const twin = makeTwin({
    name: "Wordless",
    seed: "seed",
    faults: [],
    basePaths: [""],
    isAuthorized: () => true,
    errorBody: (message) => ({ message }),
    routes: [route("/stop", 204, undefined), route("/wrong", 204, { stopped: true }), route("/empty", 200, undefined)],
    orders: () => [],
    clear: () => {},
    endingOf: (ending) => ({ ...ending, because: undefined })
  })
  return { twin, stops: () => stops }
}

interface Got {
  readonly status: number
  readonly body: string
  readonly length: string | null
  readonly type: string | null
}

/** What a client makes of it; `undefined` where nothing comes. */
type Ask = (twin: Twin, path: string) => Promise<Got | undefined>

const inProcess: Ask = (twin, path) => {
  const client = twinHttpClient([{ twin, baseUrl: BASE_URL }])
  const asking = Effect.gen(function* () {
    const answer = yield* client.execute(HttpClientRequest.post(`${BASE_URL}${path}`))
    const { headers } = answer
    const body = yield* answer.text
    const [length = null, type = null] = [headers["content-length"], headers["content-type"]]
    return { status: answer.status, body, length, type }
  })
  return Effect.runPromise(inTime(asking).pipe(Effect.provide(TestClock.layer()))).catch(() => undefined)
}

const onSocket: Ask = async (twin, path) => {
  const waiting = new AbortController()
  // Of an answer that hangs it is known that none comes.
  const onRequest = ({ fault }: LoggedRequest) => (fault?.kind === "hang" ? waiting.abort() : undefined)
  const server = await listen(twin, { onRequest })
  try {
    const { signal } = waiting
    const answer = await fetch(`${server.url}${path}`, { method: "POST", redirect: "manual", signal })
    const body = await answer.text()
    const [length, type] = [answer.headers.get("content-length"), answer.headers.get("content-type")]
    return { status: answer.status, body, length, type }
  } catch {
    return undefined
  } finally {
    await server.close()
  }
}

const SECONDS = 0.01

const faultsOf = (kind: RequestFault["kind"], accepted: boolean): ReadonlyArray<RequestFault> => {
  switch (kind) {
    case "status":
      return (["json", "html", "text", "empty"] as const).map((form) => ({ kind, form, status: 503, accepted }))
    case "garble":
      return GARBLE_FORMS.map((form) => ({ kind, form, accepted }))
    case "redirect":
      return [{ kind, status: 307, accepted }]
    case "delay":
    case "slow_body":
      return [{ kind, seconds: SECONDS, accepted }]
    case "hang":
    case "drop":
      return [{ kind, accepted }]
  }
}

const faults = REQUEST_FAULT_KINDS.flatMap((kind) => [true, false].flatMap((accepted) => faultsOf(kind, accepted)))

/** What arrives, by the kind of the fault. */
const expected: { readonly [Kind in RequestFault["kind"]]: (got: Got | undefined, fault: RequestFault) => void } = {
  status: (got) => expect(got?.status).toBe(503),
  redirect: (got) => expect(got).toMatchObject({ status: 307, body: "" }),
  delay: (got) => expect(got).toEqual({ status: 204, body: "", length: null, type: null }),
  slow_body: (got) => expect(got).toEqual({ status: 204, body: "", length: null, type: null }),
  hang: (got) => expect(got).toBeUndefined(),
  drop: (got) => expect(got).toBeUndefined(),
  garble: (got, fault) => {
    if (fault.kind !== "garble") return
    if (fault.form === "cut") return expect(got).toBeUndefined()
    expect(got?.status).toBe(200)
    expect(got?.body === "").toBe(fault.form === "empty")
  }
}

describe.each<readonly [transport: string, ask: Ask]>([
  ["in process", inProcess],
  ["on a socket", onSocket]
])("an answer without a body, %s", (_, ask) => {
  it("has neither type nor length where its status lets it have no body", async () => {
    const { twin, stops } = stopping()
    expect(await ask(twin, "/stop")).toEqual({ status: 204, body: "", length: null, type: null })
    expect(await ask(twin, "/wrong")).toEqual({ status: 204, body: "", length: null, type: null })
    expect(await ask(twin, "/empty")).toEqual({ status: 200, body: "", length: "0", type: null })
    expect(stops()).toBe(3)
  })

  it.each(faults.map((fault) => [JSON.stringify(fault), fault] as const))("meets the fault %s", async (_, fault) => {
    const { twin, stops } = stopping()
    twin.setFaults([{ fault }])
    expected[fault.kind](await ask(twin, "/stop"), fault)
    const isDone = fault.accepted === true || fault.kind === "delay" || fault.kind === "slow_body"
    expect(stops()).toBe(isDone ? 1 : 0)
  })
})
