/** The tables of the journal in SQLite: their columns, how they came to be, and rows read as placements. */
import type { SQLOutputValue } from "node:sqlite"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { unkeptField } from "../calls/keptText.ts"
import { Placement } from "../calls/PlacementJournal.ts"
import { misfitOf } from "../domain/misfit.ts"
import { Refused } from "./SqliteFile.ts"

/** `unic` */
export const APPLICATION_ID = 0x756e6963

/** The column of each field. A new field of `Placement` does not compile until it stands here and in a migration. */
export const COLUMN = {
  tenant: "tenant",
  reference: "reference",
  provider: "provider",
  account: "account",
  token: "token",
  numberDigest: "check",
  content: "content",
  time: "time",
  agentId: "agentId",
  state: "state",
  reservedAt: "reservedAt",
  clockOffset: "clockOffset",
  changedAt: "changedAt",
  orderId: "orderId",
  lead: "lead",
  because: "because",
  status: "status",
  evidence: "evidence",
  requestMillis: "requestMillis",
  missedMillis: "missedMillis",
  listDelay: "listDelay",
  sentAs: "sentAs",
  supersedes: "supersedes",
  wrongAt: "wrongAt",
  routing: "routing"
} as const satisfies Record<keyof Placement, string>

const isField = (name: string): name is keyof Placement => Object.hasOwn(COLUMN, name)

export const FIELDS = Object.keys(COLUMN).filter(isField)

export const NAMES = FIELDS.map((field) => `"${COLUMN[field]}"`).join(", ")

/** Those that the first version of the table lacks: it knew neither tenants nor absence. */
const NOT_IN_FIRST: ReadonlySet<string> = new Set([
  "tenant",
  "account",
  "content",
  "time",
  "clockOffset",
  "lead",
  "evidence",
  "requestMillis",
  "missedMillis",
  "listDelay",
  "sentAs",
  "supersedes",
  "wrongAt",
  "routing"
] satisfies ReadonlyArray<keyof Placement>)

export const isInFirst = (field: keyof Placement): boolean => !NOT_IN_FIRST.has(field)

/**
 * What was placed before there were tenants stays in its table, where processes of an older version go on with it and see
 * nothing of a tenant's. The triggers let neither side reserve a reference that the other one holds.
 */
export const MIGRATIONS = [
  `CREATE TABLE placement (
     reference TEXT NOT NULL PRIMARY KEY, provider TEXT NOT NULL, token TEXT NOT NULL, "check" TEXT NOT NULL,
     agentId TEXT, state TEXT NOT NULL, reservedAt TEXT NOT NULL, changedAt TEXT NOT NULL,
     orderId TEXT, because TEXT, status TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX placement_order ON placement (provider, orderId) WHERE orderId IS NOT NULL;
   CREATE INDEX placement_unfinished ON placement (changedAt) WHERE state <> 'ended'`,
  `CREATE TABLE tenant_placement (
     tenant TEXT NOT NULL, reference TEXT NOT NULL, provider TEXT NOT NULL, account TEXT, token TEXT NOT NULL,
     "check" TEXT NOT NULL, content TEXT, agentId TEXT, state TEXT NOT NULL, reservedAt TEXT NOT NULL, clockOffset INTEGER,
     changedAt TEXT NOT NULL, orderId TEXT, lead TEXT, because TEXT, status TEXT, PRIMARY KEY (reference, tenant)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX tenant_placement_order ON tenant_placement (provider, orderId) WHERE orderId IS NOT NULL;
   CREATE INDEX tenant_placement_unfinished ON tenant_placement (changedAt) WHERE state <> 'ended';
   CREATE TRIGGER placement_held BEFORE INSERT ON placement
     WHEN EXISTS (SELECT 1 FROM tenant_placement WHERE reference = NEW.reference) BEGIN SELECT RAISE(IGNORE); END;
   CREATE TRIGGER tenant_placement_held BEFORE INSERT ON tenant_placement
     WHEN EXISTS (SELECT 1 FROM placement WHERE reference = NEW.reference) BEGIN SELECT RAISE(IGNORE); END`,
  "ALTER TABLE tenant_placement ADD COLUMN time TEXT",
  `ALTER TABLE tenant_placement ADD COLUMN evidence TEXT;
   ALTER TABLE tenant_placement ADD COLUMN requestMillis INTEGER;
   ALTER TABLE tenant_placement ADD COLUMN missedMillis INTEGER;
   ALTER TABLE tenant_placement ADD COLUMN listDelay INTEGER;
   ALTER TABLE tenant_placement ADD COLUMN sentAs TEXT;
   ALTER TABLE tenant_placement ADD COLUMN supersedes TEXT;
   ALTER TABLE tenant_placement ADD COLUMN wrongAt TEXT;
   CREATE INDEX tenant_placement_open ON tenant_placement (provider, changedAt) WHERE state IN ('reserved', 'uncertain');
   CREATE INDEX tenant_placement_absent ON tenant_placement (provider, changedAt) WHERE state = 'absent';
   CREATE INDEX tenant_placement_listed ON tenant_placement (provider)
     WHERE wrongAt IS NOT NULL OR listDelay IS NOT NULL`,
  `ALTER TABLE tenant_placement ADD COLUMN routing TEXT;
   CREATE TABLE assignment (
     tenant TEXT NOT NULL, key TEXT NOT NULL, provider TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (tenant, key)
   ) STRICT, WITHOUT ROWID`
]

/** A reference is in one of them. */
export const TABLES = ["tenant_placement", "placement"] as const
type Table = (typeof TABLES)[number]

/** The columns under the names of the fields. A placement of the first table has neither a tenant nor what came with it. */
export const selectFrom = (table: Table, isThere: (field: keyof Placement) => boolean): string =>
  `SELECT ${FIELDS.map((field) => `${isThere(field) ? `"${COLUMN[field]}"` : "NULL"} AS "${field}"`).join(", ")} FROM ${table}`

export const OF_NOBODY = selectFrom("placement", isInFirst)
export const OF_TENANTS = selectFrom("tenant_placement", () => true)

const decode = Schema.decodeUnknownResult(Placement)

const placementOf = (columns: { readonly [name: string]: unknown }): Placement =>
  Result.getOrThrowWith(decode(columns), (error) => new Refused(`column ${misfitOf(error).path[0]} cannot be read`))

export const readRow = (row: { readonly [column: string]: SQLOutputValue }): Placement =>
  placementOf(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)))

/** A placement that will be read back as it is. */
export const storable = (placement: Placement): Placement => {
  const unkept = unkeptField(placement)
  if (unkept !== undefined) throw new Refused(`column ${unkept} would not keep its text`)
  return placementOf(placement)
}

export const valuesOf = (placement: Placement): ReadonlyArray<string | number | null> =>
  FIELDS.map((field) => placement[field] ?? null)
