/** Histories that were not as they must be once, as the simulation has shortened them. */
import { describe, expect, it } from "vitest"
import type { Script } from "./script.ts"
import { faultsOf } from "./simulate.ts"

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
  ],
  [
    "an order that was given up, and that its provider knew again, is found though it is older than the placement",
    {
      seed: "6143",
      setup: {
        providers: ["vapi"],
        stories: { "": { a: "41", b: "81", A: "51" }, acme: { a: "40", b: "31", A: "20" } },
        slowestMillis: 50,
        idempotent: true,
        processes: [
          { tenant: "", yieldsPerThousand: 2, aheadMillis: -2000, listed: true, everySeconds: 60, pageSize: 2 }
        ]
      },
      steps: [
        { after: 0, do: "faults", provider: "vapi", faults: "place:slow_body=90*2" },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" },
        { after: 60_000, do: "release", process: 0, reference: "a" },
        { after: 700_000, do: "faults", provider: "vapi", faults: "place:401*1" },
        { after: 0, do: "faults", provider: "vapi", faults: "get:garble=invalid_utf8" },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" }
      ]
    }
  ]
]

describe("a mended history", () => {
  it.each(MENDED)("%s", (_what, script) => {
    expect(faultsOf(script)).toEqual([])
  })
})

it("what was called absent is looked for again though the clock was set back since", () => {
  const script: Script = {
    seed: "4328",
    setup: {
      providers: ["vapi"],
      stories: { "": { a: "60", b: "40", A: "00" }, acme: { a: "20", b: "41", A: "81" } },
      slowestMillis: 2000,
      idempotent: false,
      processes: [{ tenant: "acme", yieldsPerThousand: 100, aheadMillis: 0, listed: true }]
    },
    steps: [
      { after: 0, do: "list", process: 0, provider: "vapi" },
      { after: 0, do: "faults", provider: "vapi", faults: "place:hang/accepted*1" },
      { after: 0, do: "lists", provider: "vapi", delaySeconds: 0, hides: "over", minimal: false },
      { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" },
      { after: 70000, do: "restart", process: 99 },
      { after: 330000, do: "settle", process: 0 },
      { after: 700000, do: "settle", process: 0 },
      { after: 400000, do: "settle", process: 0 },
      { after: 1, do: "setClock", process: 0, millis: -3600000 }
    ]
  }
  expect(faultsOf(script)).toEqual([])
})
