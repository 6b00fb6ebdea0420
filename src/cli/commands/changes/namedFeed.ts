/** The feed that a command names, which must be there: nothing is made where somebody has mistyped a name. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ChangeFeed } from "../../../calls/changes/ChangeFeed.ts"
import type { JournalError } from "../../../calls/PlacementJournal.ts"
import type { CallError } from "../../../provider/CallError.ts"
import { exitOf, failureLine } from "../../calls/callFailures.ts"
import { feedPlace, tenantNamed } from "../../calls/environment.ts"
import { feedAt } from "../../calls/feed.ts"
import { CallsFailed, inputFailure, usage } from "../../shell/failures.ts"
import { tell } from "../../shell/terminal.ts"

interface Named {
  readonly feed: string | undefined
  readonly tenant: string | undefined
}

/** Open as long as the scope. */
export const namedFeed = Effect.fnUntraced(function* (flags: Named) {
  const tenant = (yield* tenantNamed(flags.tenant)) ?? ""
  const place = yield* feedPlace(flags.feed)
  if (place === undefined) return yield* usage("--feed: expected a file, here or in UNICALL_FEED")
  const { title, isMissing, layer } = feedAt(place)
  if (isMissing()) return yield* inputFailure(`${title}: no such file or folder`)
  const context = yield* Effect.catch(Layer.build(layer), feedFailed)
  return { feed: Context.get(context, ChangeFeed), tenant }
})

/** Shows why it cannot be used. */
export const feedFailed = (error: CallError | JournalError): Effect.Effect<never, CallsFailed> => {
  tell(`${failureLine(error)}\n`)
  return Effect.fail(new CallsFailed({ exitCode: exitOf(error) }))
}
