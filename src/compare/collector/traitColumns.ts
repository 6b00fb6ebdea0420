/** Traits of rows as columns of small numbers: the most frequent values, and one that stands for all others. */
import { compareText } from "../../domain/textOrder.ts"
import { NOT_TOLD, type TraitColumn } from "../Observations.ts"
import { placeIn } from "./gather.ts"
import type { ObservationTable } from "./ObservationTable.ts"
import type { OrderColumn } from "./orderColumns.ts"
import { TRAIT_NAMES, type TraitName, type TraitReader, TRAITS, UNKNOWN } from "./traits.ts"

/** Values that are told apart; rarer ones stand together. */
const MOST_VALUES = 20
const OTHERS = "others"

/** `arms`: as rows name them. */
export const traitColumns = (
  table: ObservationTable<OrderColumn>,
  rows: Uint32Array,
  arms: ReadonlyArray<string>,
  timeZone: string
): ReadonlyArray<TraitColumn> => {
  const armOf = placeIn(table.column("arm"), arms)
  return TRAIT_NAMES.map((trait) => columnOf(trait, TRAITS[trait](table, timeZone), rows, armOf))
}

const SEVERAL = -1

const columnOf = (
  trait: TraitName,
  { texts, of }: TraitReader,
  rows: Uint32Array,
  armOf: (row: number) => number
): TraitColumn => {
  const counts = new Uint32Array(texts.length)
  /** Of each value the arm it is found in, from 1. */
  const found = new Int16Array(texts.length)
  for (const row of rows) {
    const [value, arm] = [of(row), armOf(row) + 1]
    counts[value] = (counts[value] ?? 0) + 1
    const known = found[value]
    if (known !== arm) found[value] = known === 0 ? arm : SEVERAL
  }
  const told = texts.flatMap((text, value) => (text === UNKNOWN || counts[value] === 0 ? [] : [{ text, value }]))
  const countOf = ({ value }: { readonly value: number }): number => counts[value] ?? 0
  const largest = new Set(
    told
      .toSorted((a, b) => countOf(b) - countOf(a) || compareText(a.text, b.text))
      .slice(0, MOST_VALUES)
      .map(({ value }) => value)
  )
  // In the order of the texts where that means something, else the most frequent first.
  const kept = ORDERED.has(trait)
    ? told.filter(({ value }) => largest.has(value))
    : [...largest].map((value) => ({ value, text: texts[value] ?? "" }))
  const places = new Uint8Array(texts.length).fill(NOT_TOLD)
  for (const { value } of told) places[value] = kept.length
  kept.forEach(({ value }, place) => (places[value] = place))
  const column = new Uint8Array(rows.length)
  rows.forEach((row, place) => (column[place] = places[of(row)] ?? NOT_TOLD))
  const names = kept.map(({ text }, place) => (trait === "caller_number" ? `number ${place + 1}` : text))
  return {
    trait,
    values: told.length > kept.length ? [...names, OTHERS] : names,
    of: column,
    isShared: told.some(({ value }) => found[value] === SEVERAL)
  }
}

const ORDERED: ReadonlySet<TraitName> = new Set(["hour", "weekday", "wait", "dials"])
