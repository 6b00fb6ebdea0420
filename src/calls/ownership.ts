/** Whose a placement is: several tenants, and several accounts, may share one journal. */
import type { ProviderId } from "../domain/Identifiers.ts"
import { present } from "../domain/present.ts"
import type { VoiceCallsOptions } from "./VoiceCallsOptions.ts"
import type { CallProvider } from "../provider/CallProvider.ts"
import type { Claim, Placement } from "./PlacementJournal.ts"

/** Who asks. */
export interface Owner {
  /** `""`: the common tenant of all who name none. */
  readonly tenant: string
  /** The accounts of the opened providers, where they tell one. */
  readonly accounts: ReadonlyMap<ProviderId, string>
  /** The opened providers. */
  readonly opened: ReadonlySet<ProviderId>
  /** Whether every account that was ever used is one: a key has been changed. */
  readonly sameAccount: boolean
}

// oxlint-disable-next-line no-control-regex
const TENANT = /^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]{1,200}$/u

/** One line of text: it stands in a journal, and on a command line. */
export const isTenant = (name: unknown): name is string =>
  typeof name === "string" && TENANT.test(name) && name.isWellFormed()

/** @throws Error if the name of a tenant cannot be one */
export const ownerOf = (
  providers: ReadonlyArray<CallProvider>,
  { tenant, sameAccount = false }: VoiceCallsOptions
): Owner => {
  if (tenant !== undefined && !isTenant(tenant)) throw new Error("tenant: expected one line of 1 to 200 characters")
  const accounts = providers.flatMap(({ adapter, account }) =>
    account === undefined ? [] : [[adapter.providerId, account] as const]
  )
  const opened = new Set(providers.map(({ adapter }) => adapter.providerId))
  return { tenant: tenant ?? "", accounts: new Map(accounts), opened, sameAccount }
}

/** `account`: another one. `unclaimed`: written before there were tenants, and no tenant has shown yet that it is theirs. */
export type Holder = "us" | "account" | "unclaimed"

/**
 * Who holds a reference. A named tenant is told by its name alone, whatever key it uses. Without a name the account tells,
 * where one was written down.
 */
export const holderOf = ({ tenant, accounts, sameAccount }: Owner, placement: Placement): Holder => {
  if (tenant !== "") return placement.tenant === undefined ? "unclaimed" : "us"
  const isOurs =
    placement.account === undefined || sameAccount || placement.account === accounts.get(placement.provider)
  return isOurs ? "us" : "account"
}

/** Which placements at a provider may be ours, for a journal's lists: of the common tenant those of our account alone. */
export const placementsAt = ({ tenant, sameAccount }: Owner, { account, adapter }: CallProvider) => ({
  tenant,
  provider: adapter.providerId,
  ...(sameAccount || tenant !== "" ? {} : present({ account }))
})

/** What a named tenant says of a placement that its own key has read; who names none claims nothing. */
export const claimOf = ({ tenant, accounts }: Owner, { provider, tenant: of }: Placement): Claim | undefined => {
  if (tenant === "" || of !== undefined) return undefined
  return { tenant, ...present({ account: accounts.get(provider) }) }
}
