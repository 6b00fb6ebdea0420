/** Requests over HTTP in code: `fetch`, axios, got, ky, undici, and functions that look like one of them. */
import { present } from "../domain/present.ts"
import { bare, child, children, isCall, isMember, keyOf, nameOf, type Node } from "./syntax.ts"
import { type Calls, type Foreign, type Held, HOLE, type Members, type Value } from "./Value.ts"
import { type Values } from "./values.ts"

export interface Request {
  readonly url: string
  /** One that there is, in capitals; a hole where the file tells none. */
  readonly method: string
  readonly body: Held | undefined
  readonly options: Members | undefined
  /** The package that sends it; absent for the global `fetch`. */
  readonly by: string | undefined
  /** Whether it is only by its name that this is a request. */
  readonly isGuess: boolean
  /** What an instance of a client was made with. */
  readonly made: Node | undefined
}

type Style = "fetch" | "axios" | "got"

/** Packages by how they are asked. What a package makes (`axios.create`) is asked like the package. */
const PACKAGES = new Map<string, Style>([
  ["node-fetch", "fetch"],
  ["cross-fetch", "fetch"],
  ["isomorphic-fetch", "fetch"],
  ["undici", "fetch"],
  ["ofetch", "fetch"],
  ["fetch-retry", "fetch"],
  ["node-fetch-retry", "fetch"],
  ["axios", "axios"],
  ["got", "got"],
  ["ky", "got"]
])

/** Whether a package sends requests. */
export const isSender = (from: string): boolean => PACKAGES.has(from)

const METHODS = new Set(["get", "post", "put", "patch", "delete", "head"])

const methodIn = (values: Values, options: Members | undefined, otherwise: string): string => {
  const given = options?.named.get("method")
  if (given === undefined) return otherwise
  const text = values.text(given.node, given.calls)
  return text !== undefined && METHODS.has(text.toLowerCase()) ? text.toUpperCase() : HOLE
}

const textIn = (values: Values, options: Members | undefined, name: string): string | undefined => {
  const given = options?.named.get(name)
  return given === undefined ? undefined : values.text(given.node, given.calls)
}

/** What the client was made with, such as its base URL. */
const baseOf = (values: Values, { made }: Foreign): string | undefined => {
  for (const given of made?.at === undefined ? [] : children(made.at, "arguments")) {
    const options = values.members(given, made?.calls)
    for (const name of ["baseURL", "prefixUrl", "prefix", "baseUrl"]) {
      const base = textIn(values, options, name)
      if (base !== undefined) return base
    }
  }
  return undefined
}

const joinedTo = (base: string | undefined, path: string): string =>
  base === undefined || /^https?:/.test(path) ? path : `${base.replace(/\/*$/, "")}/${path.replace(/^\/*/, "")}`

/** `axios.post(url, data, options)`, `axios(options)`, `fetch(url, options)` … */
const requestOf = (
  values: Values,
  call: Node,
  calls: Calls,
  { style, verb, callee }: { readonly style: Style; readonly verb?: string | undefined; readonly callee?: Foreign }
): Request => {
  const [first, second, third] = children(call, "arguments")
  const inner = bare(first)
  if (inner?.type === "NewExpression" && nameOf(child(inner, "callee")) === "Request") {
    return requestOf(values, inner, calls, present({ style, verb, callee }))
  }
  const base = callee === undefined ? undefined : baseOf(values, callee)
  const common = { by: callee?.from, isGuess: false, made: callee?.made?.at }
  const config = style === "axios" && verb === undefined ? values.members(first, calls) : undefined
  if (config !== undefined) {
    return {
      ...common,
      url: joinedTo(textIn(values, config, "baseURL") ?? base, textIn(values, config, "url") ?? ""),
      method: methodIn(values, config, "GET"),
      body: config.named.get("data"),
      options: config
    }
  }
  const hasBody = style === "axios" && /^(post|put|patch)$/.test(verb ?? "")
  const options = values.members(hasBody ? third : second, calls)
  const named = options?.named
  return {
    ...common,
    url: joinedTo(base, values.text(first, calls) ?? (first === undefined ? "" : HOLE)),
    method: verb?.toUpperCase() ?? methodIn(values, options, "GET"),
    body: hasBody
      ? second && { node: second, calls }
      : (named?.get("body") ?? named?.get("json") ?? named?.get("data")),
    options
  }
}

/** Names of functions that are taken for one that sends a request, if an address of a provider is given to it. */
const LOOKS_LIKE = /fetch|request|axios|http|^(get|post|put|patch|delete|call|send|api)$/i

/** The request that a call sends, if it is one that sends. */
export const sentBy = (values: Values, call: Node, calls: Calls): Request | undefined => {
  if (!isCall(call)) return undefined
  const callee = bare(child(call, "callee"))
  if (callee === undefined) return undefined
  const value: Value | undefined = values.of(callee, calls)
  if (value?.kind === "foreign") {
    const style = PACKAGES.get(value.from)
    // The last member says the method, if it is one: `axios.post`, `client.get`.
    const last = value.path.at(-1)
    if (style !== undefined) {
      const makes =
        /^(create|extend|defaults|instance)$/.test(last ?? "") ||
        (style === "fetch" && value.from.endsWith("-retry") && value.made === undefined)
      if (makes) return undefined
      const verb = last !== undefined && METHODS.has(last) ? last : undefined
      const known = verb !== undefined || last === undefined || /^(request|fetch|\$fetch|ofetch|raw)$/.test(last)
      return known ? requestOf(values, call, calls, { style, verb, callee: value }) : undefined
    }
  }
  const name = nameOf(callee) ?? (isMember(callee) ? keyOf(callee, "property") : undefined)
  const owner = isMember(callee) ? nameOf(bare(child(callee, "object"))) : undefined
  if (
    value === undefined &&
    /^\$?fetch$/.test(name ?? "") &&
    (owner === undefined || /^(window|globalThis|self|global)$/.test(owner))
  ) {
    return requestOf(values, call, calls, { style: "fetch" })
  }
  // Without an import: from a script tag, or injected.
  if (value === undefined && (owner === "axios" || name === "axios")) {
    const verb = name !== undefined && METHODS.has(name) ? name : undefined
    return requestOf(values, call, calls, { style: "axios", verb })
  }
  return value?.kind === "function" || name === undefined ? undefined : guessed(values, call, calls, name)
}

/** A function that nobody knows, given an address, or options with one: `http.post(url, body)`, `send({ url, method })`. */
const guessed = (values: Values, call: Node, calls: Calls, name: string): Request | undefined => {
  const given = children(call, "arguments")
  const address = values.text(given[0], calls)
  if (LOOKS_LIKE.test(name) && address !== undefined && /^https?:/.test(address)) {
    const verb = METHODS.has(name.toLowerCase()) ? name.toLowerCase() : undefined
    return { ...requestOf(values, call, calls, { style: verb === undefined ? "fetch" : "axios", verb }), isGuess: true }
  }
  for (const each of given) {
    const options = values.members(each, calls)
    const url = textIn(values, options, "url") ?? textIn(values, options, "uri")
    if (url === undefined || !/^https?:/.test(url)) continue
    const body = options?.named.get("body") ?? options?.named.get("json") ?? options?.named.get("data")
    const method = methodIn(values, options, "GET")
    return { url, method, body, options, by: undefined, isGuess: true, made: undefined }
  }
  return undefined
}
