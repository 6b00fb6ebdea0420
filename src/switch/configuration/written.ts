/** Parts of a configuration as a plan may show them: names, and lines of JSON to copy. No value and no number is among them. */
import type { JsonObject } from "../../domain/Json.ts"
import type { Lines } from "../Becoming.ts"
import { shownId } from "../shownId.ts"

const MOST_NAMES = 20

export const shownName = (name: string): string => shownId(name) ?? "a name that may be a telephone number"

/** "`source`, `tier`". */
export const nameList = (names: ReadonlyArray<string>): string => {
  const shown = names.slice(0, MOST_NAMES).map((name) => {
    const safe = shownId(name)
    return safe === undefined ? shownName(name) : `\`${safe}\``
  })
  return names.length > MOST_NAMES ? `${shown.join(", ")} and ${names.length - MOST_NAMES} more` : shown.join(", ")
}

/** Whether every name can stand in lines as it is: one that is shown otherwise would be another name. */
export const canStand = (names: ReadonlyArray<string>): boolean => names.every((name) => shownId(name) === name)

/** On one line: line feeds within a text are escaped in JSON. */
const oneLine = (value: JsonObject): string => JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, " ")

export const json = (value: JsonObject): Lines => ({ language: "json", text: oneLine(value) })

/** A list with one item on each line. */
export const jsonList = (items: ReadonlyArray<JsonObject>): Lines => ({
  language: "json",
  text: `[\n${items.map((item) => `  ${oneLine(item)}`).join(",\n")}\n]`
})
