import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import {
  compactEnded,
  countEnded,
  customJournal,
  deleteEnded,
  InvalidRequest,
  JournalFailure,
  type JournalFunctions
} from "../../adapters/promise.ts"
import { sqliteJournal } from "../../src/node/fileHandles.ts"
import { mapJournal, wholeJournal } from "../calls/mapJournal.ts"

const folder = mkdtempSync(join(tmpdir(), "unicall-retention-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const endedBefore = "2026-01-01T00:00:00Z"
const context = { signal: new AbortController().signal }

const fill = async (functions: JournalFunctions, reference: string, tenant = ""): Promise<void> => {
  const at = "2025-01-01T00:00:00.000Z"
  await functions.reserve({ tenant, reference, provider: "acme", token: "t", numberDigest: "1f3a", at }, context)
  const settlement = { state: "ended", orderId: `order-${reference}`, status: "completed" } as const
  await functions.settle({ tenant, reference }, "t", settlement, at, context)
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

describe("a journal, without any provider", () => {
  it("is counted, compacted and emptied of what has ended", async () => {
    const functions = wholeJournal()
    for (const [reference, tenant] of [["a"], ["b"], ["a", "acme"]] as const) await fill(functions, reference, tenant)
    const journal = customJournal(functions)
    expect(await countEnded(journal, { endedBefore })).toEqual({ ended: 3, compactable: 3, deletable: 3 })
    expect(await compactEnded(journal, { endedBefore, tenant: "acme" })).toBe(1)
    expect(await compactEnded(journal, { endedBefore: new Date(endedBefore) })).toBe(2)
    expect(await compactEnded(journal, { endedBefore })).toBe(0)
    expect(await deleteEnded(journal, { endedBefore, tenant: "", permits: "placing_again" })).toBe(2)
    expect(await functions.find({ tenant: "", reference: "a" }, context)).toBeUndefined()
    expect(await functions.find({ tenant: "acme", reference: "a" }, context)).toMatchObject({ numberDigest: "" })
  })

  it("may be a file that nobody has open", async () => {
    const journal = sqliteJournal(join(folder, "calls.sqlite"))
    expect(await countEnded(journal, { endedBefore })).toEqual({ ended: 0, compactable: 0, deletable: 0 })
    expect(await compactEnded(journal, { endedBefore })).toBe(0)
  })

  it("is not touched for options that are not as they must be", async () => {
    const journal = customJournal(wholeJournal())
    const soon = new Date(Date.now() - 60_000)
    // @ts-expect-error nobody has said what it permits
    const unsaid = failureOf(deleteEnded(journal, { endedBefore }))
    // @ts-expect-error no such option
    const unknown = failureOf(compactEnded(journal, { endedBefore, limit: 5 }))
    // @ts-expect-error no journal
    const none = failureOf(compactEnded("calls.sqlite", { endedBefore }))
    const late = failureOf(deleteEnded(journal, { endedBefore: soon, permits: "placing_again" }))
    const lacking = failureOf(compactEnded(customJournal(mapJournal()), { endedBefore }))
    const all = [unsaid, unknown, none, late, lacking, failureOf(compactEnded(journal, { endedBefore: "2026" }))]
    const failures = await Promise.all(all)
    expect(failures.every((failure) => failure instanceof InvalidRequest)).toBe(true)
    expect(failures.map((failure) => Reflect.get(Object(failure), "field"))).toEqual([
      "permits",
      "limit",
      "journal",
      "endedBefore",
      "journal",
      "endedBefore"
    ])
  })

  it("rejects with the signal's reason where it is aborted, and with what keeps the journal from being used", async () => {
    const stopped = new AbortController()
    const functions = wholeJournal()
    const waiting = customJournal({
      ...functions,
      compactEnded: () => (stopped.abort("enough"), new Promise<never>(() => undefined))
    })
    expect(await failureOf(compactEnded(waiting, { endedBefore, signal: stopped.signal }))).toBe("enough")
    expect(await failureOf(compactEnded(waiting, { endedBefore, signal: AbortSignal.abort("before") }))).toBe("before")
    const broken = customJournal({
      ...functions,
      countEnded: () => {
        throw Object.assign(new Error("lead-of-alice"), { code: "ECONNREFUSED" })
      }
    })
    const failure = await failureOf(countEnded(broken, { endedBefore }))
    expect(failure).toBeInstanceOf(JournalFailure)
    expect(failure).toMatchObject({ operation: "countEnded", problem: "ECONNREFUSED" })
  })
})
