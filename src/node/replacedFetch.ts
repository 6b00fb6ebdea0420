/**
 * Whether `fetch` is still Node's own. Tests replace it, or what it sends with, often after calls were opened; a request
 * of theirs must not go around what they put there.
 */

/** Node's own is written here, and is a stub of a few lines around the client that Node has within. */
const NODE_FETCH = "internal/deps/undici/undici"

const isNodeFetch = (fetch: unknown): boolean =>
  typeof fetch === "function" && Function.prototype.toString.call(fetch).includes(NODE_FETCH)

/** Where undici keeps what `fetch` sends with; 1 is an older version's. */
const DISPATCHERS = ["undici.globalDispatcher.1", "undici.globalDispatcher.2"].map((name) => Symbol.for(name))

const ownSymbol = (object: object, name: string): unknown => {
  const key = Object.getOwnPropertySymbols(object).find(({ description }) => description === name)
  return key === undefined ? undefined : Reflect.get(object, key)
}

/** Options of an agent that nobody gave: what undici puts there by itself. */
const isDefault = ([name, value]: readonly [string, unknown]): boolean =>
  value === undefined || value === Infinity || name === "interceptors"

/** What undici sends with by itself: an agent without options, and one around it for older versions. */
const isPlain = (dispatcher: unknown): boolean => {
  if (typeof dispatcher !== "object" || dispatcher === null) return false
  const { name, prototype } = dispatcher.constructor
  if (name === "Dispatcher1Wrapper") return true
  const options = ownSymbol(dispatcher, "options")
  const factory = ownSymbol(dispatcher, "factory")
  return (
    name === "Agent" &&
    // Interceptors are put around `dispatch`.
    Reflect.get(dispatcher, "dispatch") === prototype.dispatch &&
    typeof factory === "function" &&
    factory.name === "defaultFactory" &&
    typeof options === "object" &&
    options !== null &&
    Object.entries(options).every(isDefault)
  )
}

/** Asked at each request. What is not known to be Node's own counts as replaced. */
export const isFetchReplaced = (): boolean =>
  !isNodeFetch(globalThis.fetch) ||
  DISPATCHERS.map((key): unknown => Reflect.get(globalThis, key)).some(
    (dispatcher) => dispatcher !== undefined && !isPlain(dispatcher)
  )
