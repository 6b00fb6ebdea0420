/** Which options of a trust go together. One that is not used would be one that is not checked: `secrets` beside `refetch`, say. */
import * as Redacted from "effect/Redacted"
import { isJsonObject, valueAt } from "../domain/Json.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"
import * as Check from "../provider/optionChecks.ts"
import { isStandardSecret } from "./standardWebhook.ts"
import type { WebhookTrust } from "./WebhookTrust.ts"

const isSecret = (value: unknown): boolean => Redacted.isRedacted(value) && Check.isText(Redacted.value(value))

const secrets = Check.that(
  (value) => isSecret(value) || (Array.isArray(value) && value.length > 0 && value.every(isSecret)),
  "the secret, or several of which one must fit; none of them empty"
)

const isStandard = (value: unknown): boolean =>
  isSecret(value) && Redacted.isRedacted(value) && isStandardSecret(String(Redacted.value(value)))

const standardSecrets = Check.that(
  (value) => isStandard(value) || (Array.isArray(value) && value.length > 0 && value.every(isStandard)),
  "the secret, or several of which one must fit: whsec_ and base64"
)

const tolerance = Check.that(() => true, "a duration")

const header = Check.text("the name of a header")

const isPlace = (value: unknown): boolean => {
  const places = isJsonObject(value) ? Object.entries(value).filter(([, name]) => name !== undefined) : []
  const [[place, name] = []] = places
  return places.length === 1 && (place === "header" || place === "query") && Check.isText(name)
}

/** What each takes beside its word. */
const TAKES = {
  refetch: {},
  trusted: {},
  shared_secret: {
    secrets,
    in: Check.that(isPlace, "one place: the header that holds the secret, or query, a parameter of the address"),
    prefix: Check.optional(Check.text("what stands before the secret"))
  },
  hmac: {
    secrets,
    header,
    algorithm: Check.optional(Check.oneOf(["sha1", "sha256", "sha512"])),
    encoding: Check.optional(Check.oneOf(["hex", "base64"])),
    prefix: Check.optional(Check.text("what stands before the signature")),
    timestampHeader: Check.optional(header),
    tolerance
  },
  standard_webhooks: { secrets: standardSecrets, tolerance }
} as const satisfies Record<WebhookTrust["trust"], Check.Checks>

const isWord = (word: unknown): word is keyof typeof TAKES => typeof word === "string" && Object.hasOwn(TAKES, word)

/** What is wrong with a trust, and where in it; `trust` where it has no word of one. */
export const trustFault = (given: unknown): FieldFault | undefined => {
  if (!isJsonObject(given) || !isWord(given["trust"]))
    return { field: "trust", expected: `one of ${Object.keys(TAKES).join(", ")}` }
  const { trust, ...options } = given
  const checks: Check.Checks = TAKES[given["trust"]]
  const stray = Object.keys(options).find((name) => options[name] !== undefined && !Object.hasOwn(checks, name))
  if (stray !== undefined) return { field: stray, expected: `nothing beside trust: ${trust}, which does not use it` }
  const fault = Check.options(checks)(options, [])
  if (fault !== undefined) return fault
  if (options["prefix"] !== undefined && valueAt(options, ["in", "query"]) !== undefined)
    return { field: "prefix", expected: "nothing beside query: the parameter is the secret as it is" }
  if (trust === "hmac" && options["tolerance"] !== undefined && options["timestampHeader"] === undefined)
    return { field: "tolerance", expected: "timestampHeader beside it: no time is signed otherwise" }
  return undefined
}

export const isTrust = (given: unknown): given is WebhookTrust => trustFault(given) === undefined
