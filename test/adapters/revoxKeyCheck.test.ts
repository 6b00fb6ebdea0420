/** Checking a key at Revox, whose answer of success may say that the key is not accepted. */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Revox from "../../adapters/revox/index.ts"

const KEY = "key-of-the-check"

const checked = (body: string, status = 200) =>
  Effect.gen(function* () {
    const client = HttpClient.make((request) =>
      Effect.succeed(
        HttpClientResponse.fromWeb(
          request,
          new Response(body, { status, headers: { date: "Mon, 02 Mar 2026 15:00:00 GMT" } })
        )
      )
    )
    const provider = yield* Revox.make({ apiKey: Redacted.make(KEY), baseUrl: "http://127.0.0.1:4016" }).pipe(
      Effect.provideService(HttpClient.HttpClient, client)
    )
    return yield* Effect.result(provider.check)
  })

it.effect.each([
  ['{"authenticated":true}', "accepted"],
  ['{"data":{"authenticated":true}}', "accepted"],
  // What tells nothing was let in, and says nothing against it.
  ["{}", "accepted"],
  ["", "accepted"],
  ["OK", "accepted"],
  ['{"authenticated":null}', "accepted"],
  ['{"error":null,"success":true}', "accepted"],
  ['{"authenticated":false}', "Unauthorized"],
  ['{"authenticated":"false"}', "Unauthorized"],
  ['{"data":{"authenticated":false}}', "Unauthorized"],
  ['{"authenticated":false,"error":"expired"}', "Unauthorized"],
  ['{"success":false}', "UnreadableResponse"],
  ['{"error":"no credit"}', "UnreadableResponse"]
] as const)("an answer of success, %s, is a key that is %s", ([body, verdict]) =>
  Effect.gen(function* () {
    const result = yield* checked(body)
    if (Result.isSuccess(result)) {
      expect([verdict, result.success]).toEqual(["accepted", { providerTime: "2026-03-02T15:00:00.000Z" }])
      return
    }
    const { operation, reason } = result.failure
    expect({ operation, reason }).toMatchObject({ operation: "check", reason: { _tag: verdict, status: 200 } })
    expect(`${String(result.failure)} ${JSON.stringify(result.failure)}`).not.toMatch(/expired|credit|key-of/)
  })
)
