/**
 * Providers with quirks tell of calls whose truth is known, by payloads as they really come. For each quirk: what somebody
 * who divides by hand would find, and that the comparison is not taken in.
 */
import { describe, expect, it } from "vitest"
import type { JsonObject } from "../../src/domain/Json.ts"
import {
  type Fate,
  HUMAN_FATES,
  type Life,
  livesOf,
  numberOf,
  type Quirks,
  tell,
  type Teller,
  USUAL
} from "./population.ts"
import {
  checkIn,
  collectAll,
  compareAll,
  concluded,
  contrastIn,
  CONVERSATION,
  metricIn,
  naive,
  OWN_WORD
} from "./trial.ts"
import { assigned, experimentOf, toldIn, type TrialArm } from "./trialPlacing.ts"

const HUMAN = "first_attempt.human_reached"

/** The very same calls as Revox and RevRing would tell of them: whatever differs is the telling. */
const toldByBoth = (
  lives: ReadonlyArray<Life>,
  { revox = {}, revring = {} }: { readonly revox?: Quirks; readonly revring?: Quirks } = {}
): ReadonlyArray<JsonObject> => [
  ...lives.map((life) => tell(life, { provider: "revox", quirks: revox })),
  ...lives.map((life) => tell(life, { provider: "revring", quirks: revring }))
]

const countOf = (lives: ReadonlyArray<Life>, holds: (life: Life) => boolean): number => lives.filter(holds).length

const talked = ({ dials }: Life): boolean => dials[0].fate === "talk"

describe("one provider states who answered, the other lets it be inferred", () => {
  // One in six hangs up without a word: only a provider that listens can say that it was a person.
  const lives = livesOf({ seed: 11, orders: 2_500, shares: { ...USUAL, silent_person: 0.16, voicemail: 0.14 } })
  const collected = collectAll(toldByBoth(lives))
  const comparison = concluded(collected)

  it("so that their own words differ where the calls are the same", () => {
    const { difference, z } = naive(collected, OWN_WORD)
    expect(Math.abs(difference)).toBeGreaterThan(0.03)
    expect(Math.abs(z)).toBeGreaterThan(2.6)
  })

  it("is refused with its reason, and conversations are compared instead", () => {
    const { refused, definition } = metricIn(comparison, HUMAN)
    expect(refused.map(({ definition: id, because }) => [id, because])).toEqual([[OWN_WORD, "told_differently"]])
    expect(refused[0]?.sentence).toContain("states that a person answered")
    expect(definition?.id).toBe(CONVERSATION)
  })

  it("shows no difference then, and each arm's rate is the truth", () => {
    const truth = countOf(lives, talked)
    expect(metricIn(comparison, HUMAN).arms.map(({ count, n }) => [count, n])).toEqual([
      [truth, 2_500],
      [truth, 2_500]
    ])
    const { effect, verdict } = contrastIn(comparison, HUMAN)
    expect(effect).toBe(0)
    expect(verdict).toBe("no_meaningful_difference")
  })

  it("of a metric without another definition there is no figure at all", () => {
    const busy = metricIn(comparison, "first_attempt.busy")
    expect([busy.definition, busy.arms]).toEqual([undefined, []])
    expect(busy.refused.map(({ because }) => because)).toEqual(["told_differently"])
    expect(contrastIn(comparison, "first_attempt.busy").effect).toBeUndefined()
  })

  it("an order that broke before any dial counts alike, however a provider records it", () => {
    expect(countOf(lives, ({ dials }) => dials[0].fate === "errored")).toBeGreaterThan(0)
    for (const id of ["connected", "not_reached", "transcript_present", "recording_present"]) {
      const { arms } = metricIn(comparison, `first_attempt.${id}`)
      expect([id, arms[1]?.count, arms[1]?.n]).toEqual([id, arms[0]?.count, arms[0]?.n])
    }
  })

  it("is said in the first lines, which claim no winner", () => {
    const told = comparison.headline.join(" ")
    expect(told).toContain(contrastIn(comparison, HUMAN).sentence)
    expect(told).toContain("These are not the same measure.")
    expect(told).not.toMatch(/revring is (better|worse|higher|lower)/i)
  })
})

describe.each(["revox", "revring"] as const)("one agent of %s takes 15 % of the talks for a mailbox", (provider) => {
  const arms: ReadonlyArray<TrialArm> = [
    { name: "steady", provider, agent: "agent_steady" },
    { name: "hasty", provider, agent: "agent_hasty", quirks: { mistakenVoicemail: 0.15 } }
  ]
  const experiment = experimentOf(arms)
  const lives = livesOf({ seed: 12, orders: 5_000 })
  const trial = assigned(experiment, lives, arms)
  const collected = collectAll(
    trial.map(({ life, arm, tag }) => tell(life, { ...arm, tag })),
    { experiment }
  )
  const comparison = concluded(collected, { experiment })
  // What was never started has fixed no definition.
  const { frozen: _, ...draft } = experiment
  const chosen = concluded(collected, { experiment: draft })

  it("so that its own word shows a difference that is not there", () => {
    expect(naive(collected, OWN_WORD).z).toBeLessThan(-2.6)
  })

  it("is refused, since the records contradict themselves", () => {
    const { refused, definition } = metricIn(comparison, HUMAN)
    expect(refused.map(({ definition: id, because }) => [id, because])).toEqual([[OWN_WORD, "contradicted"]])
    expect(refused[0]?.sentence).toMatch(/^In hasty, \d+ % of the verdicts/)
    expect(definition).toBeUndefined()
    expect(contrastIn(comparison, HUMAN).verdict).toBe("not_comparable")
    expect(metricIn(chosen, HUMAN).definition?.id).toBe(CONVERSATION)
  })

  it("does not take in the other definition: it counts the talks there were", () => {
    const truth = ["steady", "hasty"].map((name) =>
      countOf(
        trial.filter(({ arm }) => arm.name === name).map(({ life }) => life),
        talked
      )
    )
    expect(metricIn(chosen, HUMAN).arms.map(({ count }) => count)).toEqual(truth)
    expect(contrastIn(chosen, HUMAN).verdict).not.toBe("worse")
  })

  it("is not accused where nobody mistakes anything", () => {
    const honest = arms.map(({ name, agent }) => ({ name, provider, agent: agent ?? "" }))
    const { definition, refused } = metricIn(
      compareAll(toldIn(experiment, lives.slice(0, 1_000), honest), { experiment }),
      HUMAN
    )
    expect([definition?.id, refused]).toEqual([OWN_WORD, []])
  })
})

describe("one provider dials three times, the other once", () => {
  const lives = livesOf({ seed: 13, orders: 2_500 })
  const collected = collectAll(toldByBoth(lives, { revox: { dials: 3 } }))
  const comparison = concluded(collected)

  it("so that its orders reach more people", () => {
    expect(naive(collected, "order.human_reached.conversation").z).toBeLessThan(-2.6)
    expect(naive(collected, "order.connected.answer_time").z).toBeLessThan(-2.6)
  })

  it("is refused for whole orders, in every definition", () => {
    for (const id of ["order.connected", "order.human_reached", "order.dials_per_human"]) {
      const { definition, refused } = metricIn(comparison, id)
      expect([id, definition, refused.at(-1)?.because]).toEqual([id, undefined, "more_chances"])
      expect(contrastIn(comparison, id).verdict).toBe("not_comparable")
    }
    expect(metricIn(comparison, "order.connected").refused[0]?.sentence).toContain("dialled up to 3 times")
  })

  it("leaves the first attempt, which is the truth for both", () => {
    const truth = countOf(lives, talked)
    expect(metricIn(comparison, HUMAN).arms.map(({ count }) => count)).toEqual([truth, truth])
    expect(contrastIn(comparison, HUMAN).effect).toBe(0)
  })

  it("is no matter between arms that both dial three times", () => {
    const arms: ReadonlyArray<TrialArm> = ["north", "south"].map((name) => ({
      name,
      provider: "revox",
      agent: `agent_${name}`,
      quirks: { dials: 3 }
    }))
    const experiment = experimentOf(arms)
    const same = compareAll(toldIn(experiment, lives, arms), { experiment })
    const humans = countOf(lives, ({ dials }) => HUMAN_FATES.has(finalFate(dials)))
    const { definition, arms: figures } = metricIn(same, "order.human_reached")
    expect(definition?.id).toBe("order.human_reached.own_word")
    expect(figures.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(humans)
  })
})

const UNANSWERED: ReadonlySet<Fate> = new Set<Fate>([
  "no_answer",
  "busy",
  "unreachable",
  "declined",
  "invalid_number",
  "congestion",
  "errored"
])

/** Of the dial after which no other is made: the first that somebody or something answers. */
const finalFate = (dials: Life["dials"]): Fate => {
  if (dials[0].fate === "errored") return "errored"
  return (dials.find(({ fate }) => !UNANSWERED.has(fate)) ?? dials[0]).fate
}

describe("one provider loses a fifth of its transcripts", () => {
  const lives = livesOf({ seed: 14, orders: 2_000 })
  const comparison = compareAll(toldByBoth(lives, { revring: { lostTranscripts: 0.2 } }))

  it("leaves no definition of a human reached: what is left are not the same calls", () => {
    const { definition, refused, arms } = metricIn(comparison, HUMAN)
    expect([definition, arms]).toEqual([undefined, []])
    expect(refused.map(({ because }) => because)).toEqual(["told_differently", "missing_differs", "missing_differs"])
    expect(contrastIn(comparison, HUMAN)).toMatchObject({ verdict: "not_comparable" })
  })

  it("is found as what it is: fewer transcripts", () => {
    const { verdict, effect } = contrastIn(comparison, "first_attempt.transcript_present")
    expect(verdict).toBe("worse")
    expect(effect).toBeCloseTo(-0.2, 1)
    expect(contrastIn(comparison, "first_attempt.recording_present").verdict).not.toBe("worse")
  })
})

describe("one provider counts the duration from the first ring", () => {
  const lives = livesOf({ seed: 15, orders: 1_500 })
  const comparison = compareAll(toldByBoth(lives, { revring: { durationFromDial: true } }))
  const talkTime = metricIn(comparison, "first_attempt.talk_time")

  it("is refused, and the time from answer to end compared, which is the same", () => {
    expect(talkTime.refused.map(({ definition, because }) => [definition, because])).toEqual([
      ["first_attempt.talk_time.own_duration", "told_differently"]
    ])
    expect(talkTime.definition?.id).toBe("first_attempt.talk_time.answer_to_end")
    expect(talkTime.contrasts[0]?.effect).toBeCloseTo(0, 6)
  })

  it("would have made its talks look longer", () => {
    const { orders } = collectAll(toldByBoth(lives, { revring: { durationFromDial: true } }))
    const values = orders.value("first_attempt.talk_time.own_duration")
    const medians = [0, 1].map((arm) => {
      const own = [...(values ?? [])].filter((value, row) => orders.arm[row] === arm && value >= 0)
      return own.toSorted((a, b) => a - b)[own.length >> 1] ?? 0
    })
    expect((medians[1] ?? 0) - (medians[0] ?? 0)).toBeGreaterThan(5)
  })
})

describe("one provider never reports the end of a tenth of its answered calls", () => {
  const lives = livesOf({ seed: 16, orders: 2_500 })
  const comparison = compareAll(toldByBoth(lives, { revring: { neverOver: 0.1 } }))

  it("is warned of, with both arms' shares", () => {
    const { outcome, sentence, figures } = checkIn(comparison, "open_orders")
    expect(outcome).toBe("warning")
    expect(sentence).toMatch(/not over yet \(revring \d+\.\d %, revox 0\.0 %\)/)
    expect(figures["open"]).toBeGreaterThan(150)
  })

  it("leaves them out of the rate, and says how bad or good it could be", () => {
    const { arms, contrasts } = metricIn(comparison, HUMAN)
    const open = arms.find(({ arm }) => arm === "revring")?.open ?? 0
    expect(open).toBe(checkIn(comparison, "open_orders").figures["open"])
    const scenario = (wanted: string) => contrasts[0]?.sensitivity.find((each) => each.scenario === wanted)
    const [worst, best] = [scenario("worst_for_arm"), scenario("worst_for_baseline")]
    // The truth is no difference, and it lies between the two.
    expect(worst?.effect).toBeLessThan(0)
    expect(best?.effect).toBeGreaterThan(0)
    expect(contrasts[0]?.robust).toBe(false)
  })
})

describe("exports that overlap", () => {
  const lives = livesOf({ seed: 17, orders: 600, persons: 450 })
  const once = toldByBoth(lives, { revox: { dials: 2 } })
  const early = (provider: Teller["provider"]) =>
    lives.map((life) => tell(life, { provider, quirks: { dials: 2 }, now: life.placedAt + 20_000 }))
  const clean = compareAll(once)

  it("of the same orders, while they ran and after, twice and shuffled, change nothing", () => {
    const shuffled = [...once, ...early("revox"), ...early("revring"), ...once]
      .map((payload, index) => ({ payload, place: (index * 7_919) % 4_801 }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ payload }) => payload)
    const { data, ...rest } = compareAll(shuffled)
    const { data: cleanData, ...cleanRest } = clean
    expect(rest).toEqual(cleanRest)
    expect(data).toEqual({ ...cleanData, records: 3_600, folded: 2_400 })
  })

  it("are not the same as records of other orders", () => {
    const other = livesOf({ seed: 18, orders: 100, firstPerson: 5_000 })
    const { metrics } = compareAll([...once, ...other.map((life) => tell(life, { provider: "revring" }))])
    expect(metrics).not.toEqual(clean.metrics)
  })
})

describe("an experiment of two providers", () => {
  const arms: ReadonlyArray<TrialArm> = [
    { name: "now", provider: "revox", agent: "agent_now" },
    { name: "next", provider: "revring", agent: "agent_next" }
  ]
  const experiment = experimentOf(arms)
  const lives = livesOf({ seed: 19, orders: 7_000, persons: 7_000 })
  const trial = assigned(experiment, lives, arms)
  const sizes = arms.map(({ name }) => trial.filter(({ arm }) => arm.name === name).length)
  const payloads = trial.map(({ life, arm, tag }) => tell(life, { ...arm, tag }))

  it("of which one arm drops every tenth order is not concluded from", () => {
    const kept = payloads.filter((_, index) => trial[index]?.arm.name !== "next" || index % 10 !== 0)
    const comparison = compareAll(kept, { experiment })
    const { outcome, sentence } = checkIn(comparison, "sample_ratio")
    expect(outcome).toBe("failed")
    expect(comparison.headline).toEqual([sentence])
    const verdicts = comparison.metrics.flatMap(({ contrasts }) => contrasts.flatMap(({ verdict }) => verdict ?? []))
    expect(verdicts.length).toBeGreaterThan(5)
    expect(new Set(verdicts)).toEqual(new Set(["not_comparable"]))
  })

  it("that lacks none passes, and every order is in its arm", () => {
    const comparison = compareAll(payloads.slice(0, 2_000), { experiment })
    expect(checkIn(comparison, "sample_ratio").outcome).toBe("passed")
    expect(checkIn(comparison, "crossovers").outcome).toBe("passed")
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(7_000)
  })

  it("of which one arm sends orders to the other's provider keeps them in the arm they were assigned to", () => {
    const some = trial.slice(0, 2_000)
    const strays = (index: number): boolean => some[index]?.arm.name === "next" && index % 8 === 0
    const crossed = some.map(({ life, arm, tag }, index) =>
      tell(life, strays(index) ? { provider: "revox", agent: "agent_now", tag } : { ...arm, tag })
    )
    const count = some.filter((_, index) => strays(index)).length
    const comparison = compareAll(crossed, { experiment })
    const check = checkIn(comparison, "crossovers")
    expect([check.outcome, check.figures["crossovers"]]).toEqual(["warning", count])
    const assignedTo = arms.map(({ name }) => some.filter(({ arm }) => arm.name === name).length)
    expect(comparison.arms.map(({ orders }) => orders)).toEqual(assignedTo)
    expect(comparison.arms.find(({ name }) => name === "next")?.providers).toEqual(["revox", "revring"])
  })

  it("tells nobody's number, whatever comes out", () => {
    const comparison = JSON.stringify(compareAll(payloads.slice(0, 500), { experiment }))
    expect(comparison).not.toContain(numberOf(0).slice(0, 7))
    expect(comparison).not.toContain("lead-19")
    expect(comparison).not.toContain("Zefira")
  })
})

describe("a few persons who are called often and are alike", () => {
  const RUNS = 60

  it("fool who counts calls as if they were independent, and not the intervals here", () => {
    const found = Array.from({ length: RUNS }, (_, run) => {
      const told = (["revox", "revring"] as const).flatMap((provider, arm) =>
        livesOf({ seed: 300 + run, orders: 200, persons: 25, firstPerson: 5_000 * arm, alike: 0.5 }).map((life) =>
          tell(life, { provider })
        )
      )
      const collected = collectAll(told)
      const { interval } = contrastIn(concluded(collected, { analysis: "fixed" }), HUMAN)
      return {
        fooled: Math.abs(naive(collected, CONVERSATION).z) > 1.96,
        wrong: interval === undefined || interval.low > 0 || interval.high < 0
      }
    })
    // With 8 calls each and a correlation of a half, standard errors are 2.1 times as wide as they look.
    expect(found.filter(({ fooled }) => fooled).length).toBeGreaterThan(RUNS * 0.2)
    // Of 60 at 5 %, nine or more come once in 500 times.
    expect(found.filter(({ wrong }) => wrong).length).toBeLessThan(9)
  })
})
