/** What becomes of something that an application uses, and the rules that most features share. */
import { isTold, evidenceDiffers, needsSetUp, toldBy } from "../metrics/evidence.ts"
import type { Adapter } from "../provider/Adapter.ts"
import type { Observable } from "../provider/Evidence.ts"
import { countText, percent } from "../compare/format.ts"
import { hasField, QUESTIONS, type QuestionId, type Unit } from "./questions.ts"
import { totalOf, type Usage } from "./Usage.ts"

/**
 * `same`: nothing is to be done. `different`: it is there, in another way. `yours`: it goes on if you do something. `lost`: the
 * target has nothing of the kind. `gained`: only the target has it. `not_known`: no source says.
 */
export const FATES = ["yours", "lost", "different", "not_known", "same", "gained"] as const
export type Fate = (typeof FATES)[number]

/** Something to copy: lines of JavaScript, of a shell, or of a configuration. */
export interface Lines {
  readonly language: "js" | "sh" | "json"
  readonly text: string
}

export interface Becoming {
  readonly fate: Fate
  readonly sentences: ReadonlyArray<string>
  readonly lines?: ReadonlyArray<Lines>
}

/** `not_told`: the records cannot tell whether it is used. */
export type Used = "yes" | "no" | "not_told"

/** How often something was used. */
export interface Use {
  readonly used: Used
  readonly unit?: Unit
  readonly count?: number
  readonly total?: number
  readonly sentences: ReadonlyArray<string>
}

export interface Move {
  readonly usage: Usage
  readonly source: Adapter
  readonly target: Adapter
}

/** Parts of the plan, in its order. */
export const AREAS = ["placing", "results", "reading"] as const
export type Area = (typeof AREAS)[number]

export interface Feature {
  readonly title: string
  readonly area: Area
  readonly use: (move: Move) => Use
  /** `undefined`: neither provider has it, so nothing changes. */
  readonly becomes: (move: Move, use: Use) => Becoming | undefined
}

const UNIT_WORDS = {
  orders: ["order", "orders"],
  placed: ["placed order", "placed orders"],
  attempts: ["attempt", "attempts"]
} as const satisfies Record<Unit, readonly [one: string, many: string]>

/** "608 orders"; "1 placed order". */
export const unitText = (count: number, unit: Unit): string => {
  const [one, many] = UNIT_WORDS[unit]
  return `${countText(count)} ${count === 1 ? one : many}`
}

/** "49 of 608 orders (8.1 %) had a start time.": `did` is a clause in the past, right after one and after many. */
export const countSentence = (count: number, total: number, unit: Unit, did: string): string =>
  count === 0
    ? `None of ${unitText(total, unit)} ${did}.`
    : `${countText(count)} of ${unitText(total, unit)} (${percent(count / total)}) ${did}.`

/** The use of what one question counts; `isTold`: whether records of the source can answer it. */
export const countUse = (
  { usage, source }: Move,
  question: QuestionId,
  did: string,
  isTold = hasField(source, QUESTIONS[question].field)
): Use => {
  const { of: unit } = QUESTIONS[question]
  const [count, total] = [usage.counts[question], totalOf(usage, unit)]
  if (!isTold && count === 0) {
    return { used: "not_told", sentences: [`Your records do not tell how often: ${source.title} gives no such field.`] }
  }
  if (total === 0)
    return { used: "not_told", sentences: [`Your records do not tell how often: they hold no ${UNIT_WORDS[unit][0]}.`] }
  return { used: count > 0 ? "yes" : "no", unit, count, total, sentences: [countSentence(count, total, unit, did)] }
}

/** What the provider asks beside a field of an order. */
export const notesOf = ({ orderNotes }: Adapter, field: "from" | "retry"): ReadonlyArray<string> => {
  const note = orderNotes?.[field]
  return note === undefined ? [] : [note]
}

/** What records say nothing of, whoever wrote them. */
export const unseen = (): Use => ({ used: "not_told", sentences: ["Your records do not tell whether you use it."] })

/** What nobody has to use, such as what only the target has. */
export const UNUSED: Use = { used: "no", sentences: [] }

type Ability =
  | "schedule"
  | "metadata"
  | "variables"
  | "concurrency"
  | "inlineAgent"
  | "cancel"
  | "webCalls"
  | "preCallWebhook"
  | "outcome"
  | "extraction"
  | "summary"
  | "transcript"
  | "recording"

interface AbilityTexts {
  /** What the two can, or only the target can, as a clause: "take a start time in the order". */
  readonly can: string
  readonly lost: (move: Move) => Becoming
  /** Where both can. @default the same */
  readonly both?: (move: Move) => Becoming
}

/** By what providers declare that they can. What the records show, the source can, whatever it declares. */
export const byAbility =
  (ability: Ability, { can, lost, both }: AbilityTexts): Feature["becomes"] =>
  (move, use) => {
    const { source, target } = move
    const [had, has] = [use.used === "yes" ? "yes" : source.capabilities[ability], target.capabilities[ability]]
    if (had === "no") return has === "yes" ? gained(`${target.title} can ${can}; ${source.title} cannot.`) : undefined
    if (has === "unknown") return notKnown(`No source says whether ${target.title} can ${can}.`)
    if (has === "no") return lost(move)
    return both?.(move) ?? same(`${target.title} can ${can}, too.`)
  }

/** By what providers declare that their records prove. */
export const byEvidence =
  (observable: Observable): Feature["becomes"] =>
  ({ source, target }) => {
    const needs = { needs: [observable] }
    const told = toldBy(target, observable)
    if (told === undefined)
      return isTold(needs, source) ? lost(evidenceDiffers(needs, [source, target])?.sentence ?? "") : undefined
    if (!isTold(needs, source)) return gained(`${told}.`)
    const differs = evidenceDiffers(needs, [source, target])
    const setUp = needsSetUp(needs, [target])
    const only = setUp === undefined ? [] : [`${target.title} tells it only where you set it up.`]
    return differs === undefined
      ? { fate: "same", sentences: [`${told}, as ${source.title} does.`, ...only] }
      : { fate: "different", sentences: [differs.sentence, ...only] }
  }

/** By whether records of the two have a field of ours. */
export const byField =
  (field: string, what: string): Feature["becomes"] =>
  ({ source, target }) => {
    if (hasField(target, field)) {
      return hasField(source, field)
        ? same(`Records of ${target.title} tell ${what}, too.`)
        : gained(`Records of ${target.title} tell ${what}.`)
    }
    return hasField(source, field) ? lost(`Records of ${target.title} do not tell ${what}.`) : undefined
  }

export const same = (...sentences: ReadonlyArray<string>): Becoming => ({ fate: "same", sentences })
export const lost = (...sentences: ReadonlyArray<string>): Becoming => ({ fate: "lost", sentences })
export const gained = (...sentences: ReadonlyArray<string>): Becoming => ({ fate: "gained", sentences })
export const different = (...sentences: ReadonlyArray<string>): Becoming => ({ fate: "different", sentences })
export const notKnown = (...sentences: ReadonlyArray<string>): Becoming => ({ fate: "not_known", sentences })
export const yours = (sentences: ReadonlyArray<string>, ...lines: ReadonlyArray<Lines>): Becoming => ({
  fate: "yours",
  sentences,
  ...(lines.length > 0 ? { lines } : {})
})
