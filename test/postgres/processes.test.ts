import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { forgotten, startReserver } from "../calls/reservers.ts"
import { journalAt } from "../calls/journalAt.ts"
import type { Line } from "../calls/reserveProcess.ts"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import { PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { address, freshTable, isThere } from "./database.ts"

const freshPlace = (): string => `${address()}#${freshTable()}`

const open = (place: string) => Effect.map(Layer.build(Layer.fresh(journalAt(place))), Context.get(PlacementJournal))

const failures = (lines: ReadonlyArray<Line>): ReadonlyArray<string> => lines.flatMap(({ failed }) => failed ?? [])

describe.runIf(isThere)("processes on one database", () => {
  it.effect(
    "that race for the same references, as soon as there is a table, reserve each of them once in all",
    () =>
      Effect.gen(function* () {
        const place = freshPlace()
        const racers = yield* Effect.forEach([1, 2, 3], (index) => startReserver("race", place, `racer-${index}`))
        yield* Effect.forEach(racers, ({ said }) => said(1), { concurrency: "unbounded" })
        for (const { process: racer } of racers) racer.stdin.write("go\n")
        yield* Effect.forEach(racers, ({ ended }) => ended, { concurrency: "unbounded" })
        const lines = racers.flatMap((racer) => racer.lines)
        expect(failures(lines)).toEqual([])
        const won = lines.flatMap((line) => line.won ?? [])
        expect(won.toSorted()).toEqual(Array.from({ length: 500 }, (_, index) => `reference-${index}`).toSorted())
      }),
    120_000
  )

  it.effect(
    "that are killed while others go on have written all they answered, and disturb nobody",
    () =>
      Effect.gen(function* () {
        const place = freshPlace()
        const [victim, ...others] = yield* Effect.forEach([1, 2, 3], (index) =>
          startReserver("work", place, `worker-${index}`)
        )
        const all = [victim!, ...others]
        yield* Effect.forEach(all, ({ said }) => said(50), { concurrency: "unbounded" })
        victim!.process.kill("SIGKILL")
        yield* victim!.ended
        yield* Effect.forEach(others, ({ said, lines }) => said(lines.length + 200), { concurrency: "unbounded" })
        for (const { process: other } of others) other.kill("SIGKILL")
        yield* Effect.forEach(others, ({ ended }) => ended)
        const lines = all.flatMap((worker) => worker.lines)
        expect(failures(lines)).toEqual([])
        expect(lines.length).toBeGreaterThan(500)
        expect(yield* forgotten(open(place), lines)).toEqual([])
      }),
    120_000
  )
})
