/** Cases of the live contract about what an account has: its agents, and its numbers. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { VoiceCalls } from "../calls/VoiceCalls.ts"
import { isPhoneNumber } from "../domain/PhoneNumber.ts"
import type { CallError, CallErrorReason } from "../provider/CallError.ts"
import type { AgentInfo, NumberInfo } from "../provider/Catalog.ts"
import type { Fault } from "../twin/fault.ts"
import { liveCase, type LiveCase } from "./liveCase.ts"
import { inTime, type LiveSite, type LiveSubject, serviceOver } from "./liveSite.ts"

type Item = AgentInfo | NumberInfo

/** What a failure may be called. Of a list in which nothing can be read it may be said that it is no list, or that it is not whole. */
const FAILURES: ReadonlyArray<readonly [Fault, ReadonlyArray<CallErrorReason["_tag"]>]> = [
  [{ kind: "status", status: 401 }, ["Unauthorized"]],
  [{ kind: "status", status: 403 }, ["Forbidden"]],
  [{ kind: "status", status: 404 }, ["NotFound"]],
  [{ kind: "status", status: 429 }, ["RateLimited"]],
  [{ kind: "status", status: 500 }, ["ProviderUnavailable"]],
  [{ kind: "garble", form: "html" }, ["UnreadableResponse"]],
  [{ kind: "garble", form: "truncated" }, ["UnreadableResponse"]],
  [{ kind: "garble", form: "wrong_shape" }, ["UnreadableResponse", "Incomplete"]]
]

const LISTS = {
  agents: { capability: "listAgents", of: (calls: VoiceCalls["Service"]) => calls.agents() },
  numbers: { capability: "listNumbers", of: (calls: VoiceCalls["Service"]) => calls.numbers() }
} as const

type Name = keyof typeof LISTS

const NAMES: ReadonlyArray<Name> = ["agents", "numbers"]

const listed = ({ provider }: LiveSite, name: Name) =>
  Effect.flatMap(serviceOver(provider), (calls) => {
    const stream: Stream.Stream<Item, CallError> = LISTS[name].of(calls)
    return inTime(Effect.result(Stream.runCollect(stream)))
  })

const tagOf = (result: Result.Result<unknown, CallError>): string =>
  Result.isSuccess(result) ? "success" : result.failure.reason._tag

/** What is there more than once. */
const repeated = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  texts.filter((text, index) => texts.indexOf(text) !== index)

export const catalogCases = (subject: LiveSubject): ReadonlyArray<LiveCase> =>
  NAMES.flatMap((name) => {
    const list = subject.adapter.capabilities[LISTS[name].capability]
    return list === undefined ? [refusing(subject, name)] : [listing(subject, name), failing(subject, name)]
  })

const refusing = (subject: LiveSubject, name: Name): LiveCase =>
  liveCase(`MUST refuse to list ${name} as Unsupported, before any request`, function* (fail) {
    const site = yield* subject.open("right")
    const got = tagOf(yield* listed(site, name))
    if (got !== "Unsupported") fail(`expected Unsupported, got ${got}`)
    if (site.requests() > 0) fail(`found after ${site.requests()} requests, not before the first`)
  })

const listing = (subject: LiveSubject, name: Name): LiveCase =>
  liveCase(`MUST list the ${name} of the account, each once`, function* (fail) {
    const site = yield* subject.open("right")
    const result = yield* listed(site, name)
    if (Result.isFailure(result)) return fail(`expected a list, got ${tagOf(result)}: ${result.failure.message}`)
    const items = result.success
    const stored = (site.agents?.() ?? []).map(({ id }) => id)
    if (items.length === 0) fail(`the list is empty: the simulation needs ${name}`)
    if (items.some(({ provider }) => provider !== subject.adapter.id)) fail("an item names another provider")
    const again = repeated(items.map((item) => (item.kind === "agent" ? item.id : (item.id ?? item.e164 ?? ""))))
    if (again.length > 0) fail(`${again.join(", ")}: listed more than once`)
    for (const item of items) {
      if (item.kind === "agent") continue
      const { e164, id, agentIds = [] } = item
      if (e164 === undefined && id === undefined) fail("a number has neither number nor id")
      if (e164 !== undefined && !isPhoneNumber(e164)) fail(`the number ${id ?? "without id"} is not in E.164`)
      const strangers = agentIds.filter((agentId) => !stored.includes(agentId))
      if (strangers.length > 0) fail(`a number is assigned to agents that are not there: ${strangers.join(", ")}`)
    }
    const { holds } = subject.adapter.capabilities.listNumbers ?? {}
    if (holds === "assigned" && items.some((item) => item.kind === "number" && item.agentIds?.length === 0))
      fail("numbers are said to be those that are assigned, and one is not")
    if (name === "agents") {
      const told = items.map(({ id }) => id)
      const missing = stored.filter((id) => !told.includes(id))
      const more = told.filter((id) => id === undefined || !stored.includes(id))
      if (missing.length > 0) fail(`not listed: ${missing.join(", ")}`)
      if (more.length > 0) fail(`listed, and not stored: ${more.join(", ")}`)
    }
  })

const failing = (subject: LiveSubject, name: Name): LiveCase =>
  liveCase(`MUST call failures of listing ${name} by what they mean, and show no key`, function* (fail) {
    for (const [fault, expected] of FAILURES) {
      const site = yield* subject.open("right")
      site.setFaults([{ fault }])
      const result = yield* listed(site, name)
      const got = tagOf(result)
      if (!expected.some((tag) => tag === got))
        fail(`${JSON.stringify(fault)}: expected ${expected.join(" or ")}, got ${got}`)
      if (Result.isFailure(result) && result.failure.operation !== name)
        fail(`${JSON.stringify(fault)}: a failure of ${result.failure.operation}, not of ${name}`)
      const shown = `${String(result)} ${JSON.stringify(result)}`
      if ((subject.secrets ?? []).some((secret) => shown.includes(secret)))
        fail(`${JSON.stringify(fault)}: the key is shown`)
    }
    const wrong = tagOf(yield* listed(yield* subject.open("wrong"), name))
    if (wrong !== "Unauthorized") fail(`a wrong key: expected Unauthorized, got ${wrong}`)
  })
