/** Handlers of a provider's messages: which fields they take, which of those there are not, and whether they ask who sends. */
import { WEBHOOK } from "./becomes.ts"
import type { Finding, Grade, Sought, Trap } from "./Finding.ts"
import { isListener, type Messages, outermost, type Source } from "./messages.ts"
import { callableAround } from "./placing.ts"
import {
  bare,
  child,
  children,
  isCall,
  isMember,
  keyOf,
  nameOf,
  type Node,
  placeOf,
  textOf,
  type Tree
} from "./syntax.ts"

interface Evidence {
  readonly handler: Node
  readonly at: Node
  readonly grade: Grade
}

type Read = Source & { readonly at: Node }

/** A word of a message's type that is compared with something, or the key of a handler for it. */
const typeWords = (tree: Tree, messages: Messages, { signs }: Sought): ReadonlyArray<Evidence> => {
  const words = new Set(signs.webhook.types)
  return tree.nodes.flatMap((node): ReadonlyArray<Evidence> => {
    if (!words.has(textOf(node) ?? "")) return []
    const parent = tree.parentOf(node)
    const isCompared = parent?.type === "BinaryExpression" && /^[!=]==?$/.test(String(parent["operator"]))
    const isCase = parent?.type === "SwitchCase"
    if (parent === undefined || (!isCompared && !isCase)) return []
    const other = isCase
      ? child(tree.parentOf(parent), "discriminant")
      : [child(parent, "left"), child(parent, "right")].find((each) => each !== node)
    const source = messages.sourceOf(other)
    const handler = source?.handler ?? callableAround(tree, node) ?? outermost(tree, node)
    if (handler === undefined || isListener(tree, handler)) return []
    return [{ handler, at: node, grade: source?.isBody === true ? "certain" : "likely" }]
  })
}

const within = ({ signs }: Sought, path: ReadonlyArray<string>): ReadonlyArray<string> =>
  signs.webhook.envelope !== undefined && path[0] === signs.webhook.envelope ? path.slice(1) : path

const evidenceFor = (
  tree: Tree,
  messages: Messages,
  reads: ReadonlyArray<Read>,
  provider: Sought,
  isNamedInPath: boolean
): ReadonlyArray<Evidence> => {
  const { own, fields } = provider.signs.webhook
  const ownReads = reads.flatMap(({ handler, path, at }): ReadonlyArray<Evidence> => {
    const [field] = within(provider, path)
    return field !== undefined && own.includes(field) ? [{ handler, at, grade: "certain" }] : []
  })
  const found = [...typeWords(tree, messages, provider), ...ownReads]
  if (found.length > 0 || !isNamedInPath) return found
  // A file that is named for the provider and for messages, and reads what its messages have.
  const byHandler = Map.groupBy(
    reads.filter(({ path }) => Object.hasOwn(fields, within(provider, path)[0] ?? "")),
    ({ handler }) => handler
  )
  return [...byHandler].flatMap(([handler, known]): ReadonlyArray<Evidence> => {
    const names = new Set(known.map(({ path }) => within(provider, path)[0]))
    const at = known[0]?.at
    return at === undefined || names.size < 2 ? [] : [{ handler, at, grade: "likely" }]
  })
}

const ASKS_WHO = /signature|secret|hmac|timingsafe|verif|authenti[cf]|authoriz|bearer|^(require|with|check|is)?_?auth/i

/** `app.use(…)`: it stands before every handler. */
const isMiddleware = (node: Node): boolean => {
  const callee = isCall(node) ? child(node, "callee") : undefined
  return callee !== undefined && isMember(callee) && keyOf(callee, "property") === "use"
}

/** Whether the handler, or what stands around it, looks at who sends. What it sends itself does not count. */
const asksWhoSends = (tree: Tree, handler: Node, sent: ReadonlySet<Node>): boolean => {
  const isSent = (node: Node): boolean => sent.has(node) || [...tree.above(node)].some((each) => sent.has(each))
  // With what stands beside the handler where it is registered: `app.post(path, { preHandler: verify }, handler)`.
  const parent = tree.parentOf(handler)
  const registered = parent !== undefined && isCall(parent) ? parent : undefined
  const around = [...tree.above(handler)].filter(isCall)
  return tree.nodes.some((node) => {
    const word = nameOf(node) ?? textOf(node)
    if (word === undefined || word.length > 60 || !ASKS_WHO.test(word) || isSent(node)) return false
    const above = [...tree.above(node)]
    if (above.includes(handler) || above.some((each) => each === registered || isMiddleware(each))) return true
    return around.some((call) => node === bare(child(call, "callee")) || children(call, "arguments").includes(node))
  })
}

const fieldTraps = (
  provider: Sought,
  reads: ReadonlyArray<Read>,
  grade: Grade,
  sought: ReadonlyArray<Sought>
): ReadonlyArray<Trap> => {
  const { absent, fields } = provider.signs.webhook
  const traps = new Map<string, Trap>()
  for (const { path, at } of reads) {
    const way = within(provider, path)
    const [field = ""] = way
    const missing = [way.join("."), way.slice(0, 2).join("."), field].find((name) => Object.hasOwn(absent, name))
    const { line } = placeOf(at)
    if (missing !== undefined) {
      const says = `no message of ${provider.title} is known to have ${missing}: ${absent[missing]}`
      if (!traps.has(missing)) traps.set(missing, { kind: "no_such_field", grade: "likely", line, says })
      continue
    }
    const owner = sought.find((other) => other !== provider && other.signs.webhook.own.includes(field))
    if (owner === undefined || Object.hasOwn(fields, field) || traps.has(field)) continue
    const says = `the field ${field} is of messages of ${owner.title}: in one of ${provider.title} it is never there`
    traps.set(field, { kind: "no_such_field", grade, line, says })
  }
  return [...traps.values()]
}

const UNVERIFIED =
  "nothing here looks at who sends: anybody who knows the address can report a call. unicall takes a message as a hint, and reads the call with your key"

export const webhooksIn = (
  tree: Tree,
  messages: Messages,
  sought: ReadonlyArray<Sought>,
  { path, sent }: { readonly path: string; readonly sent: ReadonlySet<Node> }
): ReadonlyArray<Finding> => {
  const reads = messages.reads()
  return sought.flatMap((provider) => {
    const isNamed = /hook|callback/i.test(path) && path.toLowerCase().includes(provider.id)
    const evidence = evidenceFor(tree, messages, reads, provider, isNamed)
    const byHandler = Map.groupBy(evidence, ({ handler }) => handler)
    return [...byHandler].map(([handler, signs]): Finding => {
      const grade = signs.some((each) => each.grade === "certain") ? "certain" : "likely"
      const own = reads.filter((read) => read.handler === handler)
      const { fields } = provider.signs.webhook
      const known = new Set(
        own.map((read) => within(provider, read.path)[0] ?? "").filter((name) => Object.hasOwn(fields, name))
      )
      const traps = fieldTraps(provider, own, grade, sought)
      const unverified: ReadonlyArray<Trap> = asksWhoSends(tree, handler, sent)
        ? []
        : [{ kind: "unverified_webhook", grade: "likely", line: placeOf(handler).line, says: UNVERIFIED }]
      return {
        ...placeOf(handler),
        provider: provider.id,
        kind: "webhook",
        grade,
        what: "takes messages",
        fields: Object.fromEntries([...known].map((name) => [name, fields[name] ?? ""])),
        becomes: WEBHOOK(provider.id),
        traps: [...traps, ...unverified]
      }
    })
  })
}
