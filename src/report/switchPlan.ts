/** A plan of a move as a report: what is to be done first, what stays as it is last. */
import { counted, countText, dayText, percent } from "../compare/format.ts"
import type { Area, Fate } from "../switch/Becoming.ts"
import { AREAS } from "../switch/Becoming.ts"
import type { ConfigurationFinding, PlannedConfiguration, PlannedFeature, SwitchPlan } from "../switch/SwitchPlan.ts"
import type { Brief } from "./outline.ts"
import { type Remark, said } from "./remark.ts"
import type { Section } from "./sections.ts"
import type { Cell, Table } from "./table.ts"

const FATE_WORDS = {
  yours: "to be done by you",
  lost: "lost",
  different: "different",
  not_known: "not known",
  same: "the same",
  gained: "gained"
} as const satisfies Record<Fate, string>

const AREA_WORDS = {
  placing: "Placing orders",
  results: "What records tell",
  reading: "Hearing of calls and reading them"
} as const satisfies Record<Area, string>

const SECTIONS = {
  yours: "To be done by you",
  lost: "Lost",
  different: "Different",
  not_known: "Not known",
  same: "The same",
  gained: "Gained"
} as const satisfies Record<Fate, string>

const usedText = ({ used, counted: found }: PlannedFeature): ReadonlyArray<string> =>
  found === undefined || used === "not_told"
    ? ["not told"]
    : [`${countText(found.count)} of ${countText(found.total)} ${found.unit}`, percent(found.share)]

/** Whether it matters to who uses what the records use. */
const concerns = ({ used, fate }: PlannedFeature): boolean => used !== "no" && fate !== "gained"

const glance = ({ features, to }: SwitchPlan): Table => ({
  title: "What your records use",
  head: ["", "How often", `At ${to.title}`],
  rows: AREAS.flatMap((area): ReadonlyArray<ReadonlyArray<Cell>> => {
    const rows = features.filter((feature) => feature.area === area && concerns(feature))
    if (rows.length === 0) return []
    return [
      [{ words: AREA_WORDS[area] }],
      ...rows.map((feature) => [
        { words: feature.title },
        { parts: usedText(feature) },
        { words: FATE_WORDS[feature.fate] }
      ])
    ]
  })
})

const remarkOf = ({ title, use, becomes, lines }: PlannedFeature): Remark => ({
  about: [title],
  sentences: [...use, ...becomes],
  ...(lines === undefined ? {} : { blocks: lines })
})

const FATES_IN_ORDER: ReadonlyArray<Fate> = ["yours", "lost", "different", "not_known", "same"]

const fateSections = ({ features }: SwitchPlan): ReadonlyArray<Section> =>
  FATES_IN_ORDER.flatMap((fate) => {
    const found = features.filter((feature) => feature.fate === fate && concerns(feature))
    return found.length === 0 ? [] : [{ id: fate, heading: SECTIONS[fate], remarks: found.map(remarkOf) }]
  })

const gainedSection = ({ features }: SwitchPlan): ReadonlyArray<Section> => {
  const found = features.filter(({ fate }) => fate === "gained")
  return found.length === 0 ? [] : [{ id: "gained", heading: SECTIONS.gained, remarks: found.map(remarkOf) }]
}

/** What no record used: would it change, it is said how. */
const unusedSection = ({ features, neither }: SwitchPlan): ReadonlyArray<Section> => {
  const unused = features.filter(({ used, fate }) => used === "no" && fate !== "gained")
  const changing = unused.filter(({ fate }) => fate !== "same")
  const staying = unused.filter(({ fate }) => fate === "same").map(({ title }) => title)
  const remarks: ReadonlyArray<Remark> = [
    ...changing.map((feature) => ({
      about: [feature.title],
      sentences: [`${SECTIONS[feature.fate]}, should you need it.`, ...feature.use, ...feature.becomes]
    })),
    ...(staying.length > 0 ? [{ about: ["The same at both"], sentences: [`${staying.join("; ")}.`] }] : []),
    ...(neither.length > 0 ? [{ about: ["Not there at either"], sentences: [`${neither.join("; ")}.`] }] : [])
  ]
  return remarks.length === 0 ? [] : [{ id: "unused", heading: "Not used by your records", remarks }]
}

const settingRemark = ({ title, fate, use, becomes, lines }: ConfigurationFinding): Remark => ({
  about: [title],
  sentences: [`${SECTIONS[fate]}.`, ...use, ...becomes],
  ...(lines === undefined ? {} : { blocks: lines })
})

/** What has no more to say than that it is the same is named in one line. */
const isPlain = ({ id, fate }: ConfigurationFinding): boolean => id === "agent" && fate === "same"

const countsRemark = (
  { agents, callerNumbers, rules }: PlannedConfiguration,
  { from, to }: Pick<SwitchPlan, "from" | "to">
): Remark => ({
  about: ["What it holds"],
  sentences: said([
    agents.all > 0 &&
      `${counted(agents.all, "named agent")}: ${countText(agents.atBoth)} at both, ${countText(agents.atSource)} at ${from.title} and not at ${to.title}, ${countText(agents.atTarget)} the other way round, ${countText(agents.atNeither)} at neither.`,
    callerNumbers.source + callerNumbers.target > 0 &&
      `Different numbers to call from: ${countText(callerNumbers.source)} at ${from.title}, ${countText(callerNumbers.target)} at ${to.title}.`,
    rules.all > 0 &&
      `${counted(rules.all, "rule")}: ${countText(rules.source)} may choose ${from.title}, ${countText(rules.target)} may choose ${to.title}.`
  ])
})

const configurationSection = (plan: SwitchPlan): ReadonlyArray<Section> => {
  const { configuration } = plan
  if (configuration === undefined) return []
  const { findings } = configuration
  const plain = findings.filter(isPlain).map(({ title }) => title)
  const counts = countsRemark(configuration, plan)
  const remarks = [
    ...(counts.sentences.length > 0 ? [counts] : []),
    ...findings.filter((finding) => !isPlain(finding)).map(settingRemark),
    ...(plain.length > 0 ? [{ about: ["Configured at both"], sentences: [`${plain.join("; ")}.`] }] : [])
  ]
  return [{ id: "configuration", heading: "Configuration", remarks }]
}

const holdsText = ({ agents, routes, rules }: PlannedConfiguration): string =>
  `a configuration of ${counted(agents.all, "named agent")} and ${counted(routes, "route")} with ${counted(rules.all, "rule")}`

const settingsSummary = ({ findings }: PlannedConfiguration): string => {
  const { length } = findings.filter(({ fate }) => fate === "yours")
  return length === 0
    ? "In the configuration nothing is to be done by you."
    : `In the configuration ${counted(length, "thing is", "things are")} to be done by you.`
}

/** Of a plan by a configuration alone. */
const briefOfSettings = (plan: SwitchPlan, configuration: PlannedConfiguration): Brief => ({
  title: { name: `From ${plan.from.title} to ${plan.to.title}`, about: `By ${holdsText(configuration)}.` },
  headline: [settingsSummary(configuration), "What your records use, it does not tell: no record was read."],
  sections: configurationSection(plan)
})

const readSection = ({ from, input }: SwitchPlan): Section => {
  const { records, hints, others, rejected, orders, over, knownByAttempts, strays, attempts } = input
  const foreign = others.map(({ provider, records: count }) => `${countText(count)} of ${provider}`)
  return {
    id: "read",
    heading: "What was read",
    remarks: [
      {
        about: ["Records"],
        sentences: said([
          `${counted(records, `record of ${from.title}`, `records of ${from.title}`)}, which tell of ${counted(orders, "order")} and ${counted(attempts, "attempt")}.`,
          orders > over && `${counted(orders - over, "order")} ${orders - over === 1 ? "is" : "are"} not over yet.`,
          knownByAttempts > 0 &&
            `${counted(knownByAttempts, "order")} more ${knownByAttempts === 1 ? "is" : "are"} known by attempts alone.`,
          strays > 0 && `${counted(strays, "attempt")} name${strays === 1 ? "s" : ""} no order.`,
          hints > 0 && `${counted(hints, "message")} of them only name${hints === 1 ? "s" : ""} a call.`
        ])
      },
      ...(foreign.length > 0
        ? [{ about: ["Of other providers"], sentences: [`${foreign.join(", ")}: not counted in anything.`] }]
        : []),
      ...(rejected > 0 ? [{ about: ["Rejected"], sentences: [`${countText(rejected)}: no record of a call.`] }] : [])
    ]
  }
}

/** "12 stay the same, 9 are different, 5 are to be done by you and 4 are lost". */
const summaryOf = (features: ReadonlyArray<PlannedFeature>): string => {
  const used = features.filter((feature) => concerns(feature) && feature.used === "yes")
  const texts = {
    yours: (count: number) => `${count} ${count === 1 ? "is" : "are"} to be done by you`,
    lost: (count: number) => `${count} ${count === 1 ? "is" : "are"} lost`,
    different: (count: number) => `${count} ${count === 1 ? "is" : "are"} different`,
    not_known: (count: number) => `${count} ${count === 1 ? "is" : "are"} not known`,
    same: (count: number) => `${count} ${count === 1 ? "stays" : "stay"} the same`
  } as const
  const parts = (["same", "different", "yours", "lost", "not_known"] as const).flatMap((fate) => {
    const { length } = used.filter((feature) => feature.fate === fate)
    return length > 0 ? [texts[fate](length)] : []
  })
  if (parts.length === 0) return "Your records use nothing that a plan could tell of."
  const last = parts.at(-1) ?? ""
  const list = parts.length === 1 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`
  return `Of ${counted(used.length, "thing")} that your records use, ${list}.`
}

const periodOf = ({ from, to }: SwitchPlan["input"]): string => {
  const days = [from, to].flatMap((at) => (at === undefined ? [] : dayText(at, "UTC")))
  return days.length === 0 ? "" : `, ${[...new Set(days)].join(" to ")}`
}

export const briefOfPlan = (plan: SwitchPlan): Brief => {
  const { from, to, input, features, configuration } = plan
  if (configuration !== undefined && input.records === 0) return briefOfSettings(plan, configuration)
  const hidden = features.filter(({ used, fate }) => used === "not_told" && fate !== "gained").length
  const table = glance(plan)
  return {
    title: {
      name: `From ${from.title} to ${to.title}`,
      about: `By ${counted(input.orders, "order")} and ${counted(input.attempts, "attempt")}${periodOf(input)}.`
    },
    headline: said([
      summaryOf(features),
      hidden > 0 &&
        `Of ${countText(hidden)} more your records do not tell whether you use ${hidden === 1 ? "it" : "them"}.`,
      configuration !== undefined && settingsSummary(configuration)
    ]),
    sections: [
      ...(table.rows.length > 0 ? [{ id: "glance", heading: "At a glance", table, remarks: [] }] : []),
      ...configurationSection(plan),
      ...fateSections(plan),
      ...gainedSection(plan),
      ...unusedSection(plan),
      readSection(plan)
    ]
  }
}
