/** Signatures by the scheme of Standard Webhooks: as others make them, and as ours are checked. */
import { createHmac } from "node:crypto"
import { describe, expect, it } from "vitest"
import {
  isSignedStandard,
  isSigningSecret,
  isStandardSecret,
  standardHeaders
} from "../../src/webhooks/standardWebhook.ts"

const bytesOf = (text: string) => new TextEncoder().encode(text)
const MINUTES = 60_000

/** As the standard describes it, over Node's own HMAC. */
const signedByNode = (secret: string, id: string, seconds: string, body: string): string => {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64")
  return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`
}

const base64Of = (bytes: number, fill = 0xf7): string => Buffer.alloc(bytes, fill).toString("base64")
const secretOf = (bytes: number, fill?: number): string => `whsec_${base64Of(bytes, fill)}`

describe("a message by Standard Webhooks", () => {
  it("is signed as in the vector that its libraries are tested with", async () => {
    const message = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: "1614265330", body: bytesOf('{"test": 2432232314}') }
    expect(await standardHeaders(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], message)).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    })
  })

  it.each([24, 32, 33, 64])("is signed with %i bytes as by Node, with each of several secrets", async (bytes) => {
    const secrets = [secretOf(bytes), secretOf(24, 1)]
    const [id, seconds, body] = ["msg_1", "1770000000", '{"text":"Grüße \u{1F4DE}"}']
    const headers = await standardHeaders(secrets, { id, seconds, body: bytesOf(body) })
    expect(headers["webhook-signature"]).toBe(
      secrets.map((secret) => signedByNode(secret, id, seconds, body)).join(" ")
    )
  })

  const secret = secretOf(24)
  const body = bytesOf("{}")
  const NOW = 1_770_000_000_000
  const signed = async (changes: Record<string, string> = {}, by = [secret]) =>
    new Headers({ ...(await standardHeaders(by, { id: "msg_1", seconds: "1770000000", body })), ...changes })
  const isSigned = (headers: Headers, { by = [secret], now = NOW, text = body } = {}) =>
    isSignedStandard(by, { headers, body: text }, now, 5 * MINUTES)

  it("is known by any of the secrets of either side, while they are changed", async () => {
    const next = secretOf(32)
    expect(await isSigned(await signed())).toBe(true)
    expect(await isSigned(await signed({}, [next, secret]))).toBe(true)
    expect(await isSigned(await signed(), { by: [next, secret] })).toBe(true)
    expect(await isSigned(await signed({}, [next]))).toBe(false)
    const others = `v1a,abc v1,${"A".repeat(43)}=`
    const { "webhook-signature": own } = await standardHeaders([secret], { id: "msg_1", seconds: "1770000000", body })
    expect(await isSigned(await signed({ "webhook-signature": `${others} ${own}` }))).toBe(true)
  })

  it.each<readonly [string, Record<string, string>]>([
    ["another id", { "webhook-id": "msg_2" }],
    ["an id that reaches into the time", { "webhook-id": "msg_1.1770000000", "webhook-timestamp": "" }],
    ["another time", { "webhook-timestamp": "1770000001" }],
    ["a time that is none", { "webhook-timestamp": "1.77e9" }],
    ["no signature", { "webhook-signature": "" }],
    ["another scheme's signature", { "webhook-signature": `v1a,${"A".repeat(43)}=` }]
  ])("is not believed with %s", async (_, changes) => {
    expect(await isSigned(await signed(changes))).toBe(false)
  })

  it("is believed for five minutes before and after its time, with its own body", async () => {
    const headers = await signed()
    const at = (minutes: number) => isSigned(headers, { now: NOW + minutes * MINUTES })
    expect(await Promise.all([-6, -5, 0, 5, 6].map(at))).toEqual([false, true, true, true, false])
    expect(await isSigned(headers, { text: bytesOf("{ }") })).toBe(false)
    expect(await isSigned(headers, { by: [] })).toBe(false)
  })
})

it.each([
  [secretOf(24), true, true],
  [secretOf(64), true, true],
  [secretOf(23), true, false],
  [secretOf(65), true, false],
  [base64Of(24), false, false],
  ["whsec_", false, false],
  ["whsec_====", false, false],
  [`whsec_${"ä".repeat(32)}`, false, false],
  [`whsec_${"A B\n".repeat(12)}`, false, false]
])("%j is a secret: %j, and one to sign with: %j", (text, isOne, isLongEnough) => {
  expect([isStandardSecret(text), isSigningSecret(text)]).toEqual([isOne, isLongEnough])
})
