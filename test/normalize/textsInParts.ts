/**
 * Prints the texts of records that the engine holds in parts, as JSON: `[["concatenated string", "reach.because[0]"], …]`.
 * Run as a process of its own, since a heap is looked at whole. `--planted` adds a text of each kind to be found.
 */
import { getHeapSnapshot } from "node:v8"
import { text } from "node:stream/consumers"
import { fold, normalize } from "../../adapters/index.ts"
import { makeCsvReader } from "../../src/normalize/reading/csv.ts"
import { defaultLimits } from "../../src/normalize/reading/documents.ts"
import { fixturesOf } from "../adapters/fixtures.ts"
import { payloadAt } from "../bench/data.ts"

/** What the records hang on: found in the heap by this name. */
class HeldRecords {
  readonly records: ReadonlyArray<unknown>
  constructor(records: ReadonlyArray<unknown>) {
    this.records = records
  }
}

const fixtures = ["revox", "revring"].flatMap((provider) => fixturesOf(provider).map(({ wire }) => wire))

/** Whatever came over the wire is in one piece, as JSON is parsed. */
const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const generated = Array.from({ length: 200 }, (_, index) => parsed(payloadAt(index, { damaged: 0.5 })))

const odd = [
  { webhook_url: "https://user:password@hooks.example.org/in?key=secret&other=secret#fragment" },
  { headers: "authorization: Bearer secret-secret-secret", updated_at: "Sun, 29 Nov 2026 13:40:00 +0000" },
  {
    headers: "authorization: Bearer secret-secret-secret\naccept: everything-there-is",
    created_at: "yesterday, I think"
  },
  { note: '{"token":"secret-secret-secret","kept":"' },
  { note: '{"a":"{\\"token\\":\\"secret-secret-secret\\"' },
  { note: '{"credentials":{"user":"secret-secret-secret"' },
  { note: '{"token":"secret-secret-secret","kept":"as it is"}', status: "a status that nobody has ever heard of" },
  { call_attempts: [{ id: "attempt-1", status: "another status nobody knows", answered_at: "not a time at all" }] }
].map((more) => parsed({ id: "order-1", call_attempts: [], ...more }))

const rows: Array<unknown> = []
const csv = makeCsvReader({}, defaultLimits, { value: (value) => rows.push(value), damaged: () => {} })
csv.push(
  new TextEncoder().encode(
    'id,to_phone_number,direction,status,created_at,note\norder-of-a-row-1,+12025550101,outbound,completed,2026-03-01T10:00:00Z,"a ""quoted"" word, and more"\n'
  )
)
csv.end()

const rejected = [{ nothing: "known to anybody" }, "text that is no JSON", { id: "", call_attempts: [] }].map(parsed)

const payloads = [...fixtures, ...generated, ...odd, ...rows, ...rejected]
const folded = payloads.filter((_, index) => index % 3 === 0)
const records: Array<unknown> = [...payloads.flatMap((payload) => normalize(payload)), ...fold([...odd, ...folded])]
if (process.argv.includes("--planted")) {
  const pid = String(process.pid)
  records.push({ joined: `a text of two parts: ${pid}`, cut: `${pid.padStart(30, "0")} and more`.slice(2, 30) })
}
const held = new HeldRecords(records)

interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: ReadonlyArray<string>
      readonly node_types: readonly [ReadonlyArray<string>]
      readonly edge_fields: ReadonlyArray<string>
      readonly edge_types: readonly [ReadonlyArray<string>]
    }
  }
  readonly nodes: ReadonlyArray<number>
  readonly edges: ReadonlyArray<number>
  readonly strings: ReadonlyArray<string>
}

const snapshot: Snapshot = JSON.parse(await text(getHeapSnapshot()))
const { meta } = snapshot.snapshot
const nodeSize = meta.node_fields.length
const edgeSize = meta.edge_fields.length
const at = (fields: ReadonlyArray<string>, name: string): number => fields.indexOf(name)
const [typeAt, nameAt, countAt] = ["type", "name", "edge_count"].map((name) => at(meta.node_fields, name))
const [edgeTypeAt, edgeNameAt, toAt] = ["type", "name_or_index", "to_node"].map((name) => at(meta.edge_fields, name))
const numberAt = (list: ReadonlyArray<number>, base: number, offset: number | undefined): number =>
  list[base + (offset ?? 0)] ?? 0
const typeOf = (node: number): string => meta.node_types[0][numberAt(snapshot.nodes, node, typeAt)] ?? ""

const firstEdges: Array<number> = []
for (let node = 0, edge = 0; node < snapshot.nodes.length; node += nodeSize) {
  firstEdges.push(edge)
  edge += edgeSize * numberAt(snapshot.nodes, node, countAt)
}

interface Edge {
  readonly name: string
  readonly to: number
}

/** Properties and elements, as a program sees them. */
const edgesOf = (node: number): ReadonlyArray<Edge> => {
  const first = firstEdges[node / nodeSize] ?? 0
  return Array.from(
    { length: numberAt(snapshot.nodes, node, countAt) },
    (_, index) => first + index * edgeSize
  ).flatMap((edge): ReadonlyArray<Edge> => {
    const type = meta.edge_types[0][numberAt(snapshot.edges, edge, edgeTypeAt)]
    const name = numberAt(snapshot.edges, edge, edgeNameAt)
    const to = numberAt(snapshot.edges, edge, toAt)
    if (type === "element") return [{ name: `[${name}]`, to }]
    const text = snapshot.strings[name] ?? ""
    return type === "property" && text !== "__proto__" ? [{ name: `.${text}`, to }] : []
  })
}

const roots = snapshot.nodes.flatMap((_, node) =>
  node % nodeSize === 0 &&
  typeOf(node) === "object" &&
  snapshot.strings[numberAt(snapshot.nodes, node, nameAt)] === HeldRecords.name
    ? [node]
    : []
)
const found: Array<readonly [string, string]> = []
const seen = new Set<number>()
let texts = 0
const walk = (node: number, path: string): void => {
  if (seen.has(node)) return
  seen.add(node)
  const type = typeOf(node)
  if (type.endsWith("string")) texts += 1
  if (type === "concatenated string" || type === "sliced string") found.push([type, path])
  else for (const { name, to } of edgesOf(node)) walk(to, path + name)
}
for (const root of roots) walk(root, "")
process.stdout.write(JSON.stringify({ records: held.records.length, texts, found }))
