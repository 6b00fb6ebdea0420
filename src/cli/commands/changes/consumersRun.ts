/** `unicall changes consumers`: how far each has come, and how much there is still for it. */
import * as Effect from "effect/Effect"
import { lastPosition } from "../../../calls/changes/consume.ts"
import { aligned, count, jsonLine, plainText, print } from "../../shell/terminal.ts"
import type { ConsumersFlags } from "./changesCommand.ts"
import { feedFailed, namedFeed } from "./namedFeed.ts"

const HEADER = ["CONSUMER", "POSITION", "BEHIND", "LAST SEEN"]

export const runConsumers = Effect.fn("unicall.changes.consumers")(function* (flags: ConsumersFlags) {
  const { feed, tenant } = yield* namedFeed(flags)
  const consumers = yield* Effect.catch(feed.consumers(tenant), feedFailed)
  const last = yield* Effect.catch(lastPosition(feed, tenant), feedFailed)
  if (flags.json) {
    for (const each of consumers) print(jsonLine({ ...each, behind: last - each.position }))
    return
  }
  const rows = consumers.map(({ consumer, position, at }) => [
    plainText(consumer),
    count(position),
    count(last - position),
    at
  ])
  print(rows.length === 0 ? "no consumer yet\n" : aligned([HEADER, ...rows]))
}, Effect.scoped)
