/** Where code speaks to a provider: methods of a vendor's client, and requests, also through functions of the same file. */
import type { CodeEndpoint, CodeOperation, PackageSigns } from "../provider/CodeSigns.ts"
import { type Address, addressesIn, endpointOf, isOpen, shownPath } from "./endpoints.ts"
import type { Sought } from "./Finding.ts"
import { type Request, sentBy } from "./requests.ts"
import { bare, child, children, isCall, isFunction, nameOf, type Node, type Tree } from "./syntax.ts"
import { type Calls, type Foreign, HOLE, type Held, NO_CALLS } from "./Value.ts"
import { type Values } from "./values.ts"

export interface Use {
  /** The call in the code. */
  readonly at: Node
  /** The request itself, where it is sent by a function that is called here. */
  readonly sentAt?: Node | undefined
  readonly provider: Sought
  /** Absent for a request whose path nobody knows, and for one that only callers know. */
  readonly operation: CodeOperation | undefined
  readonly what: string
  readonly isGuess: boolean
  readonly note?: string | undefined
  readonly body: Held | undefined
  /** Given beside the body: options of the request, or of the client's method. */
  readonly options: Held | undefined
  readonly request?: Request
  readonly client?: Foreign & { readonly signs: PackageSigns }
}

/** A client, a package, or what its type says. */
export interface Vendor {
  readonly at: Node
  readonly provider: Sought
  readonly name: string
  readonly signs: PackageSigns
}

/** Wrappers of wrappers, and how many calls of them are looked at. */
const DEEPEST = 3
const MOST_CALLS = 20_000

export const packagesOf = (sought: ReadonlyArray<Sought>) =>
  new Map(
    sought.flatMap((provider) =>
      Object.entries(provider.signs.packages).map(([name, signs]) => [name, { provider, name, signs }] as const)
    )
  )

type Packages = ReturnType<typeof packagesOf>

/** `@vendor/sdk/api` is `@vendor/sdk`. */
export const packageOf = (packages: Packages, from: string) =>
  packages.get(
    from
      .split("/")
      .slice(0, from.startsWith("@") ? 2 : 1)
      .join("/")
  )

/** Letters alone, and of a method that nobody knows the names that stand in the file as names: a text may be a key. */
const METHOD = /^[A-Za-z]{1,40}(\.[A-Za-z]{1,40}){0,3}$/

const useOfClient = (
  packages: Packages,
  names: ReadonlySet<string | undefined>,
  call: Node,
  callee: Foreign
): Use | undefined => {
  const known = packageOf(packages, callee.from)
  // What a method of the client gave is no client.
  if (known === undefined || callee.made === undefined || callee.made.of.made !== undefined) return undefined
  const way = callee.path.join(".")
  if (callee.path.length === 0 || !METHOD.test(way)) return undefined
  const { methods } = known.signs
  const isKnown = Object.hasOwn(methods, way)
  if (!isKnown && !callee.path.every((name) => names.has(name))) return undefined
  const operation = isKnown ? methods[way] : "outside"
  // A method that nobody knows and that stands at the top of the client: `client.on`, `client.close`.
  if (operation === "outside" && callee.path.length < 2) return undefined
  const [first, second] = children(call, "arguments")
  return {
    at: call,
    provider: known.provider,
    operation,
    what: `${way} of ${known.name}`,
    isGuess: false,
    body: first && { node: first, calls: NO_CALLS },
    options: second && { node: second, calls: NO_CALLS },
    client: { ...callee, signs: known.signs }
  }
}

const best = (
  addresses: ReadonlyArray<Address>,
  method: string
): readonly [Address, CodeEndpoint | undefined] | undefined => {
  const [first] = addresses
  if (first === undefined) return undefined
  const known = addresses.find((address) => endpointOf(address, method) !== undefined) ?? first
  return [known, endpointOf(known, method)]
}

const useOfRequest = (
  at: Node,
  sentAt: Node,
  request: Request,
  [address, endpoint]: readonly [Address, CodeEndpoint | undefined]
): Use => ({
  at,
  sentAt: sentAt === at ? undefined : sentAt,
  provider: address.provider,
  operation: endpoint?.operation,
  what:
    endpoint === undefined
      ? `${request.method.includes(HOLE) ? "request to" : request.method} ${isOpen(address) ? "a path that callers give" : shownPath(address)}`
      : `${endpoint.method} ${endpoint.path}`,
  isGuess: request.isGuess,
  note: endpoint?.note,
  body: request.body,
  options: request.options && { node: request.options.at, calls: NO_CALLS },
  request
})

/** The same place for the same thing once: the first way that was found to it. */
const distinct = (uses: ReadonlyArray<Use>): ReadonlyArray<Use> => {
  const seen = new Map<Node, Set<string>>()
  return uses.filter(({ at, what }) => {
    const known = seen.get(at) ?? new Set<string>()
    seen.set(at, known)
    return !known.has(what) && known.add(what)
  })
}

export const usesIn = (tree: Tree, values: Values, sought: ReadonlyArray<Sought>) => {
  const packages = packagesOf(sought)
  const names = new Set(tree.nodes.map(nameOf))
  const calls = tree.nodes.filter(isCall)
  const callersOf = new Map<Node, Array<Node>>()
  for (const call of calls) {
    const called = values.functionOf(child(call, "callee"))
    if (called !== undefined) callersOf.set(called, [...(callersOf.get(called) ?? []), call])
  }

  let looked = 0
  /** What a request comes to; where the file's own functions are given its address, for each call of them. */
  const requestsAt = (
    at: Node,
    sentAt: Node,
    read: (calls: Calls) => Request | undefined,
    left: number
  ): ReadonlyArray<Use> => {
    if (at !== sentAt && ++looked > MOST_CALLS) return []
    const request = read(NO_CALLS)
    if (request === undefined) return []
    const found = best(addressesIn(request.url, sought), request.method)
    const isTold =
      found !== undefined && !isOpen(found[0]) && (found[1] !== undefined || !request.method.includes(HOLE))
    if (isTold) return [useOfRequest(at, sentAt, request, found)]
    if (!request.url.includes(HOLE) && found === undefined) return []
    const through = left === 0 ? [] : [...tree.above(at)].filter(isFunction)
    const callers = through.flatMap((called) => (callersOf.get(called) ?? []).map((call) => ({ called, call })))
    const told = callers.flatMap(({ called, call }) =>
      requestsAt(call, sentAt, (outer) => read(values.bind(called, call, outer)), left - 1)
    )
    // What only those who call the callers know is told once, where it is sent.
    return found === undefined || at !== sentAt ? told : [...told, useOfRequest(at, sentAt, request, found)]
  }

  const uses = calls.flatMap((call): ReadonlyArray<Use> => {
    const callee = values.of(bare(child(call, "callee")))
    if (callee?.kind === "foreign" && packageOf(packages, callee.from) !== undefined) {
      const use = useOfClient(packages, names, call, callee)
      return use === undefined ? [] : [use]
    }
    const sent = sentBy(values, call, NO_CALLS)
    return sent === undefined ? [] : requestsAt(call, call, (bound) => sentBy(values, call, bound), DEEPEST)
  })

  const vendors = tree.nodes.flatMap((node): ReadonlyArray<Vendor> => {
    if (node.type !== "NewExpression") return []
    const made = values.of(node)
    const known = made?.kind === "foreign" ? packageOf(packages, made.from) : undefined
    return known === undefined ? [] : [{ at: node, ...known }]
  })

  return { uses: distinct(uses), vendors, callersOf, packageOf: (from: string) => packageOf(packages, from) }
}

export type Uses = ReturnType<typeof usesIn>
