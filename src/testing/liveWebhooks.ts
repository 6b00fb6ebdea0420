/** Cases of the live contract about where the messages of agents go: seen, and set. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CallError } from "../provider/CallError.ts"
import { WebhookUse } from "../provider/WebhookAddresses.ts"
import { canonicalJson, isJsonObject } from "../domain/Json.ts"
import type { WantedAddresses } from "../calls/agentAddresses.ts"
import { liveCase, type LiveCase } from "./liveCase.ts"
import { inTime, type LiveSite, type LiveSubject, serviceOver } from "./liveSite.ts"

const SECRET = "Zanzibar-5521"

const ADDRESS: { readonly [Use in WebhookUse]: string } = {
  calls: `https://hooks.example.invalid/calls?token=${SECRET}`,
  preCall: `https://${SECRET}@hooks.example.invalid/before`
}

const SHOWN: { readonly [Use in WebhookUse]: string } = {
  calls: "https://hooks.example.invalid/calls?token=[redacted]",
  preCall: "https://[redacted]@hooks.example.invalid/before"
}

const UNUSABLE = [
  "hooks.example.invalid",
  "http://hooks.example.invalid",
  "ftp://hooks.example.invalid",
  "https://hooks.example.invalid/a b",
  ""
]

const tagOf = (result: Result.Result<unknown, CallError>): string =>
  Result.isSuccess(result) ? "success" : result.failure.reason._tag

const agentsOf = ({ agents }: LiveSite) => agents?.() ?? []

/** Where two values differ, by their deepest keys. */
const differences = (a: unknown, b: unknown, path: string): ReadonlyArray<string> => {
  if (!isJsonObject(a) || !isJsonObject(b)) return canonicalJson(a) === canonicalJson(b) ? [] : [path]
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].flatMap((name) => differences(a[name], b[name], `${path}.${name}`))
}

export const webhookCases = (subject: LiveSubject): ReadonlyArray<LiveCase> => {
  const { webhookAddresses: uses = [] } = subject.adapter.capabilities
  return uses.length === 0 ? [refusing(subject)] : [setting(subject, uses), guarding(subject, uses)]
}

const refusing = (subject: LiveSubject): LiveCase =>
  liveCase("MUST refuse to show or set where messages go as Unsupported, before any request", function* (fail) {
    const site = yield* subject.open("right")
    const calls = yield* serviceOver(site.provider)
    const agent = { agentId: "agent-1" }
    const asked = [calls.webhookAddresses(agent), calls.setWebhookAddresses(agent, { calls: ADDRESS.calls })]
    for (const each of asked) {
      const got = tagOf(yield* inTime(Effect.result<unknown, CallError, never>(each)))
      if (got !== "Unsupported") fail(`expected Unsupported, got ${got}`)
    }
    if (site.requests() > 0) fail(`found after ${site.requests()} requests, not before the first`)
  })

const setting = (subject: LiveSubject, uses: ReadonlyArray<WebhookUse>): LiveCase =>
  liveCase("MUST show where the messages of an agent go, and set it, and change nothing else", function* (fail) {
    const empty = yield* subject.open("right")
    if (agentsOf(empty).length === 0) fail("the simulation has no agents: give its stored ones as `agents`")
    for (const index of agentsOf(empty).keys()) {
      for (const use of uses) {
        const site = yield* subject.open("right")
        const agentId = agentsOf(site)[index]?.id ?? ""
        const calls = yield* serviceOver(site.provider)
        const before = agentsOf(site)
        const look = Effect.map(inTime(calls.webhookAddresses({ agentId })), ({ addresses }) => addresses)
        const found = yield* look
        for (const each of uses)
          if (found[each] === undefined) fail(`${each}: expected an address or null, got neither`)

        const set = (wanted: WantedAddresses, dryRun = false) =>
          inTime(calls.setWebhookAddresses({ agentId }, wanted, { dryRun }))
        const tried = yield* set({ [use]: ADDRESS[use] }, true)
        if (tried.sent) fail(`${use}: a dry run was sent`)
        if (tried.changes[0]?.before !== found[use] || tried.changes[0]?.after !== SHOWN[use])
          fail(`${use}: a dry run does not tell what there is and what there would be`)
        if (canonicalJson(agentsOf(site)) !== canonicalJson(before)) fail(`${use}: a dry run has changed an agent`)

        const done = yield* set({ [use]: ADDRESS[use] })
        if (!done.sent || done.changes[0]?.changed !== true) fail(`${use}: it is not said to be changed`)
        const after = yield* look
        for (const each of uses) {
          const expected = each === use ? SHOWN[use] : found[each]
          if (after[each] !== expected) fail(`${use}: ${each} is another address than expected`)
        }
        const changed = before.flatMap((agent, at) => differences(agent, agentsOf(site)[at], `agents[${at}]`))
        if (changed.length !== 1 || changed[0]?.startsWith(`agents[${index}].`) !== true)
          fail(`${use}: expected one field of one agent to change, got ${changed.join(", ")}`)
        if (JSON.stringify([tried, done, after]).includes(SECRET)) fail(`${use}: a secret of the address is shown`)

        const again = yield* set({ [use]: ADDRESS[use] })
        if (again.sent || again.changes[0]?.changed !== false) fail(`${use}: what is so already was sent`)
        const removed = yield* set({ [use]: null })
        if (!removed.sent || (yield* look)[use] !== null) fail(`${use}: the address was not taken away`)
      }
    }
  })

const guarding = (subject: LiveSubject, uses: ReadonlyArray<WebhookUse>): LiveCase =>
  liveCase("MUST refuse an address, an agent or a key that cannot be, and hide secrets of addresses", function* (fail) {
    const site = yield* subject.open("right")
    const calls = yield* serviceOver(site.provider)
    const agentId = agentsOf(site)[0]?.id ?? ""
    const use = uses[0] ?? "calls"
    for (const address of UNUSABLE) {
      const result = yield* inTime(Effect.result(calls.setWebhookAddresses({ agentId }, { [use]: address })))
      if (tagOf(result) !== "InvalidRequest") fail(`"${address}": expected InvalidRequest, got ${tagOf(result)}`)
    }
    for (const other of WebhookUse.literals.filter((each) => !uses.includes(each))) {
      const result = yield* inTime(Effect.result(calls.setWebhookAddresses({ agentId }, { [other]: ADDRESS[other] })))
      if (tagOf(result) !== "Unsupported") fail(`${other}: expected Unsupported, got ${tagOf(result)}`)
    }
    if (site.requests() > 0) fail(`found after ${site.requests()} requests, not before the first`)

    const nobody = { agentId: "0b5e1f9c-no-such-agent" }
    for (const asked of [calls.webhookAddresses(nobody), calls.setWebhookAddresses(nobody, { [use]: ADDRESS[use] })]) {
      const got = tagOf(yield* inTime(Effect.result<unknown, CallError, never>(asked)))
      if (got !== "NotFound") fail(`an agent that nobody knows: expected NotFound, got ${got}`)
    }

    const fault = { kind: "status", status: 422 } as const
    site.setFaults([{ on: { operation: "configure" }, fault }])
    const refused = yield* inTime(Effect.result(calls.setWebhookAddresses({ agentId }, { [use]: ADDRESS[use] })))
    if (Result.isSuccess(refused)) fail("refused by the provider with 422: expected a failure, got success")
    else if (JSON.stringify(refused.failure).includes(SECRET) || String(refused.failure).includes(SECRET))
      fail("an error shows a secret of the address")

    const wrong = yield* subject.open("wrong")
    const strangers = yield* serviceOver(wrong.provider)
    const got = tagOf(yield* inTime(Effect.result(strangers.webhookAddresses({ agentId }))))
    if (got !== "Unauthorized") fail(`a wrong key: expected Unauthorized, got ${got}`)
  })
