/** What providers can do beside one another, and what says so. */
import { providers } from "../../adapters/index.ts"
import type { Adapter } from "../../src/provider/Adapter.ts"
import { abilityText, CAPABILITY_NAMES, type CapabilityName } from "../../src/provider/abilities.ts"
import { isDocumented, partsOf, sourceOf } from "../../src/provider/capabilitySources.ts"
import { capabilityNotes } from "./fieldNotes.ts"
import { code, list, table } from "./markdown.ts"

type Section = () => string

const featureText = (name: CapabilityName): string => `${code(name)}: ${capabilityNotes[name]}`

const cell = (adapter: Adapter, name: CapabilityName): string =>
  abilityText(adapter.capabilities, name) + (isDocumented(sourceOf(adapter, name)) ? "" : " (not documented)")

const matrix: Section = () =>
  table(
    ["Feature", ...providers.adapters.map(({ title }) => title)],
    CAPABILITY_NAMES.map((name) => [featureText(name), ...providers.adapters.map((adapter) => cell(adapter, name))])
  )

/** Each page once, with the features that it documents; then what no page does. */
const sourcesOf = (adapter: Adapter): string => {
  const sources = CAPABILITY_NAMES.map((name) => ({ name, ...partsOf(sourceOf(adapter, name)) }))
  const entry = ({ name, note }: (typeof sources)[number]): string =>
    note === undefined ? code(name) : `${code(name)} (${note})`
  const pages = [...new Set(sources.flatMap(({ page }) => page ?? []))]
  const told = pages.map(
    (page) =>
      `<${page}>: ${sources
        .filter((each) => each.page === page)
        .map(entry)
        .join(", ")}`
  )
  const untold = sources.filter(({ page }) => page === undefined)
  return list([...told, ...(untold.length === 0 ? [] : [`not documented: ${untold.map(entry).join(", ")}`])])
}

const sources: Section = () =>
  providers.adapters.map((adapter) => `**${adapter.title}**\n\n${sourcesOf(adapter)}`).join("\n\n")

const withSources = (adapter: Adapter): string =>
  table(
    ["Feature", adapter.title, "What says so"],
    CAPABILITY_NAMES.map((name) => {
      const { page, note } = partsOf(sourceOf(adapter, name))
      return [
        featureText(name),
        cell(adapter, name),
        [page === undefined ? undefined : `<${page}>`, note].filter((part) => part !== undefined).join(": ")
      ]
    })
  )

export const capabilitySections: ReadonlyArray<readonly [string, Section]> = [
  ["capabilities", matrix],
  ["capability-sources", sources],
  ...providers.adapters.map((adapter) => [`capabilities ${adapter.id}`, () => withSources(adapter)] as const)
]
