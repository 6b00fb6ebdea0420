/** Whose address a text is, and which request of the API it is for. */
import type { CodeEndpoint } from "../provider/CodeSigns.ts"
import type { Sought } from "./Finding.ts"
import { HOLE } from "./Value.ts"

export interface Address {
  readonly provider: Sought
  /** Below the base URL, without query; parts that the file does not tell are holes. */
  readonly path: ReadonlyArray<string>
}

/** Without scheme, `www.` and the slash at its end: in which of these forms a base is written makes no difference. */
const plainUrl = (url: string): string =>
  url
    .replace(/^https?:\/\/(www\.)?/i, "")
    .replace(/^[^/?#]*/, (host) => host.toLowerCase())
    .replace(/\/+$/, "")

const partsOf = (rest: string): ReadonlyArray<string> =>
  rest
    .replace(/[?#].*$/s, "")
    .split("/")
    .filter((part) => part !== "")

/** Every way to read it, the longest base first. */
export const addressesIn = (text: string, sought: ReadonlyArray<Sought>): ReadonlyArray<Address> => {
  if (!/^https?:\/\//i.test(text)) return []
  const url = plainUrl(text)
  return sought
    .flatMap((provider) => provider.signs.addresses.map((address) => ({ provider, base: plainUrl(address) })))
    .filter(({ base }) => url.startsWith(base) && /^[/?#\0]|^$/.test(url.slice(base.length)))
    .toSorted((one, other) => other.base.length - one.base.length)
    .map(({ provider, base }) => ({ provider, path: partsOf(url.slice(base.length)) }))
}

/** A part that begins with what is known, such as an id in a query: `call?id=…` has lost its query already. */
const fits = (pattern: string, part: string): boolean => /^\{.*\}$/.test(pattern) || pattern === part

export const endpointOf = ({ provider, path }: Address, method: string): CodeEndpoint | undefined => {
  const known = provider.signs.endpoints.filter(({ path: pattern }) => {
    const parts = pattern.split("/").filter((part) => part !== "")
    return parts.length === path.length && parts.every((part, index) => fits(part, path[index] ?? ""))
  })
  return known.find((endpoint) => endpoint.method === method)
}

/** Whether the file tells nothing of the path: it is given by who calls. */
export const isOpen = ({ path }: Address): boolean => path[0]?.includes(HOLE) === true

/** A path as it may be shown: parts that are no plain words may be ids. */
export const shownPath = ({ path }: Address): string =>
  `/${path.map((part) => (/^[a-z]+(-[a-z]+){0,3}$/.test(part) && part.length <= 20 ? part : "…")).join("/")}`

/** As `new URL` joins them, as far as addresses of providers go. */
export const joined = (path: string, base: string | undefined): string => {
  if (base === undefined || /^https?:/.test(path)) return path
  if (!path.startsWith("/")) return `${base.replace(/\/*$/, "")}/${path}`
  return `${/^https?:\/\/[^/]+/.exec(base)?.[0] ?? base}${path}`
}
