/** Proxies as the environment names them. Its types are published, and need none of Node's. */
import { isLoopback } from "../domain/loopback.ts"
import type { FieldFault } from "../domain/PlaceCall.ts"
import * as Result from "effect/Result"

/** Variables by name, as `process.env` has them. */
export interface Environment {
  readonly [variable: string]: string | undefined
}

/** The proxy for an address, if there is one. */
export type ProxyFor = (target: URL) => URL | undefined

/** The first variable that is set to something, in small letters or capitals, with its value. */
const firstSet = (environment: Environment, ...variables: ReadonlyArray<string>) =>
  variables
    .flatMap((name) => [name, name.toUpperCase()])
    .map((name) => ({ name, value: environment[name]?.trim() ?? "" }))
    .find(({ value }) => value !== "")

const proxyUrl = (text: string): URL | undefined => {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined
}

export const portOf = ({ port, protocol }: URL): string => port || (protocol === "https:" ? "443" : "80")

/** `*`, or a host with everything below it, each with a port or without: `example.com`, `.example.com`, `10.0.0.7:8443`. */
const isExcepted = (exceptions: string, target: URL): boolean =>
  exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true
      const [, name = entry, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? []
      if (port !== undefined && port !== portOf(target)) return false
      const host = name.replace(/^\*?\./, "")
      const asked = target.hostname
      return asked === host || asked === `[${host}]` || asked.endsWith(`.${host}`)
    })

/**
 * By `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in small letters or capitals. Loopback addresses are asked
 * without one: a proxy's loopback is another machine. Fails where a proxy is named that cannot be used.
 */
export const proxyFromEnvironment = (environment: Environment): Result.Result<ProxyFor, FieldFault> => {
  const exceptions = firstSet(environment, "no_proxy")?.value ?? ""
  const proxies = new Map<string, URL>()
  for (const scheme of ["http", "https"]) {
    const named = firstSet(environment, `${scheme}_proxy`, "all_proxy")
    if (named === undefined) continue
    const url = proxyUrl(named.value)
    if (url === undefined) {
      const expected = "a proxy over HTTP, such as http://proxy.example:8080; unset it to connect without one"
      return Result.fail({ field: named.name, expected })
    }
    proxies.set(`${scheme}:`, url)
  }
  return Result.succeed((target) =>
    isLoopback(target.href) || isExcepted(exceptions, target) ? undefined : proxies.get(target.protocol)
  )
}
