/** Orders as callers write them: what is found fault with, and the exact request each provider gets. */
import { describe, expect, it } from "vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Revox from "../../adapters/revox/index.ts"
import * as RevRing from "../../adapters/revring/index.ts"
import { filterFor, unsupportedIn } from "../../src/calls/support.ts"
import { unmet } from "../../src/provider/orderNeeds.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { parsePlaceCall, type PlaceCall, type PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import type { Capabilities } from "../../src/provider/Capabilities.ts"
import type { CallProvider } from "../../src/provider/CallProvider.ts"
import { twinHttpClient } from "../../src/testing/index.ts"

const order = { to: "+12025550101", agent: { id: "agent-1" }, reference: "lead-1" }

const MARK = "Ada-Zanzibar"

/** Each stands for a value that must not be repeated, and for the field at fault with what is expected of it. */
const faults: ReadonlyArray<readonly [about: string, input: unknown, field: string, expected: string]> = [
  ["no object", MARK, "order", "an object"],
  ["a list", [MARK], "order", "an object"],
  ["nothing", null, "order", "an object"],
  ["an unknown field", { ...order, colour: MARK }, "colour", "no field of this name"],
  ["no number", { ...order, to: undefined }, "to", "a telephone number in E.164, such as +12025550101"],
  [
    "a number that is a number",
    { ...order, to: 12025550101 },
    "to",
    "a telephone number in E.164, such as +12025550101"
  ],
  ["an empty number", { ...order, to: "" }, "to", "a number in E.164, such as +12025550101, or a default country"],
  [
    "a number without country",
    { ...order, to: "202 555 0101" },
    "to",
    "a number in E.164, such as +12025550101, or a default country"
  ],
  ["a number of letters", { ...order, to: MARK }, "to", "a telephone number without letters or extension"],
  ["an extension", { ...order, to: "+1 202 555 0101 ext. 5" }, "to", "a telephone number without letters or extension"],
  ...["#5", ",5", ";5", "~5"].map(
    (extension) =>
      [
        `an extension written ${extension}`,
        { ...order, to: `+1 202 555 0101 ${extension}` },
        "to",
        "a telephone number without letters or extension"
      ] as const
  ),
  ["a number too short", { ...order, to: "+1202555" }, "to", "a number of possible length for its country"],
  ["a number too long", { ...order, to: "+120255501011" }, "to", "a number of possible length for its country"],
  [
    "a number to call from of letters",
    { ...order, from: MARK },
    "from",
    "a telephone number without letters or extension"
  ],
  [
    "a number to call from that is none",
    { ...order, from: 7 },
    "from",
    "a telephone number in E.164, such as +12025550100"
  ],
  [
    "a country that is none",
    { ...order, to: "202 555 0101", defaultCountry: "ZZ" },
    "to",
    "a country by its two letters (ISO 3166), such as FR"
  ],
  [
    "a country that is no text",
    { ...order, defaultCountry: 1 },
    "defaultCountry",
    "a country by its two letters (ISO 3166), such as FR"
  ],
  [
    "a number of another country's form",
    { ...order, to: "12", defaultCountry: "FR" },
    "to",
    "a number of possible length for its country"
  ],
  [
    "no agent",
    { ...order, agent: undefined },
    "agent",
    "{ id }, { inline: { prompt } }, or both; { name } of a named agent; {} where the provider is to choose"
  ],
  ["an agent whose id was forgotten", { ...order, agent: { id: undefined } }, "agent.id", "string"],
  [
    "no reference",
    { ...order, reference: undefined },
    "reference",
    "one line of 1 to 200 characters: your own key for this order"
  ],
  [
    "an empty reference",
    { ...order, reference: "" },
    "reference",
    "one line of 1 to 200 characters: your own key for this order"
  ],
  [
    "a reference of two lines",
    { ...order, reference: `${MARK}\n2` },
    "reference",
    "one line of 1 to 200 characters: your own key for this order"
  ],
  [
    "a reference of 201 characters",
    { ...order, reference: "x".repeat(201) },
    "reference",
    "one line of 1 to 200 characters: your own key for this order"
  ],
  [
    "a reference that is no text",
    { ...order, reference: 17 },
    "reference",
    "one line of 1 to 200 characters: your own key for this order"
  ],
  ["variables of numbers", { ...order, variables: { age: 17 } }, "variables.age", "text by name"],
  ["variables that are a list", { ...order, variables: [MARK] }, "variables", "text by name"],
  ["metadata of objects", { ...order, metadata: { lead: { name: MARK } } }, "metadata.lead", "text by name"],
  ["a time without zone", { ...order, scheduledAt: "2026-03-02T16:00:00" }, "scheduledAt", "ISO 8601 with a zone"],
  ["a time that is none", { ...order, scheduledAt: MARK }, "scheduledAt", "ISO 8601 with a zone"],
  ["a time without punctuation", { ...order, scheduledAt: "202611301000" }, "scheduledAt", "ISO 8601 with a zone"],
  [
    "a time of mail",
    { ...order, scheduledAt: "Mon, 02 Mar 2026 16:00:00 -0500" },
    "scheduledAt",
    "ISO 8601 with a zone"
  ],
  ["an epoch", { ...order, scheduledAt: 1_772_467_200 }, "scheduledAt", "ISO 8601 with a zone"],
  ["a day that is none", { ...order, scheduledAt: "2026-02-30T16:00:00Z" }, "scheduledAt", "ISO 8601 with a zone"],
  ["a date that is none", { ...order, scheduledAt: new Date(Number.NaN) }, "scheduledAt", "ISO 8601 with a zone"],
  [
    "a window without an end",
    { ...order, retry: { windows: [{ from: "09:00" }] } },
    "retry.windows[0].to",
    "a time of day such as 09:00"
  ],
  [
    "a window that is no time",
    { ...order, retry: { windows: [{ from: "9 am", to: "18:00" }] } },
    "retry.windows[0].from",
    "a time of day such as 09:00"
  ],
  [
    "a window beyond the day",
    { ...order, retry: { windows: [{ from: "09:00", to: "24:00" }] } },
    "retry.windows[0].to",
    "a time of day such as 09:00"
  ],
  ["options that are no object", { ...order, providerOptions: MARK }, "providerOptions", "options by provider id"],
  ["a variable by a name that is none", { ...order, variables: { [MARK]: 1 } }, "variables", "text by name"],
  ["a field by a name that is none", { ...order, [MARK]: 1 }, "order", "no unknown field"],
  ["an agent with such a field", { ...order, agent: { id: "a", [MARK]: 1 } }, "agent", "no unknown field"]
]

const circle = { again: {} }
circle.again = circle
const deep = Array.from({ length: 50_000 }).reduce<object>((below) => ({ below }), {})

/** What `JSON.stringify` changes, leaves out or throws on. */
const noJson: ReadonlyArray<readonly [about: string, value: unknown]> = [
  ["a bigint", 5n],
  ["NaN", Number.NaN],
  ["infinity", Number.POSITIVE_INFINITY],
  ["a date", new Date(0)],
  ["a map", new Map([[MARK, 1]])],
  ["a function", () => MARK],
  ["a symbol", Symbol(MARK)],
  ["a gap in a list", [undefined]],
  ["what writes itself", { toJSON: () => MARK }]
]

/** The same for fields of which the words come from the schema: only the field is compared. */
const otherFaults: ReadonlyArray<readonly [about: string, input: unknown, field: string]> = [
  ["an agent without a name", { ...order, agent: { id: "" } }, "agent.id"],
  ["an agent without a prompt", { ...order, agent: { inline: {} } }, "agent.inline.prompt"],
  ["an agent of an unknown field", { ...order, agent: { id: "a", voice: MARK } }, "agent.voice"],
  [
    "a call of no length",
    { ...order, agent: { inline: { prompt: "p", maxDurationSeconds: 0 } } },
    "agent.inline.maxDurationSeconds"
  ],
  ["no attempt", { ...order, retry: { maxAttempts: 0 } }, "retry.maxAttempts"],
  ["half an attempt", { ...order, retry: { maxAttempts: 1.5 } }, "retry.maxAttempts"],
  ["a negative delay", { ...order, retry: { delaySeconds: -1 } }, "retry.delaySeconds"],
  ["a day that is none of the week", { ...order, retry: { days: [MARK] } }, "retry.days[0]"],
  ["no line", { ...order, concurrency: { key: "spring", max: 0 } }, "concurrency.max"],
  ["lines without a key", { ...order, concurrency: { max: 1 } }, "concurrency.key"],
  ["a provider that is none", { ...order, provider: "" }, "provider"],
  ["options that are a list", { ...order, providerOptions: { revox: [MARK] } }, "providerOptions.revox"]
]

const faultOf = (input: unknown) => Result.getOrThrow(Result.flip(parsePlaceCall(input)))

describe("a fault", () => {
  it.each(faults)("%s", (_, input, field, expected) => {
    expect(faultOf(input)).toEqual({ field, expected })
  })

  it.each(otherFaults)("%s", (_, input, field) => {
    const fault = faultOf(input)
    expect(fault.field).toBe(field)
    expect(fault.expected).toMatch(/\S/)
  })

  it.each([
    ...faults.map(([about, input]) => [about, input] as const),
    ...otherFaults.map(([about, input]) => [about, input] as const)
  ])("%s: is told without its value", (_, input) => {
    expect(JSON.stringify(faultOf(input))).not.toContain(MARK)
  })
})

const parsed = (input: PlaceCallInput | object): PlaceCall =>
  Result.getOrThrowWith(parsePlaceCall(input), ({ field, expected }) => new Error(`${field}: expected ${expected}`))

describe("options that are no JSON", () => {
  const expected = "text, a finite number, true, false, null, or lists and plain objects of these, 100 levels at most"

  it.each(noJson)("%s: is a fault, and its value is not told", (_, value) => {
    for (const provider of ["revox", "revring"]) {
      const fault = faultOf({ ...order, providerOptions: { [provider]: { variables: { more: [value] } } } })
      expect(fault.field).toMatch(new RegExp(`^providerOptions\\.${provider}\\.variables\\.more\\[0\\]`))
      expect(fault.expected).toBe(expected)
    }
  })

  it.each([
    ["a circle", circle, "providerOptions.revox.again.again.again.again"],
    ["what is very deep", deep, "providerOptions.revox.below.below.below.below"]
  ])("%s: is a fault, told down to some depth", (_, options, field) => {
    expect(faultOf({ ...order, providerOptions: { revox: options } })).toEqual({ field, expected })
  })

  it("are not those that JSON says as they are", () => {
    const options = { text: "", zero: 0, no: null, list: [1.5, [false, {}]], bare: Object.create(null) }
    const left = { ...options, gone: undefined }
    expect(JSON.stringify(parsed({ ...order, providerOptions: { revox: left } }).providerOptions)).toBe(
      JSON.stringify({ revox: options })
    )
  })
})

describe("a number", () => {
  it.each([
    ["+12025550101", undefined, "+12025550101"],
    ["tel:+12025550101", undefined, "+12025550101"],
    [" +1 (202) 555-0101 ", undefined, "+12025550101"],
    ["+33 1 99 00 12 34", undefined, "+33199001234"],
    ["202 555 0101", "US", "+12025550101"],
    ["(202) 555-0101", "us", "+12025550101"],
    ["1-202-555-0101", "US", "+12025550101"],
    ["01 99 00 12 34", "FR", "+33199001234"],
    ["01.99.00.12.34", "FR", "+33199001234"],
    ["00 33 1 99 00 12 34", "FR", "+33199001234"],
    ["+1 202 555 0101", "FR", "+12025550101"]
  ])("%s with the country %s is %s", (text, defaultCountry, expected) => {
    const read = parsed({ ...order, to: text, from: text, ...(defaultCountry === undefined ? {} : { defaultCountry }) })
    expect([read.to, read.from]).toEqual([expected, expected])
    expect(read).not.toHaveProperty("defaultCountry")
  })
})

describe("a time", () => {
  it.each([
    ["2026-03-02T16:00:00Z", "2026-03-02T16:00:00.000Z"],
    ["2026-03-02T17:00:00+01:00", "2026-03-02T16:00:00.000Z"],
    [new Date("2026-03-02T16:00:00Z"), "2026-03-02T16:00:00.000Z"]
  ])("%s is an instant", (scheduledAt, expected) => {
    expect(parsed({ ...order, scheduledAt }).scheduledAt).toBe(expected)
  })
})

it("fields without a value are not there", () => {
  expect(parsed({ ...order, from: undefined, metadata: undefined, scheduledAt: undefined })).toEqual(order)
})

it("names that objects have anyway are names like others", () => {
  const variables = JSON.parse('{"constructor":"a","__proto__":"b","toString":"c"}')
  expect(JSON.stringify(parsed({ ...order, variables }).variables)).toBe(JSON.stringify(variables))
})

const made = <E>(make: Effect.Effect<CallProvider, E, HttpClient.HttpClient>): CallProvider =>
  Effect.runSync(make.pipe(Effect.provideService(HttpClient.HttpClient, twinHttpClient([]))))

const apiKey = Redacted.make("key")
const revox = made(Revox.make({ apiKey }))
const revring = made(RevRing.make({ apiKey }))

const full: PlaceCallInput = {
  to: "+12025550101",
  from: "+12025550100",
  agent: { id: "agent-1" },
  reference: "lead-1",
  variables: { first_name: "Ada" }
}

const inline = {
  inline: { prompt: "Be brief.", firstSentence: "Hello.", voicemailMessage: "Call us.", maxDurationSeconds: 120 }
}

const bodies: ReadonlyArray<readonly [about: string, provider: CallProvider, input: PlaceCallInput, body: object]> = [
  [
    "as little as can be",
    revox,
    order,
    { phone_number: "+12025550101", assistant_id: "agent-1", metadata: { reference: "lead-1" } }
  ],
  [
    "everything but an inline agent",
    revox,
    {
      ...full,
      metadata: { campaign: "spring" },
      scheduledAt: "2026-03-02T16:00:00Z",
      concurrency: { key: "spring", max: 3 },
      providerOptions: { revox: { force_now: true, skip_calling_window: false } }
    },
    {
      phone_number: "+12025550101",
      from_phone_number: "+12025550100",
      assistant_id: "agent-1",
      prompt_variables: { first_name: "Ada" },
      metadata: { campaign: "spring", reference: "lead-1" },
      scheduled_at: "2026-03-02T16:00:00.000Z",
      concurrency: { key: "spring", max: 3 },
      force_now: true,
      skip_calling_window: false
    }
  ],
  [
    "no agent of its own, and a key alone for concurrency",
    revox,
    { ...order, agent: {}, concurrency: { key: "spring" } },
    { phone_number: "+12025550101", metadata: { reference: "lead-1" }, concurrency: { key: "spring" } }
  ],
  [
    "an assistant beside an id",
    revox,
    { ...order, agent: { id: "agent-1", inline: { prompt: "Be brief." } } },
    {
      phone_number: "+12025550101",
      metadata: { reference: "lead-1" },
      assistant_id: "agent-1",
      assistant: { prompt: "Be brief." }
    }
  ],
  [
    "an assistant in the provider's words, beside an id and without one",
    revox,
    { ...order, providerOptions: { revox: { assistant: { prompt: "Be brief.", sms_enabled: true } } } },
    {
      phone_number: "+12025550101",
      metadata: { reference: "lead-1" },
      assistant_id: "agent-1",
      assistant: { prompt: "Be brief.", sms_enabled: true }
    }
  ],
  [
    "fields of the create body that are not known here",
    revox,
    { ...order, providerOptions: { revox: { brand_new_field: { a: [1, null] }, call_recording: false } } },
    {
      phone_number: "+12025550101",
      assistant_id: "agent-1",
      metadata: { reference: "lead-1" },
      brand_new_field: { a: [1, null] },
      call_recording: false
    }
  ],
  [
    "an inline agent",
    revox,
    { ...order, agent: inline },
    {
      phone_number: "+12025550101",
      metadata: { reference: "lead-1" },
      assistant: {
        prompt: "Be brief.",
        first_sentence: "Hello.",
        first_sentence_mode: "static",
        voicemail_message: "Call us.",
        max_call_duration_secs: 120
      }
    }
  ],
  [
    "an inline agent that dials again",
    revox,
    {
      ...order,
      agent: { inline: { prompt: "Be brief." } },
      retry: {
        maxAttempts: 3,
        delaySeconds: 600,
        windows: [{ from: "09:00", to: "12:00" }],
        days: ["monday"],
        timeZone: "Europe/Paris"
      },
      providerOptions: { revox: { call_twice_in_a_row: true } }
    },
    {
      phone_number: "+12025550101",
      metadata: { reference: "lead-1" },
      assistant: {
        prompt: "Be brief.",
        call_retry_config: {
          max_retry_attempts: 3,
          calling_windows: [
            { calling_window_start_time: "09:00", calling_window_end_time: "12:00", retry_delay_seconds: 600 }
          ],
          allowed_days: ["monday"],
          timezone: "Europe/Paris",
          call_twice_in_a_row: true
        }
      }
    }
  ],
  [
    "fields of the agent that the order leaves open",
    revox,
    {
      ...order,
      agent: { inline: { prompt: "Be brief." } },
      providerOptions: { revox: { assistant: { first_sentence: "Hello.", first_sentence_mode: "generated" } } }
    },
    {
      phone_number: "+12025550101",
      metadata: { reference: "lead-1" },
      assistant: { prompt: "Be brief.", first_sentence: "Hello.", first_sentence_mode: "generated" }
    }
  ],
  [
    "options of the agent, which do not displace what the order says",
    revox,
    {
      ...order,
      agent: { inline: { prompt: "Be brief." } },
      retry: { maxAttempts: 2 },
      providerOptions: {
        revox: { assistant: { sms_enabled: true, call_retry_config: { timezone: "UTC" }, brand_new_option: 1 } }
      }
    },
    {
      phone_number: "+12025550101",
      metadata: { reference: "lead-1" },
      assistant: {
        prompt: "Be brief.",
        sms_enabled: true,
        brand_new_option: 1,
        call_retry_config: { timezone: "UTC", max_retry_attempts: 2 }
      }
    }
  ],
  [
    "as little as can be",
    revring,
    { ...order, from: "+12025550100" },
    {
      agentId: "agent-1",
      toNumber: "+12025550101",
      fromNumber: "+12025550100",
      variables: { call_reference: "lead-1" }
    }
  ],
  [
    "everything",
    revring,
    {
      ...full,
      retry: { maxAttempts: 1 },
      providerOptions: { revring: { callerIdName: "Ada & Co", skipQueue: true, trunkSid: "trunk-1" } }
    },
    {
      agentId: "agent-1",
      toNumber: "+12025550101",
      fromNumber: "+12025550100",
      variables: { first_name: "Ada", call_reference: "lead-1" },
      callerIdName: "Ada & Co",
      skipQueue: true,
      trunkSid: "trunk-1"
    }
  ],
  [
    "variables that are not text, and system variables overridden on purpose",
    revring,
    { ...full, providerOptions: { revring: { variables: { age: 41, vip: true, language: "fr", tags: ["a"] } } } },
    {
      agentId: "agent-1",
      toNumber: "+12025550101",
      fromNumber: "+12025550100",
      variables: { first_name: "Ada", age: 41, vip: true, language: "fr", tags: ["a"], call_reference: "lead-1" }
    }
  ]
]

describe("the request", () => {
  it.each(bodies.map(([about, provider, ...rest]) => [provider.adapter.id, about, provider, ...rest] as const))(
    "at %s: %s",
    (_, __, provider, input, body) => {
      expect(Result.getOrThrow(provider.request(parsed(input))).body).toEqual(body)
    }
  )

  it("goes to the address of the provider, with no header of its own", () => {
    expect([revox, revring].map((each) => Result.getOrThrow(each.request(parsed(full))))).toMatchObject([
      { method: "POST", url: "https://www.getrevox.com/api/call", headers: {} },
      { method: "POST", url: "https://api.revring.ai/v1/calls", headers: {} }
    ])
  })
})

const misfits: ReadonlyArray<
  readonly [provider: CallProvider, input: object, reason: string, field: string, expected: string | undefined]
> = [
  ...Object.entries({
    phone_number: "to",
    from_phone_number: "from",
    assistant_id: "agent.id",
    metadata: "metadata",
    prompt_variables: "variables",
    scheduled_at: "scheduledAt",
    concurrency: "concurrency"
  }).map(
    ([field, own]) =>
      [
        revox,
        { providerOptions: { revox: { new_field: 1, [field]: MARK } } },
        "InvalidRequest",
        `providerOptions.revox.${field}`,
        `no such option: the order has it as ${own}`
      ] as const
  ),
  ...[
    ["phoneNumber", "to"],
    ["Phone_Number", "to"],
    ["FROM_PHONE_NUMBER", "from"],
    ["scheduledAt", "scheduledAt"],
    ["promptVariables", "variables"]
  ].map(
    ([field = "", own]) =>
      [
        revox,
        { providerOptions: { revox: { [field]: MARK } } },
        "InvalidRequest",
        `providerOptions.revox.${field}`,
        `no such option: the order has it as ${own}`
      ] as const
  ),
  [
    revox,
    { providerOptions: { revox: { [MARK]: 1 } } },
    "InvalidRequest",
    "providerOptions.revox",
    "field names of letters, digits and _"
  ],
  [
    revox,
    { providerOptions: { revox: JSON.parse('{"__proto__":{"phone_number":"+12025550188"}}') } },
    "InvalidRequest",
    "providerOptions.revox",
    "field names of letters, digits and _"
  ],
  [
    revox,
    { agent: { id: "a", inline: { prompt: "p" } }, retry: { maxAttempts: 2 } },
    "Unsupported",
    "retry",
    undefined
  ],
  [
    revox,
    { agent: {}, providerOptions: { revox: { assistant: { sms_enabled: true } } } },
    "InvalidRequest",
    "providerOptions.revox.assistant.prompt",
    "a text, or an inline agent beside it"
  ],
  [
    revox,
    { providerOptions: { revox: { force_now: MARK } } },
    "InvalidRequest",
    "providerOptions.revox.force_now",
    undefined
  ],
  [
    revox,
    { agent: inline, providerOptions: { revox: { assistant: { background_sound_volume: 2 } } } },
    "InvalidRequest",
    "providerOptions.revox.assistant.background_sound_volume",
    undefined
  ],
  [
    revox,
    { agent: inline, providerOptions: { revox: { assistant: { custom_tools: [{ name: "a" }] } } } },
    "InvalidRequest",
    "providerOptions.revox.assistant.custom_tools[0].description",
    undefined
  ],
  [
    revox,
    { providerOptions: { revox: { assistant: {} } } },
    "InvalidRequest",
    "providerOptions.revox.assistant.prompt",
    "a text, or an inline agent beside it"
  ],
  ...[
    ["prompt", "prompt"],
    ["first_sentence", "firstSentence"],
    ["first_sentence_mode", "firstSentence"],
    ["voicemail_message", "voicemailMessage"],
    ["max_call_duration_secs", "maxDurationSeconds"]
  ].map(
    ([field = "", own]) =>
      [
        revox,
        {
          agent: inline,
          providerOptions: { revox: { assistant: { [field]: field === "first_sentence_mode" ? "none" : MARK } } }
        },
        "InvalidRequest",
        `providerOptions.revox.assistant.${field}`,
        `not both: the order has it as agent.inline.${own}`
      ] as const
  ),
  [
    revox,
    { agent: inline, providerOptions: { revox: { assistant: { firstSentence: MARK } } } },
    "InvalidRequest",
    "providerOptions.revox.assistant.firstSentence",
    "not both: the order has it as agent.inline.firstSentence"
  ],
  [
    revox,
    { providerOptions: { revox: { call_twice_in_a_row: true } } },
    "InvalidRequest",
    "providerOptions.revox.call_twice_in_a_row",
    "an inline agent beside it"
  ],
  [
    revox,
    { metadata: { reference: MARK } },
    "InvalidRequest",
    "metadata.reference",
    "another name: this one carries the reference"
  ],
  [revox, { retry: { maxAttempts: 2 } }, "Unsupported", "retry", undefined],
  [
    revring,
    { providerOptions: { revring: { colour: MARK } } },
    "InvalidRequest",
    "providerOptions.revring.colour",
    "no field of this name"
  ],
  [
    revring,
    { providerOptions: { revring: { callerIdName: "x".repeat(16) } } },
    "InvalidRequest",
    "providerOptions.revring.callerIdName",
    undefined
  ],
  [
    revring,
    { providerOptions: { revring: { callerIdName: "" } } },
    "InvalidRequest",
    "providerOptions.revring.callerIdName",
    undefined
  ],
  [
    revring,
    { providerOptions: { revring: { skipQueue: "yes" } } },
    "InvalidRequest",
    "providerOptions.revring.skipQueue",
    undefined
  ],
  [
    revring,
    { variables: { call_reference: MARK } },
    "InvalidRequest",
    "variables.call_reference",
    "another name: this one carries the reference"
  ],
  [
    revring,
    { providerOptions: { revring: { variables: { call_reference: MARK } } } },
    "InvalidRequest",
    "providerOptions.revring.variables.call_reference",
    "another name: this one carries the reference"
  ],
  [
    revring,
    { variables: { age: MARK }, providerOptions: { revring: { variables: { age: 41 } } } },
    "InvalidRequest",
    "providerOptions.revring.variables.age",
    "a name that does not stand in variables too"
  ],
  [
    revring,
    { variables: { [MARK]: "a" }, providerOptions: { revring: { variables: { [MARK]: 41 } } } },
    "InvalidRequest",
    "providerOptions.revring.variables",
    "a name that does not stand in variables too"
  ],
  [
    revring,
    { providerOptions: { revring: { variables: [MARK] } } },
    "InvalidRequest",
    "providerOptions.revring.variables",
    "object"
  ],
  [revring, { agent: {} }, "InvalidRequest", "agent.id", "the id of a stored agent"],
  [
    revring,
    { variables: { current_time: MARK } },
    "InvalidRequest",
    "variables.current_time",
    "another name: the provider uses this one itself, and providerOptions.revring.variables overrides it"
  ]
]

describe("what a provider cannot take", () => {
  it.each(
    misfits.map(
      ([provider, input, reason, field, expected]) =>
        [provider.adapter.id, field, provider, input, reason, expected] as const
    )
  )("at %s: %s", (_, field, provider, input, reason, expected) => {
    const failure = Result.getOrThrow(Result.flip(provider.request(parsed({ ...full, ...input }))))
    expect(failure).toMatchObject({ _tag: reason, field })
    if (expected !== undefined) expect(failure).toMatchObject({ expected })
    expect(`${JSON.stringify(failure)} ${failure.message}`).not.toContain(MARK)
  })
})

const UNSUPPORTED: ReadonlyArray<readonly [field: string, input: object, capability: string | undefined]> = [
  ["agent.inline", { agent: inline }, "inlineAgent"],
  ["scheduledAt", { scheduledAt: "2026-03-02T16:00:00Z" }, "schedule"],
  ["retry", { retry: { maxAttempts: 2 } }, "retries"],
  ["retry", { retry: { maxAttempts: 1, delaySeconds: 60 } }, "retries"],
  ["retry of one dial, which is what happens anyway", { retry: { maxAttempts: 1 } }, undefined],
  ["metadata", { metadata: { campaign: "spring" } }, "metadata"],
  ["concurrency", { concurrency: { key: "spring", max: 1 } }, "concurrency"],
  ["variables", { variables: { first_name: "Ada" } }, undefined]
]

describe("what a provider cannot do at all", () => {
  it.each(UNSUPPORTED)("revring: %s", (field, input, capability) => {
    const found = unsupportedIn(parsed({ ...order, ...input }), RevRing.capabilities)
    expect(found === undefined ? undefined : { field: found.field, capability: found.capability }).toEqual(
      capability === undefined ? undefined : { field, capability }
    )
  })

  it.each(UNSUPPORTED)("revox can: %s", (_, input) => {
    expect(unsupportedIn(parsed({ ...order, ...input }), Revox.capabilities)).toBeUndefined()
  })

  it("is also what no source says it can", () => {
    const unsure = { ...Revox.capabilities, schedule: "unknown" } as const
    const found = unsupportedIn(parsed({ ...order, scheduledAt: "2026-03-02T16:00:00Z" }), unsure)
    expect(found).toMatchObject({ _tag: "Unsupported", capability: "schedule", field: "scheduledAt" })
  })

  it.each(["automatic", "unknown"] as const)("one dial and no more where it may dial again: retries %s", (retries) => {
    const redials = { ...RevRing.capabilities, retries }
    expect(unsupportedIn(parsed(order), redials)).toBeUndefined()
    for (const retry of [{ maxAttempts: 1 }, { maxAttempts: 2 }]) {
      const found = unsupportedIn(parsed({ ...order, retry }), redials)
      expect(found).toMatchObject({ _tag: "Unsupported", capability: "retries", field: "retry" })
    }
  })

  it("is told as a whole to whoever checks a provider before an order comes, with no more of one than is known", () => {
    const {
      to: _to,
      reference: _reference,
      ...known
    } = parsed({
      ...order,
      agent: inline,
      scheduledAt: "2026-03-02T16:00:00Z",
      metadata: { campaign: "spring" },
      variables: { first_name: "Ada" }
    })
    const fields = unmet(known, RevRing.capabilities).map(({ capability, field }) => [capability, field])
    expect(fields).toEqual([
      ["inlineAgent", "agent.inline"],
      ["schedule", "scheduledAt"],
      ["metadata", "metadata"]
    ])
    expect(unmet(known, Revox.capabilities)).toEqual([])
    expect(unmet({}, RevRing.capabilities)).toEqual([])
  })

  it("a number to call from where there is none", () => {
    const none = { ...Revox.capabilities, callerNumber: "none" } as const
    const found = unsupportedIn(parsed({ ...order, from: "+12025550199" }), none)
    expect(found).toMatchObject({ _tag: "Unsupported", capability: "callerNumber", field: "from" })
    expect(unsupportedIn(parsed({ ...order, from: undefined }), none)).toBeUndefined()
  })

  it("a filter of the list", () => {
    const at = Instant.make("2026-03-02T16:00:00.000Z")
    const filters = [
      { status: ["completed"] },
      { createdAfter: at },
      { createdBefore: at },
      { agentId: "a" },
      { reference: "lead-1" },
      { to: "+12025550101" }
    ] as const
    const fieldsOf = ({ capabilities }: { readonly capabilities: Capabilities }) =>
      filters.map((filter) => {
        const read = filterFor(capabilities, filter)
        return Result.isFailure(read) && read.failure._tag === "Unsupported" ? read.failure.field : undefined
      })
    expect(fieldsOf(Revox)).toEqual([undefined, "createdAfter", "createdBefore", "agentId", "reference", "to"])
    expect(fieldsOf(RevRing)).toEqual([undefined, undefined, undefined, undefined, "reference", "to"])
    const listless = filterFor({ ...Revox.capabilities, list: "no" }, {})
    expect(listless).toMatchObject({ failure: { capability: "list" } })
  })

  it("a filter by a number that is none, or by a reference written in another form", () => {
    const able: Capabilities = { ...RevRing.capabilities, listFilters: ["reference", "number"] }
    expect(filterFor(able, { to: MARK })).toMatchObject({ failure: { _tag: "InvalidRequest", field: "to" } })
    expect(JSON.stringify(filterFor(able, { to: MARK }))).not.toContain(MARK)
    const read = filterFor(able, { to: "+1 202-555-0101", reference: "Zoe\u0308" })
    expect(read).toMatchObject({ success: { to: "+12025550101", reference: "Zo\u00EB" } })
  })
})
