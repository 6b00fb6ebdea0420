/**
 * A process of its own on a journal's file, for the tests: `node reserveLines.ts <file>` reserves each reference that
 * comes in on a line, and answers each with a line: who holds it, or why it could not be written.
 */
import { once } from "node:events"
import { createInterface } from "node:readline"
import process from "node:process"
import * as Effect from "effect/Effect"
import { PlacementJournal, type Reservation } from "../../src/calls/PlacementJournal.ts"
import { ProviderId } from "../../src/domain/Identifiers.ts"
import { Instant } from "../../src/domain/Instant.ts"
import { layerSqliteJournal } from "../../src/node/SqliteJournal.ts"

const reservation = (reference: string, token: string): Reservation => ({
  tenant: "",
  reference,
  provider: ProviderId.make("one"),
  token,
  numberDigest: "1f3a",
  at: Instant.make("2026-03-01T10:00:00.000Z")
})

/** Reserves as this process does: `ours`, `theirs`, or the message of what went wrong. */
export const answerTo = (journal: PlacementJournal["Service"], reference: string): Effect.Effect<string> => {
  const token = `process-${process.pid}`
  return Effect.match(journal.reserve(reservation(reference, token)), {
    onSuccess: (placement) => (placement.token === token ? "ours" : "theirs"),
    onFailure: ({ message }) => message
  })
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

if (import.meta.main) {
  const [file = ""] = process.argv.slice(2)
  await Effect.runPromise(
    Effect.gen(function* () {
      const journal = yield* PlacementJournal
      say("open")
      const lines = createInterface({ input: process.stdin })
      lines.on("line", (reference) => Effect.runFork(Effect.map(answerTo(journal, reference), say)))
      yield* Effect.promise(() => once(lines, "close"))
    }).pipe(
      Effect.provide(layerSqliteJournal({ file })),
      Effect.catch(({ message }) => Effect.sync(() => say(message)))
    )
  )
}
