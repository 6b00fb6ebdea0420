/** Where the messages of stored agents go: seen, and set. What leaves here bears no secret of an address. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { ProviderId } from "../domain/Identifiers.ts"
import { redactAddress } from "../domain/Redaction.ts"
import {
  CallError,
  type CallErrorReason,
  InvalidRequest,
  type Operation,
  UnreadableResponse,
  Unsupported
} from "../provider/CallError.ts"
import type { CallProvider, WebhookPort } from "../provider/CallProvider.ts"
import {
  type WebhookAddress,
  webhookAddressFault,
  type WebhookAddresses,
  WebhookUse
} from "../provider/WebhookAddresses.ts"

/** An agent that is stored at a provider. */
export interface AgentRef {
  /** May be left out where there is one provider. */
  readonly provider?: string
  readonly agentId: string
}

/** Addresses by what they are for: `null` takes one away, what is left out stays. */
export type WantedAddresses = { readonly [Use in WebhookUse]?: string | null }

/** Where an agent's messages go: user and values of query and fragment are removed; `null` where none is set. */
export interface AgentAddresses {
  readonly provider: ProviderId
  readonly agentId: string
  /** Every use that the provider has. */
  readonly addresses: { readonly [Use in WebhookUse]?: string | null }
}

/** One address before and after, secrets removed. Two that look alike may differ in a secret: `changed` says so. */
export interface AddressChange {
  readonly use: WebhookUse
  readonly before: string | null
  readonly after: string | null
  readonly changed: boolean
}

/** What setting addresses came to, or would come to. */
export interface AddressChanges {
  readonly provider: ProviderId
  readonly agentId: string
  readonly changes: ReadonlyArray<AddressChange>
  /** Whether anything was sent: not for a dry run, nor where all was so already. */
  readonly sent: boolean
}

/** Seeing and setting where the messages of stored agents go. */
export interface WebhookAddressing {
  /** Where the messages of an agent go. `Unsupported` where the provider lets nobody see it. */
  readonly webhookAddresses: (agent: AgentRef) => Effect.Effect<AgentAddresses, CallError>
  /**
   * Changes the addresses that are given, where they are others, and nothing else of the agent; then reads them again, and fails
   * with `UnreadableResponse` if they are not as they were set. With `dryRun` tells what would be changed.
   */
  readonly setWebhookAddresses: (
    agent: AgentRef,
    wanted: WantedAddresses,
    options?: { readonly dryRun?: boolean | undefined }
  ) => Effect.Effect<AddressChanges, CallError>
}

type AddressOperation = Extract<Operation, "webhookAddresses" | "setWebhookAddresses">

/** One operation at a provider, as the service runs it. */
type At = <A>(
  operation: AddressOperation,
  provider: string | undefined,
  use: (connection: { readonly provider: CallProvider }) => Effect.Effect<A, CallError>
) => Effect.Effect<A, CallError>

const shown = (address: WebhookAddress): string | null =>
  address === null ? null : redactAddress(Redacted.value(address))

const isSame = (a: WebhookAddress, b: WebhookAddress): boolean =>
  (a === null ? null : Redacted.value(a)) === (b === null ? null : Redacted.value(b))

const usesIn = (addresses: WantedAddresses | WebhookAddresses): ReadonlyArray<WebhookUse> =>
  WebhookUse.literals.filter((use) => addresses[use] !== undefined)

/** What cannot be asked for, before any request. */
const faultOf = (
  { adapter: { capabilities } }: CallProvider,
  { agentId }: AgentRef,
  wanted: WantedAddresses
): CallErrorReason | undefined => {
  const { webhookAddresses: known = [] } = capabilities
  if (known.length === 0) return new Unsupported({ capability: "webhookAddresses" })
  if (typeof agentId !== "string" || agentId === "")
    return new InvalidRequest({ field: "agentId", expected: "the id of a stored agent" })
  for (const use of usesIn(wanted)) {
    if (!known.includes(use)) return new Unsupported({ capability: "webhookAddresses", field: use })
    const address = wanted[use] ?? null
    const fault = address === null ? undefined : webhookAddressFault(use, address)
    if (fault !== undefined) return new InvalidRequest(fault)
  }
  return undefined
}

export const makeWebhookAddressing = (at: At): WebhookAddressing => {
  const using = <A>(
    operation: AddressOperation,
    agent: AgentRef,
    wanted: WantedAddresses,
    use: (port: WebhookPort, provider: ProviderId) => Effect.Effect<A, CallError>
  ): Effect.Effect<A, CallError> =>
    at(operation, agent.provider, ({ provider }) => {
      const { adapter, webhooks } = provider
      const { providerId } = adapter
      const fail = (reason: CallErrorReason) => Effect.fail(new CallError({ provider: providerId, operation, reason }))
      const fault = faultOf(provider, agent, wanted)
      if (fault !== undefined) return fail(fault)
      return webhooks === undefined
        ? fail(new Unsupported({ capability: "webhookAddresses" }))
        : use(webhooks, providerId)
    })

  return {
    webhookAddresses: (agent) =>
      using("webhookAddresses", agent, {}, ({ read }, provider) =>
        Effect.map(read(agent.agentId), (found): AgentAddresses => {
          const addresses = usesIn(found).map((use): readonly [WebhookUse, string | null] => [
            use,
            shown(found[use] ?? null)
          ])
          return { provider, agentId: agent.agentId, addresses: Object.fromEntries(addresses) }
        })
      ),
    setWebhookAddresses: (agent, wanted, { dryRun = false } = {}) =>
      using(
        "setWebhookAddresses",
        agent,
        wanted,
        Effect.fnUntraced(function* ({ read, write }: WebhookPort, provider: ProviderId) {
          const uses = usesIn(wanted)
          if (uses.length === 0) {
            const reason = new InvalidRequest({
              field: "addresses",
              expected: `one of ${WebhookUse.literals.join(", ")}`
            })
            return yield* new CallError({ provider, operation: "setWebhookAddresses", reason })
          }
          const asked = uses.map((use) => {
            const address = wanted[use] ?? null
            return { use, address: address === null ? null : Redacted.make(address) }
          })
          const found = yield* read(agent.agentId)
          const changes = asked.map(({ use, address }): AddressChange => {
            const before = found[use] ?? null
            return { use, before: shown(before), after: shown(address), changed: !isSame(before, address) }
          })
          const differing = asked.filter((_, index) => changes[index]?.changed === true)
          const sent = !dryRun && differing.length > 0
          if (sent) {
            yield* write(agent.agentId, Object.fromEntries(differing.map(({ use, address }) => [use, address])))
            const now = yield* read(agent.agentId)
            if (!asked.every(({ use, address }) => isSame(now[use] ?? null, address))) {
              const reason = new UnreadableResponse({ expected: "the addresses that were set" })
              return yield* new CallError({ provider, operation: "setWebhookAddresses", reason })
            }
          }
          return { provider, agentId: agent.agentId, changes, sent }
        })
      )
  }
}
