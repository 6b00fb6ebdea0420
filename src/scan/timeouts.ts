/** A placement that is given up after a time, by code that goes on as if nothing had been placed. */
import { alwaysLeaves } from "./again.ts"
import type { Trap } from "./Finding.ts"
import {
  bare,
  child,
  children,
  isCall,
  isFunction,
  isMember,
  keyOf,
  nameOf,
  type Node,
  placeOf,
  textOf,
  type Tree
} from "./syntax.ts"
import type { Use } from "./uses.ts"
import type { Held } from "./Value.ts"
import type { Values } from "./values.ts"

const TIMEOUT_WORD = /^(AbortError|TimeoutError|ECONNABORTED|ETIMEDOUT|ERR_CANCELED|UND_ERR_HEADERS_TIMEOUT)$/
const LIMITS = ["timeout", "timeoutInSeconds", "timeoutMs", "headersTimeout", "bodyTimeout"]

/** `AbortSignal.timeout(…)`, or the signal of a controller: one that is aborted by a timer is the usual reason for it. */
const isLimit = (values: Values, signal: Held): boolean => {
  const node = bare(signal.node)
  if (node === undefined) return false
  if (isCall(node)) {
    const callee = child(node, "callee")
    return (
      callee !== undefined &&
      isMember(callee) &&
      nameOf(child(callee, "object")) === "AbortSignal" &&
      keyOf(callee, "property") === "timeout"
    )
  }
  return (
    isMember(node) &&
    keyOf(node, "property") === "signal" &&
    values.of(node, signal.calls) === undefined &&
    /controller|abort|timeout/i.test(nameOf(bare(child(node, "object"))) ?? "")
  )
}

const hasLimit = (values: Values, { options, request }: Use): boolean => {
  const named = request?.options?.named ?? (options && values.members(options.node, options.calls)?.named)
  const signal = named?.get("signal") ?? named?.get("abortSignal")
  return LIMITS.some((name) => named?.has(name)) || (signal !== undefined && isLimit(values, signal))
}

const mentionsTimeout = (tree: Tree, handler: Node): boolean =>
  tree.below(handler).some((node) => TIMEOUT_WORD.test(textOf(node) ?? ""))

/** The handler that is the next one around, in the same function: a `catch`, or a function given to `.catch`. */
const handlerAround = (tree: Tree, at: Node): { readonly node: Node; readonly goesOn: boolean } | undefined => {
  let below = at
  for (const node of tree.above(at)) {
    if (isFunction(node)) return undefined
    const handler = node.type === "TryStatement" && child(node, "block") === below ? child(node, "handler") : undefined
    if (handler !== undefined) {
      const last = children(child(handler, "body"), "body").at(-1)
      return { node: handler, goesOn: last?.type !== "ThrowStatement" || !alwaysLeaves(child(handler, "body")) }
    }
    if (
      isCall(node) &&
      isMember(child(node, "callee") ?? node) &&
      keyOf(child(node, "callee") ?? node, "property") === "catch"
    ) {
      const [given] = children(node, "arguments")
      if (given !== undefined && isFunction(given)) return { node: given, goesOn: true }
    }
    below = node
  }
  return undefined
}

const SAYS = "a placement that was given up may have been taken: it is no failure, and whoever places again rings twice"

export const timeoutTraps = (tree: Tree, values: Values, use: Use): ReadonlyArray<Trap> => {
  const handler = handlerAround(tree, use.at) ?? (use.sentAt && handlerAround(tree, use.sentAt))
  if (handler === undefined || !handler.goesOn) return []
  const isNamed = mentionsTimeout(tree, handler.node)
  const isLimited = hasLimit(values, use)
  if (!isNamed && !isLimited) return []
  const grade = isNamed && isLimited ? "certain" : "likely"
  return [{ kind: "timeout_as_failure", grade, line: placeOf(handler.node).line, says: SAYS }]
}
