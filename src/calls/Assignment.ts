/** Whom a route has assigned to a provider, as a journal keeps it. */
import type { ProviderId } from "../domain/Identifiers.ts"
import type { Instant } from "../domain/Instant.ts"

/** Who is to call whom, kept for routes that ask for it. Nobody can tell from a key whose it is. */
export interface Assignment {
  /** `""`: the common tenant. */
  readonly tenant: string
  /** A keyed digest (MAC) of what the route goes by; its secret is not in the journal. */
  readonly key: string
  readonly provider: ProviderId
  /** When it is assigned. */
  readonly at: Instant
}
