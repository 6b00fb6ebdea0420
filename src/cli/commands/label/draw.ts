/** Draws the calls of a sheet: the same for the same seed, in whatever order and however often records come. */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import { makeKeySet } from "../../../compare/collector/ObservationTable.ts"
import { makeTextHash } from "../../../compare/collector/textHash.ts"
import { transcriptLines } from "../../../compare/labels.ts"
import type { Attempt } from "../../../domain/CallAttempt.ts"
import { isOverAttempt } from "../../../domain/CallStatus.ts"
import type { CallRecord } from "../../../domain/OutputRecord.ts"
import { compareText } from "../../../domain/textOrder.ts"
import { viewFact } from "../../../domain/View.ts"
import { makePayloadReader, viewAgain } from "../../../normalize/normalize.ts"
import { checkFiles, readsOf } from "../../inputs/fileUse.ts"
import { namedInputs, type ReadingJob, readInThread, readOptionsOf, splitOptionsOf } from "../../inputs/readInputs.ts"
import { makeRejectionNotes } from "../../inputs/rejectionNotes.ts"
import { providers } from "../../providers.ts"
import { noSuchRecord } from "../../shell/failures.ts"
import { print } from "../../shell/output.ts"
import { count, plainText, plural, tell } from "../../shell/terminal.ts"
import type { LabelFlags } from "./labelCommand.ts"
import { type SheetRow, sheetText } from "./sheet.ts"

interface Drawn extends SheetRow {
  /** Decides who is drawn, and in which order the sheet has them. */
  readonly lot: string
  readonly turns: number
}

const DEFAULT_CALLS = 100
const DEFAULT_SEED = "1"

/** The calls of each provider with the lowest lots; no more than are wanted are kept. */
const makeDraw = (seed: string, wanted: number) => {
  const kept = new Map<string, { readonly own: Map<string, Drawn>; readonly highest: string }>()
  const seen = makeKeySet()
  const hash = makeTextHash()
  const add = (provider: string, attempt: Attempt): void => {
    const { transcript } = attempt
    if (!isOverAttempt(attempt) || transcript === undefined || !("turns" in transcript)) return
    const lines = transcriptLines(transcript)
    if (lines === "") return
    hash.of(provider, attempt.id)
    seen.add(hash)
    const id = `${provider}:${attempt.id}`
    const lot = createHash("sha256").update(`${seed}\n${id}`).digest("hex")
    const { own, highest } = kept.get(provider) ?? { own: new Map<string, Drawn>(), highest: "" }
    if (own.size === wanted && lot > highest) return
    const known = own.get(id)
    const turns = transcript.turns.length
    // Of several records of a call, the one that tells most.
    if (known !== undefined && (known.turns > turns || (known.turns === turns && known.transcript >= lines))) return
    own.set(id, { id, provider, transcript: lines, lot, turns })
    if (own.size <= wanted) return void kept.set(provider, { own, highest: lot > highest ? lot : highest })
    const lots = [...own.values()].toSorted((a, b) => compareText(b.lot, a.lot))
    if (lots[0] !== undefined) own.delete(lots[0].id)
    kept.set(provider, { own, highest: lots[1]?.lot ?? "" })
  }
  const rows = (): ReadonlyArray<Drawn> =>
    [...kept.values()].flatMap(({ own }) => [...own.values()]).toSorted((a, b) => compareText(a.lot, b.lot))
  return { add, rows, calls: seen.size }
}

/** Calls by telephone that we made: the rules are used on these. */
const attemptsOf = (record: CallRecord): ReadonlyArray<Attempt> => {
  if (record.kind === "call_attempt") return [record]
  if (record.kind !== "call_order") return []
  return record.direction === "inbound" || record.channel === "web" ? [] : record.attempts
}

export const drawSheet = Effect.fnUntraced(function* (flags: LabelFlags, file: string) {
  const inputs = yield* namedInputs(flags.inputs, flags)
  yield* checkFiles({ reads: readsOf(inputs), names: flags.inputs })
  const draw = makeDraw(flags.seed ?? DEFAULT_SEED, flags.calls ?? DEFAULT_CALLS)
  const rejections = makeRejectionNotes()
  const tally = { read: 0, rejected: 0 }
  const add = (record: CallRecord): void => {
    for (const attempt of attemptsOf(record)) draw.add(record.provider, attempt)
  }
  const refuse = (rejection: Parameters<typeof rejections.add>[0]): void => {
    tally.rejected += 1
    rejections.add(rejection)
  }
  const read = makePayloadReader(providers, readOptionsOf(flags), {
    fact: (fact, adapter) => add(viewFact(fact, adapter)),
    view: (record) => add(viewAgain(record)),
    hint: () => {},
    rejection: refuse
  })
  const job: ReadingJob = {
    tally,
    payload: (payload, source, provider) => {
      tally.read += 1
      read(payload, source, provider)
    },
    unreadable: (source, message) => refuse({ source, path: "", message })
  }
  yield* readInThread(inputs, job, splitOptionsOf(flags))
  tell(rejections.rest())
  const rows = draw.rows()
  if (rows.length === 0)
    return yield* noSuchRecord("expected calls that are over and have a transcript in turns, found none")
  print(
    sheetText(
      rows.map(({ id, provider, transcript }) => ({ id, provider, transcript })),
      file
    )
  )
  const name = plainText(file)
  tell(
    `${name}: ${plural(rows.length, "call")} drawn of ${count(draw.calls())} with a transcript. It holds what was said: keep it private.\n` +
      "Write person, none or unclear into the column label; into label_2 somebody who has not seen the first.\n" +
      `Then: unicall label --sheet ${name}\n`
  )
})
