/** What providers' messages meet in the histories, so that their laws are not kept by chance. */
import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { namedCalls } from "../../src/webhooks/namedCalls.ts"
import { scriptOf } from "./generator.ts"
import type { Event } from "./events.ts"
import { MESSAGE } from "./providers.ts"
import { INBOX_MOMENTS, PROVIDERS } from "./script.ts"
import { playInMemory, seedsFrom } from "./simulate.ts"

const HISTORIES = 500

const ID = "7f4df2cd-3a64-4f3b-8f0a-2f5a3c6f9e10"

describe("messages of providers in histories", () => {
  it.each(PROVIDERS)("are read where they are made up, too: %s", (provider) => {
    expect([...(namedCalls(providers, provider, MESSAGE[provider](ID))?.calls ?? [])]).toEqual([ID])
  })

  it("come twice, late and for what does not exist, and processes die at each moment of what they do with one", () => {
    const deaths = new Map<string, number>()
    const counts = { acknowledged: 0, again: 0, unknown: 0, settled: 0 }
    const count = (event: Event, seen: Set<string>): void => {
      if (event.event === "died at a message") deaths.set(event.moment, (deaths.get(event.moment) ?? 0) + 1)
      if (event.event === "acknowledged") counts.acknowledged += 1
      if (event.event === "dealt" && event.problem === "NotFound" && event.state === "done") counts.unknown += 1
      if (event.event === "received") {
        if (seen.has(event.message)) counts.again += 1
        seen.add(event.message)
      }
      if (event.event !== "journal" || event.operation.do !== "settle") return
      const { settlement } = event.operation
      if ("evidence" in settlement && settlement.evidence === "webhook" && event.answer !== null) counts.settled += 1
    }
    for (const script of seedsFrom(1, HISTORIES).map(scriptOf)) {
      if (script.setup.webhooks === undefined) continue
      const seen = new Set<string>()
      for (const event of playInMemory(script).events) count(event, seen)
    }
    expect([...deaths.keys()].toSorted()).toEqual([...INBOX_MOMENTS].toSorted())
    expect(counts.acknowledged).toBeGreaterThan(HISTORIES / 4)
    expect(counts.again).toBeGreaterThan(HISTORIES / 100)
    expect(counts.unknown).toBeGreaterThan(HISTORIES / 100)
    expect(counts.settled).toBeGreaterThan(HISTORIES / 10)
  }, 120_000)
})
