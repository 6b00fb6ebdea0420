/** Where a record is not as it was expected, for people to read: each place, and what stands there. */
import { canonicalJson, formatPath, isJsonObject, type JsonObject, type PathStep } from "../domain/Json.ts"

const LONGEST_VALUE = 160

const shown = (value: unknown): string => {
  if (value === undefined) return "nothing"
  const text = canonicalJson(value)
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`
}

const differencesAt = (path: ReadonlyArray<PathStep>, expected: unknown, got: unknown): ReadonlyArray<string> => {
  if (Array.isArray(expected) && Array.isArray(got)) {
    const longer = expected.length > got.length ? expected : got
    return longer.flatMap((_, index) => differencesAt([...path, index], expected[index], got[index]))
  }
  if (isJsonObject(expected) && isJsonObject(got)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])]
    return keys.flatMap((key) => differencesAt([...path, key], expected[key], got[key]))
  }
  const isSame = (expected === undefined) === (got === undefined) && canonicalJson(expected) === canonicalJson(got)
  return isSame ? [] : [`${formatPath(path)}: expected ${shown(expected)}, got ${shown(got)}`]
}

const issuesOf = ({ issues }: JsonObject): ReadonlyArray<string> =>
  Array.isArray(issues) ? issues.map(canonicalJson) : []

/** The first list without what is in the second, each as often as it is there. */
const without = (list: ReadonlyArray<string>, taken: ReadonlyArray<string>): ReadonlyArray<string> => {
  const left = [...taken]
  return list.filter((each) => {
    const at = left.indexOf(each)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** The differences between two records; issues may stand in any order. */
export const differencesOf = (expected: JsonObject, got: JsonObject): ReadonlyArray<string> => [
  ...differencesAt([], { ...expected, issues: undefined }, { ...got, issues: undefined }),
  ...without(issuesOf(expected), issuesOf(got)).map((issue) => `issues: expected ${issue}, which is not there`),
  ...without(issuesOf(got), issuesOf(expected)).map((issue) => `issues: got ${issue}, which is not expected`)
]
