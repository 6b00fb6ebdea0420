/** What becomes of each feature, in every direction, by declarations alone. */
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { normalize, providers } from "../../adapters/index.ts"
import { FEATURES } from "../../src/switch/plan.ts"
import { SwitchPlan } from "../../src/switch/SwitchPlan.ts"
import { fixturesOf } from "../adapters/fixtures.ts"
import { adapterOf, featureOf, planFor } from "./planned.ts"
import { inboundCall, revoxOrder, revringCall, webCall } from "./records.ts"

const fatesOf = (plan: SwitchPlan): { readonly [id: string]: string } =>
  Object.fromEntries(plan.features.map(({ id, used, fate }) => [id, `${used}, ${fate}`]))

const rich = [
  revoxOrder({ id: "o-1", tries: ["no_answer", "busy", "human"], scheduled: true }),
  revoxOrder({ id: "o-2", tries: ["human"], bare: true }),
  revoxOrder({ id: "o-3", tries: ["no_answer", "no_answer"] }),
  revoxOrder({ id: "o-4", tries: [], inbound: true })
]

describe("from one that dials again to one that dials once", () => {
  const plan = planFor("revox", "revring", rich)

  it("says of each feature whether it is used, and what becomes of it", () => {
    expect(fatesOf(plan)).toMatchObject({
      attempts: "yes, yours",
      schedule: "yes, yours",
      metadata: "yes, yours",
      variables: "yes, same",
      concurrency: "not_told, yours",
      caller_number: "yes, yours",
      agents: "yes, yours",
      inline_agent: "not_told, yours",
      reference: "yes, different",
      cancel: "not_told, same",
      human: "yes, different",
      voicemail: "no, different",
      ivr: "no, lost",
      busy: "yes, different",
      timeout: "no, gained",
      unreached_status: "yes, different",
      transferred: "yes, same",
      outcome: "yes, lost",
      extraction: "yes, lost",
      summary: "no, gained",
      transcript: "yes, same",
      dialed_time: "yes, same",
      talk_time: "yes, different",
      campaign: "yes, lost",
      inbound: "yes, yours",
      web_calls: "no, gained",
      webhook: "not_told, yours",
      pre_call: "no, gained",
      batch_read: "no, gained",
      list: "not_told, different",
      list_filters: "no, gained",
      list_reference: "no, not_known",
      // Both may have failures that no table knows: that none was read says nothing of either.
      unclassified: "no, not_known"
    })
    expect(plan.neither).toEqual([
      "Failure: the account",
      "Failure: the account's limit",
      "Failure: your own server or setting",
      "Whether the task was done",
      "Cost",
      "Interruptions by the agent",
      "The carrier's id"
    ])
  })

  it("counts orders and attempts, and says of how many", () => {
    expect(featureOf(plan, "attempts")).toMatchObject({
      counted: { unit: "placed", count: 2, total: 3 },
      use: [
        "2 of 3 placed orders (66.7 %) needed more than one attempt.",
        "3 of 3 placed orders (100.0 %) allowed more than one attempt.",
        "A person was reached in 2 placed orders: on the first attempt in 1, on the third attempt in 1."
      ],
      becomes: ["RevRing dials once: place again, under a new reference, whoever was not reached."]
    })
    expect(featureOf(plan, "schedule").use).toEqual(["1 of 3 placed orders (33.3 %) had a start time."])
    // A reference alone is no value of one's own.
    expect(featureOf(plan, "metadata").use).toEqual([
      "2 of 3 placed orders (66.7 %) carried `metadata` beside the reference."
    ])
    expect(featureOf(plan, "busy").use).toEqual(["1 of 6 attempts (16.7 %) failed: busy."])
    expect(featureOf(plan, "unreached_status")).toMatchObject({
      use: ["1 of 4 orders (25.0 %) ended with nobody reached.", "Their `status`: `completed` 1."],
      becomes: ["At RevRing such an order is `failed` as a rule. Build on `reach`, which means the same at both."]
    })
    expect(featureOf(plan, "transferred").becomes.at(-1)).toContain("what came of it is not told")
  })

  it("says that the number is required, and that no order told one", () => {
    const silent = planFor("revox", "revring", [revoxOrder({ id: "o-9", tries: ["human"], from: undefined })])
    expect(featureOf(silent, "caller_number")).toMatchObject({
      used: "no",
      fate: "yours",
      use: ["None of 1 placed order told the number to call from."]
    })
  })

  it("counts the words of ends that it lists, those that nobody knows among them", () => {
    const ended = (id: string, reason: string) => {
      const order = revoxOrder({ id, tries: ["human"] })
      return { ...order, call_attempts: order.call_attempts.map((each) => ({ ...each, end_reason: reason })) }
    }
    const words = planFor("revox", "revring", [ended("o-1", "transfer"), ended("o-2", "no_such_word")])
    expect(featureOf(words, "disconnect").use).toEqual([
      "2 of 2 attempts (100.0 %) had a word for the end.",
      "In all: transferred 1, a word nobody knows 1."
    ])
  })

  it("says 'not told' of what its records cannot tell, never 0 %", () => {
    const text = JSON.stringify(plan)
    expect(text).not.toMatch(/\(0\.0 %\)/)
    expect(featureOf(plan, "concurrency").use).toEqual(["Your records do not tell whether you use it."])
  })
})

describe("from one that dials once to one that dials again", () => {
  const plan = planFor("revring", "revox", [
    revringCall({ id: "c-1", cause: "USER_ENDED" }),
    revringCall({ id: "c-2", cause: "NO_ANSWER" }),
    webCall("c-3"),
    inboundCall("c-4")
  ])

  it("says of each feature whether it is used, and what becomes of it", () => {
    expect(fatesOf(plan)).toMatchObject({
      attempts: "no, gained",
      schedule: "no, gained",
      metadata: "no, gained",
      variables: "yes, same",
      concurrency: "no, gained",
      caller_number: "yes, yours",
      agents: "yes, yours",
      inline_agent: "no, gained",
      reference: "yes, different",
      human: "yes, different",
      ivr: "no, gained",
      no_answer: "yes, different",
      timeout: "no, lost",
      unreached_status: "yes, different",
      outcome: "no, gained",
      extraction: "no, gained",
      summary: "yes, lost",
      inbound: "yes, yours",
      web_calls: "yes, lost",
      pre_call: "not_told, lost",
      batch_read: "not_told, lost",
      list_filters: "not_told, different",
      list_reference: "not_told, lost"
    })
  })

  it("warns of two that dial again", () => {
    expect(featureOf(plan, "attempts").becomes.join(" ")).toContain("ring people more often")
  })

  it("counts neither calls from a browser nor inbound ones as placed", () => {
    expect(plan.input).toMatchObject({ orders: 4, placed: 2 })
    expect(featureOf(plan, "variables").counted).toMatchObject({ count: 2, total: 2 })
  })
})

const pairs = providers.ids.flatMap((from) => providers.ids.filter((to) => to !== from).map((to) => ({ from, to })))

describe.each(pairs)("from $from to $to", ({ from, to }) => {
  const plan = planFor(
    from,
    to,
    fixturesOf(from).map(({ wire }) => wire)
  )

  it("has every feature once, with a fate and a reason, and is what its schema says", () => {
    expect(plan.input.orders).toBeGreaterThan(3)
    const all = [...plan.features.map(({ title }) => title), ...plan.neither]
    expect(all.toSorted()).toEqual(
      Object.values(FEATURES)
        .map(({ title }) => title)
        .toSorted()
    )
    for (const { becomes, fate, used, lines } of plan.features) {
      expect(becomes.join("")).not.toBe("")
      if (lines !== undefined) expect(fate).toBe("yours")
      if (fate === "gained") expect(used).not.toBe("not_told")
    }
    expect(Schema.decodeUnknownSync(SwitchPlan)(JSON.parse(JSON.stringify(plan)))).toEqual(plan)
  })

  it("loses nothing of the other way", () => {
    const back = planFor(to, from, [])
    const lost = plan.features.filter(({ fate }) => fate === "lost").map(({ id }) => id)
    const gainedBack = back.features.filter(({ fate }) => fate === "gained").map(({ id }) => id)
    // What is used without being declared is lost as well; what only narrows is different.
    const declared = [
      "metadata",
      "schedule",
      "outcome",
      "summary",
      "ivr",
      "call_screening",
      "web_calls",
      "cost",
      "goal"
    ]
    for (const id of declared)
      expect([id, gainedBack.includes(id)]).toEqual([id, lost.includes(id) || isYours(plan, id)])
  })
})

const isYours = (plan: SwitchPlan, id: string): boolean =>
  plan.features.some((feature) => feature.id === id && feature.fate === "yours")

describe("what a provider asks beside a field", () => {
  it("is said of the number to call from, and of redialling", () => {
    const one = [revoxOrder({ id: "o-1", tries: ["human"] })]
    expect(featureOf(planFor("revox", "vapi", one), "caller_number").becomes).toEqual([
      "It is required at Vapi, and was not at Revox.",
      "It must be a number of your account at Vapi.",
      "Vapi calls from a number by its id: the setting `phoneNumbers` has it, or `providerOptions.vapi.phoneNumberId` of the order."
    ])
    const back = planFor("revring", "revox", [revringCall({ id: "c-1", cause: "USER_ENDED" })])
    expect(featureOf(back, "attempts").becomes[1]).toBe(
      "Revox takes `retry` only beside an agent that is defined in the order; a stored one has rules of its own."
    )
    expect(featureOf(back, "caller_number").becomes).toHaveLength(2)
  })
})

describe("to one whose reference is shorter", () => {
  const long = "lead-".padEnd(41, "x")

  it("refuses references that are too long, by what it declares", () => {
    const plan = planFor("revox", "vapi", [
      revoxOrder({ id: "o-1", tries: ["human"], reference: long }),
      revoxOrder({ id: "o-2", tries: ["human"], reference: "short" })
    ])
    expect(featureOf(plan, "reference")).toMatchObject({ used: "yes", fate: "yours" })
    expect(featureOf(plan, "reference").becomes[0]).toBe(
      "Vapi carries at most 40 characters: 1 of 2 references (50.0 %) are longer and would be refused."
    )
    expect(JSON.stringify(plan)).not.toContain(long)
  })
})

describe("declarations decide", () => {
  const target = adapterOf("revring")
  const withAbilities = (capabilities: Partial<(typeof target)["capabilities"]>) => ({
    ...target,
    capabilities: { ...target.capabilities, ...capabilities }
  })
  const order = [revoxOrder({ id: "o-1", tries: ["no_answer", "human"], scheduled: true })]

  it.each([
    ["retries", { retries: "automatic" }, "attempts", "different"],
    ["retries", { retries: "unknown" }, "attempts", "not_known"],
    ["retries", { retries: "yes" }, "attempts", "same"],
    ["schedule", { schedule: "unknown" }, "schedule", "not_known"],
    ["schedule", { schedule: "yes" }, "schedule", "same"],
    ["variables", { variables: "no" }, "metadata", "lost"],
    ["callerNumber", { callerNumber: "none" }, "caller_number", "lost"],
    ["callerNumber", { callerNumber: "optional" }, "caller_number", "yours"],
    ["webhook", { webhook: "no" }, "webhook", "lost"],
    ["webhook", { webhook: "signed" }, "webhook", "yours"],
    ["batchRead", { batchRead: 0 }, "list", "different"],
    ["list", { list: "no" }, "list", "lost"],
    ["cancel", { cancel: "no" }, "cancel", "lost"]
  ] as const)("%s: %o makes %s %s", (_, capabilities, id, fate) => {
    expect(featureOf(planFor("revox", withAbilities(capabilities), order), id).fate).toBe(fate)
  })

  it("of the source: what its records have no field for is not told, and not none", () => {
    const whole = adapterOf("revox")
    const isOther = ({ field }: { readonly field: string }) => !["scheduledAt", "from"].includes(field)
    const blind = { ...whole, sources: { ...whole.sources, order: whole.sources.order.filter(isOther) } }
    const plan = planFor(blind, "revring", [revoxOrder({ id: "o-1", tries: ["busy"], from: undefined })])
    for (const id of ["schedule", "caller_number"]) {
      expect(featureOf(plan, id)).toMatchObject({ used: "not_told", fate: "yours" })
      expect(featureOf(plan, id)).not.toHaveProperty("counted")
      expect(featureOf(plan, id).use).toEqual(["Your records do not tell how often: Revox gives no such field."])
    }
  })

  it("and what a declaration does not say is not known", () => {
    const { endings: _, ...silent } = target
    const plan = planFor("revox", silent, [revoxOrder({ id: "o-1", tries: ["no_answer"] })])
    expect(featureOf(plan, "unreached_status").fate).toBe("not_known")
  })
})

it("an order that reached nobody has the status that its provider declares", () => {
  for (const id of providers.ids) {
    const expected = adapterOf(id).endings?.order.unreached
    const found = fixturesOf(id)
      .flatMap(({ wire }) => normalize(wire))
      .flatMap((record) =>
        record.kind === "call_order" && record.terminal === true && record.reach.value === "not_reached"
          ? [record.status]
          : []
      )
    expect([id, found.length > 0]).toEqual([id, true])
    const usual = Map.groupBy(found, (status) => status)
    const [first] = [...usual].toSorted((a, b) => b[1].length - a[1].length)
    expect([id, first?.[0]]).toEqual([id, expected])
  }
})
