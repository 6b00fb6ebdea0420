import { describe, it } from "vitest"
import { adapterContract } from "../../src/testing/index.ts"
import { larch } from "./larch.ts"
import { larchFixtures } from "./larchFixtures.ts"

describe("contract of a correct adapter that is built unlike ours", () => {
  it.each(adapterContract(larch, larchFixtures).map(({ name, run }) => [name, run] as const))("%s", (_, run) => run())
})
