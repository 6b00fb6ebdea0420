/** Comparisons as reports get them, invented: every case that a report must look right in. */
import type { Arm, Comparison, MetricResult, Refusal } from "../../../src/compare/Comparison.ts"
import type { Better, Scope } from "../../../src/metrics/Metric.ts"
import type { ContrastOptions, Rate, Value } from "./sampleFigures.ts"
import {
  heatCells,
  longTail,
  overTimePoints,
  rateContrast,
  rateFigure,
  valueContrast,
  valueFigure
} from "./sampleFigures.ts"

type Role = MetricResult["role"]

const arm = (name: string, provider: string, baseline: boolean, orders: number, share?: number): Arm => ({
  name,
  providers: [provider],
  baseline,
  orders,
  persons: Math.round(orders * 0.96),
  open: Math.round(orders * 0.01),
  mostAttempts: 1,
  ...(share === undefined ? {} : { share })
})

interface MetricOptions extends ContrastOptions {
  readonly role: Role
  readonly refused?: ReadonlyArray<Refusal>
  readonly among?: string
}

const rateMetric = (
  id: string,
  title: string,
  scope: Scope,
  text: string,
  rates: ReadonlyArray<Rate>,
  o: MetricOptions
) => {
  const [baseline, ...others] = rates
  const result: MetricResult = {
    id,
    title,
    scope,
    kind: "rate",
    better: o.better,
    role: o.role,
    smallestEffect: o.smallest,
    ...(o.among === undefined ? {} : { among: o.among }),
    definition: { id: `${id}.common`, text },
    refused: o.refused ?? [],
    arms: rates.map(rateFigure),
    contrasts: baseline === undefined ? [] : others.map((each) => rateContrast(each, baseline, o))
  }
  return result
}

const valueMetric = (
  id: string,
  title: string,
  scope: Scope,
  kind: "seconds" | "count",
  text: string,
  values: ReadonlyArray<Value>,
  o: MetricOptions
) => {
  const [baseline, ...others] = values
  const result: MetricResult = {
    id,
    title,
    scope,
    kind,
    better: o.better,
    role: o.role,
    smallestEffect: o.smallest,
    ...(o.among === undefined ? {} : { among: o.among }),
    definition: { id: `${id}.common`, text },
    refused: o.refused ?? [],
    arms: values.map(valueFigure),
    contrasts: baseline === undefined ? [] : others.map((each) => valueContrast(kind, each, baseline, o))
  }
  return result
}

/** No definition that the arms share: reasons, and not a figure. */
const refusedMetric = (
  id: string,
  title: string,
  scope: Scope,
  better: Better,
  refused: ReadonlyArray<Refusal>
): MetricResult => ({
  id,
  title,
  scope,
  kind: "rate",
  better,
  role: "secondary",
  smallestEffect: 0.03,
  refused,
  arms: [],
  contrasts: []
})

const ownWord: Refusal = {
  definition: "first_attempt.human_reached.own_word",
  text: "The provider says that a human answered.",
  because: "told_differently",
  sentence:
    "revox states who answered, revring's word is our inference from its transcript: a difference could be one of wording."
}

const screening: Refusal = {
  definition: "first_attempt.call_screening.own_word",
  text: "The provider says that a screening assistant answered.",
  because: "not_told",
  sentence: "revring does not tell call screening apart from a person or a voicemail."
}

const retries: Refusal = {
  definition: "order.human_reached.any_attempt",
  text: "A human answered any attempt of the order.",
  because: "more_chances",
  sentence: "revox dials an order up to 3 times and revring once, so that revox has more chances to reach somebody."
}

const rich: Comparison = (() => {
  const names = ["revox", "revring"] as const
  const two = (a: readonly [number, number], b: readonly [number, number], missing = 0): ReadonlyArray<Rate> => [
    { arm: names[0], count: a[0], n: a[1], open: 11, missing: 4 },
    { arm: names[1], count: b[0], n: b[1], open: 8, missing: 4 + missing }
  ]
  const values = (a: readonly [number, number], b: readonly [number, number], n = 760): ReadonlyArray<Value> => [
    { arm: names[0], n, median: a[0], half: a[1] },
    { arm: names[1], n: n + 22, median: b[0], half: b[1] }
  ]
  return {
    kind: "comparison",
    version: 1,
    experiment: {
      id: "spring-callback-2026",
      digest: "3f9c2b7a61d0e4858b1f0c3a9e7d2146f5a8b3c0d9e1f27486a5b4c3d2e1f0a9",
      frozen: true,
      start: "2026-03-02T00:00:00.000Z",
      end: "2026-04-01T00:00:00.000Z",
      plannedUnits: 2600
    },
    settings: { analysis: "sequential", alpha: 0.05, timeZone: "Europe/Paris", stratifiedBy: ["country", "hour"] },
    headline: [
      "revring is better than revox at reaching a human on the first attempt: 43.0 % against 35.0 %.",
      "One guardrail, placing an order failed, is not worse by what matters; the other, hung up within 10 s, has not enough data yet.",
      "4 definitions are not compared because the two providers do not tell the same thing."
    ],
    data: {
      records: 5214,
      orders: 2412,
      folded: 2571,
      leftOut: [
        { reason: "inbound calls", count: 143 },
        { reason: "outside the experiment's period", count: 61 },
        { reason: "web calls", count: 19 },
        { reason: "announcements without a record of the call", count: 8 }
      ],
      attemptsOnly: 12,
      persons: 2316,
      from: "2026-03-02T08:01:12.000Z",
      to: "2026-03-27T18:58:40.000Z",
      asOf: "2026-03-27T19:20:03.000Z",
      placements: 2430
    },
    arms: [
      arm("revox", "revox", true, 1204, 0.5),
      { ...arm("revring", "revring", false, 1208, 0.5), agent: "agent_7f21" }
    ],
    checks: [
      {
        id: "open_orders",
        outcome: "warning",
        sentence: "19 of 2,412 orders are not over yet; the scenarios below say what they could change.",
        figures: { open: 19, orders: 2412 }
      },
      {
        id: "sample_ratio",
        outcome: "passed",
        sentence: "Each arm has about as many persons as planned: 1,156 and 1,160 of 2,316.",
        figures: { p: 0.93, revox: 1156, revring: 1160 }
      },
      {
        id: "overlapping_persons",
        outcome: "passed",
        sentence: "No person was called in both arms.",
        figures: { persons: 0 }
      }
    ],
    metrics: [
      rateMetric(
        "first_attempt.human_reached",
        "Human reached",
        "first_attempt",
        "The first attempt was answered and somebody said words after the agent spoke.",
        two([417, 1190], [514, 1196]),
        { role: "primary", smallest: 0.03, better: "higher", sensitive: true, refused: [ownWord] }
      ),
      rateMetric(
        "first_attempt.remote_hung_up_early",
        "Hung up within 10 s",
        "first_attempt",
        "The remote party ended an answered first attempt within 10 seconds of the answer.",
        two([44, 611], [61, 640]),
        { role: "guardrail", smallest: 0.02, better: "lower", level: 0.9917, among: "connected calls" }
      ),
      rateMetric(
        "placement.refused",
        "Placing an order failed",
        "placement",
        "The provider refused the request to place an order.",
        two([6, 4212], [9, 4218]),
        { role: "guardrail", smallest: 0.01, better: "lower", level: 0.9917 }
      ),
      rateMetric(
        "first_attempt.connected",
        "Connected",
        "first_attempt",
        "The first attempt has an answer time.",
        two([611, 1190], [640, 1196]),
        { role: "secondary", smallest: 0.03, better: "higher", level: 0.9917, sensitive: true }
      ),
      refusedMetric("first_attempt.call_screening", "Call screening", "first_attempt", "neither", [screening]),
      valueMetric(
        "first_attempt.talk_time",
        "Talk time",
        "first_attempt",
        "seconds",
        "Seconds from answer to end of a connected first attempt.",
        values([47.2, 2.4], [52.9, 2.6], 611),
        { role: "secondary", smallest: 5, better: "neither", level: 0.9917, among: "connected calls" }
      ),
      valueMetric(
        "first_attempt.ring_time",
        "Ring time",
        "first_attempt",
        "seconds",
        "Seconds from dialling to answer of a connected first attempt.",
        values([11.4, 0.4], [9.1, 0.4], 611),
        { role: "secondary", smallest: 1, better: "lower", level: 0.9917, among: "connected calls" }
      ),
      refusedMetric("order.human_reached", "Human reached", "order", "higher", [
        retries,
        { ...ownWord, definition: "order.human_reached.own_word" }
      ]),
      rateMetric(
        "order.transferred",
        "Transferred",
        "order",
        "An attempt of the order was handed over to a person.",
        two([88, 1193], [97, 1200]),
        { role: "secondary", smallest: 0.02, better: "higher", level: 0.9917 }
      ),
      valueMetric(
        "placement.latency",
        "Time to answer a request",
        "placement",
        "seconds",
        "Seconds that the provider took to answer the request to place an order.",
        values([0.182, 0.006], [0.241, 0.008], 1204),
        { role: "secondary", smallest: 0.1, better: "lower", level: 0.9917 }
      )
    ],
    overTime: [{ metric: "first_attempt.human_reached", arm: "revring", points: overTimePoints(0.08, 2316, 24) }],
    heatMap: {
      metric: "first_attempt.human_reached",
      timeZone: "Europe/Paris",
      arms: [
        { arm: "revox", cells: heatCells(0.33) },
        { arm: "revring", cells: heatCells(0.41) }
      ]
    },
    funnel: {
      steps: [
        { id: "orders", title: "Orders" },
        { id: "dialed", title: "Dialled" },
        { id: "connected", title: "Connected" },
        { id: "human_reached", title: "Human reached" },
        { id: "transferred", title: "Transferred" }
      ],
      arms: [
        { arm: "revox", counts: [1204, 1190, 611, 417, 88] },
        { arm: "revring", counts: [1208, 1196, 640, 514, 97] }
      ]
    },
    failureKinds: {
      kinds: [
        { kind: "no_answer", comparable: true },
        { kind: "busy", comparable: true },
        { kind: "unreachable", comparable: false },
        { kind: "declined", comparable: false },
        { kind: "invalid_number", comparable: true },
        { kind: "unclassified", comparable: false }
      ],
      arms: [
        { arm: "revox", dialed: 1190, counts: [366, 88, 61, 0, 23, 41] },
        { arm: "revring", dialed: 1196, counts: [341, 94, 0, 57, 19, 45] }
      ]
    },
    distributions: [
      {
        metric: "first_attempt.talk_time",
        title: "Talk time",
        unit: "seconds",
        step: 10,
        arms: [
          { arm: "revox", n: 611, counts: longTail(19, 3, 611), quartiles: [21.4, 47.2, 84.9] },
          { arm: "revring", n: 640, counts: longTail(19, 3.8, 640), quartiles: [24.2, 52.9, 97.3] }
        ]
      },
      {
        metric: "first_attempt.ring_time",
        title: "Ring time",
        unit: "seconds",
        step: 2,
        arms: [
          { arm: "revox", n: 611, counts: longTail(16, 4.5, 611), quartiles: [7.9, 11.4, 16.2] },
          { arm: "revring", n: 640, counts: longTail(16, 3.4, 640), quartiles: [6.1, 9.1, 13.3] }
        ]
      }
    ]
  }
})()

/** Arms with one metric, its course and its funnel; nothing that only the rich sample needs. */
const simple = (names: ReadonlyArray<string>, rates: ReadonlyArray<readonly [number, number]>): Comparison => {
  const arms = names.map((name, index): Rate => ({
    arm: name,
    count: rates[index]?.[0] ?? 0,
    n: rates[index]?.[1] ?? 0
  }))
  const orders = arms.reduce((sum, each) => sum + each.n, 0)
  return {
    kind: "comparison",
    version: 1,
    settings: { analysis: "sequential", alpha: 0.05, timeZone: "UTC", stratifiedBy: [] },
    headline: [`${names.length} arms are compared with ${names[0]}.`],
    data: { records: orders, orders, folded: 0, leftOut: [], attemptsOnly: 0, persons: orders, placements: 0 },
    arms: arms.map((each, index) => arm(each.arm, "revox", index === 0, each.n)),
    checks: [],
    metrics: [
      rateMetric(
        "first_attempt.human_reached",
        "Human reached",
        "first_attempt",
        "The provider says that a human answered the first attempt.",
        arms,
        { role: "primary", smallest: 0.03, better: "higher" }
      )
    ],
    overTime: arms
      .slice(1)
      .filter(({ n }) => n > 0)
      .map(({ arm: name, count, n }) => ({
        metric: "first_attempt.human_reached",
        arm: name,
        points: overTimePoints(count / n - 0.3, n * 2, 12)
      })),
    heatMap: {
      metric: "first_attempt.human_reached",
      timeZone: "UTC",
      arms: arms.map(({ arm: name, n }) => ({ arm: name, cells: n === 0 ? [] : heatCells(0.35) }))
    },
    funnel: {
      steps: [
        { id: "orders", title: "Orders" },
        { id: "human_reached", title: "Human reached" }
      ],
      arms: arms.map(({ arm: name, count, n }) => ({ arm: name, counts: [n, count] }))
    },
    failureKinds: {
      kinds: [
        { kind: "no_answer", comparable: true },
        { kind: "busy", comparable: true }
      ],
      arms: arms.map(({ arm: name, count, n }) => ({
        arm: name,
        dialed: n,
        counts: [Math.round((n - count) * 0.6), Math.round((n - count) * 0.2)]
      }))
    },
    distributions: []
  }
}

const threeArms: Comparison = {
  ...simple(
    ["agent-a", "agent-b", "agent-c"],
    [
      [310, 1000],
      [388, 1010],
      [262, 990]
    ]
  ),
  settings: { analysis: "fixed", alpha: 0.05, timeZone: "America/New_York", stratifiedBy: ["campaign"] },
  headline: [
    "agent-b is higher than agent-a in this data at reaching a human on the first attempt: 38.4 % against 31.0 %.",
    "For agent-c there is not enough data to tell."
  ]
}

const sampleRatioFailure: Comparison = (() => {
  const sentence =
    "The arms do not have the persons they were meant to have: 1,000 and 871 instead of half each. Something decides who lands where, so nothing is concluded."
  const base = simple(
    ["revox", "revring"],
    [
      [350, 1000],
      [361, 871]
    ]
  )
  const rates: ReadonlyArray<Rate> = [
    { arm: "revox", count: 350, n: 1000 },
    { arm: "revring", count: 361, n: 871 }
  ]
  return {
    ...base,
    experiment: { id: "broken-split", digest: "ab12".repeat(16), frozen: true, start: "2026-03-02T00:00:00.000Z" },
    headline: ["Nothing can be concluded: the arms do not have the persons they were meant to have."],
    arms: [arm("revox", "revox", true, 1000, 0.5), arm("revring", "revring", false, 871, 0.5)],
    checks: [
      { id: "sample_ratio", outcome: "failed", sentence, figures: { p: 0.0028, revox: 1000, revring: 871 } },
      {
        id: "crossovers",
        outcome: "warning",
        sentence:
          "42 orders went to another arm than the one they are assigned to; they count where they are assigned.",
        figures: { crossovers: 42 }
      }
    ],
    metrics: [
      rateMetric(
        "first_attempt.human_reached",
        "Human reached",
        "first_attempt",
        "A human answered the first attempt.",
        rates,
        {
          role: "primary",
          smallest: 0.03,
          better: "higher",
          notComparable: "The sample ratio check failed, so no verdict is given."
        }
      )
    ]
  }
})()

const empty: Comparison = {
  kind: "comparison",
  version: 1,
  settings: { analysis: "sequential", alpha: 0.05, timeZone: "UTC", stratifiedBy: [] },
  headline: ["There is nothing to compare: no outbound telephone order was found."],
  data: { records: 0, orders: 0, folded: 0, leftOut: [], attemptsOnly: 0, persons: 0, placements: 0 },
  arms: [],
  checks: [],
  metrics: [],
  overTime: [],
  funnel: { steps: [], arms: [] },
  failureKinds: { kinds: [], arms: [] },
  distributions: []
}

const armWithoutRows = simple(
  ["revox", "revring"],
  [
    [350, 1000],
    [0, 0]
  ]
)

const refusedOnly: Comparison = {
  ...simple(
    ["revox", "revring"],
    [
      [350, 1000],
      [361, 998]
    ]
  ),
  headline: ["Nothing is compared: the two providers tell none of the metrics in the same way."],
  metrics: [
    {
      ...refusedMetric("first_attempt.human_reached", "Human reached", "first_attempt", "higher", [ownWord]),
      role: "primary"
    },
    refusedMetric("order.human_reached", "Human reached", "order", "higher", [retries])
  ],
  overTime: [],
  funnel: { steps: [], arms: [] }
}

const sixArms = simple(
  ["north", "south", "east", "west", "centre", "overseas"],
  [
    [300, 1000],
    [380, 1000],
    [310, 980],
    [240, 1005],
    [30, 90],
    [420, 1010]
  ]
)

const LONG = "a-very-long-name-of-an-arm-that-somebody-gave-it-in-a-hurry-2026"

const longNames = simple(
  [`baseline-${LONG}`, `variant-${LONG}`],
  [
    [300, 1000],
    [380, 1000]
  ]
)

/** Names and texts that would break out of markup, a table or an attribute if they were not escaped. */
const HOSTILE = `<script>alert("x")</script> & 'quoted' | "double" </style>`

const hostile: Comparison = {
  ...simple(
    [HOSTILE, `${HOSTILE} 2`],
    [
      [300, 1000],
      [380, 1000]
    ]
  ),
  headline: [`${HOSTILE} is better.`],
  checks: [{ id: "no_assignment", outcome: "warning", sentence: HOSTILE, figures: { [HOSTILE]: 1 } }],
  experiment: { id: HOSTILE, digest: HOSTILE, frozen: false }
}

/** Of the metrics of `rich`, in the order of every report. */
export const richHeadings = [
  "Primary metric: first attempts",
  "Guardrails: first attempts",
  "Guardrails: placing orders",
  "Other metrics: first attempts",
  "Other metrics: whole orders, all attempts",
  "Other metrics: placing orders"
]

export const sampleComparisons = {
  rich,
  threeArms,
  sampleRatioFailure,
  empty,
  armWithoutRows,
  refusedOnly,
  sixArms,
  longNames,
  hostile
} as const satisfies { readonly [name: string]: Comparison }
