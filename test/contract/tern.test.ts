/** A correct adapter that is built unlike ours passes both contracts: legs without ids, forms, a provider that redials by itself. */
import { describe, expect, it } from "vitest"
import { providers } from "../../adapters/index.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
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

const withPaths = (field: string, ...paths: ReadonlyArray<string>): Adapter => ({
  ...tern,
  sources: {
    ...tern.sources,
    attempt: tern.sources.attempt.map((each) => (each.field === field ? { ...each, paths } : each))
  }
})

/** Each a way to say too little of where a field comes from. */
const broken: ReadonlyArray<readonly [about: string, adapter: Adapter]> = [
  ["a status by its times that names none", withPaths("status")],
  ["a status by its times that names one", withPaths("status", "ended", "started")],
  ["an answer that names no place", withPaths("answered")],
  ["a recording that names no place", withPaths("recordingUrl")],
  ["an answer time that the status names alone", withPaths("answeredAt")]
]

describe("the contract of that adapter notices", () => {
  it.each(broken)("%s", (_, adapter) => {
    const noticing = adapterContract(adapter, fixtures).filter(({ name }) => name.startsWith("MUST name every place"))
    expect(noticing).toHaveLength(1)
    for (const { run } of noticing) expect(run).toThrow(/changes without legs/)
  })
})

describe("live contract of an adapter that redials by itself", () => {
  it.each(liveContract(subject).map(({ name, run }) => [name, run] as const))("%s", (_, run) => run())
})
