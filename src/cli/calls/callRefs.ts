/** Calls named on the command line. */
import * as Effect from "effect/Effect"
import { type CallRef, formatCallRef, parseCallRef } from "../../provider/CallError.ts"
import { usage } from "../shell/CommandFailure.ts"
import { callableIds } from "./callFlags.ts"

/** Each call once, in the order they were named. What is no call may be anything, a number too: it is not repeated. */
export const callRefs = Effect.fnUntraced(function* (texts: ReadonlyArray<string>) {
  const refs = new Map<string, CallRef>()
  for (const [index, text] of texts.entries()) {
    const ref = parseCallRef(text.trim())
    if (ref === undefined || !callableIds.includes(ref.provider)) {
      return yield* usage(`call ${index + 1}: expected ${callableIds.map((id) => `${id}:ID`).join(" or ")}`)
    }
    refs.set(formatCallRef(ref), ref)
  }
  return [...refs.values()]
})
