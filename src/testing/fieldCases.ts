/** The cases that try every field of every fixture: other words, null, wrong types, and where its value comes from. */
import * as Schema from "effect/Schema"
import { canonicalJson, formatPath, isJsonObject, valueAt } from "../domain/Json.ts"
import { OutputRecord } from "../domain/OutputRecord.ts"
import { derivedFields } from "../normalize/explain.ts"
import type { Adapter, FieldSource } from "../provider/Adapter.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { changed } from "./edits.ts"
import { isUnreadable, mapped, type Material, timesUnrecognized } from "./material.ts"

const UNKNOWN_WORDS = ["never_heard_of", "constructor", "__proto__", "toString"]
const MISFITS = [true, 12.5, "constructor", [], [[null]], {}, { a: { b: [1] } }]

/** Fields that are one of a few things: a word that says none of them has no `unrecognized` to show as. */
const CLOSED = new Set(["channel", "answered", "handledBy"])

export const fieldCases = (
  adapter: Adapter,
  { bodies, givenPlaces, read, fieldOf, wordsOf }: Material
): ReadonlyArray<ContractCase> => [
  contractCase("MUST keep words outside its tables: native, an issue, unrecognized", (fail) => {
    const shown = new Map<string, boolean>()
    for (const each of bodies) {
      for (const { field, named, isStatus, feeds, path } of wordsOf(each)) {
        if (path === undefined) {
          fail(`${each.name}: evidence ${field}: no word stands there; the key of a word is the path of its place`)
          continue
        }
        const where = `${each.name}: ${field}: at ${formatPath(path)}`
        const without = timesUnrecognized(read(each.shape, changed(each.body, path, undefined)))
        // A status without a word may be unrecognized itself.
        const already = isStatus ? Math.min(without, timesUnrecognized(each.record)) : without
        const place = isStatus ? `${each.shape.name}: ${field} from ${named}` : field
        for (const word of UNKNOWN_WORDS) {
          const record = read(each.shape, changed(each.body, path, word))
          if (isUnreadable(record)) return fail(`${where} the word "${word}" makes the record unreadable`)
          const noted = record.issues?.some(
            (issue) => issue.path === formatPath(path) && issue.reason === "unknown_word" && issue.raw === word
          )
          if (noted !== true) fail(`${where} the unknown word "${word}" makes no issue`)
          if (valueAt(record.native, path) !== word) fail(`${where} the word "${word}" is lost`)
          if (feeds.every((each) => CLOSED.has(each))) continue
          shown.set(place, shown.get(place) === true || timesUnrecognized(record) > already)
        }
      }
    }
    for (const [place, ok] of shown) if (!ok) fail(`${place}: an unknown word never shows as unrecognized`)
  }),
  contractCase("MUST take null as not given, but for the answer time", (fail) => {
    const { answeredAt } = adapter.interpretation.terms
    for (const { name, body, shape, place } of givenPlaces) {
      const { named, path } = place
      if (named === answeredAt || path.at(-1) === answeredAt) continue
      const [nulled, absent] = [null, undefined].map((value) => {
        const record = read(shape, changed(body, path, value))
        return canonicalJson(isUnreadable(record) || !place.inMap ? mapped(record) : fieldOf(record, place))
      })
      if (nulled !== absent) fail(`${name}: ${formatPath(path)}: null reads otherwise than absent`)
    }
  }),
  contractCase("MUST give up no more than the field for a value of the wrong type", (fail) => {
    const ids = new Set(
      givenPlaces
        .filter(({ place: { field } }) => /^(id|orderId|attemptId)$/.test(field))
        .map(({ name, place: { path } }) => `${name} ${formatPath(path)}`)
    )
    const tried = new Set<string>()
    for (const {
      name,
      body,
      shape,
      place: { path }
    } of givenPlaces) {
      const where = `${shape.name} ${formatPath(path).replace(/\[\d+\]/g, "[]")}`
      if (tried.has(where) || ids.has(`${name} ${formatPath(path)}`)) continue
      tried.add(where)
      for (const misfit of MISFITS) {
        const record = read(shape, changed(body, path, misfit))
        const what = `${name}: ${formatPath(path)}: ${JSON.stringify(misfit)}`
        if (isUnreadable(record)) fail(`${what} costs the record`)
        else if (!Schema.is(OutputRecord)(record)) fail(`${what} gives a record that the schema refuses`)
      }
    }
  }),
  contractCase("MUST name a source of every field it gives", (fail) => {
    const { order, attempt, hint } = adapter.sources
    const fields = (list: ReadonlyArray<FieldSource>, prefix = "") => list.map(({ field }) => `${prefix}${field}`)
    const derived = derivedFields.map(({ field }) => field)
    const named = {
      call_order: new Set([...fields(order), ...fields(attempt, "attempts[]."), ...derived, "native"]),
      call_attempt: new Set([
        ...fields(attempt),
        ...derived.map((field) => field.replace("attempts[].", "")),
        "native"
      ]),
      call_hint: new Set([...fields(hint), ...derived, "native"])
    }
    for (const { name, record } of bodies) {
      const known = named[record.kind]
      const check = (holder: object, prefix: string): void => {
        for (const [key, value] of Object.entries(holder)) {
          const field = `${prefix}${key}`
          if (known.has(field)) continue
          if (field === "attempts" && Array.isArray(value)) value.forEach((item: object) => check(item, "attempts[]."))
          else if (isJsonObject(value) && [...known].some((each) => each.startsWith(`${field}.`)))
            check(value, `${field}.`)
          else fail(`${name}: ${record.kind}.${field} has no source`)
        }
      }
      check(record, "")
    }
  }),
  contractCase("MUST name no source that a field does not come from", (fail) => {
    const acts = new Map<string, boolean>()
    for (const { name, body, shape, record, place } of givenPlaces) {
      const value = fieldOf(record, place)
      if (value === undefined) continue
      const less = changed(body, place.path, undefined)
      const other = read(shape, less)
      const moved =
        place.attemptId !== undefined &&
        formatPath(adapter.sources.locateAttempts(less).get(place.attemptId) ?? []) !==
          formatPath(adapter.sources.locateAttempts(body).get(place.attemptId) ?? [])
      const depends =
        moved ||
        isUnreadable(other) ||
        !shape.matches(less) ||
        canonicalJson(fieldOf(other, place)) !== canonicalJson(value)
      const key = `${record.kind}: ${place.attemptId === undefined ? "" : "attempts[]."}${place.field} from ${formatPath(place.path).replace(/\[\d+\]/g, "[]")}`
      acts.set(key, acts.get(key) === true || depends)
      if (!depends && place.source.paths.length === 1 && value !== "unrecognized")
        fail(`${name}: ${key}: the field stays without it`)
    }
    for (const [key, ok] of acts) if (!ok) fail(`${key}: no fixture in which the field depends on it`)
  }),
  contractCase("SHOULD have a fixture for every source it names", (fail) => {
    for (const list of [adapter.sources.order, adapter.sources.attempt, adapter.sources.hint]) {
      for (const each of list) {
        const seen = givenPlaces.filter(({ place }) => place.source === each).map(({ place }) => place.named)
        for (const path of each.paths) if (!seen.includes(path)) fail(`${each.field}: no fixture has ${path}`)
      }
    }
  })
]
