/**
 * What every adapter must obey over the network, as cases for any test runner: each is a name and an async function.
 *
 *     for (const { name, run } of liveContract({ adapter, open })) it(name, run)
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { catalogCases } from "./liveCatalog.ts"
import { faultCases } from "./liveFaults.ts"
import { idempotencyCases } from "./liveIdempotency.ts"
import { liveCase, type LiveCase } from "./liveCase.ts"
import { placingCases } from "./livePlacing.ts"
import { readingCases } from "./liveReading.ts"
import type { LiveSubject } from "./liveSite.ts"
import { webhookCases } from "./liveWebhooks.ts"

export type { LiveCase } from "./liveCase.ts"
export type { LiveSite, LiveSubject } from "./liveSite.ts"

const KEY = "a-key-of-nobody"

const UNUSABLE: ReadonlyArray<readonly [field: string, value: string]> = [
  ["apiKey", ""],
  ["apiKey", `${KEY}\n`],
  ["apiKey", ` ${KEY}`],
  ["apiKey", `${KEY}\u2026`],
  ["baseUrl", "api.example.invalid"],
  ["baseUrl", "ftp://api.example.invalid"],
  ["baseUrl", "http://api.example.invalid"],
  ["baseUrl", "https://user:word@api.example.invalid"],
  ["baseUrl", "https://api.example.invalid?key=word"]
]

const connectingCases = (connect: NonNullable<LiveSubject["connect"]>): ReadonlyArray<LiveCase> => [
  liveCase("MUST refuse a key or an address that cannot be used when it is made, and not show it", function* (fail) {
    for (const [field, value] of UNUSABLE) {
      const made = yield* Effect.result(
        connect(field === "apiKey" ? { apiKey: Redacted.make(value) } : { apiKey: Redacted.make(KEY), baseUrl: value })
      )
      const what = JSON.stringify(value)
      if (Result.isSuccess(made)) {
        fail(`${field} ${what}: taken`)
        continue
      }
      const { operation, reason, message } = made.failure
      if (operation !== "configure" || reason._tag !== "InvalidRequest" || reason.field !== field) {
        fail(`${field} ${what}: expected InvalidRequest (${field}) of configure, got ${reason._tag} of ${operation}`)
      }
      const shown = `${message} ${JSON.stringify(made.failure)}`
      if (shown.includes(KEY) || shown.includes("word")) fail(`${field} ${what}: the error shows it`)
    }
  }),
  liveCase("MUST say whether orders may ring real telephones", function* (fail) {
    const apiKey = Redacted.make(KEY)
    const own = yield* connect({ apiKey })
    if (!own.ringsRealPhones) fail("its own address: ringsRealPhones is false")
    for (const baseUrl of ["http://127.0.0.1:4010", "http://localhost:4010/v1", "http://[::1]:4010"]) {
      if ((yield* connect({ apiKey, baseUrl })).ringsRealPhones) fail(`${baseUrl}: ringsRealPhones is true`)
    }
    for (const baseUrl of ["https://127.0.0.1.example.invalid", "https://localhost.example.invalid"]) {
      if (!(yield* connect({ apiKey, baseUrl })).ringsRealPhones) fail(`${baseUrl}: ringsRealPhones is false`)
    }
  })
]

/** The live cases an adapter must pass on the site that `open` gives. */
export const liveContract = (subject: LiveSubject): ReadonlyArray<LiveCase> => [
  ...placingCases(subject),
  ...idempotencyCases(subject),
  ...readingCases(subject),
  ...faultCases(subject),
  ...webhookCases(subject),
  ...catalogCases(subject),
  ...(subject.connect === undefined ? [] : connectingCases(subject.connect))
]
