/** What sends a placement again, so that somebody is rung twice: loops, retrying functions, clients that re-send, handlers of errors. */
import type { Grade, Trap } from "./Finding.ts"
import { callableAround, type Placing } from "./placing.ts"
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
import type { Values } from "./values.ts"

const RETRYING_PACKAGES = new Set([
  "p-retry",
  "async-retry",
  "retry",
  "promise-retry",
  "exponential-backoff",
  "ts-retry",
  "ts-retry-promise",
  "retry-as-promised",
  "@lifeomic/attempt",
  "cockatiel"
])

const RETRYING_NAME = /retr(y|ies|ying)|backoff|back_off/i
const COUNTER_NAME = /retr|attempt|tries|tried|backoff/i

const startOf = ({ start }: Node): number => (typeof start === "number" ? start : 0)

/** Nodes below, without those of functions within. */
const within = (tree: Tree, node: Node): ReadonlyArray<Node> =>
  tree.below(node).filter((each) => {
    let inner = tree.parentOf(each)
    while (inner !== undefined && inner !== node && !isFunction(inner)) inner = tree.parentOf(inner)
    return inner === node
  })

/** Whether a block always ends in leaving: its last statement throws, returns or breaks. */
export const alwaysLeaves = (block: Node | undefined): boolean => {
  const last = children(block, "body").at(-1)
  if (last === undefined) return false
  if (/^(Throw|Return|Break)Statement$/.test(last.type)) return true
  if (last.type !== "IfStatement") return false
  const ways = [child(last, "consequent"), child(last, "alternate")]
  return ways.every(
    (way) => way !== undefined && (/^(Throw|Return|Break)Statement$/.test(way.type) || alwaysLeaves(way))
  )
}

const namesBelow = (tree: Tree, node: Node | undefined): ReadonlyArray<string> =>
  node === undefined ? [] : [node, ...within(tree, node)].map(nameOf).filter((name) => name !== undefined)

/** A loop that ends once a call was placed, and goes on where that failed. */
const retriesIn = (tree: Tree, loop: Node, at: Node): Grade | undefined => {
  const heads = ["test", "init", "update", "left", "right"].map((part) => child(loop, part))
  const isNamed = heads.some((head) => namesBelow(tree, head).some((name) => COUNTER_NAME.test(name)))
  const walksList = /^For(Of|In)Statement$/.test(loop.type) || namesBelow(tree, child(loop, "test")).includes("length")
  if (walksList && !isNamed) return undefined
  const inside = within(tree, loop)
  const tried = inside.find((each) => each.type === "TryStatement" && tree.isBelow(at, child(each, "block")))
  const handler = child(tried, "handler")
  const isCaught = handler !== undefined && !alwaysLeaves(child(handler, "body"))
  const leaves = inside.filter(
    (each) => /^(Return|Break)Statement$/.test(each.type) && startOf(each) > startOf(at) && !tree.isBelow(each, handler)
  )
  // `return await place()`
  const returnsIt = [...tree.above(at)].some((each) => each.type === "ReturnStatement" && tree.isBelow(each, loop))
  if (leaves.length === 0 && !returnsIt) return undefined
  if (isCaught) return isNamed || loop.type !== "WhileStatement" ? "certain" : "likely"
  const isChecked = leaves.some((each) =>
    [...tree.above(each)].some((up) => up.type === "IfStatement" && tree.isBelow(up, loop))
  )
  if (!isNamed || !isChecked) return undefined
  // What answers 429 has taken nothing.
  return inside.some((each) => each["value"] === 429) ? "likely" : "certain"
}

/** Whether a function that retries was told not to. */
const isToldNot = (values: Values, call: Node): boolean =>
  children(call, "arguments").some((given) => {
    const held = values.members(given)?.named
    const times = held?.get("retries") ?? held?.get("maxRetries")
    return times?.node["value"] === 0
  })

const retryingCall = (values: Values, call: Node): Grade | undefined => {
  const callee = bare(child(call, "callee"))
  const value = values.of(callee)
  if (isToldNot(values, call)) return undefined
  if (value?.kind === "foreign" && RETRYING_PACKAGES.has(value.from)) return "certain"
  const name = nameOf(callee) ?? (callee !== undefined && isMember(callee) ? keyOf(callee, "property") : undefined)
  return name !== undefined && RETRYING_NAME.test(name) ? "likely" : undefined
}

const TWICE = "rings twice if the first request was taken and its answer lost"

const trap = (grade: Grade, at: Node, says: string): Trap => ({
  kind: "rings_twice",
  grade,
  line: placeOf(at).line,
  says
})

/** What is around one place that ends in placing, up to the function that somebody calls. */
const trapsAround = (tree: Tree, values: Values, placing: Placing, at: Node): ReadonlyArray<Trap> => {
  const traps: Array<Trap> = []
  let below = at
  for (const node of tree.above(at)) {
    if (/^(While|DoWhile|For\w*)Statement$/.test(node.type)) {
      const grade = retriesIn(tree, node, at)
      if (grade !== undefined) traps.push(trap(grade, node, `a loop places again after a failure: ${TWICE}`))
    }
    if (node.type === "CatchClause") {
      const tried = child(tree.parentOf(node), "block")
      if ([...placing.at.keys()].some((other) => other !== at && tree.isBelow(other, tried))) {
        traps.push(trap("certain", at, `what handles a failed placement places again: ${TWICE}`))
      }
    }
    if (isCall(node) && isFunction(below)) {
      const callee = bare(child(node, "callee"))
      const isHandler = callee !== undefined && isMember(callee) && keyOf(callee, "property") === "catch"
      if (isHandler && [...placing.at.keys()].some((other) => other !== at && tree.isBelow(other, callee))) {
        traps.push(trap("certain", at, `what handles a failed placement places again: ${TWICE}`))
      }
      const grade = retryingCall(values, node)
      if (grade !== undefined) traps.push(trap(grade, node, `a function that retries places again: ${TWICE}`))
    }
    if (isFunction(node) && node === callableAround(tree, at)) {
      for (const call of placing.givenTo(node)) {
        const grade = retryingCall(values, call)
        if (grade !== undefined) traps.push(trap(grade, call, `a function that retries places again: ${TWICE}`))
      }
      break
    }
    below = node
  }
  return traps
}

/** An option of a client of HTTP that has it send a POST again. */
const sendsAgain = (
  values: Values,
  { request, at: called, sentAt: at = called }: Use,
  axiosRetries: ReadonlyArray<Trap>
): ReadonlyArray<Trap> => {
  if (request === undefined) return []
  const { by, options, isGuess } = request
  if (by?.endsWith("fetch-retry") === true) return [trap("certain", at, `fetch-retry sends it again: ${TWICE}`)]
  const callee = bare(child(at, "callee"))
  const name = nameOf(callee) ?? (callee !== undefined && isMember(callee) ? keyOf(callee, "property") : undefined)
  if (isGuess && name !== undefined && RETRYING_NAME.test(name)) {
    return [trap("likely", at, `a function that retries sends it: ${TWICE}`)]
  }
  const retry = options?.named.get("retry") ?? options?.named.get("retries")
  const methods = retry && values.members(retry.node, retry.calls)?.named.get("methods")
  const listed = children(bare(methods?.node), "elements").map((each) => textOf(each)?.toLowerCase())
  if (listed.includes("post")) return [trap("certain", at, `its options send a POST again: ${TWICE}`)]
  const times = retry?.node["value"]
  if (by === "ofetch" && typeof times === "number" && times > 0) {
    return [trap("certain", at, `its options send a POST again: ${TWICE}`)]
  }
  return by === "axios" ? axiosRetries : []
}

/** By itself it repeats no POST; with a condition of the application's own it does what that says. */
const axiosRetriesIn = (values: Values, tree: Tree): ReadonlyArray<Trap> =>
  tree.nodes.filter(isCall).flatMap((call) => {
    const value = values.of(child(call, "callee"))
    if (value?.kind !== "foreign" || value.from !== "axios-retry") return []
    const hasCondition = children(call, "arguments").some((given) => values.members(given)?.named.has("retryCondition"))
    return hasCondition
      ? [trap("likely", call, `axios-retry has a condition of its own, which may send a POST again: ${TWICE}`)]
      : []
  })

/** A vendor's client that re-sends unless it is told not to. */
const clientResends = (values: Values, { client, at, options }: Use): ReadonlyArray<Trap> => {
  const resends = client?.signs.resends
  if (client === undefined || resends === undefined) return []
  const { option, off, because } = resends
  const made = client.made?.at
  const given = [
    ...(options === undefined ? [] : [values.members(options.node, options.calls)]),
    ...children(made, "arguments").map((each) => values.members(each, client.made?.calls))
  ]
  const said = given.map((each) => each?.named.get(option)).find((held) => held !== undefined)
  const value = said && (bare(said.node)?.["value"] ?? undefined)
  if (value === off) return []
  const isKnown =
    said === undefined ? made !== undefined && given.every((each) => each?.isWhole === true) : typeof value === "number"
  const isHere = made !== undefined && values.isHere(made)
  return [
    trap(
      isKnown ? "certain" : "likely",
      isHere ? made : at,
      `the client${made === undefined || isHere ? "" : ", which another file makes,"} sends a placement again unless ${option} is ${off} (${because}): ${TWICE}`
    )
  ]
}

/** For each request that places, what sends it again. */
export const againTraps = (tree: Tree, values: Values, placing: Placing): ReadonlyMap<Use, ReadonlyArray<Trap>> => {
  const found = new Map<Use, Array<Trap>>()
  const add = (use: Use, traps: ReadonlyArray<Trap>): void => {
    const known = found.get(use) ?? []
    const isNew = (each: Trap) => !known.some((other) => other.line === each.line && other.says === each.says)
    found.set(use, [...known, ...traps.filter(isNew)])
  }
  const axiosRetries = axiosRetriesIn(values, tree)
  for (const [node, uses] of placing.at) {
    const around = trapsAround(tree, values, placing, node)
    for (const use of uses) add(use, around)
  }
  for (const use of new Set([...placing.at.values()].flatMap((uses) => [...uses]))) {
    // Of what a function does that sends other requests too, it may ask which one it is.
    const inside = use.sentAt === undefined ? [] : trapsAround(tree, values, placing, use.sentAt)
    add(
      use,
      inside.map((each) => ({ ...each, grade: "likely" }))
    )
    add(use, [...clientResends(values, use), ...sendsAgain(values, use, axiosRetries)])
  }
  return found
}
