/**
 * What an order can ask for: for each field what is ordered beside it, and values of it. Of a field that is taken no two
 * of these orders may come to the same request.
 */
import type { JsonObject } from "../domain/Json.ts"
import type { InlineAgent, PlaceCall, PlaceCallInput, RetryPolicy, Unsent } from "../domain/PlaceCall.ts"
import type { Capabilities } from "../provider/Capabilities.ts"

type Order = Partial<PlaceCallInput>

/** A field of an order, and how it is tried. */
interface OrderField {
  readonly field: string
  /** Without it an order with the field is refused before the adapter sees it. */
  readonly capability:
    | "inlineAgent"
    | "schedule"
    | "retries"
    | "metadata"
    | "variables"
    | "concurrency"
    /** Every adapter sees it. */
    | undefined
  /** Whether it must be taken where the capability is claimed. Any other may be refused by its name, but not dropped. */
  readonly claimed: boolean
  /** What is ordered beside it. */
  readonly without: object
  readonly values: ReadonlyArray<object>
}

type Row = Omit<OrderField, "field">

type IsOptional<T, Key extends keyof T> = object extends Pick<T, Key> ? true : false

/** The places of all optional fields, those in objects too; the members of a map are the caller's own. */
export type OptionalFields<T> = string extends keyof T
  ? never
  : {
      [Key in keyof T & string]:
        | (IsOptional<T, Key> extends true ? Key : never)
        | (NonNullable<T[Key]> extends string | number | ReadonlyArray<unknown>
            ? never
            : `${Key}.${OptionalFields<NonNullable<T[Key]>>}`)
    }[keyof T & string]

/** `provider` chooses the adapter, and the options are those that a provider is known to take. */
type Field = Exclude<OptionalFields<PlaceCall>, "provider" | "providerOptions" | "agent.name" | Unsent>

const inline = (more: Partial<InlineAgent> = {}): Order => ({ agent: { inline: { prompt: "Be brief.", ...more } } })

/** A stored agent and one of the order. */
export const bothAgents = (id: string, prompt = "Be brief."): Order => ({ agent: { id, inline: { prompt } } })

const claimed = (capability: Row["capability"], without: Order, ...values: ReadonlyArray<Order>): Row => ({
  capability,
  claimed: true,
  without,
  values
})

const further = (capability: Row["capability"], without: Order, ...values: ReadonlyArray<Order>): Row => ({
  ...claimed(capability, without, ...values),
  claimed: false
})

const inAgent = (one: Partial<InlineAgent>, other: Partial<InlineAgent>): Row =>
  further("inlineAgent", inline(), inline(one), inline(other))

const MORNING = { from: "09:00", to: "12:00" }

/** Every optional field of an order has a row here, or this does not compile. */
const rowsFor = ({ inlineAgent }: Capabilities) => {
  /** Who talks in an order with `retry`: a provider may take one with an agent of the order only. */
  const beside = inlineAgent === "yes" ? inline() : {}
  const inRetry = (base: RetryPolicy, ...values: ReadonlyArray<RetryPolicy>): Row =>
    further(
      "retries",
      { ...beside, retry: { maxAttempts: 2, ...base } },
      ...values.map((value) => ({ ...beside, retry: { maxAttempts: 2, ...base, ...value } }))
    )
  return {
    from: further(undefined, {}, { from: "+12025550178" }, { from: "+12025550179" }),
    "agent.id": further(undefined, {}, { agent: { id: "agent-8" } }, { agent: { id: "agent-9" } }),
    "agent.inline": claimed("inlineAgent", {}, inline(), inline({ prompt: "Be polite." })),
    "agent.inline.firstSentence": inAgent({ firstSentence: "Hello." }, { firstSentence: "Good morning." }),
    "agent.inline.voicemailMessage": inAgent(
      { voicemailMessage: "We ring again." },
      { voicemailMessage: "Please ring us." }
    ),
    "agent.inline.maxDurationSeconds": inAgent({ maxDurationSeconds: 120 }, { maxDurationSeconds: 240 }),
    variables: claimed(
      "variables",
      {},
      { variables: { first_name: "Ada", seat: "007" } },
      { variables: { first_name: "Zoë", seat: "007" } }
    ),
    metadata: claimed(
      "metadata",
      {},
      { metadata: { campaign: "spring", batch: "007" } },
      { metadata: { campaign: "été & automne", batch: "007" } }
    ),
    scheduledAt: claimed(
      "schedule",
      {},
      { scheduledAt: "2026-03-02T16:00:00Z" },
      { scheduledAt: "2026-03-02T19:30:00+02:00" }
    ),
    retry: claimed(
      "retries",
      beside,
      { ...beside, retry: { maxAttempts: 2 } },
      { ...beside, retry: { maxAttempts: 3 } }
    ),
    "retry.maxAttempts": further(
      "retries",
      { ...beside, retry: { delaySeconds: 600 } },
      { ...beside, retry: { delaySeconds: 600, maxAttempts: 2 } },
      { ...beside, retry: { delaySeconds: 600, maxAttempts: 3 } }
    ),
    "retry.delaySeconds": inRetry({}, { delaySeconds: 600 }, { delaySeconds: 900 }),
    "retry.windows": inRetry({}, { windows: [MORNING] }, { windows: [MORNING, { from: "14:00", to: "18:00" }] }),
    "retry.days": inRetry({}, { days: ["monday"] }, { days: ["monday", "friday"] }),
    // A time zone alone asks for nothing.
    "retry.timeZone": inRetry({ windows: [MORNING] }, { timeZone: "Europe/Paris" }, { timeZone: "America/New_York" }),
    concurrency: claimed(
      "concurrency",
      {},
      { concurrency: { key: "spring", max: 3 } },
      { concurrency: { key: "autumn", max: 3 } }
    ),
    "concurrency.max": further(
      "concurrency",
      { concurrency: { key: "spring" } },
      { concurrency: { key: "spring", max: 3 } },
      { concurrency: { key: "spring", max: 4 } }
    )
  } satisfies Record<Field, Row>
}

/** Fields that are tried beside others than in their rows. */
const combinations: ReadonlyArray<OrderField> = [
  {
    field: "agent",
    ...further(
      "inlineAgent",
      inline(),
      { agent: { id: "agent-8" } },
      bothAgents("agent-8"),
      bothAgents("agent-9"),
      bothAgents("agent-8", "Be polite.")
    )
  },
  // A provider may take one with an agent of the order only.
  { field: "retry", ...further("retries", {}, { retry: { maxAttempts: 2 } }, { retry: { maxAttempts: 3 } }) }
]

/** Every field of an order as it is tried; `options` are those of its own that the provider is known to take. */
export const orderFieldsFor = (
  capabilities: Capabilities,
  provider: string,
  options: JsonObject
): ReadonlyArray<OrderField> => [
  ...Object.entries<Row>(rowsFor(capabilities)).map(([field, row]) => ({ field, ...row })),
  ...combinations,
  ...Object.entries(options).map(([name, value]): OrderField => ({
    field: `providerOptions.${provider}.${name}`,
    capability: undefined,
    claimed: false,
    without: {},
    values: [{ providerOptions: { [provider]: { [name]: value } } }]
  }))
]
