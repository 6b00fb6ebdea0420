/** Histories that were not as they must be once, as the simulation has shortened them. */
import { describe, expect, it } from "vitest"
import { verdictOf } from "./checkers.ts"
import type { Script } from "./script.ts"
import { playInMemory } from "./simulate.ts"

const MENDED: ReadonlyArray<readonly [what: string, script: Script]> = [
  [
    "an order placed again by a clock that was set back is that of the later placement",
    {
      seed: "3946",
      setup: {
        providers: ["revring"],
        stories: { "": { a: "02", b: "20", A: "61" }, acme: { a: "30", b: "70", A: "40" } },
        slowestMillis: 30000,
        idempotent: false,
        processes: [
          { tenant: "", yieldsPerThousand: 20, aheadMillis: 0, listed: true, everySeconds: 60 },
          { tenant: "", yieldsPerThousand: 20, aheadMillis: 90000, listed: false, everySeconds: 60 }
        ]
      },
      steps: [
        { after: 0, do: "faults", provider: "revring", faults: "place:500*1" },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "a" },
        { after: 70000, do: "restart", process: 1 },
        { after: 0, do: "setClock", process: 1, millis: -3600000 },
        { after: 1300000, do: "settle", process: 1 },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "a" }
      ]
    }
  ]
]

describe("a mended history", () => {
  it.each(MENDED)("%s", (_what, script) => {
    expect(verdictOf(playInMemory(script)).faults).toEqual([])
  })
})
