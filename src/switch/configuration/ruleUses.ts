/** What becomes of a rule that chooses providers: what it gives the two now, and the lines of a first step and of the way back. Pure. */
import { present } from "../../domain/present.ts"
import { counted, countText, percent } from "../../compare/format.ts"
import type { JsonObject } from "../../domain/Json.ts"
import type { Adapter } from "../../provider/Adapter.ts"
import { type OrderNeed, unmetFields } from "../../provider/orderNeeds.ts"
import { type Configuration, isName, type Route, type Rule, type Weighted } from "../../routes/Configuration.ts"
import { providersOf } from "../../routes/misplaced.ts"
import { type Becoming, different, lost, notKnown, same, yours } from "../Becoming.ts"
import { canStand, json, jsonList } from "./written.ts"

export interface RuleMove {
  readonly rule: Rule
  readonly route: Route
  readonly rates: NonNullable<Configuration["rates"]>
  readonly source: Adapter
  readonly target: Adapter
}

export interface RuleBecoming extends Becoming {
  readonly use: ReadonlyArray<string>
  readonly share?: { readonly source: number; readonly target: number }
}

/** Of ten orders that the provider has which is left, nine stay there at first. */
export const FIRST_STEP = { stay: 9, move: 1 } as const

/** `undefined`: the rule names neither of the two. */
export const ruleBecomes = (move: RuleMove): RuleBecoming | undefined => {
  const { rule, source, target } = move
  const { use } = rule
  if (typeof use === "object" && "choose" in use) {
    return { ...notKnown("Look into it: a plan cannot."), use: ["A function chooses."] }
  }
  const named = providersOf(rule)
  if (!named.includes(source.id) && !named.includes(target.id)) return undefined
  if (typeof use === "string") return preferring(move, [use])
  if ("weights" in use) return weighing(move, use)
  if ("cheapest" in use) return pricing(move, use.cheapest)
  return "experiment" in use ? experimenting(move, use.experiment.arms) : preferring(move, use)
}

/** Fields of orders that only the provider that is left takes, and that the route lets nobody leave out. */
const staying = ({ route, source, target }: RuleMove, fields: ReadonlyArray<OrderNeed["field"]>) => {
  const omitted: ReadonlyArray<string> = route.mayOmit ?? []
  const never = unmetFields(fields, source.capabilities)
  return unmetFields(fields, target.capabilities).filter((field) => !omitted.includes(field) && !never.includes(field))
}

/** One dial and no more is what any provider takes. */
const listed = (fields: ReadonlyArray<string>): string =>
  fields.map((field) => (field === "retry" ? "`retry` (more than one dial)" : `\`${field}\``)).join(", ")

const ALL_FIELDS = ["agent.inline", "scheduledAt", "retry", "metadata", "variables", "concurrency"] as const

const LINES = "The lines are a first step, then the way back; the `when` of the rule stays."

/** Lines in the place of the rule, unless none of its orders can move. */
const step = (
  move: RuleMove,
  sentence: string,
  next: ReadonlyArray<JsonObject>,
  back: JsonObject,
  providers: ReadonlyArray<string>
): Becoming => {
  const { rule, source, target } = move
  const bound = staying(move, rule.when?.needs ?? [])
  if (bound.length > 0) {
    return lost(
      `It is for orders with ${listed(bound)}, which ${target.title} cannot take: they stay at ${source.title}.`
    )
  }
  const rest = staying(move, ALL_FIELDS)
  const sentences = [
    sentence,
    ...(rest.length === 0
      ? []
      : [`Orders with ${listed(rest)} stay at ${source.title} whatever the weights: ${target.title} cannot take them.`])
  ]
  if (!canStand([rule.name, ...providers])) return yours(sentences)
  const [only, ...more] = next
  const first = only !== undefined && more.length === 0 ? json(only) : jsonList(next)
  return yours([...sentences, LINES], first, json(back))
}

/** One provider, or several in order of preference. */
const preferring = (move: RuleMove, list: ReadonlyArray<string>): RuleBecoming => {
  const { rule, route, source, target } = move
  const [was, is] = [list.indexOf(source.id), list.indexOf(target.id)]
  const share = list.length === 1 ? { share: { source: was === 0 ? 1 : 0, target: is === 0 ? 1 : 0 } } : {}
  const placeText = (title: string, at: number) => (at < 0 ? [] : [`${title} as number ${at + 1}`])
  const order = [...placeText(source.title, was), ...placeText(target.title, is)].join(", ")
  const only = was === 0 ? source.title : target.title
  const use = [
    list.length === 1 ? `It names ${only} alone.` : `It prefers, of ${counted(list.length, "provider")}: ${order}.`
  ]
  if (was < 0) return { ...same(`It does not name ${source.title}.`), use, ...share }
  if (is >= 0 && is < was) {
    const sentence = `${target.title} comes before ${source.title} already: no step is left but to take ${source.title} out.`
    return { ...same(sentence), use, ...share }
  }
  const taken = new Set(route.rules.map(({ name }) => name))
  const named = (suffix: string) => freeName(rule.name, suffix, taken)
  const before = list.slice(0, was)
  const after = list.slice(was + 1).filter((id) => id !== target.id && id !== source.id)
  const weights = { [source.id]: FIRST_STEP.stay, [target.id]: FIRST_STEP.move }
  const next: ReadonlyArray<JsonObject> = [
    ...(before.length > 0 ? [{ name: named("before"), use: before }] : []),
    { name: rule.name, use: { weights } },
    ...(after.length > 0 ? [{ name: named("after"), use: after }] : [])
  ]
  const now =
    is < 0 ? `It never goes to ${target.title}.` : `${target.title} gets only what those before it cannot take.`
  const back = { name: rule.name, use: typeof rule.use === "string" ? rule.use : [...list] }
  return { ...step(move, now, next, back, list), use, ...share }
}

const freeName = (name: string, suffix: string, taken: ReadonlySet<string>): string => {
  for (let count = 1; ; count++) {
    const ending = count === 1 ? `-${suffix}` : `-${suffix}${count}`
    const tried = `${name.slice(0, 64 - ending.length)}${ending}`
    if (!taken.has(tried) && isName(tried)) return tried
  }
}

/** Parts of a whole; without overflow, however large the weights are. */
const sharesOf = (weights: { readonly [id: string]: number }): ReadonlyMap<string, number> => {
  const most = Math.max(...Object.values(weights))
  const scaled = Object.entries(weights).map(([id, weight]) => [id, most > LARGEST ? weight / most : weight] as const)
  const sum = scaled.reduce((total, [, weight]) => total + weight, 0)
  return new Map(scaled.map(([id, weight]) => [id, weight / sum]))
}

/** No larger than JSON numbers can be told apart, and without the dust of binary fractions. */
const LARGEST = 1e12
const rounded = (weight: number): number => Number(weight.toPrecision(12))

const weighing = (move: RuleMove, { weights, by, keep }: Weighted): RuleBecoming => {
  const { rule, source, target } = move
  const shares = sharesOf(weights)
  const share = { source: shares.get(source.id) ?? 0, target: shares.get(target.id) ?? 0 }
  const text = ({ id, title }: Adapter) => {
    const weight = Object.hasOwn(weights, id) ? weights[id] : undefined
    const part = id === source.id ? share.source : share.target
    return weight === undefined ? `${title} none` : `${title} ${countText(weight)} (${percent(part)})`
  }
  const use = [
    `Weights now: ${text(source)}, ${text(target)}.`,
    ...(by === "reference" ? ["It goes by the reference: one person may be called by both."] : [])
  ]
  const written = (changed: { readonly [id: string]: number }): JsonObject => ({
    name: rule.name,
    use: { weights: { ...weights, ...changed }, ...present({ by, keep }) }
  })
  const ids = Object.keys(weights)
  if (share.source === 0) {
    return { ...same(`It gives nothing to ${source.title} by weight.`), use, share }
  }
  if (share.target > 0) {
    const begun = `The move has begun: raise the weight of ${target.title} step by step.`
    const back = canStand([rule.name, ...ids]) ? [json(written({ [target.id]: 0 }))] : []
    return { ...yours([begun, ...(back.length > 0 ? ["The lines are the way back."] : [])], ...back), use, share }
  }
  const own = weights[source.id] ?? 0
  const scale = Math.max(...Object.values(weights)) > LARGEST ? 0.1 : 1
  // A factor of 1 leaves the largest of numbers as it is; ten times it would be none.
  const all = Object.fromEntries(Object.entries(weights).map(([id, weight]) => [id, rounded(weight * (10 * scale))]))
  const first = written({
    ...all,
    [source.id]: rounded(own * (FIRST_STEP.stay * scale)),
    [target.id]: rounded(own * (FIRST_STEP.move * scale))
  })
  const whom = keep === true ? "Of those who were not called by this rule yet, a" : "A"
  const sentence = `${whom} tenth of what ${source.title} has goes to ${target.title}; others keep their part.`
  return { ...step(move, sentence, [first], written({ [target.id]: 0 }), ids), use, share }
}

const pricing = (move: RuleMove, list: ReadonlyArray<string>): RuleBecoming => {
  const { rates, source, target } = move
  const [was, is] = [list.includes(source.id), list.includes(target.id)]
  const use = [`It takes the cheapest of ${counted(list.length, "provider")}.`]
  if (was && is) return { ...same(`Prices decide between ${source.title} and ${target.title} already.`), use }
  if (!was) return { ...same(`It does not name ${source.title}.`), use }
  const card = Object.hasOwn(rates, target.id) ? [] : [`\`rates\` has no prices of ${target.title}.`]
  const sentence = `Named here, ${target.title} gets at once every order that is cheaper there. For a first step let a rule with weights stand before, for a few countries.`
  return { ...yours([...card, sentence]), use }
}

type Arms = ReadonlyArray<{ readonly provider: string; readonly share: number }>

const experimenting = ({ source, target }: RuleMove, arms: Arms): RuleBecoming => {
  const most = Math.max(...arms.map((arm) => arm.share))
  const partOf = (of: Arms) => of.reduce((sum, arm) => sum + arm.share / most, 0)
  const shareOf = (id: string) => partOf(arms.filter(({ provider }) => provider === id)) / partOf(arms)
  const share = { source: shareOf(source.id), target: shareOf(target.id) }
  const use = [
    `An experiment of ${counted(arms.length, "arm")} decides: ${source.title} ${percent(share.source)}, ${target.title} ${percent(share.target)}.`
  ]
  if (share.source === 0) return { ...same(`No arm is at ${source.title}.`), use, share }
  const leave = "Leave it as it is until it ends: a change would spoil what it measures."
  return {
    ...(share.target > 0 ? different(leave) : yours([leave, `Then move what it leaves at ${source.title}.`])),
    use,
    share
  }
}
