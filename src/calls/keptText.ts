/** Texts that no database keeps as they are. */

/** Half a surrogate pair comes back as another character, and what follows U+0000 is refused or not read. */
export const isKeptText = (text: string): boolean => text.isWellFormed() && !text.includes("\u0000")

/** The first field whose text would not be kept; none if all would. */
export const unkeptField = (fields: object): string | undefined =>
  Object.entries(fields).find(([, value]) => typeof value === "string" && !isKeptText(value))?.[0]
