/** What an order can ask for, each field with two values: of a field that is taken no two of the requests may be the same. */
import type { JsonObject } from "../domain/Json.ts"
import type { InlineAgent, PlaceCallInput, RetryPolicy } from "../domain/PlaceCall.ts"
import type { Capabilities } from "../provider/Capabilities.ts"

type Order = Partial<PlaceCallInput>

/** A field that must be taken where the capability claims it, and is refused before the adapter sees it where it does not. */
export interface ClaimedField {
  readonly field: string
  readonly capability: "inlineAgent" | "schedule" | "retries" | "metadata" | "variables" | "concurrency"
  /** What is ordered beside it. */
  readonly without: Order
  readonly values: readonly [Order, Order]
}

/** A field that an adapter may refuse by its name, whatever is claimed, but not drop. */
export interface FurtherField {
  readonly field: string
  /** Without it the adapter never sees the field. */
  readonly capability: ClaimedField["capability"] | undefined
  readonly without: Order
  readonly values: ReadonlyArray<JsonObject>
}

const inline = (more: Partial<InlineAgent> = {}): Order => ({ agent: { inline: { prompt: "Be brief.", ...more } } })

/** Who talks in an order with `retry`: a provider may take one with an agent of the order only. */
const redialled = ({ inlineAgent }: Capabilities): Order => (inlineAgent === "yes" ? inline() : {})

/** What must be taken where the capability claims it. */
export const claimedFields = (capabilities: Capabilities): ReadonlyArray<ClaimedField> => {
  const beside = redialled(capabilities)
  return [
    {
      field: "agent.inline",
      capability: "inlineAgent",
      without: {},
      values: [inline(), inline({ prompt: "Be polite." })]
    },
    {
      field: "scheduledAt",
      capability: "schedule",
      without: {},
      values: [{ scheduledAt: "2026-03-02T16:00:00Z" }, { scheduledAt: "2026-03-02T17:30:00Z" }]
    },
    {
      field: "retry",
      capability: "retries",
      without: beside,
      values: [
        { ...beside, retry: { maxAttempts: 2 } },
        { ...beside, retry: { maxAttempts: 3 } }
      ]
    },
    {
      field: "metadata",
      capability: "metadata",
      without: {},
      values: [{ metadata: { campaign: "spring" } }, { metadata: { campaign: "autumn" } }]
    },
    {
      field: "variables",
      capability: "variables",
      without: {},
      values: [{ variables: { first_name: "Ada" } }, { variables: { first_name: "Bo" } }]
    },
    {
      field: "concurrency",
      capability: "concurrency",
      without: {},
      values: [{ concurrency: { key: "spring", max: 3 } }, { concurrency: { key: "autumn", max: 3 } }]
    }
  ]
}

/** What may be refused as well; `options` are those of its own that the provider is known to take. */
export const furtherFields = (
  capabilities: Capabilities,
  provider: string,
  options: JsonObject
): ReadonlyArray<FurtherField> => {
  const beside = redialled(capabilities)
  const inAgent = (name: string, one: Partial<InlineAgent>, other: Partial<InlineAgent>): FurtherField => ({
    field: `agent.inline.${name}`,
    capability: "inlineAgent",
    without: inline(),
    values: [{ ...inline(one) }, { ...inline(other) }]
  })
  const inRetry = (name: string, base: RetryPolicy, ...values: ReadonlyArray<RetryPolicy>): FurtherField => ({
    field: `retry.${name}`,
    capability: "retries",
    without: { ...beside, retry: { maxAttempts: 2, ...base } },
    values: values.map((value) => ({ ...beside, retry: { maxAttempts: 2, ...base, ...value } }))
  })
  const morning = { from: "09:00", to: "12:00" }
  return [
    {
      field: "agent.id",
      capability: undefined,
      without: {},
      values: [{ agent: { id: "agent-8" } }, { agent: { id: "agent-9" } }]
    },
    {
      field: "from",
      capability: undefined,
      without: {},
      values: [{ from: "+12025550178" }, { from: "+12025550179" }]
    },
    inAgent("firstSentence", { firstSentence: "Hello." }, { firstSentence: "Good morning." }),
    inAgent("voicemailMessage", { voicemailMessage: "We ring again." }, { voicemailMessage: "Please ring us." }),
    inAgent("maxDurationSeconds", { maxDurationSeconds: 120 }, { maxDurationSeconds: 240 }),
    inRetry("delaySeconds", {}, { delaySeconds: 600 }, { delaySeconds: 900 }),
    inRetry("windows", {}, { windows: [morning] }, { windows: [morning, { from: "14:00", to: "18:00" }] }),
    inRetry("days", {}, { days: ["monday"] }, { days: ["monday", "friday"] }),
    // A time zone alone asks for nothing.
    inRetry("timeZone", { windows: [morning] }, { timeZone: "Europe/Paris" }, { timeZone: "America/New_York" }),
    {
      field: "concurrency.max",
      capability: "concurrency",
      without: { concurrency: { key: "spring" } },
      values: [{ concurrency: { key: "spring", max: 3 } }, { concurrency: { key: "spring", max: 4 } }]
    },
    ...Object.entries(options).map(([name, value]): FurtherField => ({
      field: `providerOptions.${provider}.${name}`,
      capability: undefined,
      without: {},
      values: [{ providerOptions: { [provider]: { [name]: value } } }]
    }))
  ]
}
