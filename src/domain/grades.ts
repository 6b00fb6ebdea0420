/** How much a value says, 0 the least: by this, one of several values of a field is chosen. */
import type { Goal } from "./Goal.ts"
import type { Reach, ReachValue } from "./Reach.ts"
import type { Transcript } from "./Transcript.ts"
import type { Transfer, TransferState } from "./Transfer.ts"

/** A word nobody knows says less than an empty value, and that less than any other. */
export const GRADE = { unrecognized: 0, empty: 1, vague: 1, stated: 2 } as const

export const gradeOf = (value: unknown): number => {
  if (value === "unrecognized") return GRADE.unrecognized
  if (value === "") return GRADE.empty
  if (typeof value !== "object" || value === null) return GRADE.stated
  return Object.keys(value).length === 0 ? GRADE.empty : GRADE.stated
}

export const gradeOfWord = (word: string | undefined, vague?: string): number =>
  word !== undefined && word === vague ? GRADE.vague : gradeOf(word)

/** The more parts of it are told. */
export const gradeOfParts = (value: object): number => Object.keys(value).length

/** More turns say more, and any turns more than one text. */
export const gradeOfTranscript = (transcript: Transcript): number =>
  "turns" in transcript
    ? transcript.turns.length === 0
      ? GRADE.empty
      : GRADE.stated + transcript.turns.length
    : transcript.text === ""
      ? GRADE.empty
      : GRADE.stated

/** In the order of the rules that reach is settled by: what knows who answered beats what only knows that somebody did. */
const REACH_GRADE = {
  human: 5,
  voicemail: 5,
  ivr: 5,
  call_screening: 5,
  answered: 4,
  canceled: 3,
  not_reached: 2,
  failed: 2,
  unknown: 1,
  pending: 0
} as const satisfies Record<ReachValue, number>

export const gradeOfReach = ({ value }: Reach): number => REACH_GRADE[value]

/** A verdict that decides says more than one that does not, whatever text comes with it. */
export const gradeOfGoal = ({ achieved }: Goal): number => gradeOfWord(achieved, "unknown")

/** A hand-over only gets further; that nobody took it is known later than that it was begun. */
const TRANSFER_GRADE = {
  initiated: 0,
  not_connected: 1,
  connected: 2,
  completed: 3
} as const satisfies Record<TransferState, number>

export const gradeOfTransfer = ({ state }: Transfer): number => TRANSFER_GRADE[state]
