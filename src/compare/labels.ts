/**
 * How far the rules over transcripts agree with people who read the transcripts. What a rule says is worked out anew from
 * the transcript, so that a measure is always of the version that it names.
 */
import { Role, type Transcript } from "../domain/Transcript.ts"
import { CONVERSATION_RULE, readTranscript, REPLY_RULE, type TranscriptRule } from "../metrics/transcriptRules.ts"
import type { Interval } from "./Comparison.ts"
import { ARM_LEVEL, zOf } from "./estimate.ts"
import { wilson } from "./statistics/rates.ts"

/**
 * `person`: a person spoke on the other side. `none`: no person did, but a mailbox, an announcement, a menu, call screening,
 * music. `unclear`: the transcript does not show it.
 */
export const LABELS = ["person", "none", "unclear"] as const
/** What somebody who has read a transcript says of it. */
export type Label = (typeof LABELS)[number]

/** A transcript that somebody has read. */
export interface LabelledTranscript {
  readonly provider: string
  readonly transcript: Transcript
  readonly label: Label
  /** By somebody else, who had not seen the first. */
  readonly secondLabel?: Label
}

/** A share with its 95 % interval; absent if there is nothing to take it of. */
export interface Share {
  readonly n: number
  readonly count: number
  readonly share?: number
  readonly interval?: Interval
}

/** What a rule makes of the transcripts of one group. */
export interface LabelMeasure {
  readonly group: string
  readonly transcripts: number
  /** Of those with a person, and a verdict: counted by the rule. */
  readonly sensitivity: Share
  /** Of those with nobody, and a verdict: not counted by the rule. */
  readonly specificity: Share
  /** Of both: the rule says what the label says. */
  readonly agreement: Share
  /** Labelled `person` or `none`, and without a verdict of the rule. */
  readonly noVerdict: number
  /** Labelled `unclear`: in none of the shares. */
  readonly unclear: number
}

/** What a rule makes of labelled transcripts. */
export interface RuleMeasure {
  readonly rule: TranscriptRule
  /** All transcripts first, then each group. */
  readonly groups: ReadonlyArray<LabelMeasure>
}

/** How far two people agree who labelled the same transcripts. */
export interface LabelAgreement {
  readonly n: number
  readonly same: number
  /** Cohen's: 1 where they always agree, 0 where as often as by chance; absent where both gave one label to everything. */
  readonly kappa?: number
}

const RULES: ReadonlyArray<readonly [TranscriptRule, (transcript: Transcript) => boolean | undefined]> = [
  [CONVERSATION_RULE, (transcript) => readTranscript(transcript)?.isConversation],
  [
    REPLY_RULE,
    (transcript) => {
      const read = readTranscript(transcript)
      return read && read.replies > 0
    }
  ]
]

/** `groupOf`: what is measured apart, such as the provider. */
export const measureLabels = (
  rows: ReadonlyArray<LabelledTranscript>,
  groupOf: (row: LabelledTranscript) => string = ({ provider }) => provider
): ReadonlyArray<RuleMeasure> =>
  RULES.map(([rule, counts]) => {
    const judged = rows.map((row) => ({ row, label: row.label, isCounted: counts(row.transcript) }))
    const groups = [...Map.groupBy(judged, ({ row }) => groupOf(row))]
    return { rule, groups: [measureOf("all", judged), ...groups.map(([group, own]) => measureOf(group, own))] }
  })

type Judged = { readonly label: Label; readonly isCounted: boolean | undefined }

const measureOf = (group: string, judged: ReadonlyArray<Judged>): LabelMeasure => {
  const clear = judged.filter(({ label }) => label !== "unclear")
  const told = clear.filter(({ isCounted }) => isCounted !== undefined)
  const [persons, others] = [told.filter(isPerson), told.filter((each) => !isPerson(each))]
  const [found, left] = [persons.filter(({ isCounted }) => isCounted), others.filter(({ isCounted }) => !isCounted)]
  return {
    group,
    transcripts: judged.length,
    sensitivity: shareOf(found.length, persons.length),
    specificity: shareOf(left.length, others.length),
    agreement: shareOf(found.length + left.length, told.length),
    noVerdict: clear.length - told.length,
    unclear: judged.length - clear.length
  }
}

const isPerson = ({ label }: Judged): boolean => label === "person"

const shareOf = (count: number, n: number): Share =>
  n === 0 ? { n, count } : { n, count, share: count / n, interval: wilson(count / n, n, zOf(ARM_LEVEL)) }

/** Over the transcripts that have two labels; `undefined` if none has. */
export const labelAgreement = (rows: ReadonlyArray<LabelledTranscript>): LabelAgreement | undefined => {
  const twice = rows.flatMap(({ label, secondLabel }) => (secondLabel === undefined ? [] : [[label, secondLabel]]))
  const n = twice.length
  if (n === 0) return undefined
  const same = twice.filter(([first, second]) => first === second).length
  const shareIn = (place: number, label: Label): number => twice.filter((pair) => pair[place] === label).length / n
  const byChance = LABELS.reduce((sum, label) => sum + shareIn(0, label) * shareIn(1, label), 0)
  return byChance === 1 ? { n, same } : { n, same, kappa: (same / n - byChance) / (1 - byChance) }
}

const SPEAKERS = ["agent", "remote", "unrecognized"] as const satisfies ReadonlyArray<Role>

/** A transcript as lines, "agent: …" and "remote: …", a turn each; what tools, the system and whomever the call was handed over to said is left out. */
export const transcriptLines = (transcript: Transcript): string =>
  "turns" in transcript
    ? transcript.turns
        .filter(({ role }) => SPEAKERS.some((speaker) => speaker === role))
        .map(({ role, text }) => `${role}: ${text.replaceAll(/\s+/gu, " ").trim()}`)
        .join("\n")
    : transcript.text

const LINE = /^\s*(agent|remote|unrecognized)\s*:(.*)$/u

/** The transcript of such lines; `undefined` if a line does not say who speaks. */
export const transcriptOfLines = (text: string): Transcript | undefined => {
  const lines = text.split(/\r?\n/u).filter((line) => line.trim() !== "")
  const turns = lines.map((line) => {
    const [, speaker, said = ""] = LINE.exec(line) ?? []
    const role = SPEAKERS.find((each) => each === speaker)
    return role === undefined ? undefined : { role, text: said.trim() }
  })
  return turns.every((turn) => turn !== undefined) && turns.length > 0 ? { turns } : undefined
}
