/** Notes name what was given on the command line, which may be an address with a password, meant for another place. */
import { REDACTED } from "../../domain/redactedText.ts"

/** `scheme://user:password@host`, `user:password@host`: what stands between the `:` and the last `@`. */
const withoutUserInfo = (word: string): string => {
  const end = word.lastIndexOf("@")
  const slashes = word.indexOf("//")
  const colon = word.indexOf(":", slashes < 0 ? 0 : slashes)
  return colon < 0 || colon > end ? word : [word.slice(0, colon + 1), REDACTED, word.slice(end)].join("")
}

/** `password=…`, as in an address of libpq or behind a `?`. */
const ASSIGNED = /((?:password|pwd)\s*=\s*)(?:'[^']*'|[^\s&;]+)/gi

/** The text, and instead of each password that can be told a mark. */
export const withoutPasswords = (text: string): string =>
  (text.includes("@") ? text.replace(/\S+/g, withoutUserInfo) : text).replace(ASSIGNED, `$1${REDACTED}`)
