/** `unicall webhooks show` and `set`: what there is is shown first, then changed if somebody agrees. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import type { AddressChange, AddressChanges } from "../../../calls/agentAddresses.ts"
import { present } from "../../../domain/present.ts"
import { openCalls } from "../../calls/callCommand.ts"
import { makeFailures } from "../../calls/callFailures.ts"
import { permission } from "../../calls/permission.ts"
import { tryFile } from "../../shell/failures.ts"
import { aligned, jsonLine, plainText, print, tell } from "../../shell/terminal.ts"
import type { SetFlags, ShowFlags } from "./webhooksCommand.ts"

const agentOf = ({ provider, agent }: Pick<ShowFlags, "provider" | "agent">) => ({
  agentId: agent,
  ...present({ provider })
})

const opened = (flags: ShowFlags | SetFlags) =>
  openCalls(flags, { needed: flags.provider === undefined ? [] : [flags.provider] })

const shown = (address: string | null): string => (address === null ? "none" : plainText(address))

export const runShow = Effect.fn("unicall.webhooks.show")(function* (flags: ShowFlags) {
  const { calls } = yield* opened(flags)
  const failures = makeFailures(flags)
  yield* calls.webhookAddresses(agentOf(flags)).pipe(
    Effect.map((found) => {
      const rows = Object.entries(found.addresses).map(([use, address]) => [use, shown(address)])
      print(flags.json ? jsonLine(found) : aligned([["FOR", "ADDRESS"], ...rows]))
    }),
    Effect.catch((error) => Effect.sync(() => failures.add(error)))
  )
  yield* failures.settle
}, Effect.scoped)

/** `@FILE`: the address in the file. `none`: no address. */
const wantedOf = Effect.fnUntraced(function* (given: string | undefined) {
  if (given === undefined || !given.startsWith("@")) return given === "none" ? null : given
  const file = given.slice(1)
  return yield* tryFile(file, () => readFileSync(file, "utf8").trim())
})

/** Two addresses that look alike may differ in a secret. */
const noteOf = ({ before, after, changed }: AddressChange): string => {
  if (!changed) return "as it is"
  return before === after ? "changed in a secret" : "changed"
}

const table = ({ changes }: AddressChanges): string =>
  aligned([
    ["FOR", "BEFORE", "AFTER", ""],
    ...changes.map((change) => [change.use, shown(change.before), shown(change.after), noteOf(change)])
  ])

export const runSet = Effect.fn("unicall.webhooks.set")(function* (flags: SetFlags) {
  const wanted = present({ calls: yield* wantedOf(flags.calls), preCall: yield* wantedOf(flags.preCall) })
  const { calls } = yield* opened(flags)
  const failures = makeFailures(flags)
  const agent = agentOf(flags)
  const show = (changes: AddressChanges) => print(flags.json ? jsonLine(changes) : table(changes))
  const setting = Effect.gen(function* () {
    const planned = yield* calls.setWebhookAddresses(agent, wanted, { dryRun: true })
    if (flags.dryRun || planned.changes.every(({ changed }) => !changed)) {
      show(planned)
      return tell("nothing was changed\n")
    }
    const what = `${planned.provider}: the messages of the agent ${plainText(flags.agent)}:\n${table(planned)}`
    yield* permission({
      yes: flags.yes,
      question: `${what}Change it?`,
      refusal: `webhooks set: expected --yes, or --dry-run. ${what}`
    })
    show(yield* calls.setWebhookAddresses(agent, wanted))
  })
  yield* Effect.catchTag(setting, "CallError", (error) => Effect.sync(() => failures.add(error)))
  yield* failures.settle
}, Effect.scoped)
