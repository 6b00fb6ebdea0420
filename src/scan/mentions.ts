/** Lines of any text that name a provider's host or package, for code that is not understood. */
import type { Sought } from "./Finding.ts"

const MOST_IN_FILE = 20

/** Hosts of a provider's addresses. */
export const hostsOf = ({ signs }: Sought): ReadonlyArray<string> => [
  ...new Set(signs.addresses.map((address) => new URL(address).hostname.replace(/^www\./, "")))
]

export const anyOf = (words: ReadonlyArray<string>): RegExp =>
  new RegExp(words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&")).join("|"), "i")

/** A package of npm has another name in another language: there it is imported by the provider's. */
const importOf = (id: string): string => `^\\s*(from|import|use|using|require)\\b[^\\n]*\\b${id}\\b`

export const mentionsIn = (sought: ReadonlyArray<Sought>) => {
  const patterns = sought.map((provider) => ({
    provider: provider.id,
    host: anyOf(hostsOf(provider)),
    imported: new RegExp(importOf(provider.id), "i")
  }))
  return (text: string): ReadonlyArray<{ readonly line: number; readonly provider: string }> => {
    const found: Array<{ readonly line: number; readonly provider: string }> = []
    for (const { provider, host, imported } of patterns) {
      if (!host.test(text) && !new RegExp(`\\b${provider}\\b`, "i").test(text)) continue
      const lines = text
        .split("\n")
        .flatMap((line, index) => (host.test(line) || imported.test(line) ? [index + 1] : []))
      found.push(...lines.slice(0, MOST_IN_FILE).map((line) => ({ line, provider })))
    }
    return found
  }
}
