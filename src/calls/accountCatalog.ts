/** Which agents and numbers an account has at its provider. */
import * as Stream from "effect/Stream"
import { CallError, type Operation, Unsupported } from "../provider/CallError.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import type { AgentInfo, NumberInfo } from "../provider/Catalog.ts"

/** Whose agents or numbers are listed. */
export interface CatalogOptions {
  /** May be left out where there is one provider. */
  readonly provider?: string
}

/** Listing what there is at a provider: each once, and `Incomplete` at its end if it may not be all. */
export interface AccountCatalog {
  /** The stored agents. `Unsupported` where the provider lists none. */
  readonly agents: (options?: CatalogOptions) => Stream.Stream<AgentInfo, CallError>
  /**
   * The numbers of the account, or only those that are assigned to agents where the provider tells of no others
   * (`capabilities.listNumbers.holds`). `Unsupported` where it lists none.
   */
  readonly numbers: (options?: CatalogOptions) => Stream.Stream<NumberInfo, CallError>
}

/** A stream of one operation at a provider, as the service runs it. */
export type EachAt = <A>(
  operation: Operation,
  provider: string | undefined,
  use: (connection: { readonly provider: CallProvider }) => Stream.Stream<A, CallError>
) => Stream.Stream<A, CallError>

export const makeAccountCatalog = (eachAt: EachAt): AccountCatalog => {
  const listed =
    <A>(
      operation: "agents" | "numbers",
      capability: "listAgents" | "listNumbers",
      listOf: (provider: CallProvider) => Stream.Stream<A, CallError> | undefined
    ) =>
    ({ provider: id }: CatalogOptions = {}): Stream.Stream<A, CallError> =>
      eachAt(operation, id, ({ provider }) => {
        const { capabilities, providerId } = provider.adapter
        const list = capabilities[capability] === undefined ? undefined : listOf(provider)
        const reason = new Unsupported({ capability })
        return list ?? Stream.fail(new CallError({ provider: providerId, operation, reason }))
      })
  return {
    agents: listed("agents", "listAgents", ({ catalog }) => catalog?.agents),
    numbers: listed("numbers", "listNumbers", ({ catalog }) => catalog?.numbers)
  }
}
