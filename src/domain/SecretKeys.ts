/** What the key of a value says about secrets under it: one table for every provider, and what an adapter adds to it. */

/**
 * Names of keys, in any spelling: `private key` and `privateKey` both stand for `private_key`, `privateKey`, `x-private-key`.
 * Adapters add the names that only their provider uses.
 */
export interface SecretKeys {
  /**
   * Words of a key that name a secret wherever they stand in it: everything below the key goes. A whole key goes even if it
   * ends like one that tells about a secret only (`HARMLESS_ENDINGS`).
   */
  readonly secrets?: ReadonlyArray<string>
  /** Whole keys of HTTP headers or query parameters, as a map, a list of pairs, or lines of text: their values go. */
  readonly pairs?: ReadonlyArray<string>
  /** Whole keys of addresses: user-info and values of the query go. */
  readonly addresses?: ReadonlyArray<string>
  /** Whole keys of things that are called over the network, tools and hooks: every `url` below is such an address. */
  readonly callees?: ReadonlyArray<string>
}

const listed = (names: string): ReadonlyArray<string> => names.trim().split(/,\s+/)

/** The names that any provider may use. */
export const SECRET_KEYS = {
  secrets: [
    ...listed(`
      api key, api keys, secret, secrets, api secret, app secret, client secret, secret key, shared secret,
      webhook secret, token, auth token, auth tokens, access token, access tokens, api token, api tokens,
      bearer token, bearer tokens, id token, refresh token, refresh tokens, session token, session tokens,
      authorization, bearer, jwt, pass word, pass words, passwd, pwd, pass phrase, pass code, credential,
      credentials, basic auth, auth header, auth key, auth keys, access key, access keys, master key, private key,
      private keys, shared key, signing key, signing keys, encryption key, encryption keys, subscription key,
      connection string, cookie, cookies, raw headers
    `),
    // The prompt as a model received it: with the caller's variables and the history of the call.
    ...listed(`
      system prompt, system message, system instruction, system instructions, llm prompt, llm messages,
      rendered prompt, full prompt, prompt history
    `)
  ],
  pairs: listed(`
    headers, http headers, request headers, response headers, custom headers, extra headers, default headers,
    webhook headers, query params, query parameters, query string
  `),
  addresses: [],
  callees: listed("tools, webhook, webhooks")
} satisfies Required<SecretKeys>

/** Last words of a key that tell something about a secret and are none: `token_count`, `cookie_consent`, `password_changed_at`. */
export const HARMLESS_ENDINGS = listed(`
  at, budget, consent, cost, count, counts, date, enabled, expired, expires, expiry, length, limit, limits, policy,
  price, rate, required, size, status, ttl, type, usage, valid, version
`)

/** A hook is called at whatever ends in one of these: `webhook_url`, `statusCallbackUri`. */
export const HOOKS: ReadonlySet<string> = new Set(["webhook", "webhooks", "callback"])
export const ADDRESS_ENDINGS: ReadonlySet<string> = new Set(["url", "urls", "uri", "endpoint"])

/** What a key says about the value under it. */
export const PLAIN = 0
export const SECRET = 1
export const ADDRESS = 2
export const PAIRS = 3
export const CALLEE = 4
export type KeyKind = typeof PLAIN | typeof SECRET | typeof ADDRESS | typeof PAIRS | typeof CALLEE

/**
 * Each test looks at one place only, so that splitting takes time in proportion to the key, whatever stands in it. Digits
 * number things (`password2`, `webhook_url_1`) and part words like other signs.
 */
const WORD_BREAK = /(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^\p{L}]+/u

// oxlint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\u0000-\u007F]/

/** Letters of another width or style, and letters with marks, as the plain ones they stand for. */
const plain = (text: string): string => (BEYOND_ASCII.test(text) ? text.normalize("NFKD") : text)

const wordsOf = (key: string): ReadonlyArray<string> =>
  plain(key)
    .split(WORD_BREAK)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase())

const joined = (name: string): string => wordsOf(name).join("")

const joinedAll = (tables: ReadonlyArray<SecretKeys>, list: keyof SecretKeys): ReadonlySet<string> =>
  new Set(tables.flatMap((table) => table[list] ?? []).map(joined))

/** Keys repeat from record to record, so each is split once. Customers' own keys may be many and long: not all are kept. */
const KEYS_KEPT = 10_000
const LONGEST_KEY_KEPT = 64

export interface KeyReader {
  readonly kindOf: (key: string) => KeyKind
  /** Whether a text may hold such a key at all, in JSON of its own. */
  readonly mayHold: (text: string) => boolean
}

/** Reads keys by the common table and those given. */
export const makeKeyReader = (additions: ReadonlyArray<SecretKeys>): KeyReader => {
  const tables: ReadonlyArray<SecretKeys> = [SECRET_KEYS, ...additions]
  const [secrets, pairs] = [joinedAll(tables, "secrets"), joinedAll(tables, "pairs")]
  const [addresses, callees] = [joinedAll(tables, "addresses"), joinedAll(tables, "callees")]
  const longest = Math.max(...[...secrets].map(({ length }) => length))
  const harmless = new Set(HARMLESS_ENDINGS)

  const namesSecret = (words: ReadonlyArray<string>): boolean => {
    for (let start = 0; start < words.length; start++) {
      let name = ""
      for (let at = start; at < words.length && name.length < longest; at++) {
        name += words[at]
        if (secrets.has(name)) return true
      }
    }
    return false
  }

  const read = (key: string): KeyKind => {
    const words = wordsOf(key)
    const last = words.at(-1) ?? ""
    const whole = words.join("")
    if (namesSecret(words) && (secrets.has(whole) || !harmless.has(last))) return SECRET
    if (ADDRESS_ENDINGS.has(last) && words.some((word) => HOOKS.has(word))) return ADDRESS
    if (addresses.has(whole)) return ADDRESS
    if (pairs.has(whole)) return PAIRS
    return callees.has(whole) ? CALLEE : PLAIN
  }

  const known = new Map<string, KeyKind>()
  const kindOf = (key: string): KeyKind => {
    if (key.length > LONGEST_KEY_KEPT) return read(key)
    const kept = known.get(key)
    if (kept !== undefined) return kept
    if (known.size >= KEYS_KEPT) known.clear()
    const kind = read(key)
    known.set(key, kind)
    return kind
  }

  const names = tables
    .flatMap((table) => Object.values<ReadonlyArray<string> | undefined>({ ...table }))
    .flatMap((list) => list ?? [])
  const every = [...new Set([...names, ...HOOKS].map((name) => wordsOf(name).join(" ")))]
  // `api keys` is found by `api key`.
  const shortest = every.filter((name) => !every.some((other) => other !== name && name.includes(other)))
  const spelled = shortest.map((name) => name.replaceAll(" ", "[^a-z]*"))
  // An escape may stand for a letter of a key, or for what parts its words.
  const anyName = new RegExp(`${spelled.join("|")}|\\\\u`, "i")
  return { kindOf, mayHold: (text) => anyName.test(plain(text)) }
}
