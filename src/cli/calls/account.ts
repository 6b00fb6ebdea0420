/** What an account has at its provider, read as far as it can be. A failure is told, and stops nothing else. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { CallError } from "../../provider/CallError.ts"
import type { AccountLists, Listed, Unread } from "../../routes/accountLists.ts"
import { EXIT } from "../ExitCode.ts"
import { callable } from "../providers.ts"
import { openCalls } from "./callCommand.ts"
import type { Failures } from "./callFailures.ts"
import type { ServiceFlags } from "./openCalls.ts"

/** Whether a provider tells only of numbers that are assigned to agents. */
export const listsOnlyAssigned = (provider: string | undefined): boolean =>
  callable.find(({ id }) => id === provider)?.capabilities.listNumbers?.holds === "assigned"

interface ReadingOptions {
  readonly failures: Failures
  /** What to do about a list that may not be whole. */
  readonly onIncomplete: (error: CallError) => void
  /** Which lists are of interest; the others are empty. @default both */
  readonly lists?: ReadonlySet<keyof AccountLists>
}

/** Agents first: where that fails, numbers are not asked for. */
export const readAccount = Effect.fnUntraced(function* (
  flags: ServiceFlags,
  provider: string,
  { failures, onIncomplete, lists }: ReadingOptions
) {
  const opened = yield* openCalls(flags, { needed: [provider] }).pipe(
    Effect.catchTag("CallsFailed", () => Effect.sync(() => failures.note(EXIT.setup)))
  )
  if (opened === undefined) return FAILED
  const read = <Item>(what: keyof AccountLists, stream: Stream.Stream<Item, CallError>) =>
    lists?.has(what) === false ? Effect.succeed(NOTHING) : listedOf(stream, { failures, onIncomplete })
  const agents = yield* read("agents", opened.calls.agents({ provider }))
  if (agents === "failed") return FAILED
  const numbers = yield* read("numbers", opened.calls.numbers({ provider }))
  const account: AccountLists = {
    agents,
    numbers: typeof numbers === "string" ? numbers : { ...numbers, isOfAssigned: listsOnlyAssigned(provider) }
  }
  return account
}, Effect.scoped)

const FAILED: AccountLists = { agents: "failed", numbers: "failed" }
const NOTHING: Listed<never> = { items: [], isWhole: true }

const listedOf = Effect.fnUntraced(function* <Item>(
  stream: Stream.Stream<Item, CallError>,
  { failures, onIncomplete }: ReadingOptions
): Effect.fn.Return<Listed<Item> | Unread> {
  const items: Array<Item> = []
  const error = yield* stream.pipe(
    Stream.runForEach((item) => Effect.sync(() => items.push(item))),
    Effect.as(undefined),
    Effect.catch((failed) => Effect.succeed(failed))
  )
  if (error === undefined) return { items, isWhole: true }
  if (error.reason._tag === "Unsupported") return "cannot_be_listed"
  if (error.reason._tag === "Incomplete") {
    onIncomplete(error)
    return { items, isWhole: false }
  }
  failures.add(error)
  return "failed"
})
