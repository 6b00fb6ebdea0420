/** Runs `unicall switch plan`: inputs into counts, those into a plan, and that into a report. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Adapter } from "../../../provider/Adapter.ts"
import { renderBriefMarkdown } from "../../../report/markdown.ts"
import { briefOfPlan } from "../../../report/switchPlan.ts"
import { renderBriefTerminal } from "../../../report/terminal.ts"
import { makeUsageCollector } from "../../../switch/collectUsage.ts"
import { planOf, planOfConfiguration, withConfiguration } from "../../../switch/plan.ts"
import type { SwitchPlan } from "../../../switch/SwitchPlan.ts"
import { checkFiles, readsOf, usesOf } from "../../inputs/fileUse.ts"
import { readConfiguration } from "../../inputs/configurationFile.ts"
import type { Input } from "../../inputs/findInputs.ts"
import {
  namedInputs,
  type ReadingJob,
  readInThread,
  readOptionsOf,
  sizeOf,
  splitOptionsOf
} from "../../inputs/readInputs.ts"
import { makeRejectionNotes } from "../../inputs/rejectionNotes.ts"
import { providers } from "../../providers.ts"
import { noSuchRecord, recordsRejected, usage } from "../../shell/failures.ts"
import { print } from "../../shell/output.ts"
import { makeNotes, type Notes } from "../../shell/progress.ts"
import { count, plainText, plural } from "../../shell/terminal.ts"
import { findTarget, writeWhole } from "../../shell/wholeFile.ts"
import type { PlanFlags } from "./planCommand.ts"

const adapterOf = (flag: string, id: string) => {
  const adapter = providers.get(id)
  return adapter === undefined
    ? Effect.fail(usage(`${flag}: expected one of ${providers.ids.join(", ")}`))
    : Effect.succeed(adapter)
}

const collect = Effect.fnUntraced(function* (
  flags: PlanFlags,
  source: Adapter,
  inputs: ReadonlyArray<Input>,
  notes: Notes
) {
  const tally = { read: 0, rejected: 0 }
  const progress = notes.reading(sizeOf(inputs))
  const rejections = makeRejectionNotes()
  const collector = makeUsageCollector({
    registry: providers,
    adapter: source,
    read: readOptionsOf(flags),
    refused: (refused) => {
      tally.rejected += 1
      rejections.add(refused)
    }
  })
  const job: ReadingJob = {
    tally,
    payload: (payload, place, provider) => {
      tally.read += 1
      collector.payload(payload, place, provider)
    },
    unreadable: collector.unreadable
  }
  yield* readInThread(inputs, job, splitOptionsOf(flags), { progress, flush: notes.flush })
  progress.clear()
  notes.text(rejections.rest())
  notes.step("putting records together")
  return collector.finish()
})

const WIDTH_OF_A_PIPE = 80

const reportOf = (flags: PlanFlags, plan: SwitchPlan): string => {
  if (flags.json) return `${JSON.stringify(plan, null, 2)}\n`
  const brief = briefOfPlan(plan)
  if (flags.markdown) return renderBriefMarkdown(brief)
  const { isTTY, columns } = process.stdout
  const color = isTTY && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb"
  return renderBriefTerminal(brief, { width: isTTY && columns > 0 ? columns : WIDTH_OF_A_PIPE, color })
}

/** Records of this provider, of others, and rejected. */
const balance = ({ from, input }: SwitchPlan, seconds: number): string => {
  const others = input.others.reduce((sum, { records }) => sum + records, 0)
  const parts = [
    `${count(input.records)} of ${from.title}`,
    `${count(others)} of others`,
    `${count(input.rejected)} rejected`
  ]
  return `${plural(input.records + others + input.rejected, "record")} in = ${parts.join(" + ")}, in ${seconds.toFixed(1)} s`
}

export const runPlan = Effect.fn("unicall.switch.plan")(function* (flags: PlanFlags) {
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const started = now()
  if (flags.json && flags.markdown) return yield* usage("--json and --markdown: expected one of them")
  const source = yield* adapterOf("--from", flags.from)
  const target = yield* adapterOf("--to", flags.to)
  if (source === target) return yield* usage(`--to: expected another provider than --from, got ${source.id} for both`)
  const configuration = flags.config === undefined ? undefined : yield* readConfiguration(flags.config)
  const isConfigurationAlone = flags.inputs.length === 0 && configuration !== undefined
  const inputs = isConfigurationAlone ? [] : yield* namedInputs(flags.inputs, flags)
  const file = flags.html === undefined ? undefined : yield* findTarget(flags.html)
  yield* checkFiles({
    reads: [...readsOf(inputs), ...usesOf({ "--config": flags.config })],
    writes: usesOf({ "--html": flags.html }),
    names: flags.inputs
  })

  const notes = makeNotes(now)
  const move = { source, target }
  const byRecords = Effect.gen(function* () {
    const { usage: found, input } = yield* collect(flags, source, inputs, notes)
    notes.step("")
    if (found.orders + found.attempts === 0) {
      const others = [...input.others].map(([id, records]) => `${count(records)} of ${id}`)
      const read = [...others, ...(input.hints > 0 ? [`${plural(input.hints, "message")} that only name a call`] : [])]
      const what = read.length > 0 ? read.join(", ") : "none of any provider"
      return yield* noSuchRecord(
        `expected records of ${source.title}, which --from names; got ${what}, and ${count(input.rejected)} rejected`
      )
    }
    return withConfiguration(planOf({ usage: found, ...move }, input), configuration, move)
  })
  const run = Effect.gen(function* () {
    const plan = isConfigurationAlone ? planOfConfiguration(configuration, move) : yield* byRecords
    if (file !== undefined) {
      const { renderBriefHtml } = yield* Effect.promise(() => import("../../../report/html/page.ts"))
      yield* writeWhole(file, renderBriefHtml(briefOfPlan(plan)))
    }
    print(reportOf(flags, plan))
    if (!isConfigurationAlone) notes.text(`${balance(plan, (now() - started) / 1000)}\n`)
    if (file !== undefined) notes.text(`plan written to ${plainText(file.name)}\n`)
    return plan
  })
  const { input } = yield* run.pipe(Effect.ensuring(Effect.sync(notes.flush)))
  if (input.rejected > 0 && flags.failOnReject) {
    return yield* recordsRejected(`${count(input.rejected)} rejected, and --fail-on-reject was given`)
  }
})
