/** A correct adapter that is built unlike ours passes both contracts: legs without ids, forms, a provider that redials by itself. */
import { describe, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import { adapterContract, liveContract, twinSubject } from "../../src/testing/index.ts"
import { statuses } from "./tern/Client.ts"
import { fixtures } from "./tern/fixtures.ts"
import { tern } from "./tern/index.ts"
import { makeTernTwin } from "./tern/Twin.ts"

const subject = twinSubject(tern, (apiKey) => makeTernTwin({ apiKey }), { statuses })

describe("contract of an adapter that redials by itself", () => {
  const cases = adapterContract(tern, fixtures, { others: providers.adapters })

  it.each(cases.map(({ name, run }) => [name, run] as const))("%s", (_, run) => run())
})

describe("live contract of an adapter that redials by itself", () => {
  it.each(liveContract(subject).map(({ name, run }) => [name, run] as const))("%s", (_, run) => run())
})
