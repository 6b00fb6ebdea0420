/** `unicall changes`: each change is a line, and said to have been dealt with once that has been written. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { CallChange } from "../../../calls/changes/CallChange.ts"
import { type ChangesOptions, consume } from "../../../calls/changes/consume.ts"
import { present } from "../../../domain/present.ts"
import { CallError, formatCallRef, NotFound } from "../../../provider/CallError.ts"
import { type CommandFailure, usage } from "../../shell/failures.ts"
import { refuseGiven } from "../../shell/flags.ts"
import { alignedRow, jsonLine, plainText, print } from "../../shell/terminal.ts"
import type { ChangesFlags } from "./changesCommand.ts"
import { feedFailed, namedFeed } from "./namedFeed.ts"

const WIDTHS = [8, 24, 9, 30, 20, 11]

const line = (change: CallChange): string => {
  const { provider, orderId, status = "", fields = [], state } = change
  const call = orderId === undefined ? provider : formatCallRef({ provider, id: orderId })
  const told = change.change === "settled" ? state : status
  const cells = [String(change.position), change.at, change.change, call, change.reference, told, fields.join(" ")]
  return alignedRow(cells.map(plainText), WIDTHS)
}

const placeOf = (from: string | undefined): Effect.Effect<"oldest" | "now" | number | undefined, CommandFailure> => {
  if (from === undefined || from === "oldest" || from === "now") return Effect.succeed(from)
  return /^[1-9]\d{0,15}$/.test(from)
    ? Effect.succeed(Number(from))
    : Effect.fail(usage("--from: expected oldest, now, or a position"))
}

const optionsOf = Effect.fnUntraced(function* (flags: ChangesFlags): Effect.fn.Return<ChangesOptions, CommandFailure> {
  const { consumer, after, follow } = flags
  const from = yield* placeOf(flags.from)
  if (consumer !== undefined) {
    yield* refuseGiven({ "--after": after }, "nothing beside --consumer, which knows where it was")
    return { consumer, follow, onForgotten: flags.skipForgotten ? "skip" : "fail", ...present({ from }) }
  }
  yield* refuseGiven({ "--from": from }, "--consumer, whose beginning it is")
  // Who names no position wants what is kept.
  return { after: after ?? 0, follow, onForgotten: flags.skipForgotten || after === undefined ? "skip" : "fail" }
})

/** No provider is asked: nobody asks for content. */
const unread = Effect.fail(new CallError({ operation: "changes", reason: new NotFound({}) }))

export const runChanges = Effect.fn("unicall.changes")(function* (flags: ChangesFlags) {
  const options = yield* optionsOf(flags)
  const { feed, tenant } = yield* namedFeed(flags)
  const context = { feed, tenant, read: () => unread, news: () => Deferred.makeUnsafe<void>() }
  yield* consume(context, options).pipe(
    Stream.runForEach((change) => Effect.sync(() => print(flags.json ? jsonLine(change) : line(change)))),
    Effect.catch(feedFailed)
  )
}, Effect.scoped)
