/** One file: everything in it that deals with a provider. Pure; the parser is given. */
import { present } from "../domain/present.ts"
import type { CodeOperation } from "../provider/CodeSigns.ts"
import { againTraps } from "./again.ts"
import { becomesOf, BROWSER_CLIENT, CLIENT, PACKAGE } from "./becomes.ts"
import type { Finding, Sought } from "./Finding.ts"
import { messagesIn } from "./messages.ts"
import { anyOf, hostsOf } from "./mentions.ts"
import { bodyOf, orderTraps } from "./orderTraps.ts"
import { placingIn } from "./placing.ts"
import { scopesOf } from "./scopes.ts"
import { statusesIn } from "./statuses.ts"
import { children, child, isNode, type Node, placeOf, textOf, type Tree, treeOf } from "./syntax.ts"
import { timeoutTraps } from "./timeouts.ts"
import { type Use, usesIn, type Uses } from "./uses.ts"
import { HOLE } from "./Value.ts"
import { type Values, valuesOf } from "./values.ts"
import { webhooksIn } from "./webhooks.ts"

export interface SourceFile {
  /** As it is shown. */
  readonly path: string
  readonly text: string
}

/** Gives the syntax tree of a file, or nothing where it cannot be read. May throw. */
export type Parse = (file: SourceFile) => unknown

export type FileScan =
  | { readonly outcome: "scanned"; readonly findings: ReadonlyArray<Finding> }
  /** Nothing in it says a word of any provider: it was not parsed. */
  | { readonly outcome: "unrelated" }
  | { readonly outcome: "unparsed" }

/** What a file has to mention to be looked at: a package, a host, the provider's name, a word of its messages. */
const mentionsOf = (provider: Sought): RegExp => {
  const { packages, webhook } = provider.signs
  const words = [provider.id, ...Object.keys(packages), ...hostsOf(provider), ...webhook.own, ...webhook.types]
  return anyOf(words)
}

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

const findingsIn = (tree: Tree, path: string, sought: ReadonlyArray<Sought>, related: ReadonlyArray<Sought>) => {
  const scopes = scopesOf(tree)
  const values = valuesOf(tree, scopes)
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
  return [...importsIn(tree, found), ...clientsIn(found), ...requests, ...webhooks, ...statusesIn(tree, related)]
}

/** Scans a file for these providers. */
export const scanFile = (parse: Parse, sought: ReadonlyArray<Sought>) => {
  const mentions = sought.map((provider) => ({ provider, pattern: mentionsOf(provider) }))
  return (file: SourceFile): FileScan => {
    const isNamed = ({ id }: Sought): boolean => file.path.toLowerCase().includes(id)
    const related = mentions
      .filter(({ provider, pattern }) => pattern.test(file.text) || isNamed(provider))
      .map(({ provider }) => provider)
    if (related.length === 0) return { outcome: "unrelated" }
    try {
      const root = parse(file)
      if (!isNode(root)) return { outcome: "unparsed" }
      return { outcome: "scanned", findings: inOrder(findingsIn(treeOf(root), file.path, sought, related)) }
    } catch {
      return { outcome: "unparsed" }
    }
  }
}
