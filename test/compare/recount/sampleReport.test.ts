/**
 * The sample's report against its raw files: every line of it that has a figure is written here once more, from what
 * `rawSample.ts` counts and `intervals.ts` computes. A line that is not expected fails, and so does one that is missing.
 */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { compareRecords, readExperiment, renderMarkdown } from "../../../adapters/compare.ts"
import * as Result from "effect/Result"
import {
  type Answered,
  boundary,
  differenceOfMedians,
  differenceOfRates,
  quantile,
  type Range,
  superiority
} from "./intervals.ts"
import { type ArmName, type Order, rawSample } from "./rawSample.ts"

const root = new URL("../../../", import.meta.url)
const { records, repeated, orders, first, experiment } = rawSample()
const PLANNED = 2_000
const ALPHA = 0.05
const GUARDRAILS = ALPHA / 2
/** Two guardrails apart, eight metrics of which more or less is good are different claims by the experiment's definitions. */
const OTHERS = ALPHA / 8

const report = renderMarkdown(
  compareRecords(
    ["revox", "revring"].flatMap((name) =>
      gunzipSync(readFileSync(new URL(`docs/samples/ab/${name}.ndjson.gz`, root)))
        .toString()
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line))
    ),
    { experiment: Result.getOrThrow(readExperiment(experiment)) }
  )
)

// How figures are written.

const signed = (text: string, value: number): string => (Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`)
const pointsOf = (value: number): string => signed(Math.abs(100 * value).toFixed(1), value)
const percentOf = (share: number): string => `${(100 * share).toFixed(1)} %`
const secondsOf = (value: number): string =>
  value >= 60 ? `1 min ${Math.round(value - 60)} s` : `${value.toFixed(value < 1 ? 2 : 1)} s`
const signedSeconds = (value: number): string => {
  const size = Math.abs(value)
  return `${value < 0 ? "−" : "+"}${size.toFixed(size < 1 ? 2 : 1)} s`
}
const pointsRange = ({ low, high }: Range): string => `${pointsOf(low)} to ${pointsOf(high)} points`
const countOf = (count: number): string => count.toLocaleString("en-US")

const inParis = (time: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Paris", ...options }).format(time)
const hourOf = (time: number): number => Number(inParis(time, { hour: "2-digit", hourCycle: "h23" }))
const dayOf = (time: number): string => inParis(time, { day: "numeric", month: "short", year: "numeric" })
const minuteOf = (time: number): string => `${dayOf(time)}, ${inParis(time, { hour: "2-digit", minute: "2-digit" })}`

// What is counted.

const ofArm = (arm: ArmName): ReadonlyArray<Order> => first.filter((order) => order.arm === arm)
const [now, next] = [ofArm("now"), ofArm("next")]
const both = { now, next }
const sizeOf = (all: ReadonlyArray<Order>, holds: (order: Order) => boolean): number => all.filter(holds).length

type Answer = (order: Order) => boolean | undefined

const whenOver =
  (answer: Answer): Answer =>
  (order) =>
    order.isOver ? answer(order) : undefined
const ofConnected = (answer: Answer): Answer => whenOver((order) => (order.isConnected ? answer(order) : undefined))
const isTalk = (least: number): Answer => {
  const told: Answer = (order) =>
    order.isConnected ? (order.replies === undefined ? undefined : order.replies >= least) : false
  // Not over after a week: to the primary metric that is a no.
  return (order) => (order.isOver ? told(order) : false)
}
const conversation = isTalk(2)
const isDisconnected = (order: Order): boolean => !order.isConnected
const noConversation = whenOver((order) =>
  order.isConnected ? (order.replies === undefined ? undefined : order.replies < 2) : false
)
const hungUp = whenOver((order) => order.isConnected && order.isHungUpByRemote && order.talk <= 10)

const answersOf = (all: ReadonlyArray<Order>, answer: Answer): ReadonlyArray<Answered> =>
  all.flatMap((order) => {
    const isYes = answer(order)
    return isYes === undefined ? [] : [{ isYes, stratum: hourOf(order.createdAt) }]
  })

const contrast = (answer: Answer, alpha: number, orders = both) => {
  const [arm, baseline] = [answersOf(orders.next, answer), answersOf(orders.now, answer)]
  const multiplier = boundary(alpha, arm.length + baseline.length, PLANNED)
  return { arm, baseline, multiplier, range: differenceOfRates(arm, baseline, multiplier) }
}

const yesOf = (answers: ReadonlyArray<Answered>): number => answers.filter(({ isYes }) => isYes).length
const rateText = (answers: ReadonlyArray<Answered>): string => percentOf(yesOf(answers) / answers.length)
const rateRow = (title: string, answer: Answer, alpha: number, verdict: string): string => {
  const { arm, baseline, range } = contrast(answer, alpha)
  const cell = (answers: ReadonlyArray<Answered>) => `${rateText(answers)} (of ${answers.length})`
  return `| ${title} | ${cell(baseline)} | ${cell(arm)} | ${pointsOf(range.effect)} points (${pointsRange(range)}) | ${verdict} |`
}

type Value = (order: Order) => number | undefined
const valuesOf = (all: ReadonlyArray<Order>, value: Value): ReadonlyArray<number> =>
  all.flatMap((order) => value(order) ?? [])
const ring: Value = (order) => (order.isConnected && order.isOver ? order.ring : undefined)
const talk: Value = (order) => (order.isConnected && order.isOver ? order.talk : undefined)
const complete: Value = ({ completeAfter }) => completeAfter
const timeRow = (title: string, value: Value): string => {
  const [arm, baseline] = [valuesOf(next, value), valuesOf(now, value)]
  const { effect, low, high } = differenceOfMedians(
    arm,
    baseline,
    boundary(ALPHA, arm.length + baseline.length, PLANNED)
  )
  const cell = (values: ReadonlyArray<number>) => `${secondsOf(quantile(values, 0.5))} (of ${values.length})`
  return `| ${title} | ${cell(baseline)} | ${cell(arm)} | ${signedSeconds(effect)} (${signedSeconds(low)} to ${signedSeconds(high)}) | Described only |`
}
const spreadLine = (title: string, value: Value): string => {
  const of = (arm: ArmName): string => {
    const values = valuesOf(both[arm], value)
    const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => secondsOf(quantile(values, p)))
    return `${arm}: half are below ${middle}, the middle half between ${low} and ${high}.`
  }
  return `- **${title}, spread**: ${of("now")} ${of("next")}`
}
const higherLine = (title: string, one: string, value: Value): string => {
  const { effect, low, high } = superiority(valuesOf(next, value), valuesOf(now, value))
  return `- **${title}**: A random ${one} of next has a higher value than one of now in ${percentOf(effect)} of pairs, ties counted half (95 % interval for a single look ${(100 * low).toFixed(1)} to ${percentOf(high)}; 50 % would be no difference).`
}

// Headline and checks.

const primary = contrast(conversation, ALPHA)
const { multiplier } = primary
const wrongText = (side: "arm" | "baseline", wrong: number): Range => {
  const by = wrong / primary[side].length
  return differenceOfRates(primary.arm, primary.baseline, multiplier, side === "arm" ? { arm: -by } : { baseline: by })
}
/** Fewest wrong answers with which the interval holds zero. */
const tippingOf = (side: "arm" | "baseline"): number => {
  let wrong = 0
  while (wrongText(side, wrong).low > 0) wrong += 1
  return wrong
}
const inferredOf = (all: ReadonlyArray<Order>): number =>
  sizeOf(all, (order) => order.isOver && order.isConnected && order.replies !== undefined)
const [tipArm, tipBaseline] = [tippingOf("arm"), tippingOf("baseline")]
const tips = [
  { name: "next", side: "arm", wrong: tipArm, of: inferredOf(next) },
  { name: "now", side: "baseline", wrong: tipBaseline, of: inferredOf(now) }
] as const
const least = [...tips].toSorted((a, b) => a.wrong / a.of - b.wrong / b.of)[0]!

const agreement = (
  all: ReadonlyArray<Order>,
  isAsked: (order: Order) => boolean,
  isSame: (replies: number) => boolean
) => {
  const asked = all.filter((order) => order.isOver && order.isConnected && isAsked(order))
  const judged = asked.filter(({ replies }) => replies !== undefined)
  const same = sizeOf(judged, ({ replies = 0 }) => isSame(replies))
  return { same, n: judged.length, share: percentOf(same / judged.length), none: asked.length - judged.length }
}
const saidOf = (arm: ArmName, { same, n, share, none }: ReturnType<typeof agreement>, inner = ""): string =>
  `${same} of ${n} calls of ${arm}${inner} (${share}, without a verdict on ${none} more)`
const byPerson = (order: Order): boolean => order.ownWord === "person"
const byElse = (order: Order): boolean => order.ownWord !== undefined && !byPerson(order)
const byMailbox = (order: Order): boolean => order.ownWord === "mailbox"

const people = (arm: ArmName): string => percentOf(sizeOf(both[arm], () => true) / first.length)
const meanOrders = (arm: ArmName): string => {
  const persons = new Set(both[arm].map(({ to }) => to))
  return (orders.filter(({ to }) => persons.has(to)).length / persons.size).toFixed(2)
}
const open = { now: sizeOf(now, ({ isOver }) => !isOver), next: sizeOf(next, ({ isOver }) => !isOver) }

const created = first.map(({ createdAt }) => createdAt)
const [start, end] = [Math.min(...created), Math.max(...created)]

const headline = [
  `Experiment front-desk-spring. ${first.length} orders to ${new Set(first.map(({ to }) => to)).size} persons, ${dayOf(start)} to ${dayOf(end)}. Compared with now, the baseline.`,
  `next ${rateText(primary.arm)}, now ${rateText(primary.baseline)}; difference, like with like, ${pointsOf(primary.range.effect)} points (95 % interval ${pointsRange(primary.range)}).`,
  `The verdict on next would fall if ${percentOf(least.wrong / least.of)} of the inferred answers of ${least.name} were wrong (${least.wrong} of ${least.of}).`,
  `“Conversation” counts ${saidOf(
    "now",
    agreement(now, byPerson, (replies) => replies >= 2)
  )} of which the provider itself says that a person answered; the records of next have too few such words to tell whether as many are counted there. A difference between the arms may come from that alone.`,
  "Guardrails, next against now. Remote hung up within 10 s: not worse by 5.0 points or more; Connected: not enough data."
]

const checks = [
  `- **Passed**: Split between arms. The persons are split as the experiment says (now 50.0 %, next 50.0 %): now ${people("now")}, next ${people("next")}.`,
  `- **Passed**: Orders for each person. Persons have as many orders in each arm, as far as can be told (on average now ${meanOrders("now")}, next ${meanOrders("next")}); each person counts once.`,
  `- **Passed**: Finished orders. ${open.now + open.next} orders are not over yet (next ${percentOf(open.next / next.length)}, now ${percentOf(open.now / now.length)}). What their records do not tell yet counts neither as a success nor as a failure, but for ${open.now + open.next} orders that are not over after a week: to the primary metric that is a no.`
]

const table = [
  rateRow("Conversation\\*", conversation, ALPHA, "Better"),
  rateRow("Remote hung up within 10 s", hungUp, GUARDRAILS, "Not worse by 5.0 points or more"),
  rateRow(
    "Connected",
    whenOver(({ isConnected }) => isConnected),
    GUARDRAILS,
    "Not enough data"
  ),
  rateRow("Answered, no conversation\\*", noConversation, ALPHA, "Described only"),
  rateRow("Not connected\\*", whenOver(isDisconnected), OTHERS, "Not enough data"),
  rateRow(
    "Transferred",
    whenOver(({ isTransferred }) => isTransferred),
    ALPHA,
    "Described only"
  ),
  timeRow("Ring time, of connected calls", ring),
  timeRow("Talk time, of connected calls\\*", talk),
  rateRow(
    "Transcript there, of connected calls",
    ofConnected(({ hasTranscript }) => hasTranscript),
    OTHERS,
    "Not enough data"
  ),
  rateRow(
    "Recording there, of connected calls",
    ofConnected(({ hasRecording }) => hasRecording),
    OTHERS,
    "Not enough data"
  ),
  timeRow("Record complete within, of orders with transcript and recording", complete)
]

// Other definitions, agreement, what is open.

/** Revox states a person, or something else; RevRing's transcript or transfer shows one, or its detector a mailbox. */
const ownWord: Answer = (order) => {
  if (!order.isOver || !order.isConnected) return false
  if (order.arm === "now") return order.ownWord === undefined ? undefined : byPerson(order)
  if (order.isTransferred || (order.replies ?? 0) > 0) return true
  return byMailbox(order) ? false : undefined
}
const onOtherSide = whenOver((order) =>
  order.isConnected
    ? false
    : ["no answer", "busy", "unreachable", "declined"].includes(order.failure) ||
      (order.failure === "unclassified" ? undefined : false)
)
const otherText = (answer: Answer, alpha: number): string => {
  const { range } = contrast(answer, alpha)
  return `${pointsOf(range.effect)} points (${pointsRange(range)}), not enough data.`
}
const NOT_SAME =
  "Revox states that a person answered (result = human); RevRing lets us infer it (a reply in the transcript after the agent spoke, or a transfer). These are not the same measure."
const otherWords = `next against now. By another definition, “The provider's own verdict on the first dial is that a person answered.”: ${otherText(ownWord, ALPHA)} ${NOT_SAME}`
const otherReply = `By another definition, “The first dial was answered, and its transcript shows at least one reply to the agent.”: ${otherText(isTalk(1), ALPHA)}`

const becomes = "next against now: Better becomes Not enough data."
const tipping = tips.map(({ name, side, wrong, of }) => {
  const range = wrongText(side, wrong)
  return `${becomes} If ${wrong} of ${of} inferred answers of ${name} (${percentOf(wrong / of)}) were wrong: ${pointsOf(range.effect)} points (${pointsRange(range)}), not enough data.`
})

const elseText = (title: string, isSame: (replies: number) => boolean): string =>
  `“${title}” does not count ${saidOf("now", agreement(now, byElse, isSame))} and ${saidOf("next", agreement(next, byElse, isSame))} of which the provider itself says that something else answered.`
const personText = (title: string, count: number): string =>
  `“${title}” counts ${saidOf(
    "now",
    agreement(now, byPerson, (replies) => replies >= count)
  )} of which the provider itself says that a person answered.`
const ALONE =
  "It is not the same in next and now, or cannot be seen in one of them: a difference may come from that alone."

const notTold = (arm: ArmName): number =>
  sizeOf(both[arm], (order) => order.isOver && noConversation(order) === undefined)

const sections = [
  `- **Conversation (first attempts)**: ${otherWords} next against now. ${otherReply}`,
  `- **Not connected (first attempts)**: next against now. By another definition, “The first dial did not connect for a reason on the other side: busy, no answer, unreachable or declined; or it was blocked on the way.”: ${otherText(onOtherSide, OTHERS)} Revox states that the line was busy (dial\\_error = busy); RevRing lets us infer it (hangupCause = BUSY, or errorMessage). These are not the same measure.`,
  `- **Conversation (first attempts)**: ${personText("Conversation", 2)} ${elseText("Conversation", (replies) => replies < 2)} ${personText("Reply", 1)} ${elseText("Reply", (replies) => replies < 1)} ${ALONE}`,
  `- **Answered, no conversation (first attempts)**: “Answered, no conversation” counts ${saidOf(
    "now",
    agreement(now, byMailbox, (replies) => replies < 2)
  )} and ${saidOf(
    "next",
    agreement(next, byMailbox, (replies) => replies < 2)
  )} of which the provider itself says that a mailbox answered. “Answered, no conversation” does not count ${saidOf(
    "now",
    agreement(
      now,
      (order) => order.ownWord !== undefined && !byMailbox(order),
      (replies) => replies >= 2
    )
  )} of which the provider itself says that something else answered. ${ALONE}`,
  `- **Conversation (first attempts)**: now ${notTold("now")} not told; next ${notTold("next")} not told.`,
  `- **Answered, no conversation (first attempts)**: now ${notTold("now")} not told; next ${open.next} still open and ${notTold("next")} not told.`,
  `**: next ${open.next} still open.`,
  higherLine("Ring time, of connected calls (first attempts)", "call", ring),
  higherLine("Talk time, of connected calls (first attempts)", "call", talk),
  higherLine(
    "Record complete within, of orders with transcript and recording (whole orders, all attempts)",
    "order",
    complete
  ),
  `- **Conversation (first attempts)**: ${tipping.join(" ")} next against now: Better becomes Not enough data. ${otherWords.slice("next against now. ".length)} ${becomes} ${otherReply}`
]

// How the calls went.

const ofAll = (arm: ArmName): string => {
  const yes = sizeOf(both[arm], (order) => conversation(order) === true)
  return `${arm} ${yes} of ${both[arm].length} (${percentOf(yes / both[arm].length)})`
}
const failureOf = (arm: ArmName): string => {
  const counts = new Map<string, number>()
  for (const { failure } of both[arm]) if (failure !== "") counts.set(failure, (counts.get(failure) ?? 0) + 1)
  const [[word, count] = ["", 0]] = [...counts].toSorted((a, b) => b[1] - a[1])
  const dialled = sizeOf(both[arm], ({ dials }) => dials > 0)
  return `${arm} ${word}, ${count} of ${dialled} (${percentOf(count / dialled)})`
}
/** The first day at whose end, and at that of every later one, the interval is above zero. */
const sinceDay = (): string => {
  const days = [...new Set(created.toSorted((a, b) => a - b).map(dayOf))]
  const isAbove = days.map((day) => {
    const until = Math.max(...created.filter((time) => dayOf(time) === day))
    const [seenNow, seenNext] = [now, next].map((all) => all.filter(({ createdAt }) => createdAt <= until))
    return contrast(conversation, ALPHA, { now: seenNow!, next: seenNext! }).range.low > 0
  })
  return days[isAbove.lastIndexOf(false) + 1] ?? ""
}
const busiest = (): string => {
  const counts = new Map<string, number>()
  for (const arm of ["now", "next"] as const) {
    for (const { createdAt } of both[arm]) {
      const key = `of ${arm}, ${inParis(createdAt, { weekday: "short" })} ${hourOf(createdAt)} h`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  const [[key, count] = ["", 0]] = [...counts].toSorted((a, b) => b[1] - a[1])
  return `${count} ${key}`
}
const went = [
  `- **How far orders came**: Conversation: ${ofAll("now")}; ${ofAll("next")}. Shares are of all orders, also of those not over yet or not told; a rate, which is of those measured, may differ.`,
  `- **Why first attempts did not connect**: Most frequent, of first attempts dialled: ${failureOf("now")}; ${failureOf("next")}. Each provider's own words, not to be compared between arms: no answer, busy, invalid number, unreachable, congestion, declined, unclassified.`,
  spreadLine("Ring time", ring),
  spreadLine("Talk time", talk),
  spreadLine("Record complete within", complete),
  `- **Conversation over time, next**: At the end, with ${primary.arm.length + primary.baseline.length} measured in next and the baseline together, the difference is ${pointsOf(primary.range.effect)} points (interval ${pointsRange(primary.range)}). Since ${sinceDay()} its interval has not included zero.`,
  `- **Conversation by day and hour of the order (Europe/Paris)**: Most orders of an hour: ${busiest()}. Rates by the hour describe and prove nothing.`
]

// The balance of the arms, and what was read.

const traitRow = (
  title: string,
  value: string,
  holds: (order: Order) => boolean,
  isTold: (order: Order) => boolean = () => true,
  verdict = "Not shown"
) => {
  const shareIn = (all: ReadonlyArray<Order>): string => percentOf(sizeOf(all, holds) / sizeOf(all, isTold))
  return `| ${title} | ${value} | next ${shareIn(next)} (now ${shareIn(now)}) | ${verdict} |`
}
const isDialled = ({ dials }: Order): boolean => dials > 0
const ordersTo = new Map<string, number>()
for (const { to } of orders) ordersTo.set(to, (ordersTo.get(to) ?? 0) + 1)
const notDialled = percentOf(sizeOf(now, (order) => !isDialled(order)) / now.length)
const [digest = ""] = /[0-9a-f]{64}/.exec(JSON.stringify(Object(experiment).frozen)) ?? []
const read = [
  traitRow(
    "Time of day of the order",
    "18:00 to 21:00",
    ({ createdAt }) => hourOf(createdAt) >= 18 && hourOf(createdAt) < 21
  ),
  traitRow("Weekday of the order", "Friday", ({ createdAt }) => inParis(createdAt, { weekday: "long" }) === "Friday"),
  traitRow("Country called", "FR", ({ to }) => to.startsWith("+33")),
  traitRow("Caller number", "number 1", ({ from }) => from === first[0]?.from),
  traitRow("Wait for the first dial", "within a minute", ({ wait }) => wait <= 60, isDialled),
  traitRow("Dials made", "1 dial", ({ dials }) => dials === 1, isDialled, "Yes"),
  traitRow("Orders for each person", "2 orders", ({ to }) => ordersTo.get(to) === 2),
  `- **Not told**: Wait for the first dial: now ${notDialled}; Dials made: now ${notDialled}.`,
  ...(["now", "next"] as const).map((arm) => {
    const [name, agent] =
      arm === "now"
        ? ["now (baseline)", "revox, agent agent\\_reception"]
        : ["next", "revring, agent agent\\_front\\_desk"]
    const most = Math.max(...both[arm].map(({ dials }) => dials))
    return `| ${name} | ${agent} | ${both[arm].length} | ${both[arm].length} | ${open[arm]} | ${most} | 50.0 % |`
  }),
  `- **Records**: Read ${countOf(records)} records: ${first.length} compared; ${repeated} about the same orders; ${orders.length - first.length} left out: later order of a person who is judged by an earlier one.`,
  `- **Period**: Orders from ${minuteOf(start)} to ${minuteOf(end)}, Europe/Paris. The data ends at ${minuteOf(Math.max(...orders.map(({ changedAt }) => changedAt)))}.`,
  `- **Experiment**: Experiment front-desk-spring, frozen, digest ${digest}. It starts on 2 Mar 2026, 01:00. ${countOf(PLANNED)} units are planned.`
]

const expected = [...headline, ...checks, ...table, ...sections, ...went, ...read]

/** Lines whose figures are definitions, limits and levels, not counts. */
const DEFINING = [
  /^36 other metrics cannot be compared; the report says why\.$/,
  /^next against now, .* Confidence of the intervals: 95 % for the primary metric; 97\.5 % for guardrails; 99\.4 % for other metrics; 95 % for what is described only\./,
  /: Counted here: /,
  /^- \*\*Connected, any dial/,
  /^- Of each trait the value is shown/,
  /^- \*\*Wrong verdicts by chance\*\*: 5\.0 % at most/,
  /^- \*\*Points\*\*/
]
const verdictsOf = (verdict: string): number => table.filter((row) => row.endsWith(`| ${verdict} |`)).length
const counted = `next against now, ${table.length} metrics: ${verdictsOf("Better")} better, ${verdictsOf("Not worse by 5.0 points or more")} not worse by what matters, ${verdictsOf("Not enough data")} not enough data, ${verdictsOf("Described only")} described only.`
const notCompared = (report.split("### Not compared")[1]?.split("###")[0] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("- **"))
  .flatMap((line) => (line.split("**")[1] ?? "").split(";")).length
const linesWithFigures = report.split("\n").filter((line) => /\d/.test(line))

describe("the report of the sample", () => {
  it.each(expected)("says what the raw files say: %s", (line) => {
    expect(line).not.toMatch(/NaN|undefined/)
    expect(
      linesWithFigures.filter((each) => each === line || (line.startsWith("**:") && each.endsWith(line)))
    ).not.toEqual([])
  })

  it("counts its verdicts, and what it does not compare", () => {
    expect(report).toContain(counted)
    expect(report).toContain(`\n${notCompared} other metrics cannot be compared; the report says why.`)
  })

  it("stands in the README as it is", () => {
    const readme = readFileSync(new URL("README.md", root), "utf8").replaceAll(/\s+/g, " ")
    const sentences = [...headline.slice(1), ...checks.map((check) => check.replace("- **Passed**: ", "passed "))]
    expect(sentences.filter((sentence) => !readme.includes(sentence))).toEqual([])
  })

  it("says nothing else in figures", () => {
    const others = linesWithFigures.filter(
      (line) =>
        !expected.some((each) => each === line || (each.startsWith("**:") && line.endsWith(each))) &&
        !DEFINING.some((defining) => defining.test(line))
    )
    expect(others).toEqual([])
  })
})
