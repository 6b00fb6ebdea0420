/** Markdown pieces. */

export const code = (text: string | number): string => `\`${text}\``

/** A bar inside a cell would end it, in code as well. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

export const table = (header: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [header, header.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n")

export const list = (items: ReadonlyArray<string>): string => items.map((item) => `- ${item}`).join("\n")
