/** What becomes of a named agent: one rule for each thing that it says. Pure. */
import { counted } from "../../compare/format.ts"
import type { JsonObject } from "../../domain/Json.ts"
import { present } from "../../domain/present.ts"
import type { Adapter } from "../../provider/Adapter.ts"
import type { AgentAt, NamedAgent } from "../../routes/Configuration.ts"
import { type Becoming, different, gained, lost, notesOf, same, yours } from "../Becoming.ts"
import { agentList, numberList } from "../lines.ts"
import { canStand, json, nameList, shownName } from "./written.ts"

export interface AgentMove {
  readonly name: string
  readonly agent: NamedAgent
  /** What it is at the provider that is left, and at the target. */
  readonly here: AgentAt | undefined
  readonly there: AgentAt | undefined
  readonly source: Adapter
  readonly target: Adapter
}

export interface AgentRule {
  /** What it is about; the agent itself where it is empty. */
  readonly part: string
  /** `undefined`: the agent says nothing of the kind. */
  readonly becomes: (move: AgentMove) => (Becoming & { readonly use?: ReadonlyArray<string> }) | undefined
}

/** The entry with these members, at its place in a configuration. Empty texts are to be filled in: a configuration with one is refused. */
const entryLines = ({ name, target }: AgentMove, members: JsonObject) =>
  canStand([name]) ? [json({ agents: { [name]: { providers: { [target.id]: members } } } })] : []

const listAgents = ({ target }: AgentMove) =>
  target.capabilities.listAgents === undefined ? [] : [agentList(target.id)]

const listNumbers = ({ target }: AgentMove) =>
  target.capabilities.listNumbers === undefined ? [] : [numberList(target.id)]

const needsNumbers = ({ here, target: { capabilities } }: AgentMove): boolean =>
  capabilities.callerNumber === "required" || (capabilities.callerNumber === "optional" && here?.from !== undefined)

const FILL_IN = "Fill in what is empty: a configuration with an empty text there is refused."

const itself: AgentRule = {
  part: "",
  becomes: (move) => {
    const { here, there, source, target } = move
    if (there === undefined) {
      const pool = needsNumbers(move) ? { from: [""], localPresence: here?.localPresence } : {}
      return yours(
        [`It has no entry at ${target.title}: an order that names it cannot go there.`, FILL_IN],
        ...entryLines(move, present({ id: "", ...pool })),
        ...listAgents(move)
      )
    }
    if (there.id === undefined && there.inline === undefined && there.options === undefined) {
      return yours([`Its entry at ${target.title} names no agent.`, FILL_IN], ...entryLines(move, { id: "" }))
    }
    return here === undefined
      ? gained(`It is configured at ${target.title}, and not at ${source.title}.`)
      : same("It is configured at both.")
  }
}

const inline: AgentRule = {
  part: "defined in the configuration",
  becomes: (move) => {
    const { name, here, there, source, target } = move
    const takes = target.capabilities.inlineAgent === "yes"
    if (there?.inline !== undefined && !takes) {
      return yours(
        [`${target.title} takes stored agents only, and refuses \`inline\` of its entry.`],
        ...listAgents(move)
      )
    }
    if (here?.inline === undefined || there !== undefined) return undefined
    return takes
      ? same(
          `${target.title} takes such an agent, too: \`inline\` of \`agents.${shownName(name)}.providers.${source.id}\` can be copied in the place of \`id\`.`
        )
      : yours(
          [
            `At ${source.title} the configuration defines it. ${target.title} takes stored agents only: store it there, and name it by its id.`
          ],
          ...listAgents(move)
        )
  }
}

const keysOf = (map: object | undefined): ReadonlyArray<string> => Object.keys(map ?? {})

const valuesText = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? "no value" : `${counted(names.length, "value")} (${nameList(names)})`

/** Values that an agent brings along where the order does not say otherwise. */
const values = (field: "metadata" | "variables", other: "metadata" | "variables"): AgentRule => ({
  part: `\`${field}\``,
  becomes: ({ name, agent, here, there, source, target }) => {
    const place = `agents.${shownName(name)}`
    const [everywhere, own] = [agent[field], here?.[field]]
    if (target.capabilities[field] === "yes") {
      const given = new Set([...keysOf(everywhere), ...keysOf(there?.[field])])
      const missing = keysOf(own).filter((key) => !given.has(key))
      if (missing.length === 0) return undefined
      return yours([
        `At ${source.title} it has ${valuesText(missing)} that it has not at ${target.title}. Copy what is needed to its entry there.`
      ])
    }
    const instead =
      target.capabilities[other] === "yes"
        ? ` What ${target.title} needs of it can stand in \`${other}\` of its entry there.`
        : ""
    if (everywhere !== undefined) {
      return yours([
        `\`${place}.${field}\`, ${valuesText(keysOf(everywhere))}, is for all providers, and ${target.title} takes none: with an entry there the configuration is refused.`,
        `Move it to \`${place}.providers.${source.id}.${field}\`${keysOf(own).length > 0 ? `, which has ${valuesText(keysOf(own))} already` : ""}, and to the other providers that take it.${instead}`
      ])
    }
    if (there?.[field] !== undefined) {
      return yours([`${target.title} takes none, and refuses \`${field}\` of its entry.${instead}`])
    }
    if (keysOf(own).length === 0) return undefined
    const text = `At ${source.title} it has ${valuesText(keysOf(own))}; ${target.title} takes none.${instead}`
    return instead === "" ? lost(text) : yours([text])
  }
})

const from: AgentRule = {
  part: "numbers to call from",
  becomes: (move) => {
    const { here, there, source, target } = move
    const [old, now] = [here?.from ?? [], there?.from ?? []]
    const takes = target.capabilities.callerNumber
    const use =
      old.length === 0
        ? []
        : [
            `${counted(old.length, "number")} at ${source.title}${here?.localPresence === true ? ", those of the called country first" : ""}.`
          ]
    const found = (becoming: Becoming) => ({ ...becoming, use })
    if (takes === "none") {
      if (now.length > 0) return found(yours([`${target.title} takes none, and refuses \`from\` of its entry.`]))
      return old.length === 0 ? undefined : found(lost(`At ${target.title} nothing can say which number to call from.`))
    }
    if (now.length === 0) {
      if (takes === "required") {
        return found(
          yours(
            [
              `None at ${target.title}, which requires one: an order that does not say \`from\` itself is refused there.`,
              `It must be a number of your account at ${target.title}.`,
              ...notesOf(target, "from")
            ],
            ...(there === undefined ? [] : entryLines(move, { from: [""] })),
            ...listNumbers(move)
          )
        )
      }
      return old.length === 0
        ? undefined
        : found(different(`None at ${target.title}: where the order says none, ${target.title} chooses.`))
    }
    const shared = now.filter((number) => old.includes(number)).length
    const sentences = [
      `${counted(now.length, "number")} at ${target.title}.`,
      ...notesOf(target, "from"),
      ...(shared === 0
        ? []
        : [
            `${counted(shared, "number stands", "numbers stand")} at both: look whether your account at ${target.title} has ${shared === 1 ? "it" : "them"}.`
          ])
    ]
    const [wasLocal, isLocal] = [here?.localPresence === true, there?.localPresence === true]
    if (here === undefined || wasLocal === isLocal) return found(same(...sentences))
    const which = isLocal ? "There" : "There not"
    return found(different(...sentences, `${which}, those of the called country come first.`))
  }
}

const options: AgentRule = {
  part: "options",
  becomes: ({ here, there, source, target }) => {
    const [old, now] = [keysOf(here?.options), keysOf(there?.options)]
    if (old.length === 0) return undefined
    const use = [`${counted(old.length, "option")} of ${source.title}: ${nameList(old)}.`]
    const silent = `They say nothing to ${target.title}.`
    return now.length === 0
      ? { ...lost(silent), use }
      : { ...different(`${silent} Its entry there has options of its own: ${nameList(now)}.`), use }
  }
}

/** In the order of the plan. */
export const AGENT_RULES = {
  agent: itself,
  agent_inline: inline,
  agent_metadata: values("metadata", "variables"),
  agent_variables: values("variables", "metadata"),
  agent_from: from,
  agent_options: options
} as const satisfies { readonly [id: string]: AgentRule }
