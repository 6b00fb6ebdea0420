/** `unicall agents list` and `numbers`: what there is, and on standard error what may be missing. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { VoiceCalls } from "../../../calls/VoiceCalls.ts"
import { present } from "../../../domain/present.ts"
import type { CallError } from "../../../provider/CallError.ts"
import type { AgentInfo, NumberInfo } from "../../../provider/Catalog.ts"
import { openCalls } from "../../calls/callCommand.ts"
import { makeFailures } from "../../calls/callFailures.ts"
import { listsOnlyAssigned } from "../../calls/account.ts"
import { aligned, jsonLine, plainText, print, tell } from "../../shell/terminal.ts"
import type { CatalogFlags } from "./agentsCommand.ts"

/** What is listed, and how it is shown to people. */
interface Listing<Item> {
  readonly listOf: (
    calls: VoiceCalls["Service"],
    options: { readonly provider?: string }
  ) => Stream.Stream<Item, CallError>
  readonly header: ReadonlyArray<string>
  readonly rowOf: (item: Item) => ReadonlyArray<string | undefined>
  /** What a list of this provider leaves out, whether or not it is whole. */
  readonly remark?: (provider: string | undefined) => string | undefined
}

/** JSON is written as it comes, a table when its columns are known. */
const listing = <Item>(name: string, { listOf, header, rowOf, remark }: Listing<Item>) =>
  Effect.fn(name)(function* (flags: CatalogFlags) {
    const { provider, json } = flags
    const { calls } = yield* openCalls(flags, { needed: provider === undefined ? [] : [provider] })
    const failures = makeFailures(flags)
    const rows: Array<ReadonlyArray<string>> = []
    const isRead = yield* listOf(calls, present({ provider })).pipe(
      Stream.runForEach((item) =>
        Effect.sync(() => {
          rows.push(rowOf(item).map((cell = "") => plainText(cell)))
          if (json) print(jsonLine(item))
        })
      ),
      Effect.as(true),
      Effect.catch((error) => {
        failures.add(error)
        return Effect.succeed(rows.length > 0)
      })
    )
    if (!json && rows.length > 0) print(aligned([header, ...rows]))
    const text = isRead ? remark?.(provider ?? calls.providers[0]) : undefined
    if (text !== undefined) tell(text)
    yield* failures.settle
  }, Effect.scoped)

const day = (instant: string | undefined): string | undefined => instant?.slice(0, 10)

export const runAgents = listing<AgentInfo>("unicall.agents.list", {
  listOf: ({ agents }, options) => agents(options),
  header: ["PROVIDER", "AGENT", "NAME", "LANGUAGE", "MADE", "CHANGED"],
  rowOf: ({ provider, id, name, language, createdAt, updatedAt }) => [
    provider,
    id,
    name,
    language,
    day(createdAt),
    day(updatedAt)
  ]
})

export const runNumbers = listing<NumberInfo>("unicall.agents.numbers", {
  listOf: ({ numbers }, options) => numbers(options),
  header: ["PROVIDER", "NUMBER", "ID", "LABEL", "AGENTS"],
  rowOf: ({ provider, e164, id, label, agentIds }) => [provider, e164, id, label, agentIds?.join(", ")],
  remark: (provider) =>
    listsOnlyAssigned(provider)
      ? `${provider}: only numbers that are assigned to an agent; the account may have others\n`
      : undefined
})
