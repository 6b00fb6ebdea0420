/**
 * Rows of numbers, one for each key of 64 bits: about seventy bytes a row and the answers. Of two rows for one key the
 * greater stays, by an order that is total over all that a row holds, so that it does not matter which came first.
 */

/** Bits of `flags`. */
export const FLAG = { open: 1, dialed: 2, crossover: 4, attemptsOnly: 8, unmarked: 16, tellsAllowed: 32 } as const

/** How much a record settles; the higher stays. */
export const GRADE = {
  /** Only attempts of the order are known. */
  attempts: 0,
  running: 1,
  /** Over, but not every dial is told. */
  over: 2,
  /** Over, with every dial that it took: a record of one of them adds nothing. */
  whole: 3
} as const

/** A row to be written; one object is used again and again. */
export interface Draft {
  keyHigh: number
  keyLow: number
  grade: number
  /** Fields told. */
  told: number
  /** Milliseconds since the epoch of the record's age; NaN if it tells no time. */
  latest: number
  /** Why it is left out, as a number of the caller's; 0: it is not. The rest is 0 in a row that is. */
  leftOut: number
  arm: number
  provider: number
  personHigh: number
  personLow: number
  stratum: number
  at: number
  /** Milliseconds since the epoch when the last dial ended; NaN if it has not, or it is not told. */
  ended: number
  flags: number
  dials: number
  verdicts: number
  contradicted: number
  /** Of the first dial, as a number of the caller's; 0: it did not fail. */
  failure: number
  readonly rates: Uint8Array
  readonly values: Float64Array
}

type Field = Exclude<keyof Draft, "rates" | "values">
type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array

const PAGE_BITS = 14
const PAGE = 1 << PAGE_BITS
const IN_PAGE = PAGE - 1

/** Rows are held in pages, so that growing neither copies nor doubles. */
const makePage = (rates: number, values: number) => ({
  keyHigh: new Uint32Array(PAGE),
  keyLow: new Uint32Array(PAGE),
  grade: new Uint8Array(PAGE),
  told: new Uint16Array(PAGE),
  latest: new Float64Array(PAGE),
  leftOut: new Uint8Array(PAGE),
  arm: new Uint32Array(PAGE),
  provider: new Uint8Array(PAGE),
  personHigh: new Uint32Array(PAGE),
  personLow: new Uint32Array(PAGE),
  stratum: new Uint32Array(PAGE),
  at: new Float64Array(PAGE),
  ended: new Float64Array(PAGE),
  flags: new Uint8Array(PAGE),
  dials: new Uint16Array(PAGE),
  verdicts: new Uint8Array(PAGE),
  contradicted: new Uint8Array(PAGE),
  failure: new Uint8Array(PAGE),
  rates: Array.from({ length: rates }, () => new Uint8Array(PAGE)),
  values: Array.from({ length: values }, () => new Float64Array(PAGE))
})
type Page = ReturnType<typeof makePage>

/** In this order two rows are compared. Which number an arm, provider or stratum has depends on what came first; the caller compares those. */
const COMPARED = [
  "grade",
  "told",
  "latest",
  "leftOut",
  "personHigh",
  "personLow",
  "at",
  "ended",
  "flags",
  "dials",
  "verdicts",
  "contradicted",
  "failure"
] as const satisfies ReadonlyArray<Field>

/** What is not told is less than anything. */
const compareNumbers = (a: number, b: number): number =>
  a === b ? 0 : Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : Number.isNaN(b) ? 1 : a < b ? -1 : 1

export interface ObservationTable {
  readonly draft: Draft
  readonly size: () => number
  /** The row of a key; −1 if there is none. */
  readonly find: (high: number, low: number) => number
  /** Below 0 if the row is less than the draft. */
  readonly compare: (row: number) => number
  readonly write: (row: number) => void
  /** Writes the draft as a new row; its key must have none. */
  readonly append: () => number
  readonly get: (row: number, field: Field) => number
  readonly set: (row: number, field: Field, value: number) => void
  /** Columns as they are read in full: a value for each of `rows`, in their order. */
  readonly gather: <C extends Column>(rows: Uint32Array, field: Field, into: C) => C
  readonly rate: (index: number, row: number) => number
  readonly value: (index: number, row: number) => number
  /** Bytes held, for measuring: of columns and index, and of the answers. */
  readonly bytes: () => { readonly columns: number; readonly answers: number }
}

/** A row that tells nothing. */
export const EMPTY = {
  keyHigh: 0,
  keyLow: 0,
  grade: 0,
  told: 0,
  latest: Number.NaN,
  leftOut: 0,
  arm: 0,
  provider: 0,
  personHigh: 0,
  personLow: 0,
  stratum: 0,
  at: Number.NaN,
  ended: Number.NaN,
  flags: 0,
  dials: 0,
  verdicts: 0,
  contradicted: 0,
  failure: 0
} as const satisfies Omit<Draft, "rates" | "values">

const FIRST_SLOTS = 1 << 12

export const makeObservationTable = (rates: number, values: number): ObservationTable => {
  const pages: Array<Page> = []
  let size = 0
  /** Row + 1 by key, 0 where free; at most five eighths full. */
  let slots = new Uint32Array(FIRST_SLOTS)
  const draft: Draft = {
    ...EMPTY,
    rates: new Uint8Array(rates),
    values: new Float64Array(values)
  }

  const pageOf = (row: number): Page => {
    const page = pages[row >>> PAGE_BITS]
    if (page === undefined) throw new RangeError("expected a row of the table")
    return page
  }
  const get = (row: number, field: Field): number => pageOf(row)[field][row & IN_PAGE] ?? 0

  /** Where a key is, or where it would go. */
  const slotOf = (high: number, low: number): number => {
    const mask = slots.length - 1
    let slot = low & mask
    while (true) {
      const row = (slots[slot] ?? 0) - 1
      if (row < 0) return slot
      const page = pageOf(row)
      if (page.keyLow[row & IN_PAGE] === low && page.keyHigh[row & IN_PAGE] === high) return slot
      slot = (slot + 1) & mask
    }
  }

  const growSlots = (): void => {
    slots = new Uint32Array(slots.length * 2)
    for (let row = 0; row < size; row++) slots[slotOf(get(row, "keyHigh"), get(row, "keyLow"))] = row + 1
  }

  const compare = (row: number): number => {
    const page = pageOf(row)
    const at = row & IN_PAGE
    for (const field of COMPARED) {
      const order = compareNumbers(page[field][at] ?? 0, draft[field])
      if (order !== 0) return order
    }
    for (const [index, column] of page.rates.entries()) {
      const order = compareNumbers(column[at] ?? 0, draft.rates[index] ?? 0)
      if (order !== 0) return order
    }
    for (const [index, column] of page.values.entries()) {
      const order = compareNumbers(column[at] ?? 0, draft.values[index] ?? 0)
      if (order !== 0) return order
    }
    return 0
  }

  const write = (row: number): void => {
    const page = pageOf(row)
    const at = row & IN_PAGE
    page.keyHigh[at] = draft.keyHigh
    page.keyLow[at] = draft.keyLow
    page.grade[at] = draft.grade
    page.told[at] = draft.told
    page.latest[at] = draft.latest
    page.leftOut[at] = draft.leftOut
    page.arm[at] = draft.arm
    page.provider[at] = draft.provider
    page.personHigh[at] = draft.personHigh
    page.personLow[at] = draft.personLow
    page.stratum[at] = draft.stratum
    page.at[at] = draft.at
    page.ended[at] = draft.ended
    page.flags[at] = draft.flags
    page.dials[at] = draft.dials
    page.verdicts[at] = draft.verdicts
    page.contradicted[at] = draft.contradicted
    page.failure[at] = draft.failure
    for (let index = 0; index < rates; index++) {
      const column = page.rates[index]
      if (column !== undefined) column[at] = draft.rates[index] ?? 0
    }
    for (let index = 0; index < values; index++) {
      const column = page.values[index]
      if (column !== undefined) column[at] = draft.values[index] ?? 0
    }
  }

  return {
    draft,
    size: () => size,
    find: (high, low) => (slots[slotOf(high, low)] ?? 0) - 1,
    compare,
    write,
    append: () => {
      if ((size + 1) * 8 > slots.length * 5) growSlots()
      if (size >>> PAGE_BITS === pages.length) pages.push(makePage(rates, values))
      const row = size
      size += 1
      slots[slotOf(draft.keyHigh, draft.keyLow)] = row + 1
      write(row)
      return row
    },
    get,
    set: (row, field, value) => {
      pageOf(row)[field][row & IN_PAGE] = value
    },
    gather: (rows, field, into) => {
      for (let index = 0; index < rows.length; index++) into[index] = get(rows[index] ?? 0, field)
      return into
    },
    rate: (index, row) => pageOf(row).rates[index]?.[row & IN_PAGE] ?? 0,
    value: (index, row) => pageOf(row).values[index]?.[row & IN_PAGE] ?? 0,
    bytes: () => {
      const [page] = pages
      const bytesOf = (columns: ReadonlyArray<Column>): number =>
        columns.reduce((sum, column) => sum + column.byteLength, 0) * pages.length
      if (page === undefined) return { columns: slots.byteLength, answers: 0 }
      const { rates: rateColumns, values: valueColumns, ...columns } = page
      return {
        columns: bytesOf(Object.values(columns)) + slots.byteLength,
        answers: bytesOf([...rateColumns, ...valueColumns])
      }
    }
  }
}
