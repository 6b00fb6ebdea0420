/** Parts of a rendered page as text. */

/** What a reader sees, without tags, styles and the script. */
export const textOf = (page: string): string =>
  page
    .replaceAll(/<(style|script)>[^]*?<\/\1>/gu, "")
    .replaceAll(/<[^>]*>/gu, "\n")
    .replaceAll("\u00a0", " ")
    .replaceAll(/\s*\n\s*/gu, "\n")

/** The section of a heading of the second level, tags and all. */
export const sectionOf = (page: string, id: string): string => {
  const from = page.indexOf(`<section id="${id}"`)
  const next = page.indexOf("<h2 ", page.indexOf("<h2 ", from) + 1)
  return page.slice(from, next === -1 ? undefined : next)
}
