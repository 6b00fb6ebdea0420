/** `unicall providers`: one provider with its sources, or all of them beside one another. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Adapter } from "../../../provider/Adapter.ts"
import { abilityText, CAPABILITY_NAMES, type CapabilityName, isAble } from "../../../provider/abilities.ts"
import { Capabilities } from "../../../provider/Capabilities.ts"
import { isDocumented, partsOf, sourceOf } from "../../../provider/capabilitySources.ts"
import { EXIT } from "../../ExitCode.ts"
import { providers } from "../../providers.ts"
import { CallsFailed, usage } from "../../shell/failures.ts"
import { wordsOf } from "../../shell/flags.ts"
import { aligned, jsonLine, plainText, print, tell } from "../../shell/terminal.ts"
import type { ProvidersFlags } from "./providersCommand.ts"

export const runProviders = Effect.fn("unicall.providers")(function* ({ provider, needs, json }: ProvidersFlags) {
  const needed = [...new Set(yield* wordsOf("--needs", needs, CAPABILITY_NAMES))]
  const asked = providers.adapters.filter(({ id }) => provider === undefined || id === provider)
  const odd = asked.find(({ capabilities }) => !areWhole(capabilities))
  if (odd !== undefined) return yield* usage(`--adapter: the capabilities of ${odd.id} are not as they must be`)
  const fitting = asked.filter((adapter) => lackedBy(adapter, needed).length === 0)
  if (json) for (const adapter of fitting) print(jsonLine(providerJson(adapter)))
  else if (fitting.length > 0) print(aligned(provider === undefined ? matrix(fitting) : sourced(fitting)))
  for (const adapter of asked.filter((each) => !fitting.includes(each)))
    tell(`${adapter.id}: is not known to have ${lackedBy(adapter, needed).join(", ")}\n`)
  if (fitting.length === 0) yield* new CallsFailed({ exitCode: EXIT.unsupported })
})

/** An adapter may have been written without types. */
const areWhole = Schema.is(Capabilities)

const lackedBy = ({ capabilities }: Adapter, needed: ReadonlyArray<CapabilityName>): ReadonlyArray<CapabilityName> =>
  needed.filter((name) => !isAble(capabilities, name))

const matrix = (adapters: ReadonlyArray<Adapter>): ReadonlyArray<ReadonlyArray<string>> => [
  ["CAPABILITY", ...adapters.map(({ id }) => plainText(id.toUpperCase()))],
  ...CAPABILITY_NAMES.map((name) => [name, ...adapters.map((adapter) => cellOf(adapter, name))])
]

const sourced = (adapters: ReadonlyArray<Adapter>): ReadonlyArray<ReadonlyArray<string>> => [
  ["CAPABILITY", "VALUE", "SOURCE"],
  ...adapters.flatMap((adapter) =>
    CAPABILITY_NAMES.map((name) => [name, cellOf(adapter, name), plainText(sourceText(adapter, name))])
  )
]

const cellOf = (adapter: Adapter, name: CapabilityName): string =>
  plainText(
    abilityText(adapter.capabilities, name) + (isDocumented(sourceOf(adapter, name)) ? "" : " (not documented)")
  )

const sourceText = (adapter: Adapter, name: CapabilityName): string => {
  const { page, note } = partsOf(sourceOf(adapter, name))
  return [page, note].filter((part) => part !== undefined).join(": ")
}

/** The values as they are; of each what says so, and whether that is a page. */
const providerJson = (adapter: Adapter): object => ({
  kind: "provider",
  provider: adapter.id,
  title: adapter.title,
  capabilities: Object.fromEntries(
    CAPABILITY_NAMES.map((name) => [
      name,
      {
        value: adapter.capabilities[name] ?? "no",
        can: isAble(adapter.capabilities, name),
        documented: isDocumented(sourceOf(adapter, name)),
        ...partsOf(sourceOf(adapter, name))
      }
    ])
  )
})
