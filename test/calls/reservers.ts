/** Processes that reserve and settle on one journal until they are killed, and what they were answered. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { type Placement, type PlacementJournal, PlacementState } from "../../src/calls/PlacementJournal.ts"
import { keyOf } from "./placementKeys.ts"
import { Line } from "./reserveProcess.ts"

/** The program of such a process. */
export const reserver = fileURLToPath(new URL("./reserveProcess.ts", import.meta.url))
const decodeLine = Schema.decodeUnknownSync(Schema.fromJsonString(Line))

export interface Child {
  readonly process: ChildProcessWithoutNullStreams
  readonly lines: ReadonlyArray<Line>
  readonly stderr: () => string
  /** Waits until it has said so many lines or is gone. */
  readonly said: (count: number) => Effect.Effect<void>
  readonly ended: Effect.Effect<void>
}

/** Starts a process, and ends it with the scope. */
export const startProcess = (command: string, args: ReadonlyArray<string>) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => spawn(command, args)),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    ),
    (child): Child => {
      const lines: Array<Line> = []
      let text = ""
      let stderr = ""
      let watch = () => {}
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        const [rest = "", ...whole] = `${text}${chunk}`.split("\n").toReversed()
        text = rest
        lines.push(...whole.toReversed().map((line) => decodeLine(line)))
        watch()
      })
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk))
      const closed = once(child, "close")
      return {
        process: child,
        lines,
        stderr: () => stderr,
        ended: Effect.promise(() => closed),
        said: (count) =>
          Effect.promise(() =>
            Promise.race([
              closed,
              new Promise<void>((resolve) => {
                watch = () => (lines.length >= count ? resolve() : undefined)
                watch()
              })
            ])
          )
      }
    }
  )

/** Starts a reserver: its task, its journal, its name. */
export const startReserver = (...args: ReadonlyArray<string>) => startProcess(process.execPath, [reserver, ...args])

const STEPS = PlacementState.literals

/** What was answered and is not in the journal, or not as far. */
export const forgotten = Effect.fnUntraced(function* <E>(
  open: Effect.Effect<PlacementJournal["Service"], E, Scope.Scope>,
  lines: ReadonlyArray<Line>
) {
  const journal = yield* open
  const last = new Map(
    lines.flatMap(({ answered }) => (answered === undefined ? [] : [[answered.reference, answered.state]]))
  )
  const stored = yield* Effect.forEach(last, ([reference, state]) =>
    Effect.map(journal.find(keyOf(reference)), (found) => ({ reference, state, found: Option.getOrUndefined(found) }))
  )
  return stored.filter(({ reference, state, found }) => !isAsFar(reference, state, found))
}, Effect.scoped)

/** Every fourth is given free again, and may be so without having been told. */
const isAsFar = (reference: string, state: (typeof STEPS)[number] | "free", found: Placement | undefined): boolean => {
  if (state === "free") return found === undefined
  if (found === undefined) return Number(reference.split("-").at(-1)) % 4 === 3
  return STEPS.indexOf(found.state) >= STEPS.indexOf(state)
}
