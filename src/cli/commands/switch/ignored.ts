/** Which files of a folder `.gitignore` leaves out: its usual patterns, also of the folders below. */
import * as Glob from "effect/Glob"

export interface IgnoreRules {
  /** The last rule that fits decides; `path` is relative to where the rules are. */
  readonly ignores: (path: string, isFolder: boolean) => boolean | undefined
}

interface Rule {
  readonly takesBack: boolean
  readonly foldersOnly: boolean
  readonly matches: (path: string) => boolean
}

const ruleOf = (line: string): Rule | undefined => {
  const pattern = line.replace(/(?<!\\)\s+$/, "")
  if (pattern === "" || pattern.startsWith("#")) return undefined
  const takesBack = pattern.startsWith("!")
  const body = pattern.replace(/^!/, "").replace(/^\\/, "")
  const foldersOnly = body.endsWith("/")
  const name = body.replace(/\/$/, "")
  // A slash within ties it to the folder of the file; without one it is a name at any depth.
  const glob = name.includes("/") ? name.replace(/^\//, "") : `**/${name}`
  try {
    const made = Glob.make(glob)
    return { takesBack, foldersOnly, matches: (path) => Glob.match(made, path) }
  } catch {
    return undefined
  }
}

export const ignoreRules = (text: string): IgnoreRules => {
  const rules = text
    .split(/\r?\n/)
    .map(ruleOf)
    .filter((rule) => rule !== undefined)
    .toReversed()
  return {
    ignores: (path, isFolder) => {
      const rule = rules.find(({ foldersOnly, matches }) => (isFolder || !foldersOnly) && matches(path))
      return rule && !rule.takesBack
    }
  }
}
