/**
 * Experiments in which nothing differs, in situations that are hard on statistics. Payloads go through the public interface
 * at several looks; what counts is how often anything is claimed.
 */
import { compareRecords, type Comparison, type Interval } from "../../../adapters/compare.ts"
import type { Experiment } from "../../../src/experiment/Experiment.ts"
import type { JsonObject } from "../../../src/domain/Json.ts"
import { seededRandom } from "../../../src/compare/statistics/random.ts"
import { makeAssign } from "../../../src/experiment/assignment.ts"
import { tagOf } from "../../../src/experiment/assignmentTag.ts"
import { drawFrom } from "../../../src/twin/seeded.ts"
import { HUMAN_FATES, type Life, livesOf, tell, USUAL, withTalks } from "../population.ts"
import { HEAVY_TAIL } from "../statistics/trials.ts"
import { assigned, experimentOf, type TrialArm } from "../trialPlacing.ts"

/** How data comes to be: whatever a run draws follows from its seed. */
export interface Situation {
  readonly title: string
  readonly experimentOf: (seed: number) => Experiment | undefined
  /** In the order of time. */
  readonly events: (seed: number, experiment: Experiment | undefined) => ReadonlyArray<Event>
}

/** Something that the data holds from a moment on. */
export interface Event {
  readonly at: number
  /** As it would be exported then. */
  readonly toldAt: (now: number) => ReadonlyArray<JsonObject>
}

/** What one run claims that is not so. */
export interface Claims {
  /** The primary metric's interval for a single look leaves 0 out, at the end. */
  readonly once: boolean
  /** Its interval for any number of looks does, at any point of the course. */
  readonly course: boolean
  /** Its verdict says that there is a difference, at any of the looks. */
  readonly primary: boolean
  /** That of any other metric does. */
  readonly others: boolean
}

export interface Run extends Claims {
  /** Without an interval nothing can be claimed: such a run proves nothing. */
  readonly isMeasured: boolean
  /** A check fails at the end, though nothing is wrong. */
  readonly isWithheld: boolean
}

const PRIMARY = "first_attempt.human_reached"
const CONNECTED = "first_attempt.connected"
const DAY = 86_400_000
/** Of the events, when somebody compares. */
const LOOKS = [0.25, 0.5, 0.75, 1]

const ARMS: ReadonlyArray<TrialArm> = [
  { name: "now", provider: "revox", agent: "agent_now" },
  { name: "next", provider: "revring", agent: "agent_next" }
]
const withShares = (now: number, next: number): ReadonlyArray<TrialArm> =>
  ARMS.map((arm, index) => ({ ...arm, share: index === 0 ? now : next }))

const saltOf = (seed: number): string => `h4Zq81LmWx${seed}uTe93`

const eventOf = (life: Life, arm: TrialArm, tag?: string): Event => ({
  at: life.placedAt,
  toldAt: (now) => [tell(life, { ...arm, now, ...(tag === undefined ? {} : { tag }) })]
})

const ordinary = (
  title: string,
  { arms = ARMS, orders, talk = USUAL.talk }: { arms?: ReadonlyArray<TrialArm>; orders: number; talk?: number }
): Situation => ({
  title,
  experimentOf: (seed) => experimentOf(arms, { salt: saltOf(seed), plannedUnits: orders }),
  events: (seed, experiment) =>
    experiment === undefined
      ? []
      : assigned(experiment, livesOf({ seed, orders, shares: withTalks(talk) }), arms).map(({ life, arm, tag }) =>
          eventOf(life, arm, tag)
        )
})

/** From one to two hundred orders for each person, whose calls mostly come to the same. */
const heavyTailed = (seed: number, persons: number): ReadonlyArray<Life> => {
  const random = seededRandom(seed)
  return Array.from({ length: persons }, (_, person) =>
    livesOf({
      seed,
      orders: HEAVY_TAIL[random.word() % HEAVY_TAIL.length] ?? 1,
      persons: 1,
      firstPerson: person,
      alike: 0.6
    }).map((life) => ({ ...life, reference: `lead-${seed}-${person}-${life.index}` }))
  ).flat()
}

const HEAVY_PERSONS = 60

/** A third of those who talk are called back, and mostly talk again. */
const withCallBacks = (
  lives: ReadonlyArray<Life>,
  seed: number,
  isIn: (life: Life) => boolean
): ReadonlyArray<Life> => {
  const later = livesOf({ seed: seed + 1_000_000, orders: lives.length, shares: withTalks(0.95) })
  return lives.flatMap((life) => {
    const isAgreed = isIn(life) && life.dials[0].fate === "talk" && life.draw("call-back") < 0.8
    const callBack = later[life.index]
    return isAgreed && callBack !== undefined ? [life, { ...callBack, placedAt: life.placedAt + DAY }] : [life]
  })
}

const callBacks = (title: string, arms: ReadonlySet<string>, changes: JsonObject, orders: number): Situation => ({
  title,
  experimentOf: (seed) => experimentOf(ARMS, { salt: saltOf(seed), plannedUnits: orders, ...changes }),
  events: (seed, experiment) => {
    if (experiment === undefined) return []
    const shares = withTalks(0.5)
    const armOf = makeAssign(experiment)
    const lives = withCallBacks(livesOf({ seed, orders, shares }), seed, (life) => arms.has(armOf(life.to).arm.name))
    return assigned(experiment, lives, ARMS).map(({ life, arm, tag }) => eventOf(life, arm, tag))
  }
})

/** Of those who would not be reached, two in five are refused: in both arms, so that nothing differs. */
const refusals = (title: string, orders: number): Situation => ({
  title,
  experimentOf: (seed) =>
    experimentOf(ARMS, {
      salt: saltOf(seed),
      plannedUnits: orders,
      primary: { metric: CONNECTED, smallestEffect: 0.03 }
    }),
  events: (seed, experiment) =>
    experiment === undefined
      ? []
      : assigned(experiment, livesOf({ seed, orders }), ARMS).map(({ life, arm, tag }): Event => {
          const isRefused = !HUMAN_FATES.has(life.dials[0].fate) && life.draw("refused") < 0.4
          const line = {
            reference: life.reference,
            at: new Date(life.placedAt).toISOString(),
            provider: arm.provider,
            experiment: { id: experiment.id, arm: arm.name, unit: tag.split("/")[2] ?? "" }
          }
          const { at, toldAt } = eventOf(life, arm, tag)
          return isRefused
            ? { at, toldAt: () => [{ ...line, state: "failed", reason: "Rejected" }] }
            : {
                at,
                toldAt: (now) =>
                  toldAt(now).flatMap((record) => [
                    { ...line, state: "accepted", call: `${arm.provider}:${String(record["id"])}` },
                    record
                  ])
              }
        })
})

export const SITUATIONS: ReadonlyArray<Situation> = [
  ordinary("One person in a hundred talks", { orders: 500, talk: 0.01 }),
  ordinary("A split of 10 to 90", { arms: withShares(9, 1), orders: 300 }),
  ordinary("A split of 90 to 10, one in fifty talks", { arms: withShares(1, 9), orders: 500, talk: 0.02 }),
  {
    title: "1 to 200 orders for each person, who stays in an arm; no experiment",
    experimentOf: () => undefined,
    events: (seed) =>
      heavyTailed(seed, HEAVY_PERSONS).map((life) => {
        const [now, next] = ARMS
        const arm = drawFrom(seed, life.to, "arm") < 0.5 ? now : next
        return arm === undefined ? { at: life.placedAt, toldAt: () => [] } : eventOf(life, arm)
      })
  },
  {
    title: "1 to 200 orders for each person, each order assigned by itself",
    experimentOf: (seed) => experimentOf(ARMS, { salt: saltOf(seed), unit: "reference", plannedUnits: 400 }),
    events: (seed, experiment) => {
      if (experiment === undefined) return []
      const assign = makeAssign(experiment)
      return heavyTailed(seed, HEAVY_PERSONS).flatMap((life) => {
        const assignment = assign(life.reference)
        const arm = ARMS.find(({ name }) => name === assignment.arm.name)
        return arm === undefined ? [] : [eventOf(life, arm, tagOf(experiment, assignment))]
      })
    }
  },
  callBacks("One arm calls back; first orders judged", new Set(["next"]), {}, 300),
  callBacks("Both arms call back, judged within a window", new Set(["now", "next"]), { windowHours: 48 }, 300),
  refusals("Both arms refuse one order in four, of those who would not be reached", 300)
]

const excludesNone = (interval: Interval | undefined): boolean =>
  interval !== undefined && (interval.low > 0 || interval.high < 0)

const claims = ({ metrics }: Comparison, isAsked: (id: string) => boolean): boolean =>
  metrics.some(
    ({ id, contrasts }) => isAsked(id) && contrasts.some(({ verdict }) => verdict === "better" || verdict === "worse")
  )

/** One run of a situation: its data at each look, and what is claimed of it. */
export const simulate = ({ experimentOf: experimentFor, events }: Situation, seed: number): Run => {
  const experiment = experimentFor(seed)
  const all = events(seed, experiment).toSorted((a, b) => a.at - b.at)
  const primary = experiment?.primary.metric ?? PRIMARY
  const comparisons = LOOKS.map((part) => {
    const seen = all.slice(0, Math.ceil(all.length * part))
    const now = part === 1 ? (seen.at(-1)?.at ?? 0) + 30 * DAY : (seen.at(-1)?.at ?? 0) + 1
    return compareRecords(
      seen.flatMap(({ toldAt }) => toldAt(now)),
      { experiment }
    )
  })
  const end = comparisons.at(-1)
  const contrast = end?.metrics.find(({ id }) => id === primary)?.contrasts[0]
  return {
    isMeasured: contrast?.interval !== undefined,
    isWithheld: (end?.checks ?? []).some(({ outcome }) => outcome === "failed"),
    once: excludesNone(contrast?.fixed),
    course: (end?.overTime ?? []).some(({ points }) => points.some(({ sequential }) => excludesNone(sequential))),
    primary: comparisons.some((each) => claims(each, (id) => id === primary)),
    others: comparisons.some((each) => claims(each, (id) => id !== primary))
  }
}
