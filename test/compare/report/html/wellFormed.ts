/** A strict reading of HTML as the report writes it: quoted attributes, every element closed, ids unique and found. */

const VOID = new Set(["meta", "br", "hr", "img", "input", "link"])
/** Their content is text up to the end tag. */
const RAW = /<(style|script|title)>([^]*?)<\/\1>/gu
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z0-9:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/gu
const ATTRIBUTE = /([a-zA-Z0-9:-]+)(?:="([^"]*)")?/gu

export interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

/** All elements in order, and what is wrong, each in a sentence. */
export const readHtml = (
  text: string
): { readonly elements: ReadonlyArray<Element>; readonly faults: ReadonlyArray<string> } => {
  const source = text.replace(/^<!doctype html>/u, "").replaceAll(RAW, "<$1></$1>")
  const elements: Array<Element> = []
  const faults: Array<string> = []
  const open: Array<string> = []
  for (const [, end, name = "", attributes = "", selfClosed] of source.matchAll(TAG)) {
    if (end === "/") {
      const last = open.pop()
      if (last !== name) faults.push(`</${name}> closes <${last}>`)
      continue
    }
    const pairs = [...attributes.matchAll(ATTRIBUTE)].map(([, key = "", value = ""]) => [key, value] as const)
    if (new Set(pairs.map(([key]) => key)).size !== pairs.length) faults.push(`<${name}> has an attribute twice`)
    elements.push({ name, attributes: new Map(pairs) })
    if (selfClosed !== "/" && !VOID.has(name)) open.push(name)
  }
  faults.push(...open.map((name) => `<${name}> is not closed`))
  const between = source.replaceAll(TAG, "")
  if (/[<>]/u.test(between)) faults.push(`stray angle bracket: ${between.slice(between.search(/[<>]/u)).slice(0, 80)}`)
  return { elements, faults: [...faults, ...idFaults(elements)] }
}

const idFaults = (elements: ReadonlyArray<Element>): ReadonlyArray<string> => {
  const ids = elements.flatMap(({ attributes }) => attributes.get("id") ?? [])
  const references = elements.flatMap(({ attributes }) => [
    ...(attributes.get("aria-labelledby")?.split(" ") ?? []),
    ...(attributes.get("aria-describedby")?.split(" ") ?? []),
    ...(attributes.get("href")?.startsWith("#") === true ? [attributes.get("href")?.slice(1) ?? ""] : [])
  ])
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `id ${id} is used twice`),
    ...references.filter((id) => !ids.includes(id)).map((id) => `id ${id} is not found`)
  ]
}
