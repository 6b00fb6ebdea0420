/** The generated parts of the documentation, by name; each is made of a table that the code itself works with. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { bundleForNow } from "../../.ci/bundle.mjs"
import { normalize, providers } from "../../adapters/index.ts"
import * as revox from "../../adapters/revox/Words.ts"
import * as revring from "../../adapters/revring/Words.ts"
import * as vapi from "../../adapters/vapi/Words.ts"
import packageJson from "../../package.json" with { type: "json" }
import { Outcome } from "../../src/domain/CallOrder.ts"
import { AttemptStatus, OrderStatus } from "../../src/domain/CallStatus.ts"
import { reasonFamilies } from "../../adapters/vapi/EndedReason.ts"
import { FailureKind, failurePhrases, sipFailures } from "../../src/domain/Failure.ts"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { ADDRESS_ENDINGS, HARMLESS_ENDINGS, HOOKS, SECRET_KEYS } from "../../src/domain/SecretKeys.ts"
import { Role } from "../../src/domain/Transcript.ts"
import type { WordTable } from "../../src/domain/Words.ts"
import { EXIT } from "../../src/cli/ExitCode.ts"
import { callColumns } from "../../src/normalize/callRow.ts"
import { derivedFields } from "../../src/normalize/explain.ts"
import type { FieldSource } from "../../src/provider/Adapter.ts"
import {
  attemptNotes,
  changeNotes,
  hintNotes,
  issueReasons,
  orderNotes,
  rejectionNotes,
  rejectionReasons
} from "./fieldNotes.ts"
import { capabilitySections } from "./capabilitySections.ts"
import { compareSections } from "./compareSections.ts"
import { coverageSections } from "./coverageSections.ts"
import { liveSections } from "./liveSections.ts"
import { code, list, table } from "./markdown.ts"
import { pairSections } from "./pairSections.ts"
import { reliabilitySections } from "./reliabilitySections.ts"
import { schemas } from "./schemas.ts"

type Section = () => string

/** Mapping modules by provider; a new provider's tables appear on its page once it stands here. */
const mappings: { readonly [provider: string]: object } = { revox, revring, vapi }

const title = (id: string): string => providers.get(id)?.title ?? id

// Words

const isWordTable = (value: unknown): value is WordTable<unknown> =>
  typeof value === "function" && "rows" in value && Array.isArray(value.rows)

const tableOf = (provider: string, name: string): WordTable<unknown> | undefined =>
  Object.entries(mappings[provider] ?? {}).flatMap(([key, value]) =>
    key === name && isWordTable(value) ? [value] : []
  )[0]

const meaningText = (meaning: unknown): string => {
  if (!isJsonObject(meaning)) return code(String(meaning))
  return Object.entries(meaning)
    .map(([key, value]) => (isJsonObject(value) ? `${key}: ${meaningText(value)}` : `${key} ${code(String(value))}`))
    .join(", ")
}

/** `attemptStatusWords` in words: attempt status. */
const spelledOut = (name: string): string =>
  name
    .replace(/Words$/, "")
    .replace(/([A-Z])/g, " $1")
    .toLowerCase()

const ORDER_OF_TABLES = ["orderStatusWords", "attemptStatusWords", "directionWords"]

const place = (name: string): number => {
  const index = ORDER_OF_TABLES.indexOf(name)
  return index < 0 ? ORDER_OF_TABLES.length : index
}

/** Every table of words of one provider. */
const wordsOf = (provider: string): string =>
  Object.entries(mappings[provider] ?? {})
    .flatMap(([name, value]) => (isWordTable(value) ? [{ name, rows: value.rows }] : []))
    .toSorted((a, b) => place(a.name) - place(b.name) || (a.name < b.name ? -1 : 1))
    .map(({ name, rows }) => {
      const what = spelledOut(name)
      const lines = rows.map(([word, meaning]) => [code(word), meaningText(meaning)])
      return `**${what.charAt(0).toUpperCase()}${what.slice(1)}**\n\n${table([title(provider), "unicall"], lines)}`
    })
    .join("\n\n")

/** One table per meaning: which words of which provider become which of ours. */
const across = (
  meanings: ReadonlyArray<string>,
  wordsFor: (provider: string, meaning: string) => ReadonlyArray<string>
): string =>
  table(
    ["unicall", ...providers.ids.map(title)],
    meanings.map((meaning) => [
      code(meaning),
      ...providers.ids.map((provider) => wordsFor(provider, meaning).map(code).join(" "))
    ])
  )

const sameNamed =
  (name: string, meanings: ReadonlyArray<string>): Section =>
  () =>
    across(
      meanings.filter((meaning) => meaning !== "unrecognized"),
      (provider, wanted) =>
        (tableOf(provider, name)?.rows ?? []).flatMap(([word, meaning]) => (meaning === wanted ? [word] : []))
    )

/** By provider: words with the field they stand in, and what they mean. */
type Words = { readonly [provider: string]: ReadonlyArray<readonly [word: string, meaning: string]> }

const failureWords: Words = {
  revox: revox.dialErrorWords.rows.map(([word, kind]) => [`dial_error=${word}`, kind]),
  revring: [
    ...revring.hangupCauseWords.rows.flatMap(([word, { failure }]): ReadonlyArray<readonly [string, string]> =>
      failure === undefined ? [] : [[`hangupCause=${word}`, failure]]
    ),
    ...revring.statusFailureWords.rows.map(([word, kind]) => [`status=${word}`, kind] as const)
  ],
  vapi: [
    ...vapi.endedReasonWords.rows,
    ...reasonFamilies.map(([start, meaning]) => [`${start}…`, meaning] as const)
  ].flatMap(([word, { failure }]): ReadonlyArray<readonly [string, string]> =>
    failure === undefined ? [] : [[`endedReason=${word}`, failure]]
  )
}

const disconnectWords: Words = {
  revox: revox.endReasonWords.rows.map(([word, { reason, by }]) => [`end_reason=${word}`, `${reason}, by ${by}`]),
  revring: revring.hangupCauseWords.rows.flatMap(([word, { ended }]): ReadonlyArray<readonly [string, string]> =>
    ended === undefined ? [] : [[`hangupCause=${word}`, `${ended.reason}, by ${ended.by}`]]
  ),
  vapi: vapi.endedReasonWords.rows.flatMap(([word, { ended }]): ReadonlyArray<readonly [string, string]> =>
    ended?.reason === undefined ? [] : [[`endedReason=${word}`, `${ended.reason}, by ${ended.by}`]]
  )
}

const meaningsIn = (words: Words): ReadonlyArray<string> => [
  ...new Set(Object.values(words).flatMap((rows) => rows.map(([, meaning]) => meaning)))
]

const crossed =
  (words: Words, meanings: ReadonlyArray<string>): Section =>
  () =>
    across(meanings, (provider, wanted) =>
      (words[provider] ?? []).flatMap(([word, meaning]) => (meaning === wanted ? [word] : []))
    )

const sip: Section = () => {
  const codes = Map.groupBy(sipFailures, ([, kind]) => kind)
  const rows = [...codes].map(([kind, members]) => [members.map(([number]) => code(number)).join(" "), code(kind)])
  return table(
    ["SIP code", "unicall"],
    [...rows, ["any other 5xx", code("provider_error")], ["any other 4xx or 6xx", code("unclassified")]]
  )
}

const phrases: Section = () =>
  table(
    ["In the text, in this order", "unicall"],
    failurePhrases.map(([pattern, kind]) => [code(pattern.source), code(kind)])
  )

const named = (names: ReadonlyArray<string>): string => names.map(code).join(" ")

const secretKeys: Section = () =>
  table(
    ["What goes", "Under a key"],
    [
      ["all text below", `with these words in it: ${named(SECRET_KEYS.secrets)}`],
      ["nothing: it tells about a secret and is none", `with such words, that ends in ${named(HARMLESS_ENDINGS)}`],
      ["values of headers and query parameters: as a map, pairs, lines of text", `called ${named(SECRET_KEYS.pairs)}`],
      [
        "user-info, and values of query and fragment",
        `with ${named([...HOOKS])} in it, that ends in ${named([...ADDRESS_ENDINGS])}; any \`url\` below ${named(SECRET_KEYS.callees)}`
      ]
    ]
  )

// Fields

/** The type of a field as its JSON Schema has it. */
const typeText = (schema: unknown): string => {
  if (!isJsonObject(schema)) return "anything"
  const { enum: values, type, anyOf, items, properties } = schema
  if (Array.isArray(values)) return values.map((value) => code(String(value))).join(" ")
  if (Array.isArray(anyOf))
    return anyOf
      .filter((member) => !isJsonObject(member) || member["enum"] === undefined)
      .map(typeText)
      .join(" or ")
  if (type === "array")
    return isJsonObject(items) && Array.isArray(items["enum"]) ? `list of ${typeText(items)}` : "list"
  if (type === "object") return isJsonObject(properties) ? `{ ${Object.keys(properties).join(", ")} }` : "map"
  return typeof type === "string" ? type : "anything"
}

const fieldTable = (schema: JsonObject, notes: { readonly [field: string]: string }): string => {
  const { properties, required } = schema
  const always = new Set(Array.isArray(required) ? required : [])
  return table(
    ["Field", "Type", "Meaning"],
    Object.entries(isJsonObject(properties) ? properties : {}).map(([field, property]) => [
      always.has(field) ? `**${code(field)}**` : code(field),
      field.endsWith("At") ? "time" : typeText(property),
      notes[field] ?? ""
    ])
  )
}

const schemaNamed = (name: string): JsonObject => schemas[name] ?? {}

const attemptSchema = (): JsonObject => {
  const { properties } = schemaNamed("call_order")
  const attempts = isJsonObject(properties) ? properties["attempts"] : undefined
  const items = isJsonObject(attempts) ? attempts["items"] : undefined
  return isJsonObject(items) ? items : {}
}

const sourcesTable = (sources: ReadonlyArray<FieldSource>): string =>
  table(
    ["Field", "Comes from", "Rule"],
    sources.map(({ field, paths, rule }) => [code(field), paths.map(code).join(", "), rule])
  )

const reasons =
  (notes: { readonly [reason: string]: string }): Section =>
  () =>
    table(
      ["Reason", "Meaning"],
      Object.entries(notes).map(([reason, note]) => [code(reason), note])
    )

// Providers

const shapes = (ids: ReadonlyArray<string>): string =>
  table(
    ["Provider", "Record", "Told by"],
    ids.flatMap((id) => (providers.get(id)?.shapes ?? []).map(({ name, signs }) => [title(id), name, signs]))
  )

const HELD = { one: "one record", list: "a list of records", either: "one record, or a list of records" } as const

const envelopes: Section = () =>
  table(
    ["Provider", "Key", "Below it", "Around it"],
    providers.adapters.flatMap(({ title: name, envelopes: keys = {} }) =>
      Object.entries(keys).map(([key, { holds, around = "page" }]) => [name, code(key), HELD[holds], `a ${around}`])
    )
  )

// Command line

const root = fileURLToPath(new URL("../../", import.meta.url))

const cli = await bundleForNow()
process.once("exit", cli.remove)

const unicall = (...args: ReadonlyArray<string>) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli.main, ...args], { cwd: root, encoding: "utf8" })
  if (status !== 0) throw new Error(`unicall ${args.join(" ")} ended with ${status}: ${stderr}`)
  return { stdout, stderr }
}

const textBlock = (text: string): string => `\`\`\`text\n${text.trimEnd()}\n\`\`\``

/** What the command line says about itself, without the parts that are the same for every command. */
const help = (...command: ReadonlyArray<string>): string => {
  const { stdout } = unicall(...command, "--help")
  const usage = /^USAGE\n[\s\S]*?(?=^GLOBAL FLAGS$)/m.exec(stdout)?.[0]
  if (usage === undefined) throw new Error(`unicall ${command.join(" ")} --help has no USAGE`)
  return textBlock(usage)
}

const REACHES_SHOWN = 14

/** The sample as a table, shortened, with the balance; the time it took is not the same twice. */
const demo: Section = () => {
  const { stdout, stderr } = unicall("normalize", "--format", "table", "docs/samples/*.{csv,json,ndjson}")
  const balance = /^.* records in = .*$/m.exec(stderr)?.[0].replace(/, in [\d.]+ s$/, "")
  if (balance === undefined) throw new Error("normalize prints no balance")
  return textBlock([...stdout.split("\n").slice(0, REACHES_SHOWN), "…", balance].join("\n"))
}

const LIVE_COMMANDS = [
  "place",
  "get",
  "list",
  "wait",
  "cancel",
  "reconcile",
  "why",
  "doctor",
  "listen",
  "twin"
] as const

const JOURNAL_COMMANDS = ["show", "compact", "delete"] as const

const WEBHOOK_COMMANDS = ["show", "set"] as const
const AGENT_COMMANDS = ["list", "numbers", "check", "new"] as const

const INBOX_COMMANDS = ["list", "show", "replay", "drop"] as const

const SWITCH_COMMANDS = ["plan", "scan"] as const

const EXPERIMENT_COMMANDS = ["new", "plan", "start", "assign", "stop"] as const

let demoOutput: string | undefined

/** A part of what the demo prints. */
const partOfDemo =
  (pattern: RegExp): Section =>
  () => {
    demoOutput ??= unicall("demo").stdout
    const found = pattern.exec(demoOutput)?.[0]
    if (found === undefined) throw new Error(`the demo prints nothing like ${pattern.source}`)
    return textBlock(found)
  }

/** The live part of the demo: the same orders on every twin. What comes last, an experiment, takes its figures from real time. */
const demoLive = partOfDemo(/^[^]*?^\d+ orders, each asked for twice.*$/m)

/** The part that follows calls by polling and by webhook. */
const demoWebhooks = partOfDemo(/^ +BY POLLING[^]*?^\d+ messages came.*$/m)

/** The plan of a move on the samples: what is read first of it, and one thing to be done. */
const switchPlanSample: Section = () => {
  const { stdout } = unicall("switch", "plan", "--from", "revox", "--to", "revring", "docs/samples/ab/revox.ndjson.gz")
  const parts = [
    /^[^]*?(?=^Failure: no answer)/m,
    /^To be done by you\n[^]*?(?=^ {2}Values of your own)/m,
    /^Lost\n[^]*?(?=^ {2}Call screening)/m
  ]
  const shown = parts.map((part) => {
    const found = part.exec(stdout)?.[0]
    if (found === undefined) throw new Error(`the plan prints nothing like ${part.source}`)
    return found.trimEnd()
  })
  return textBlock(`${shown.join("\n…\n\n")}\n…`)
}

const LINES_OF_COMPARISON = 40

/** The two sample exports compared under their experiment, shortened. */
const demoCompare: Section = () => {
  const { stdout } = unicall(
    "compare",
    "docs/samples/ab/revox.ndjson.gz",
    "docs/samples/ab/revring.ndjson.gz",
    "--experiment",
    "docs/samples/ab/experiment.json"
  )
  return textBlock([...stdout.split("\n").slice(0, LINES_OF_COMPARISON), "…"].join("\n"))
}

const EXAMPLE_FIELDS = [
  "kind",
  "provider",
  "id",
  "to",
  "status",
  "providerStatus",
  "terminal",
  "outcome",
  "reference",
  "reach"
]
const EXAMPLE_ATTEMPT_FIELDS = [
  "id",
  "status",
  "answered",
  "talkSeconds",
  "answeredBy",
  "failure",
  "disconnect",
  "reach"
]

const picked = (value: object, fields: ReadonlyArray<string>): object =>
  Object.fromEntries(fields.flatMap((field) => Object.entries(value).filter(([key]) => key === field)))

/** JSON with short objects and lists on one line. */
const compact = (value: unknown, indent = ""): string => {
  const line = JSON.stringify(value, null, 1).replace(/\n\s*/g, " ")
  if (line.length + indent.length <= 96 || typeof value !== "object" || value === null) return line
  const inner = `${indent}  `
  const members = Array.isArray(value)
    ? value.map((item) => inner + compact(item, inner))
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${compact(item, inner)}`)
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"]
  return `${open}\n${members.join(",\n")}\n${indent}${close}`
}

/** One record of the sample, with the fields that show most. */
const exampleRecord: Section = () => {
  const payload: unknown = JSON.parse(readFileSync(`${root}docs/samples/pretty.json`, "utf8"))
  const [record] = normalize(payload)
  if (record?.kind !== "call_order") throw new Error("docs/samples/pretty.json holds no order")
  const attempts = record.attempts.map((attempt) => picked(attempt, EXAMPLE_ATTEMPT_FIELDS))
  return `\`\`\`json\n${compact({ ...picked(record, EXAMPLE_FIELDS), attempts })}\n\`\`\``
}

const entryNotes: { readonly [entry: string]: string } = {
  ".": "`normalize`, `fold`, `explain` for all providers, live calls (`VoiceCalls`), and everything of the core",
  "./core": "the call model, the ports for adapters, `makeNormalizer`, `registry`, `VoiceCalls`: no provider",
  "./adapter": "what an adapter of your own is written with: schemas, readers, tables, facts",
  "./promise": "live calls for applications not written in Effect: promises, plain objects, error classes",
  "./node": "what only Node has: a durable journal of placements and an inbox of webhooks in files",
  "./postgres": "the same journal and inbox in PostgreSQL, for processes on several machines; `pg` is an optional peer",
  "./compare": "comparing providers: collecting records, experiments, verdicts, reports",
  "./testing":
    "twins of the providers, a provider in memory, and the contract suites for adapters and journals, for any test runner"
}

const entryPoints: Section = () => {
  const entries = Object.keys(packageJson.exports).filter((entry) => !entry.endsWith(".json"))
  return table(
    ["Import", "What"],
    entries.map((entry) => {
      const note =
        entryNotes[entry] ??
        (providers.get(entry.slice(2)) === undefined
          ? undefined
          : `${title(entry.slice(2))} alone: its adapter, and its live calls (make, layer, layerConfig)`)
      if (note === undefined) throw new Error(`the entry point ${entry} has no description`)
      return [code(`unicall${entry.slice(1)}`), note]
    })
  )
}

const exitMeanings: { readonly [Name in keyof typeof EXIT]: string } = {
  ok: "Done. Rejections do not change that.",
  rejected:
    "Something was rejected and `--fail-on-reject` was given; or nothing but rejections came of an input; or `explain` found no record at that place, `switch plan` none of the provider that is left.",
  usage: "A flag, argument or field of an order that is not as it must be, or flags that do not go together.",
  unreadable: "An input or output that cannot be opened, read or written.",
  refused:
    "The provider refused what was asked, or does not know the call, or something that a configuration names (`agents check`); or it was too late to place it (`--not-after`).",
  uncertain:
    "Whether a call was placed is not known. It is not placed again before `reconcile` has found it. Or an order exists that had been called absent.",
  unresolved: "The deadline passed before the call was over; the last known record is printed.",
  unsupported: "The provider cannot do what was asked. Nothing was sent.",
  unavailable: "No answer, too many requests, or a fault at the provider. Nothing was placed; try again later.",
  incomplete:
    "The list may lack entries, or not everything could be checked; or standard output was closed before everything was done, and standard error names the rest. What is printed is right.",
  setup: "A key is missing or not accepted, or the journal cannot be used: see `unicall doctor`. Or Node is too old.",
  inconclusive:
    "Nothing can be concluded from the comparison that was printed: a check of the data failed, or there was no order in it.",
  internal: "A mistake in unicall itself. Please report it.",
  interrupted: "Stopped by Ctrl-C or a signal."
}

const exitCodes: Section = () =>
  table(
    ["Code", "Meaning"],
    Object.entries(exitMeanings).map(([name, meaning]) => [
      code(Object.entries(EXIT).find(([key]) => key === name)?.[1] ?? name),
      meaning
    ])
  )

const perProvider = (id: string): ReadonlyArray<readonly [string, Section]> => {
  const sources = providers.get(id)?.sources
  return [
    [`shapes ${id}`, () => shapes([id])],
    [`words ${id}`, () => wordsOf(id)],
    [`order-sources ${id}`, () => sourcesTable(sources?.order ?? [])],
    [`attempt-sources ${id}`, () => sourcesTable(sources?.attempt ?? [])],
    [`hint-sources ${id}`, () => sourcesTable(sources?.hint ?? [])]
  ]
}

const everySection: ReadonlyArray<readonly [name: string, Section]> = [
  ["call_order", () => fieldTable(schemaNamed("call_order"), orderNotes)],
  ["attempt", () => fieldTable(attemptSchema(), attemptNotes)],
  ["call_change", () => fieldTable(schemaNamed("call_change"), changeNotes)],
  ["call_hint", () => fieldTable(schemaNamed("call_hint"), hintNotes)],
  ["rejection", () => fieldTable(schemaNamed("rejection"), rejectionNotes)],
  ["rejection-reasons", reasons(rejectionReasons)],
  ["issue-reasons", reasons(issueReasons)],
  ["order-status", sameNamed("orderStatusWords", OrderStatus.literals)],
  ["attempt-status", sameNamed("attemptStatusWords", AttemptStatus.literals)],
  ["outcome", sameNamed("outcomeWords", Outcome.literals)],
  [
    "failure",
    crossed(
      failureWords,
      FailureKind.literals.filter((kind) => kind !== "unrecognized")
    )
  ],
  ["disconnect", crossed(disconnectWords, meaningsIn(disconnectWords))],
  ["sip", sip],
  ["phrases", phrases],
  ["roles", sameNamed("roleWords", Role.literals)],
  ["envelopes", envelopes],
  ["secret-keys", secretKeys],
  [
    "derived-fields",
    () =>
      table(
        ["Field", "Rule"],
        derivedFields.map(({ field, rule }) => [code(field), rule])
      )
  ],
  ["csv-columns", () => Object.keys(callColumns).map(code).join(", ")],
  ["shapes", () => shapes(providers.ids)],
  ["providers", () => list(providers.adapters.map(({ id, title: name }) => `[${name}](providers/${id}.md)`))],
  ["normalize-help", () => help("normalize")],
  ["providers-help", () => help("providers")],
  ["explain-help", () => help("explain")],
  ...LIVE_COMMANDS.map((command) => [`${command}-help`, () => help(command)] as const),
  ["compare-help", () => help("compare")],
  ["label-help", () => help("label")],
  ["changes-help", () => help("changes")],
  ...JOURNAL_COMMANDS.map((command) => [`journal-${command}-help`, () => help("journal", command)] as const),
  ...AGENT_COMMANDS.map((command) => [`agents-${command}-help`, () => help("agents", command)] as const),
  ...WEBHOOK_COMMANDS.map((command) => [`webhooks-${command}-help`, () => help("webhooks", command)] as const),
  ...INBOX_COMMANDS.map((command) => [`inbox-${command}-help`, () => help("inbox", command)] as const),
  ...EXPERIMENT_COMMANDS.map((command) => [`experiment-${command}-help`, () => help("experiment", command)] as const),
  ...SWITCH_COMMANDS.map((command) => [`switch-${command}-help`, () => help("switch", command)] as const),
  ["switch-plan-sample", switchPlanSample],
  ["demo-live", demoLive],
  ["demo-webhooks", demoWebhooks],
  ["demo-compare", demoCompare],
  ["exit-codes", exitCodes],
  ["demo", demo],
  ["example-record", exampleRecord],
  ["entry-points", entryPoints],
  ...capabilitySections,
  ...liveSections,
  ...compareSections,
  ...coverageSections,
  ...pairSections,
  ...reliabilitySections,
  ...providers.ids.flatMap(perProvider)
]

/** @throws where two have one name: pages of the one would show the other */
const onceEach = (all: typeof everySection): ReadonlyMap<string, Section> => {
  const sections = new Map(all)
  const twice = all.find(([name, section]) => sections.get(name) !== section)
  if (twice !== undefined) throw new Error(`two sections are called "${twice[0]}"`)
  return sections
}

export const sections = onceEach(everySection)
