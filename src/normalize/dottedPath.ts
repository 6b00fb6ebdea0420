/** A field that is named by the way to it, `req.body`. */
import { isJsonObject, type PathStep } from "../domain/Json.ts"
import { parseJson } from "./reading/text.ts"

export interface AtPath {
  readonly value: unknown
  readonly path: ReadonlyArray<PathStep>
}

const stepInto = (value: unknown, step: string): { readonly value: unknown; readonly step: PathStep } | undefined => {
  const whole = typeof value === "string" ? parseJson(value) : value
  if (Array.isArray(whole)) return /^\d+$/.test(step) ? { value: whole[Number(step)], step: Number(step) } : undefined
  return isJsonObject(whole) && Object.hasOwn(whole, step) ? { value: whole[step], step } : undefined
}

/** What stands there; also below text that holds JSON. A field that is really called so comes first. */
export const atDottedPath = (value: unknown, name: string): AtPath | undefined => {
  if (isJsonObject(value) && Object.hasOwn(value, name)) return { value: value[name], path: [name] }
  if (!name.includes(".")) return undefined
  const path: Array<PathStep> = []
  let current = value
  for (const part of name.split(".")) {
    const next = stepInto(current, part)
    if (next === undefined) return undefined
    path.push(next.step)
    current = next.value
  }
  return { value: current, path }
}
