/** One file: everything in it that deals with a provider. */
import { present } from "../domain/present.ts"
import type { CodeOperation } from "../provider/CodeSigns.ts"
import { againTraps } from "./again.ts"
import { becomesOf, BROWSER_CLIENT, CLIENT, PACKAGE } from "./becomes.ts"
import type { Finding, Sought } from "./Finding.ts"
import { messagesIn } from "./messages.ts"
import type { Module } from "./modules.ts"
import { bodyOf, orderTraps } from "./orderTraps.ts"
import { placingIn } from "./placing.ts"
import { statusesIn } from "./statuses.ts"
import { children, child, type Node, placeOf, textOf, type Tree } from "./syntax.ts"
import { timeoutTraps } from "./timeouts.ts"
import { type Use, usesIn, type Uses } from "./uses.ts"
import { HOLE } from "./Value.ts"
import type { Values } from "./values.ts"
import { webhooksIn } from "./webhooks.ts"

const isTypeOnly = (node: Node): boolean =>
  node["importKind"] === "type" ||
  (children(node, "specifiers").length > 0 &&
    children(node, "specifiers").every((each) => each["importKind"] === "type"))

const importsIn = (tree: Tree, { packageOf, vendors }: Uses): ReadonlyArray<Finding> =>
  tree.nodes.flatMap((node): ReadonlyArray<Finding> => {
    const isRequire = node.type === "CallExpression" && child(node, "callee")?.["name"] === "require"
    if (node.type !== "ImportDeclaration" && !isRequire) return []
    const known = packageOf(textOf(isRequire ? children(node, "arguments")[0] : child(node, "source")) ?? "")
    // A client that is made in the same file says more.
    if (known === undefined || isTypeOnly(node) || vendors.some(({ name }) => name === known.name)) return []
    const { id } = known.provider
    const what = `imports ${known.name}`
    const becomes = known.signs.isForBrowsers === true ? BROWSER_CLIENT : PACKAGE
    return [{ ...placeOf(node), provider: id, kind: "client", grade: "certain", what, becomes, traps: [] }]
  })

const clientsIn = ({ vendors }: Uses): ReadonlyArray<Finding> =>
  vendors.map(({ at, provider: { id }, name, signs }) => {
    const what = `a client of ${name}`
    const becomes = signs.isForBrowsers === true ? BROWSER_CLIENT : CLIENT(id)
    return { ...placeOf(at), provider: id, kind: "client", grade: "certain", what, becomes, traps: [] }
  })

const inOrder = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> =>
  findings.toSorted((one, other) => one.line - other.line || one.column - other.column)

/** What changes an agent and none of its addresses is nothing that unicall does. */
const operationOf = (values: Values, { operation, provider, body, options }: Use): CodeOperation | undefined => {
  if (operation !== "webhookAddresses") return operation
  const given = [body, options].map((each) => each && values.members(each.node, each.calls))
  const isSet = given.some((each) => provider.signs.addressFields.some((field) => each?.named.has(field)))
  return isSet || !given.some((each) => each?.isWhole === true) ? operation : "outside"
}

const UNKNOWN_PATH = "see what callers give: unicall has an operation for each request, and no path is written"
const UNKNOWN_ENDPOINT = "unicall knows no such request"

/** In the order of the file; `related` are the providers that it mentions. */
export const findingsIn = (
  { tree, path, scopes, values }: Module,
  sought: ReadonlyArray<Sought>,
  related: ReadonlyArray<Sought>
): ReadonlyArray<Finding> => {
  const found = usesIn(tree, values, sought)
  const placing = placingIn(tree, values, found)
  const again = againTraps(tree, values, placing)
  const requests = found.uses.map((use): Finding => {
    const { at, provider, what, isGuess, note } = use
    const operation = operationOf(values, use)
    const isPlacing = operation === "place"
    const isOpen = use.request?.url.includes(HOLE) === true
    const becomes =
      operation === undefined
        ? isOpen
          ? UNKNOWN_PATH
          : UNKNOWN_ENDPOINT
        : becomesOf(provider, operation, isPlacing ? bodyOf(values, use) : undefined)
    return {
      ...placeOf(at),
      provider: provider.id,
      kind: "request",
      grade: isGuess || operation === undefined ? "likely" : "certain",
      ...present({ operation }),
      what,
      becomes: note === undefined ? becomes : `${becomes}. ${note}`,
      traps: isPlacing
        ? [...(again.get(use) ?? []), ...timeoutTraps(tree, values, use), ...orderTraps(tree, values, use, sought)]
        : []
    }
  })
  const messages = messagesIn(tree, scopes, found.callersOf)
  const webhooks = webhooksIn(tree, messages, sought, { path, sent: new Set(found.uses.map(({ at }) => at)) })
  // What it imports may be of a provider that it does not mention.
  const asked = sought.filter((each) => related.includes(each) || found.uses.some(({ provider }) => provider === each))
  return inOrder([...importsIn(tree, found), ...clientsIn(found), ...requests, ...webhooks, ...statusesIn(tree, asked)])
}
