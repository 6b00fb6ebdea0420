/** What becomes of routes as a whole, and of what stands beside them. Pure. */
import { counted } from "../../compare/format.ts"
import { present } from "../../domain/present.ts"
import type { Adapter } from "../../provider/Adapter.ts"
import { unmetFields } from "../../provider/orderNeeds.ts"
import type { Configuration, Route } from "../../routes/Configuration.ts"
import { providersOf } from "../../routes/misplaced.ts"
import { type Becoming, lost, same, yours } from "../Becoming.ts"
import { FIRST_STEP } from "./ruleUses.ts"
import { canStand, json, shownName } from "./written.ts"

interface Move {
  readonly source: Adapter
  readonly target: Adapter
}

export const names = ({ rules }: Route, ...ids: ReadonlyArray<string>): number =>
  rules.filter((rule) => providersOf(rule).some((id) => ids.includes(id))).length

/** The first step that is safe: each order is checked at the target, and none is sent. */
export const checkedBeside = ({ alsoCheck = [] }: Configuration, { target }: Move): Becoming => {
  if (alsoCheck.some((id) => id === target.id))
    return same(`Every order is also checked at ${target.title}; none is sent there.`)
  const lines = canStand(alsoCheck) ? [json({ alsoCheck: [...alsoCheck, target.id] })] : []
  return yours(
    [
      `Begin with it: every order is then also checked at ${target.title}, and none is sent. What it could not take stands in \`alsoChecked\` of the decision.`,
      `${target.title} must be opened for it: give its key first.`
    ],
    ...lines
  )
}

/** Where there is no route at all. */
export const withoutRoutes = ({ source, target }: Move): Becoming => {
  const written = (stay: number, move: number) =>
    json({
      routes: { main: { rules: [{ name: "split", use: { weights: { [source.id]: stay, [target.id]: move } } }] } },
      defaultRoute: "main"
    })
  return yours(
    [
      "There is none: your code names the provider of every order.",
      "Let orders name none, and a route chooses. The lines are a first step, then the way back."
    ],
    written(FIRST_STEP.stay, FIRST_STEP.move),
    written(1, 0)
  )
}

export const defaultRoute = (
  { routes = {}, defaultRoute: name }: Configuration,
  { source, target }: Move
): Becoming => {
  const aside = `An order that names ${source.title} itself passes all routes by.`
  if (name === undefined) {
    const [only, ...more] = Object.keys(routes)
    const lines = only !== undefined && more.length === 0 && canStand([only]) ? [json({ defaultRoute: only })] : []
    return yours([`There is none: an order moves only if it names a route. ${aside}`], ...lines)
  }
  const route = routes[name]
  const [of, all] = route === undefined ? [0, 0] : [names(route, source.id, target.id), route.rules.length]
  return same(
    `Orders that name neither a route nor a provider take ${shownName(name)}, where ${of} of ${counted(all, "rule")} may choose ${source.title} or ${target.title}. ${aside}`
  )
}

/** What the target cannot take is left out without a word to who places the order. */
export const mayOmit = (route: Route, { source, target }: Move): Becoming | undefined => {
  const { mayOmit: omitted = [] } = route
  const never = unmetFields(omitted, source.capabilities)
  const hidden = unmetFields(omitted, target.capabilities).filter((field) => !never.includes(field))
  if (hidden.length === 0 || names(route, source.id, target.id) === 0) return undefined
  return lost(
    `${hidden.map((field) => `\`${field}\``).join(", ")} may be left out of every order: at ${target.title} ${hidden.length === 1 ? "it is" : "they are"}, and no order is refused for it. Only \`omitted\` of the decision tells.`
  )
}

/** Different numbers to call from, by provider. */
export const numbersAt = ({ agents = {} }: Configuration, id: string): number =>
  new Set(
    Object.values(agents).flatMap(({ providers }) => (Object.hasOwn(providers, id) ? (providers[id]?.from ?? []) : []))
  ).size

export const findingOf = ({ fate, sentences, lines }: Becoming) => ({ fate, becomes: sentences, ...present({ lines }) })
