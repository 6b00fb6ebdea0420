import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { isAnswered, type Story } from "../../src/twin/story.ts"
import { stories, storyOf } from "../../src/twin/stories.ts"
import { occupancy, type OrderState, settledAt, stateAt, type TimelineOptions } from "../../src/twin/timeline.ts"
import { numberOf, START } from "./twinsUnderTest.ts"

const after = (seconds: number): number => START + seconds * 1000
const phaseAfter = (digits: string, seconds: number, options: TimelineOptions = {}): string =>
  stateAt(storyOf(numberOf(digits)), START, after(seconds), options).phase

describe("stories", () => {
  it("stand once each, in the order of their digits", () => {
    const digits = stories.map((story) => story.digits)
    expect(digits).toEqual([...new Set(digits)].toSorted())
    expect(new Set(stories.map(({ name }) => name)).size).toBe(stories.length)
  })

  it("are chosen by the last two digits, the plain one where they name none", () => {
    expect(stories.filter((story) => storyOf(numberOf(story.digits)) !== story)).toEqual([])
    expect(storyOf("+33199000099").name).toBe("human")
    expect(storyOf("").name).toBe("human")
  })

  it("have dials that are answered or fail, and are whole either way", () => {
    const attempts = stories.flatMap((story) => story.attempts)
    expect(attempts.filter((attempt) => isAnswered(attempt) && attempt.failure !== undefined)).toEqual([])
    expect(attempts.filter((attempt) => isAnswered(attempt) && (attempt.talkSeconds ?? 0) <= 0)).toEqual([])
    expect(attempts.filter((attempt) => isAnswered(attempt) && attempt.end === undefined)).toEqual([])
  })
})

describe("the state of an order", () => {
  it.each([
    ["00", 0, "queued"],
    ["00", 2, "dialing"],
    ["00", 7.9, "dialing"],
    ["00", 8, "talking"],
    ["00", 49.9, "talking"],
    ["00", 50, "over"],
    ["20", 3.9, "dialing"],
    ["20", 4, "over"],
    ["36", 2, "over"],
    ["40", 32, "between_attempts"],
    ["40", 7231.9, "between_attempts"],
    ["40", 7232, "dialing"],
    ["40", 7280, "over"],
    ["50", 899, "queued"],
    ["50", 900, "dialing"],
    ["51", 599, "scheduled"],
    ["51", 600, "queued"],
    ["53", 19, "queued"],
    ["53", 20, "over"],
    ["60", 1e9, "dialing"],
    ["61", 1e9, "talking"],
    ["62", 1e9, "queued"]
  ])("of story %s after %s s is %s", (digits, seconds, phase) => {
    expect(phaseAfter(digits, seconds)).toBe(phase)
  })

  it("waits for its time, and not for one that has passed", () => {
    expect(phaseAfter("00", 59, { scheduledAt: after(60) })).toBe("scheduled")
    expect(phaseAfter("00", 60, { scheduledAt: after(60) })).toBe("queued")
    expect(phaseAfter("00", 0, { scheduledAt: after(-60) })).toBe("queued")
    expect(phaseAfter("51", 0, { scheduledAt: after(-60) })).toBe("queued")
  })

  it("waits for a line", () => {
    expect(phaseAfter("00", 99, { heldUntil: after(100) })).toBe("queued")
    expect(phaseAfter("00", 100, { heldUntil: after(100) })).toBe("dialing")
  })

  it("plays as many attempts as are allowed, one at least", () => {
    const last = (attemptsAllowed: number) =>
      stateAt(storyOf(numberOf("42")), START, after(1e6), { attemptsAllowed }).attempts.length
    expect([0, 1, 2, 3, 9].map(last)).toEqual([1, 1, 2, 3, 3])
  })

  it("waits between attempts as long as it is told, and not before the second if told so", () => {
    expect(phaseAfter("40", 92, { retryDelaySeconds: 60 })).toBe("dialing")
    expect(phaseAfter("40", 32, { twiceInARow: true })).toBe("dialing")
    const third = stateAt(storyOf(numberOf("42")), START, after(1e6), { twiceInARow: true }).attempts[2]
    expect(third?.dialedAt).toBe(after(2 + 30 + 2 + 7200))
  })

  it("is over at once when it is canceled: unheard, hung up, or between attempts", () => {
    const canceled = (digits: string, seconds: number) =>
      stateAt(storyOf(numberOf(digits)), START, after(seconds), { canceledAt: after(seconds) })
    expect(canceled("00", 1)).toMatchObject({ phase: "over", canceled: true, attempts: [], endedAt: after(1) })
    expect(canceled("00", 5)).toMatchObject({ phase: "over", canceled: true })
    expect(canceled("00", 5).attempts).toMatchObject([{ hungUp: true, answeredAt: undefined, endedAt: after(5) }])
    expect(canceled("00", 20).attempts).toMatchObject([{ hungUp: true, answeredAt: after(8), endedAt: after(20) }])
    expect(canceled("40", 60)).toMatchObject({ phase: "over", canceled: true, nextAttemptAt: undefined })
    expect(canceled("40", 60).attempts).toMatchObject([{ hungUp: false, endedAt: after(32) }])
    expect(canceled("62", 60)).toMatchObject({ phase: "over", canceled: true })
    expect(canceled("00", 50)).toMatchObject({ phase: "over", canceled: false })
  })

  it("has what was said until it was hung up, once that is written down", () => {
    const story = storyOf(numberOf("00"))
    const turns = (seconds: number) =>
      stateAt(story, START, after(seconds), { canceledAt: after(29) }).attempts[0]?.turns?.length
    expect(turns(31.9)).toBeUndefined()
    expect(turns(32)).toBe(3)
  })

  it("is enriched late where the story has it late", () => {
    const late = (seconds: number) => {
      const { attempts, evaluated } = stateAt(storyOf(numberOf("52")), START, after(50 + seconds))
      return [attempts[0]?.turns !== undefined, attempts[0]?.recorded, evaluated]
    }
    expect([179, 180, 299, 300, 599, 600].map(late)).toEqual([
      [false, false, false],
      [true, false, false],
      [true, false, false],
      [true, true, false],
      [true, true, false],
      [true, true, true]
    ])
  })

  it("takes a line from each dial to its end", () => {
    expect(occupancy(storyOf(numberOf("40")), START)).toEqual([
      [after(2), after(32)],
      [after(7232), after(7280)]
    ])
    expect(occupancy(storyOf(numberOf("61")), START)).toEqual([[after(2), Number.POSITIVE_INFINITY]])
  })
})

const int = (minimum: number, maximum: number): Arbitrary.Arbitrary<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

const anyStory: Arbitrary.Arbitrary<Story> = Arbitrary.map(int(0, 99), (digits) =>
  storyOf(numberOf(String(digits).padStart(2, "0")))
)

/** Some seconds after the start; mostly within the first minutes, where most happens. */
const moment = Arbitrary.map(Arbitrary.all([int(0, 4), int(-5, 20_000)]), ([coarse, seconds]) =>
  after(coarse === 0 ? seconds : seconds / 150)
)

const maybe = <A>(arbitrary: Arbitrary.Arbitrary<A>): Arbitrary.Arbitrary<A | undefined> =>
  Arbitrary.map(Arbitrary.all([int(0, 1), arbitrary]), ([given, value]) => (given === 1 ? value : undefined))

const anyOptions: Arbitrary.Arbitrary<TimelineOptions> = Arbitrary.map(
  Arbitrary.all([maybe(int(0, 4)), maybe(int(1, 900)), maybe(moment), maybe(moment)]),
  ([attemptsAllowed, retryDelaySeconds, scheduledAt, heldUntil]) => ({
    attemptsAllowed,
    retryDelaySeconds,
    scheduledAt,
    heldUntil
  })
)

const RANK = { dialing: 0, talking: 1, over: 2 } as const
const WAITING = { scheduled: 0, queued: 1, between_attempts: 2, dialing: 2, talking: 2, over: 3 } as const

const isKept = <A>(before: A | undefined, now: A | undefined): boolean => before === undefined || before === now

/** What of an earlier state a later one has taken back. */
const takenBack = (before: OrderState, now: OrderState): ReadonlyArray<string> => {
  const kept: ReadonlyArray<readonly [name: string, isKept: boolean]> = [
    ["phase", WAITING[now.phase] >= WAITING[before.phase]],
    ["attempts", now.attempts.length >= before.attempts.length],
    ["endedAt", isKept(before.endedAt, now.endedAt)],
    ["canceled", now.canceled || !before.canceled],
    ["evaluated", now.evaluated || !before.evaluated],
    ["changedAt", now.changedAt >= before.changedAt],
    ...before.attempts.flatMap((attempt, index): ReadonlyArray<readonly [string, boolean]> => {
      const later = now.attempts[index]
      if (later === undefined) return [["attempt", false]]
      return [
        ["attempt.phase", RANK[later.phase] >= RANK[attempt.phase]],
        ["attempt.dialedAt", later.dialedAt === attempt.dialedAt],
        ["attempt.answeredAt", isKept(attempt.answeredAt, later.answeredAt)],
        ["attempt.endedAt", isKept(attempt.endedAt, later.endedAt)],
        ["attempt.turns", isKept(attempt.turns?.length, later.turns?.length)],
        ["attempt.recorded", later.recorded || !attempt.recorded]
      ]
    })
  ]
  return kept.filter(([, isKept]) => !isKept).map(([name]) => name)
}

const runs = (count: number) => ({ arbitrary: { runs: count } })

describe("in time, a state", () => {
  it.prop(
    "takes nothing back, and says so when it changes",
    [anyStory, anyOptions, moment, moment],
    ([story, options, one, another]) => {
      const [early, late] = [Math.min(one, another), Math.max(one, another)]
      const [before, now] = [stateAt(story, START, early, options), stateAt(story, START, late, options)]
      expect(takenBack(before, now)).toEqual([])
      expect(now.changedAt).toBeLessThanOrEqual(Math.max(late, START))
      if (before.changedAt === now.changedAt) expect(now).toEqual(before)
    },
    runs(2000)
  )

  it.prop(
    "is not changed by what has not happened yet",
    [anyStory, anyOptions, moment, moment],
    ([story, options, one, another]) => {
      const [now, canceledAt] = [Math.min(one, another), Math.max(one, another, START) + 1]
      const { nextAttemptAt: _, ...canceledLater } = stateAt(story, START, now, { ...options, canceledAt })
      const { nextAttemptAt: __, ...neverCanceled } = stateAt(story, START, now, options)
      expect(canceledLater).toEqual(neverCanceled)
    },
    runs(1000)
  )

  it.prop(
    "changes no more once it is settled",
    [anyStory, anyOptions, moment],
    ([story, options, later]) => {
      const end = settledAt(story, START, options)
      expect(stateAt(story, START, Math.max(later, end), options)).toEqual(stateAt(story, START, end, options))
    },
    runs(1000)
  )
})
