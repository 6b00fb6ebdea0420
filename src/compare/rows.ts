/** Rows by their numbers, as many as a million: `filter` and `from` of typed arrays hold each as an object while they work. */

/** The numbers below `size` that are wanted, in their order. */
export const rowsWhere = (size: number, isWanted: (row: number) => boolean): Uint32Array => {
  let count = 0
  for (let row = 0; row < size; row++) if (isWanted(row)) count += 1
  const rows = new Uint32Array(count)
  for (let row = 0, place = 0; place < count; row++) if (isWanted(row)) rows[place++] = row
  return rows
}

/** A value for each of the rows, in their order. */
export const filled = <C extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  column: C,
  rows: Uint32Array,
  valueOf: (row: number, place: number) => number
): C => {
  for (let place = 0; place < rows.length; place++) column[place] = valueOf(rows[place] ?? 0, place)
  return column
}
