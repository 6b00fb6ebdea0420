import { describe, expect, it } from "vitest"
import { runSoak } from "../calls/soak.ts"
import { address, freshTable, isThere } from "./database.ts"

describe.runIf(isThere)("three workers on one database", () => {
  it("that are killed again and again place nothing twice and lose nothing", async () => {
    const journal = `${address()}#${freshTable()}`
    const { figures, faults, broken } = await runSoak({
      orders: 300,
      faults: 0.1,
      kills: 4,
      seed: 2,
      workers: 3,
      journal
    })
    expect(broken).toEqual([])
    expect(figures).toMatchObject({ orders: 300, kills: 4, duplicates: 0, lost: 0 })
    expect(Object.keys(faults).length).toBeGreaterThanOrEqual(10)
    expect(figures["uncertain"]).toBeGreaterThan(0)
    expect(figures["at the providers"]).toBeGreaterThan(200)
  }, 180_000)
})
