/** The providers of a service, each once, with what the service adds to each. */
import type { CallProvider } from "../provider/CallProvider.ts"
import { keepingDeleted } from "./deletedCalls.ts"
import { namingCalls } from "./unknownCall.ts"

/** @throws Error if there is no provider, or two with one id */
export const openedOf = (
  providers: ReadonlyArray<CallProvider>,
  recorded: (provider: CallProvider) => CallProvider
): ReadonlyMap<string, ReturnType<typeof keepingDeleted>> => {
  const opened = new Map<string, ReturnType<typeof keepingDeleted>>()
  for (const each of providers) {
    const { id } = each.adapter
    if (opened.has(id)) throw new Error(`two providers with the id ${id}`)
    const { provider, deleted } = keepingDeleted(namingCalls(each))
    opened.set(id, { provider: recorded(provider), deleted })
  }
  if (opened.size === 0) throw new Error("VoiceCalls needs at least one provider")
  return opened
}
