/**
 * Rows of numbers, one for each key of 64 bits. A table of columns says what a row holds; storage, growth, writing,
 * reading and comparing follow from it. Of two rows for one key the greater stays, by an order that is total over all
 * columns, so that it does not matter which came first.
 */
import { compareText } from "../../domain/textOrder.ts"

const STORAGE = {
  byte: Uint8Array,
  short: Uint16Array,
  word: Uint32Array,
  double: Float64Array,
  /** A text as a number, counted in the order in which texts are first met. */
  text: Uint32Array
} as const

/** How a column is stored, and how its value is got from a subject. */
export type Column<S> =
  | { readonly as: "text"; readonly of: (subject: S) => string }
  | { readonly as: Exclude<keyof typeof STORAGE, "text">; readonly of: (subject: S) => number }

export type Columns<Name extends string, S> = { readonly [name in Name]: Column<S> }

/** `All` is known of every subject, `Counted` only of one that is not left out. */
export interface TableColumns<AllName extends string, All, CountedName extends string, Counted> {
  readonly all: Columns<AllName, All>
  /** Empty in a row that is left out. */
  readonly counted: Columns<CountedName, Counted>
  /** Columns without a name, after the others. */
  readonly answers: ReadonlyArray<Column<Counted>>
}

/** A hash that rows are found by. */
export interface Key {
  readonly high: number
  readonly low: number
}

/** Reads and changes a column of rows. */
export interface StoredColumn {
  readonly get: (row: number) => number
  readonly text: (row: number) => string
  readonly set: (row: number, value: number | string) => void
  /** All texts of a column of texts, by their numbers. */
  readonly texts: ReadonlyArray<string>
}

export interface ObservationTable<Name extends string = CommonColumn> {
  readonly size: () => number
  readonly column: (name: Name) => StoredColumn
  /** The answers of these rows, in their order. */
  readonly copyAnswers: <C extends Uint8Array | Float64Array>(index: number, rows: Uint32Array, to: C) => C
  readonly key: (row: number) => Key
  /** The row of a key; −1 if there is none. */
  readonly find: (key: Key) => number
  /** Bytes held, for measuring: of columns and index, and of the answers. */
  readonly bytes: () => { readonly columns: number; readonly answers: number }
}

/** Columns of every kind of observation. */
export type CommonColumn = "leftOut" | "personHigh" | "personLow" | "at" | "ended" | "arm"

const PAGE_BITS = 14
const PAGE = 1 << PAGE_BITS
const IN_PAGE = PAGE - 1

/** Greater whole numbers are stored as this. */
const mostOf = (as: keyof typeof STORAGE): number => 2 ** (8 * STORAGE[as].BYTES_PER_ELEMENT) - 1

/** What is not told is less than anything. */
const compareNumbers = (a: number, b: number): number =>
  a === b ? 0 : Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : Number.isNaN(b) ? 1 : a < b ? -1 : 1

/** Values of the row to be written, one for each column: in one array, since a million rows go through it. */
type Draft = { values: Float64Array; columns: number }

/** Held in pages, so that growing neither copies nor doubles. */
const storeColumn = <S>(draft: Draft, { as, of }: Column<S>) => {
  const place = draft.columns++
  /** Where none of a page's rows has anything, there is no page. */
  const pages: Array<InstanceType<(typeof STORAGE)[typeof as]> | undefined> = []
  const texts: Array<string> = []
  const numbers = new Map<string, number>()
  const [most, empty] = as === "double" ? [Number.POSITIVE_INFINITY, Number.NaN] : [mostOf(as), 0]
  const numberOf = (value: number | string): number => {
    if (typeof value === "number") return value > most ? most : value
    const known = numbers.get(value)
    if (known !== undefined) return known
    numbers.set(value, texts.length)
    return texts.push(value) - 1
  }
  const get = (row: number): number => pages[row >>> PAGE_BITS]?.[row & IN_PAGE] ?? empty
  const set = (row: number, value: number): void => {
    let page = pages[row >>> PAGE_BITS]
    if (page === undefined) {
      if (value === empty || (as === "double" && Number.isNaN(value))) return
      page = new STORAGE[as](PAGE)
      if (as === "double") page.fill(empty)
      pages[row >>> PAGE_BITS] = page
    }
    page[row & IN_PAGE] = value
  }
  const text = (row: number): string => texts[get(row)] ?? ""
  return {
    as,
    get,
    text,
    texts,
    set: (row: number, value: number | string) => set(row, numberOf(value)),
    draft: (subject: S | undefined): void => {
      draft.values[place] = subject === undefined ? empty : numberOf(of(subject))
    },
    compare: (row: number): number => {
      const value = draft.values[place] ?? empty
      return as === "text" ? compareText(text(row), texts[value] ?? "") : compareNumbers(get(row), value)
    },
    write: (row: number) => set(row, draft.values[place] ?? empty),
    copyTo: (rows: Uint32Array, to: Uint8Array | Float64Array): void => {
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at] ?? 0
        to[at] = pages[row >>> PAGE_BITS]?.[row & IN_PAGE] ?? empty
      }
    },
    clear: (): void => void (pages.length = 0),
    bytes: () => pages.reduce((sum, page) => sum + (page === undefined ? 0 : page.byteLength), 0)
  }
}

const FIRST_SLOTS = 1 << 12

/** Finds the number of a key; numbers count from 0 as keys are added. Told how to read the key of a number. */
export const makeKeyIndex = (high: (number: number) => number, low: (number: number) => number) => {
  let size = 0
  /** Number + 1 by key, 0 where free; at most five eighths full. */
  let slots = new Uint32Array(FIRST_SLOTS)
  /** Where a key is, or where it would go. */
  const slotOf = (keyHigh: number, keyLow: number): number => {
    const mask = slots.length - 1
    let slot = keyLow & mask
    while (true) {
      const number = (slots[slot] ?? 0) - 1
      if (number < 0 || (low(number) === keyLow && high(number) === keyHigh)) return slot
      slot = (slot + 1) & mask
    }
  }
  const place = (number: number): void => void (slots[slotOf(high(number), low(number))] = number + 1)
  return {
    size: () => size,
    /** −1 if it has not been added. */
    find: (keyHigh: number, keyLow: number): number => (slots[slotOf(keyHigh, keyLow)] ?? 0) - 1,
    /** Adds the key of the next number, which must be readable by now and not have been added. */
    add: (): void => {
      if ((size + 1) * 8 > slots.length * 5) {
        slots = new Uint32Array(slots.length * 2)
        for (let number = 0; number < size; number++) place(number)
      }
      place(size++)
    },
    bytes: () => slots.byteLength
  }
}

/** Keys by themselves. */
export const makeKeySet = () => {
  const keys: { readonly [part in keyof Key]: Array<number> } = { high: [], low: [] }
  const index = makeKeyIndex(
    (number) => keys.high[number] ?? 0,
    (number) => keys.low[number] ?? 0
  )
  const has = ({ high, low }: Key): boolean => index.find(high, low) >= 0
  return {
    has,
    size: index.size,
    add: (key: Key): void => {
      if (has(key)) return
      keys.high.push(key.high)
      keys.low.push(key.low)
      index.add()
    }
  }
}

export const makeObservationTable = <AllName extends string, All, CountedName extends string, Counted>(
  columns: TableColumns<AllName, All, CountedName, Counted>
) => {
  const draft: Draft = { values: new Float64Array(0), columns: 0 }
  const storedKey = (part: keyof Key) => storeColumn<Key>(draft, { as: "word", of: (key) => key[part] })
  const [high, low] = [storedKey("high"), storedKey("low")]
  const stored = <S>(part: { readonly [name: string]: Column<S> }) =>
    Object.entries(part).map(([name, column]) => ({ name, ...storeColumn(draft, column) }))
  const [all, counted] = [stored<All>(columns.all), stored<Counted>(columns.counted)]
  const answers = columns.answers.map((column) => storeColumn(draft, column))
  const named = new Map<string, StoredColumn>([...all, ...counted].map((column) => [column.name, column]))
  // Texts last.
  const others = [...all, ...counted, ...answers].toSorted((a, b) => Number(a.as === "text") - Number(b.as === "text"))
  const everything = [high, low, ...others]
  draft.values = new Float64Array(draft.columns)

  const index = makeKeyIndex(high.get, low.get)

  const write = (row: number): void => {
    for (const column of everything) column.write(row)
  }

  const known = <A>(column: A | undefined): A => {
    if (column === undefined) throw new RangeError("expected a column of the table")
    return column
  }

  const table: ObservationTable<AllName | CountedName> = {
    size: index.size,
    column: (name) => known(named.get(name)),
    copyAnswers: (place, rows, to) => {
      known(answers[place]).copyTo(rows, to)
      return to
    },
    key: (row) => ({ high: high.get(row), low: low.get(row) }),
    find: (key) => index.find(key.high, key.low),
    bytes: () => {
      const bytesOf = (some: typeof everything) => some.reduce((sum, column) => sum + column.bytes(), 0)
      return { columns: bytesOf([high, low, ...all, ...counted]) + index.bytes(), answers: bytesOf(answers) }
    }
  }
  return {
    ...table,
    /** What is compared, written and appended after. */
    draft: (key: Key, subject: All, observed: Counted | undefined): void => {
      for (const column of [high, low]) column.draft(key)
      for (const column of all) column.draft(subject)
      for (const column of counted) column.draft(observed)
      for (const column of answers) column.draft(observed)
    },
    /** Below 0 if the row is less than the draft. */
    compare: (row: number): number => {
      for (const column of others) {
        const order = column.compare(row)
        if (order !== 0) return order
      }
      return 0
    },
    write,
    /** Forgets all rows, once nobody reads them any more: what is made of them has room then. */
    clear: (): void => {
      for (const column of everything) column.clear()
    },
    /** Writes the draft as a new row; its key must have none. */
    append: (): number => {
      const row = index.size()
      write(row)
      index.add()
      return row
    }
  }
}
