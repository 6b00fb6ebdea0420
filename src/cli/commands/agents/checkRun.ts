/** `unicall agents check`: what of a configuration's agents is not there, and what could not be checked. */
import * as Effect from "effect/Effect"
import type { AccountLists, Unread } from "../../../routes/accountLists.ts"
import { type AgentDifference, agentDifferences, neededLists, type Severity } from "../../../routes/agentDifferences.ts"
import { misplacedIn } from "../../../routes/misplaced.ts"
import { readAccount } from "../../calls/account.ts"
import { makeFailures } from "../../calls/callFailures.ts"
import { configurationOf } from "../../calls/configuration.ts"
import { configurationPlace, liveProviders, variable } from "../../calls/environment.ts"
import { EXIT, type ExitCode } from "../../ExitCode.ts"
import { mistake } from "../../inputs/experimentFile.ts"
import { callable } from "../../providers.ts"
import { usage } from "../../shell/failures.ts"
import { aligned, jsonLine, plainText, plural, print, tell } from "../../shell/terminal.ts"
import type { CheckFlags } from "./agentsCommand.ts"

export const runCheck = Effect.fn("unicall.agents.check")(function* (flags: CheckFlags) {
  const { agents = {} } = (yield* configurationOf(flags)) ?? (yield* usage(NO_FILE))
  const misplaced = misplacedIn({ agents }, callable)
  if (misplaced !== undefined) return yield* mistake(configurationPlace(flags.config) ?? "", misplaced)
  const failures = makeFailures(flags)
  const needed = neededLists({ agents })
  const asked = liveProviders.filter(({ id }) => needed.has(id))
  const read = yield* Effect.forEach(
    asked,
    ({ id, keyVariable }) =>
      Effect.map(
        variable(keyVariable) === undefined
          ? Effect.succeed(KEYLESS)
          : readAccount(flags, id, { failures, lists: needed.get(id) ?? new Set(), onIncomplete: () => undefined }),
        (account) => [id, account] as const
      ),
    { concurrency: "unbounded" }
  )
  const differences = agentDifferences({ agents }, new Map(read))
  if (flags.json) for (const difference of differences) print(jsonLine(difference))
  else if (differences.length > 0) print(aligned([HEADER, ...differences.map(rowOf)]))
  else tell(`nothing differs: ${plural(Object.keys(agents).length, "agent")}\n`)
  for (const { severity } of differences) {
    const code = CODES[severity]
    if (code !== EXIT.ok) failures.note(code)
  }
  if (read.length > 0 && read.every(([, account]) => account === KEYLESS)) failures.note(EXIT.setup)
  yield* failures.settle
})

const NO_FILE = "expected --config FILE, or a file in UNICALL_CONFIG"

const KEYLESS: AccountLists = { agents: "no_key", numbers: "no_key" }

const CODES = { wrong: EXIT.refused, unchecked: EXIT.incomplete, note: EXIT.ok } as const satisfies Record<
  Severity,
  ExitCode
>

const HEADER = ["", "AGENT", "PROVIDER", "WHAT"]

const rowOf = (difference: AgentDifference): ReadonlyArray<string> => {
  const { severity } = difference
  const agent = "agent" in difference ? difference.agent : ""
  const provider = "provider" in difference ? difference.provider : ""
  return [severity, agent, provider, textOf(difference)].map(plainText)
}

const NOT_WHOLE = "not seen, but the list may not be whole"

const textOf = (difference: AgentDifference): string => {
  switch (difference.kind) {
    case "agent_missing":
      return `agent ${difference.id}: missing, the provider does not list it`
    case "agent_not_seen":
      return `agent ${difference.id}: ${NOT_WHOLE}`
    case "number_missing":
      return `number ${difference.number}: missing, the account does not have it`
    case "number_not_seen":
      return difference.because === "incomplete"
        ? `number ${difference.number}: ${NOT_WHOLE}`
        : `number ${difference.number}: not among the numbers that are assigned to agents; the account may have it`
    case "number_of_other_agent":
      return `number ${difference.number}: assigned to another agent: ${difference.agentIds.join(", ")}`
    case "languages_differ":
      return `languages differ: ${Object.entries(difference.languages)
        .map((each) => each.join(" "))
        .join(", ")}`
    case "not_checked":
      return `${difference.what}: not checked, ${WHY[difference.because](difference.provider)}`
  }
}

const WHY = {
  no_key: (provider) => `${liveProviders.find(({ id }) => id === provider)?.keyVariable ?? "its key"} is not set`,
  unknown_provider: () => `unicall knows no such provider that can be called`,
  cannot_be_listed: () => "the provider cannot list them",
  failed: () => "the provider gave no list"
} as const satisfies Record<Unread, (provider: string) => string>
