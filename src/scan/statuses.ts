/** Where code tells a provider's status words apart, and which of them it forgets. */
import { isOver } from "../domain/CallStatus.ts"
import type { StatusSigns } from "../provider/CodeSigns.ts"
import { STATUS } from "./becomes.ts"
import type { Finding, Grade, Sought, Trap } from "./Finding.ts"
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

/** A place that tells words apart. */
interface Telling {
  readonly at: Node
  readonly as: "switch" | "if" | "map" | "set"
  readonly words: ReadonlyArray<string>
  /** Whether something is done with every other word. */
  readonly hasRest: () => boolean
}

/** What is compared, as text of the code: the same expression twice is the same subject. */
const subjectOf = (node: Node | undefined): string | undefined => {
  const at = bare(node)
  if (at === undefined) return undefined
  if (at.type === "ThisExpression") return "this"
  if (isMember(at)) {
    const object = subjectOf(child(at, "object"))
    return object === undefined ? undefined : `${object}.${keyOf(at, "property") ?? ""}`
  }
  if (isCall(at)) {
    const callee = child(at, "callee")
    return callee !== undefined && isMember(callee) ? subjectOf(child(callee, "object")) : undefined
  }
  return nameOf(at)
}

/** `x === "word"`, also several of them in one condition. */
const compared = (test: Node | undefined): ReadonlyArray<readonly [subject: string, word: string]> => {
  const node = bare(test)
  if (node?.type === "LogicalExpression" && node["operator"] === "||") {
    return [...compared(child(node, "left")), ...compared(child(node, "right"))]
  }
  if (node?.type !== "BinaryExpression" || !/^===?$/.test(String(node["operator"]))) return []
  const [left, right] = [child(node, "left"), child(node, "right")]
  const word = textOf(right) ?? textOf(left)
  const subject = subjectOf(textOf(right) === undefined ? right : left)
  return word === undefined || subject === undefined ? [] : [[subject, word]]
}

const ofIf = (tree: Tree, node: Node): Telling | undefined => {
  const parent = tree.parentOf(node)
  if (parent?.type === "IfStatement" && child(parent, "alternate") === node) return undefined
  const words: Array<string> = []
  let subject: string | undefined
  let at: Node | undefined = node
  let links = 0
  for (; at?.type === "IfStatement"; at = child(at, "alternate")) {
    const found = compared(child(at, "test"))
    subject ??= found[0]?.[0]
    if (found.length === 0 || found.some(([each]) => each !== subject)) return undefined
    words.push(...found.map(([, word]) => word))
    links += 1
  }
  // One question alone tells nothing apart.
  const hasRest = at !== undefined
  return links < 2 ? undefined : { at: node, as: "if", words, hasRest: () => hasRest }
}

const ofSwitch = (node: Node): Telling | undefined => {
  const cases = children(node, "cases")
  const words = cases.map((each) => textOf(child(each, "test"))).filter((word) => word !== undefined)
  const hasRest = cases.some((each) => child(each, "test") === undefined)
  return { at: node, as: "switch", words, hasRest: () => hasRest }
}

/** `object[…]`, by the name of the object, or by the object itself. */
type LookUps = ReadonlyMap<string | Node | undefined, ReadonlyArray<Node>>

const lookUpsIn = (tree: Tree): LookUps =>
  Map.groupBy(
    tree.nodes.filter((node) => isMember(node) && node["computed"] === true),
    (node) => {
      const object = bare(child(node, "object"))
      return nameOf(object) ?? object
    }
  )

/** Whether every look-up of a map has something for words that are not in it. */
const hasFallback = (tree: Tree, lookUps: LookUps, object: Node): boolean => {
  let holder = tree.parentOf(object)
  while (holder !== undefined && holder.type.startsWith("TS")) holder = tree.parentOf(holder)
  const name = holder?.type === "VariableDeclarator" ? nameOf(child(holder, "id")) : undefined
  const own = lookUps.get(name ?? object) ?? []
  return (
    own.length > 0 && own.every((node) => /^(LogicalExpression|IfStatement)$/.test(tree.parentOf(node)?.type ?? ""))
  )
}

const ofObject = (tree: Tree, lookUps: LookUps, node: Node): Telling | undefined => {
  const properties = children(node, "properties")
  const words = properties.map((each) => keyOf(each)).filter((key) => key !== undefined)
  return words.length < properties.length
    ? undefined
    : { at: node, as: "map", words, hasRest: () => hasFallback(tree, lookUps, node) }
}

/** `new Set([…])`, `[…].includes(status)`. */
const ofList = (tree: Tree, node: Node): Telling | undefined => {
  const words = children(node, "elements").map((each) => textOf(bare(each)))
  const parent = tree.parentOf(node)
  const isSet = parent?.type === "NewExpression" && nameOf(child(parent, "callee")) === "Set"
  const isAsked = parent !== undefined && isMember(parent) && keyOf(parent, "property") === "includes"
  const given = words.filter((word) => word !== undefined)
  return given.length === words.length && (isSet || isAsked)
    ? { at: node, as: "set", words: given, hasRest: () => true }
    : undefined
}

const tellingAt = (tree: Tree, lookUps: LookUps, node: Node): Telling | undefined => {
  switch (node.type) {
    case "SwitchStatement":
      return ofSwitch(node)
    case "IfStatement":
      return ofIf(tree, node)
    case "ObjectExpression":
      return ofObject(tree, lookUps, node)
    case "ArrayExpression":
      return ofList(tree, node)
    default:
      return undefined
  }
}

const folded = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]+/g, "_")

const ends = ({ meaning }: StatusSigns, word: string): boolean => {
  const means = meaning(word)
  return means !== undefined && isOver(means, false)
}

const AS = { switch: "a switch", if: "a chain of if", map: "a map", set: "a set" } as const

const forgets = (
  grade: Grade,
  { at, as }: Telling,
  missing: ReadonlyArray<string>,
  comes: string
): ReadonlyArray<Trap> =>
  missing.length === 0
    ? []
    : [
        {
          kind: "uncovered_status",
          grade,
          line: placeOf(at).line,
          says: `${AS[as]} of statuses has no ${missing.join(", ")}: ${comes}`
        }
      ]

const trapsOf = (signs: StatusSigns, telling: Telling): ReadonlyArray<Trap> => {
  const covered = new Set(telling.words.map(folded))
  const missing = signs.words.filter((word) => !covered.has(folded(word)))
  const missingEnds = missing.filter((word) => ends(signs, word))
  if (telling.as === "set") {
    const areEnds = new Set(telling.words.map((word) => ends(signs, word)))
    // Of both kinds it is a choice of the application's own.
    if (areEnds.size !== 1) return []
    return areEnds.has(true)
      ? forgets("likely", telling, missingEnds, "if it means calls that are over, such a call goes on for ever")
      : forgets(
          "likely",
          telling,
          missing.filter((word) => !ends(signs, word)),
          "if it means calls that go on, such a call counts as over"
        )
  }
  return telling.hasRest()
    ? forgets("likely", telling, missingEnds, "a call that ended so is treated as whatever is left")
    : forgets(telling.as === "switch" ? "certain" : "likely", telling, missing, "nothing is done with them")
}

/** The words that fit best, if most of those that are told apart are known. */
const fitting = (sought: ReadonlyArray<Sought>, { words, as }: Telling) => {
  const scored = sought.flatMap((provider) =>
    provider.signs.statuses.map((signs) => {
      return { provider, signs, hits: words.filter((word) => signs.meaning(word) !== undefined).length }
    })
  )
  const [first] = scored.toSorted((one, other) => other.hits - one.hits)
  const least = as === "map" || as === "set" ? words.length : Math.max(2, words.length / 2)
  return first === undefined || first.hits < 2 || first.hits < least ? undefined : first
}

export const statusesIn = (tree: Tree, sought: ReadonlyArray<Sought>): ReadonlyArray<Finding> => {
  const lookUps = lookUpsIn(tree)
  return tree.nodes.flatMap((node): ReadonlyArray<Finding> => {
    const telling = tellingAt(tree, lookUps, node)
    const fit = telling && fitting(sought, telling)
    if (telling === undefined || fit === undefined) return []
    const { provider, signs } = fit
    return [
      {
        ...placeOf(telling.at),
        provider: provider.id,
        kind: "status",
        grade: "likely",
        what: `${AS[telling.as]} of statuses of ${signs.of === "order" ? "a call" : "an attempt"}`,
        becomes: STATUS,
        traps: trapsOf(signs, telling)
      }
    ]
  })
}
