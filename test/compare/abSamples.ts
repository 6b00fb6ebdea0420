/**
 * The samples in docs/samples/ab: an experiment of two providers as its exports would look, with what is usual in them.
 * `node test/compare/abSamples.ts` writes them; a test holds them to what is written here.
 */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import type { Experiment } from "../../src/experiment/Experiment.ts"
import type { JsonObject } from "../../src/domain/Json.ts"
import { livesOf, START, tell, USUAL, withTalks } from "./population.ts"
import { assigned, experimentOf, type TrialArm } from "./trialPlacing.ts"

export const AB_FOLDER = fileURLToPath(new URL("../../docs/samples/ab/", import.meta.url))

const ORDERS = 1_240
/** A third of the persons are called twice. */
const PERSONS = 930

/** The first provider dials up to twice; the second loses a few transcripts and never reports the end of a few calls. */
const ARMS: ReadonlyArray<TrialArm> = [
  { name: "now", provider: "revox", agent: "agent_reception", quirks: { dials: 2, lostTranscripts: 0.01 } },
  {
    name: "next",
    provider: "revring",
    agent: "agent_front_desk",
    quirks: { lostTranscripts: 0.02, neverOver: 0.005 }
  }
]

/** Of talks, at the first dial. Invented like all else: it says nothing about any provider. */
const TALKS = { now: USUAL.talk, next: USUAL.talk + 0.12 } as const

const DAY = 86_400_000
/** Exported in the evening of the last day: what was placed last is not over yet. */
const EXPORTED = START + 18 * DAY + 19.5 * 3_600_000

export interface AbSamples {
  readonly experiment: Experiment
  readonly revox: ReadonlyArray<JsonObject>
  readonly revring: ReadonlyArray<JsonObject>
}

export const abSamples = (): AbSamples => {
  const experiment = experimentOf(ARMS, {
    id: "front-desk-spring",
    // As `unicall experiment plan --baseline-rate 0.31` has it, about: 2,134 persons to find 8 points.
    primary: { metric: "first_attempt.human_reached", smallestEffect: 0.08 },
    guardrails: [
      { metric: "first_attempt.remote_hangup_10s", smallestEffect: 0.05 },
      { metric: "first_attempt.connected", smallestEffect: 0.05 }
    ],
    strata: ["hour"],
    plannedUnits: 2_000,
    timeZone: "Europe/Paris"
  })
  const size = { seed: 2, orders: ORDERS, persons: PERSONS, alike: 0.2 }
  const [usual, other] = [livesOf(size), livesOf({ ...size, shares: withTalks(TALKS.next) })]
  const of = (name: string): ReadonlyArray<JsonObject> =>
    assigned(experiment, usual, ARMS)
      .filter(({ arm, life }) => arm.name === name && life.placedAt < EXPORTED)
      .flatMap(({ life, arm, tag }) => {
        const really = name === "next" ? (other[life.index] ?? life) : life
        const told = (now: number): JsonObject => tell(really, { ...arm, tag, now })
        // Now and then an order was stored while it ran as well.
        return life.index % 25 === 0 ? [told(life.placedAt + 20_000), told(EXPORTED)] : [told(EXPORTED)]
      })
  return { experiment, revox: of("now"), revring: of("next") }
}

export const linesOf = (payloads: ReadonlyArray<JsonObject>): string =>
  payloads.map((payload) => `${JSON.stringify(payload)}\n`).join("")

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { experiment, revox, revring } = abSamples()
  for (const [name, payloads] of Object.entries({ revox, revring })) {
    const bytes = gzipSync(linesOf(payloads), { level: 9 })
    writeFileSync(join(AB_FOLDER, `${name}.ndjson.gz`), bytes)
    process.stdout.write(`${name}.ndjson.gz: ${payloads.length} records, ${bytes.length} bytes\n`)
  }
  writeFileSync(join(AB_FOLDER, "experiment.json"), `${JSON.stringify(experiment, null, 2)}\n`)
}
