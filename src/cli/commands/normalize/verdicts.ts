/** Inputs in which everything was rejected, and what they look like, as far as that is certain. */
import { isJsonObject, type JsonObject } from "../../../domain/Json.ts"
import type { Rejection } from "../../../domain/Rejection.ts"
import { csvHeader } from "../../../normalize/callRow.ts"
import { openEnvelopes, recognise } from "../../../normalize/detect.ts"
import type { Input } from "../../inputs/findInputs.ts"
import { headOf } from "../../inputs/inputBytes.ts"
import { providers } from "../../providers.ts"
import { plainText, plural } from "../../shell/terminal.ts"
import type { Tally } from "./job.ts"

const HEAD_LENGTH = 8 * 1024
const DEEPEST = 4
const MOST_FIELDS = 200
const MOST_KEYS = 8

/** First bytes of files that hold no text. */
const MAGIC: ReadonlyArray<readonly [bytes: ReadonlyArray<number>, title: string]> = [
  [[0x50, 0x4b, 3, 4], "a ZIP archive or a spreadsheet (.xlsx); unpack it, or save it as CSV"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF"],
  [[0x42, 0x5a, 0x68], "data compressed by bzip2; decompress them first"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "data compressed by xz; decompress them first"],
  [[0x28, 0xb5, 0x2f, 0xfd], "data compressed by zstd; decompress them first"],
  [[0x37, 0x7a, 0xbc, 0xaf], "a 7z archive; unpack it first"],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], "an SQLite database; export its rows as JSON or CSV"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file; export it as JSON or CSV"],
  [[0xff, 0xfe], "text in UTF-16; save it as UTF-8"],
  [[0xfe, 0xff], "text in UTF-16; save it as UTF-8"]
]

const ACCESS_LOG = /^\S+ \S+ \S+ \[[^\]]+\] "[A-Z]+ [^"]*" \d{3} /
/** A tar archive names itself in its first block. */
const TAR_MARK = 257

const textKind = (text: string, form: Input["form"]): string | undefined => {
  const [first = ""] = text.split(/\r?\n/)
  if (text.slice(TAR_MARK, TAR_MARK + 5) === "ustar") return "a tar archive; unpack it first"
  if (/^\s*<(?:!doctype|html)/i.test(text)) return "a web page"
  if (/^\s*</.test(text)) return "XML"
  if (ACCESS_LOG.test(first)) return "the access log of a web server, which holds no bodies"
  if (first.startsWith(csvHeader().slice(0, 40))) return "CSV that unicall wrote"
  if (form === "json" && /^[\w "-]+(?:[,;\t][\w ".-]+){2,}$/.test(first)) return "CSV: --input csv reads it as that"
  return undefined
}

const isRecord = (value: unknown): boolean => {
  let found = false
  openEnvelopes(value, {
    registry: providers,
    wrapper: { provider: "provider", payload: "payload" },
    onBody: (body) => {
      found ||= !("reason" in recognise(body, providers, undefined))
    }
  })
  return found
}

/** The path to a record within another object, as `--payload-field` takes it. */
const fieldWithRecord = (body: JsonObject): string | undefined => {
  let left = MOST_FIELDS
  const level: Array<readonly [path: ReadonlyArray<string>, value: JsonObject]> = [[[], body]]
  for (let next = level.shift(); next !== undefined; next = level.shift()) {
    const [path, value] = next
    for (const [key, member] of Object.entries(value)) {
      if (left-- <= 0) return undefined
      if (!key.split(".").every(isPlainKey)) continue
      const at = [...path, key]
      if ((typeof member === "string" || typeof member === "object") && isRecord(member)) return at.join(".")
      if (isJsonObject(member) && at.length < DEEPEST) level.push([at, member])
    }
  }
  return undefined
}

/** A key with many digits or an address may be personal. */
const isPlainKey = (key: string): boolean => /^[A-Za-z_][\w-]{0,39}$/.test(key) && !/\d{5}/.test(key)

const objectKind = (body: JsonObject, form: Input["form"]): string => {
  const field = fieldWithRecord(body)
  if (field !== undefined) {
    const flag = form === "csv" ? "--payload-column" : "--payload-field"
    return `objects that hold a record in ${plainText(field)}: ${flag} ${plainText(field)} reads it`
  }
  const keys = Object.keys(body)
  const shown = keys.filter(isPlainKey).slice(0, MOST_KEYS)
  const more = keys.length > shown.length ? `${shown.length === 0 ? "" : " and "}others` : ""
  return `${form === "csv" ? "rows" : "objects"} of something else, with the fields ${shown.join(", ")}${more}`
}

const headText = ({ path, size }: Input): { readonly bytes: Uint8Array; readonly text: string } | undefined => {
  if (path === undefined || size === undefined) return undefined
  try {
    const bytes = headOf(path, HEAD_LENGTH)
    return { bytes, text: new TextDecoder().decode(bytes).replace(/^\uFEFF/, "") }
  } catch {
    return undefined
  }
}

/** `first` is the first rejection of the input. */
const looksLike = (input: Input, first: Rejection): string => {
  const head = headText(input)
  const magic = MAGIC.find(([bytes]) => head !== undefined && bytes.every((byte, at) => head.bytes[at] === byte))
  if (magic !== undefined) return magic[1]
  const { raw, reason } = first
  if (reason === "provider_mismatch") return "records of another provider than was asked for"
  const text = head?.text ?? (typeof raw === "string" ? raw : "")
  const known = textKind(text, input.form)
  if (known !== undefined) return known
  if (isJsonObject(raw)) return objectKind(raw, input.form)
  return typeof raw === "string" ? "text without the JSON of a record in it" : "JSON without a record in it"
}

interface Counts {
  read: number
  rejected: number
}

export const makeVerdicts = (tally: Pick<Tally, "read" | "rejected">) => {
  let before: Counts = { read: 0, rejected: 0 }
  let first: Rejection | undefined
  let notes = ""
  const byName = new Map<string, Counts>()
  return {
    rejection: (rejection: Rejection): void => {
      first ??= rejection
    },
    /** An input has been read. */
    inputRead: (input: Input): void => {
      const read = tally.read - before.read
      const rejected = tally.rejected - before.rejected
      const counts = byName.get(input.givenAs) ?? { read: 0, rejected: 0 }
      byName.set(input.givenAs, { read: counts.read + read, rejected: counts.rejected + rejected })
      if (first !== undefined && read === rejected) {
        notes += `${plainText(input.name)}: ${plural(read, "record")}, all rejected; it looks like ${looksLike(input, first)}\n`
      }
      before = { read: tally.read, rejected: tally.rejected }
      first = undefined
    },
    /** A line for each input of which everything was rejected, with what it looks like. */
    notes: (): string => notes,
    /** Names on the command line for which everything was rejected. */
    fruitless: (): ReadonlyArray<string> =>
      [...byName].flatMap(([name, { read, rejected }]) => (read > 0 && read === rejected ? [name] : []))
  }
}
