import { expect, it } from "vitest"
import { runSoak } from "./soak.ts"

it("a worker that is killed again and again places nothing twice and loses nothing", async () => {
  const { figures, faults, broken } = await runSoak({ orders: 400, faults: 0.1, kills: 4, seed: 1 })
  expect(broken).toEqual([])
  expect(figures).toMatchObject({ orders: 400, kills: 4, duplicates: 0, lost: 0 })
  // It has been through what it is about: faults of many kinds, open placements, found ones.
  expect(Object.keys(faults).length).toBeGreaterThanOrEqual(10)
  expect(figures["uncertain"]).toBeGreaterThan(0)
  expect(figures["found by reconciling"]).toBeGreaterThan(0)
  expect(figures["refused, placed again"]).toBeGreaterThan(0)
  expect(figures["at the providers"]).toBeGreaterThan(300)
}, 180_000)
