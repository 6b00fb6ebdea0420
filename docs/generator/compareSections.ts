/** The generated parts of the page on comparing. */
import { providers } from "../../adapters/index.ts"
import { chooseDefinition } from "../../src/compare/comparability.ts"
import type { Definition, Metric } from "../../src/metrics/Metric.ts"
import { metricsFor } from "../../src/metrics/index.ts"
import type { ArmFacts, Observations } from "../../src/compare/Observations.ts"
import { intervalText, percent, scopeText, smallestEffectText } from "../../src/compare/format.ts"
import { labelAgreement, type LabelledTranscript, measureLabels, type Share } from "../../src/compare/labels.ts"
import { MACHINE_PHRASES } from "../../src/domain/Reply.ts"
import { CONVERSATION_RULE, REPLY_RULE } from "../../src/metrics/transcriptRules.ts"
import { BASES, OBSERVABLES } from "../../src/provider/Evidence.ts"
import { invented } from "../../test/compare/labels/invented.ts"
import { code, table } from "./markdown.ts"

type Section = () => string

/** The rules over transcripts, word for word. */
const transcriptRules: Section = () =>
  [CONVERSATION_RULE, REPLY_RULE].map(({ id, text }) => `- ${code(id)}: ${text}`).join("\n")

/** The phrases by which the rules know machines. */
const machinePhrases: Section = () =>
  table(
    ["Language", "Phrases, in small letters and without accents"],
    Object.entries(MACHINE_PHRASES).map(([language, phrases]) => [language, phrases.join(" · ")])
  )

const shareText = ({ n, share, interval }: Share): string =>
  share === undefined || interval === undefined
    ? "none"
    : `${percent(share)} of ${n} (${intervalText("rate", interval)})`

/** What the rules make of the invented transcripts, and how far the two labellings agree. */
const labelled: Section = () => {
  const rows = invented()
  const languageOf = new Map(rows.map((row): [LabelledTranscript, string] => [row, row.language]))
  const both = labelAgreement(rows)
  const measures = measureLabels(rows, (row) => languageOf.get(row) ?? "")
  const measured = measures.flatMap(({ rule, groups }) =>
    groups.map(({ group, sensitivity, specificity, agreement, noVerdict, unclear }) => [
      code(rule.id),
      group,
      shareText(sensitivity),
      shareText(specificity),
      shareText(agreement),
      String(noVerdict),
      String(unclear)
    ])
  )
  const twice =
    both?.kappa === undefined
      ? []
      : [
          `The two labellings say the same of ${both.same} of ${both.n} transcripts: Cohen's kappa ${both.kappa.toFixed(2)}.`
        ]
  const head = ["Rule", "", "Persons counted", "Others not counted", "Agreement", "No verdict", "Unclear"]
  return [table(head, measured), ...twice].join("\n\n")
}

const definitionsOf = ({ definitions }: Metric): ReadonlyArray<Definition<never>> => definitions

const goodWay = { higher: "more is better", lower: "less is better", neither: "described only" } as const

const metricRows = (metric: Metric): ReadonlyArray<ReadonlyArray<string>> =>
  definitionsOf(metric).map(({ id, title, text, transcriptRule: rule, needs }, index) => [
    index === 0 ? `${metric.title}<br>${code(metric.id)}` : "",
    [
      code(id.slice(metric.id.length + 1)),
      ...(title === undefined ? [] : [` (“${title}”)`]),
      `: ${text}`,
      ...(rule === undefined ? [] : [` Rule ${code(rule.id)}.`])
    ].join(""),
    needs.map(code).join(", "),
    index === 0
      ? [
          goodWay[metric.better],
          `matters from ${smallestEffectText(metric.kind, metric.smallestEffect)}`,
          ...(metric.among === undefined ? [] : [`${metric.among} only`])
        ].join("; ")
      : ""
  ])

/** Every metric with its definitions, by what it is measured on. */
const metrics: Section = () =>
  (["first_attempt", "order", "placement"] as const)
    .map((scope) => {
      const rows = metricsFor()
        .filter((metric) => metric.scope === scope)
        .flatMap(metricRows)
      return `**${scopeText(scope)}**\n\n${table(["Metric", "Definitions, the preferred first", "Needs", ""], rows)}`
    })
    .join("\n\n")

const evidence: Section = () =>
  table(
    ["", ...providers.adapters.map(({ title }) => title)],
    OBSERVABLES.map((observable) => [
      code(observable),
      ...providers.adapters.map(({ evidence: proofs }) => {
        const proof = proofs[observable]
        return proof === undefined ? "not told" : `${proof.certainty}: ${proof.from}`
      })
    ])
  )

const bases: Section = () =>
  table(
    ["Basis", "It is known by"],
    Object.entries(BASES).map(([word, about]) => [code(word), about])
  )

const nothing: Observations = {
  size: 0,
  arm: new Uint8Array(),
  arms: providers.ids,
  person: new Uint32Array(),
  persons: 0,
  stratum: new Uint16Array(),
  strata: [],
  at: new Float64Array(),
  rate: () => undefined,
  value: () => undefined
}

/** An arm of each provider, with orders that could be dialled equally often. */
const facts = providers.ids.map((id): ArmFacts => ({
  name: id,
  key: id,
  providers: [id],
  agent: undefined,
  mostAttempts: 1,
  open: 0,
  verdicts: 0,
  contradicted: 0,
  failures: new Map(),
  dialed: 0
}))

const pairs = facts.flatMap((one, index) => facts.slice(index + 1).map((other) => [one, other]))

const nameOf = (pair: ReadonlyArray<ArmFacts>): string =>
  pair.map(({ name }) => providers.get(name)?.title ?? name).join(" and ")

/** What the guard makes of arms of these providers, before it has seen any data. */
const choiceFor = (metric: Metric, arms: ReadonlyArray<ArmFacts>) =>
  chooseDefinition(definitionsOf(metric), { registry: providers, facts: arms, observations: nothing })

/** For each two providers, and for all of them, how many metrics are compared, and why not the others. */
const comparableCounts: Section = () =>
  table(
    ["", "By the preferred definition", "By another", "Not at all: not told", "Not at all: told differently"],
    [...pairs, facts].map((arms) => {
      const count = Object.groupBy(metricsFor(), (metric) => {
        const { definition, refused } = choiceFor(metric, arms)
        if (definition !== undefined) return refused.length === 0 ? "preferred" : "another"
        return refused.at(-1)?.because === "not_told" ? "silent" : "unlike"
      })
      return [
        arms === facts ? "All of them" : nameOf(arms),
        ...(["preferred", "another", "silent", "unlike"] as const).map((kind) => String(count[kind]?.length ?? 0))
      ]
    })
  )

/** The same for each metric, with the reasons. */
const comparable: Section = () =>
  table(
    ["Metric", ...pairs.map(nameOf), "Refused"],
    metricsFor().map((metric) => {
      const plain = (id: string): string => code(id.slice(metric.id.length + 1))
      const chosen = pairs.map((pair) => choiceFor(metric, pair))
      const refusals = chosen.flatMap(({ refused }) =>
        refused.map(({ definition, sentence }) => `${plain(definition)}: ${sentence}`)
      )
      return [
        code(metric.id),
        ...chosen.map(({ definition }) => (definition === undefined ? "not at all" : plain(definition.id))),
        [...new Set(refusals)].join(" ")
      ]
    })
  )

export const compareSections: ReadonlyArray<readonly [name: string, section: Section]> = [
  ["transcript-rules", transcriptRules],
  ["machine-phrases", machinePhrases],
  ["labelled-transcripts", labelled],
  ["metrics", metrics],
  ["evidence", evidence],
  ["bases", bases],
  ["comparable-counts", comparableCounts],
  ["comparable", comparable]
]
