/** How many calls may be read that nobody is known to have placed here. */
import * as Duration from "effect/Duration"
import type { ProviderId } from "../domain/Identifiers.ts"

export const WINDOW = Duration.toMillis(Duration.minutes(1))

/** So many in any minute, of each provider, in this process; `now` by a clock that nobody sets. */
export const makeAllowance = (perMinute: number) => {
  const usedAt = new Map<ProviderId, Array<number>>()
  return (provider: ProviderId, now: number): boolean => {
    const used = (usedAt.get(provider) ?? []).filter((at) => now - at < WINDOW)
    usedAt.set(provider, used)
    if (used.length >= perMinute) return false
    used.push(now)
    return true
  }
}
