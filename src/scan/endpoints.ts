/** Whose address a text is, and which request of the API it is for. */
import type { CodeEndpoint } from "../provider/CodeSigns.ts"
import type { Sought } from "./Finding.ts"
import { HOLE } from "./values.ts"

export interface Address {
  readonly provider: Sought
  /** Below the base URL, without query; parts that the file does not tell are holes. */
  readonly path: ReadonlyArray<string>
}

const hostOf = (url: string): string =>
  (/^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? "").toLowerCase().replace(/^www\./, "")

const partsOf = (url: string): ReadonlyArray<string> =>
  url
    .replace(/^https?:\/\/[^/?#]*/i, "")
    .replace(/[?#].*$/, "")
    .split("/")
    .filter((part) => part !== "")

/** Every way to read it, the longest base first. */
export const addressesIn = (text: string, sought: ReadonlyArray<Sought>): ReadonlyArray<Address> => {
  const host = hostOf(text)
  if (host === "") return []
  const parts = partsOf(text)
  return sought.flatMap((provider) =>
    provider.signs.addresses
      .filter((base) => hostOf(base) === host)
      .map(partsOf)
      .filter((base) => base.every((part, index) => parts[index] === part))
      .toSorted((one, other) => other.length - one.length)
      .map((base) => ({ provider, path: parts.slice(base.length) }))
  )
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
  `/${path.map((part) => (/^[a-z]+(-[a-z]+){0,3}$/.test(part) && part.length <= 32 ? part : "…")).join("/")}`
