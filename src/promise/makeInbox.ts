/** What webhooks have named, for people who look into it: the operations of `calls.inbox`. */
import type * as Effect from "effect/Effect"
import { present } from "../domain/present.ts"
import type { CallRef } from "../provider/CallError.ts"
import type { Check } from "../provider/optionChecks.ts"
import type { Webhooks } from "../webhooks/Webhooks.ts"
import type { CallLike, Inbox } from "./Calls.ts"
import { type Cancelable, CHECKS } from "./OperationOptions.ts"

/** As `makeCalls` runs its own operations. */
interface Running {
  readonly refOf: (operation: "configure", call: CallLike) => CallRef
  /** @throws the failure of calls that were opened without webhooks */
  readonly webhooksOf: () => Webhooks["Service"]
  readonly run: <A, E>(
    operation: "configure",
    checked: readonly [Check, Cancelable],
    ask: () => Effect.Effect<A, E>
  ) => Promise<A>
}

export const makeInbox = ({ refOf, webhooksOf, run }: Running): Inbox => {
  const { cancelable, inboxList } = CHECKS
  return {
    list: (options = {}) =>
      run("configure", [inboxList, options], () => {
        const { state, limit = 100 } = options
        return webhooksOf().inbox.list({ limit, ...present({ state }) })
      }),
    show: (call, options = {}) =>
      run("configure", [cancelable, options], () => webhooksOf().inbox.find(refOf("configure", call))),
    replay: (call, options = {}) =>
      run("configure", [cancelable, options], () => webhooksOf().inbox.replay(refOf("configure", call))),
    drop: (call, options = {}) =>
      run("configure", [cancelable, options], () => webhooksOf().inbox.drop(refOf("configure", call)))
  }
}
