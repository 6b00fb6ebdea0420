/** Every number of a plan on the sample exports, counted again from the raw files. */
import { describe, expect, it } from "vitest"
import { briefOfPlan } from "../../src/report/switchPlan.ts"
import { renderBriefTerminal } from "../../src/report/terminal.ts"
import { featureOf, planFor, usageFrom } from "./planned.ts"
import { linesOf, revoxCounts, revringCounts } from "./rawCounts.ts"

const percentOf = (count: number, total: number): string => `${((100 * count) / total).toFixed(1)} %`

describe.each([
  { from: "revox", to: "revring", raw: revoxCounts() },
  { from: "revring", to: "revox", raw: revringCounts() }
])("the sample of $from", ({ from, to, raw }) => {
  const payloads = linesOf(from).map((line): unknown => JSON.parse(line))
  const plan = planFor(from, to, payloads)

  it("has the orders and attempts that are in the file, each once", () => {
    expect(payloads.length).toBeGreaterThan(raw.orders)
    expect(plan.input).toMatchObject({
      records: payloads.length,
      orders: raw.orders,
      placed: raw.orders,
      attempts: raw.attempts,
      knownByAttempts: 0,
      strays: 0,
      rejected: 0,
      others: []
    })
  })

  it("has no count that the file has not", () => {
    const counted = plan.features.flatMap(({ id, counted: found }) => (found === undefined ? [] : [[id, found.count]]))
    expect(counted.length).toBeGreaterThan(20)
    expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(counted.map(([id]) => [id, raw.counts[String(id)]])))
  })

  it("says each of them as a part of all, and no other share", () => {
    const text = renderBriefTerminal(briefOfPlan(plan), { width: 400, color: false })
    for (const { id, counted, use, fate } of plan.features) {
      if (counted === undefined || fate === "gained") continue
      const total = counted.unit === "attempts" ? raw.attempts : raw.orders
      expect([id, counted.total]).toEqual([id, total])
      const share = percentOf(raw.counts[id] ?? 0, total)
      if (counted.count > 0) expect(use.join(" ")).toContain(`(${share})`)
      else expect(use.join(" ")).toContain(`None of ${total}`)
    }
    const shares = new Set(
      Object.values(raw.counts).flatMap((count) => [percentOf(count, raw.orders), percentOf(count, raw.attempts)])
    )
    // All orders of the sample allow more than one attempt.
    shares.add("100.0 %")
    const said = [...text.matchAll(/[\d.]+ %/g)].map(([share]) => share)
    expect(said.length).toBeGreaterThan(30)
    expect(said.filter((share) => !shares.has(share))).toEqual([])
  })

  it("names the agents with their orders, and counts numbers and letters", () => {
    const { usage } = usageFrom(from, payloads)
    expect(usage.agents.map(({ id, orders }) => [id, orders])).toEqual(raw.agents)
    expect(featureOf(plan, "agents").use.join(" ")).toContain(
      raw.agents.map(([id, orders]) => `${id} (${orders})`).join(", ")
    )
    expect(usage.callerNumbers).toBe(raw.callerNumbers)
    expect(featureOf(plan, "caller_number").use).toContain(
      `In all: ${raw.callerNumbers} number${raw.callerNumbers === 1 ? "" : "s"}.`
    )
    expect(featureOf(plan, "reference").use).toContain(`The longest has ${raw.longestReference} characters.`)
  })
})

it("the sample of redials tells on which attempt people were reached", () => {
  const payloads = linesOf("revox").map((line): unknown => JSON.parse(line))
  const { reachedOn } = revoxCounts()
  expect(reachedOn.length).toBeGreaterThan(1)
  const [first = 0, second = 0] = reachedOn
  expect(usageFrom("revox", payloads).usage.dials.reachedOn).toEqual(reachedOn)
  expect(featureOf(planFor("revox", "revring", payloads), "attempts").use).toContain(
    `A person was reached in ${first + second} placed orders: on the first attempt in ${first}, on the second attempt in ${second}.`
  )
})

it("the order and the repetition of records change nothing", () => {
  const payloads = linesOf("revox").map((line): unknown => JSON.parse(line))
  const { input: _, ...plan } = planFor("revox", "revring", payloads)
  const { input: __, ...again } = planFor("revox", "revring", [...payloads.toReversed(), ...payloads])
  expect(again).toEqual(plan)
})
