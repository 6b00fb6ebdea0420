/** Stories in which an attempt connects with nobody: not reached (20–29), failed (30–39), tried again (40–49). */
import { failed, mailbox, ordinary, reachedHuman, type Story, talk, talked } from "./story.ts"

const rungOut = failed("no_answer", 30)

const notReached = { status: "completed", reach: "not_reached" } as const
const brokeDown = { status: "completed", reach: "failed" } as const

export const storiesUnreached: ReadonlyArray<Story> = [
  {
    digits: "20",
    name: "busy",
    about: "The line is busy.",
    ...ordinary,
    attempts: [failed("busy", 2)],
    ending: notReached
  },
  {
    digits: "21",
    name: "no-answer",
    about: "It rings for 30 s and nobody answers.",
    ...ordinary,
    attempts: [rungOut],
    ending: notReached
  },
  {
    digits: "22",
    name: "unreachable",
    about: "The telephone is switched off or out of reach.",
    ...ordinary,
    attempts: [failed("unreachable", 4)],
    ending: notReached
  },
  {
    digits: "23",
    name: "declined",
    about: "The call is rejected by hand.",
    ...ordinary,
    attempts: [failed("declined", 7)],
    ending: notReached
  },
  {
    digits: "30",
    name: "invalid-number",
    about: "The number is not allocated.",
    ...ordinary,
    attempts: [failed("invalid_number", 1)],
    ending: brokeDown
  },
  {
    digits: "31",
    name: "congestion",
    about: "The carrier has no line left.",
    ...ordinary,
    attempts: [failed("congestion", 1)],
    ending: brokeDown
  },
  {
    digits: "32",
    name: "not-permitted",
    about: "The trunk may not dial this destination.",
    ...ordinary,
    attempts: [failed("not_permitted", 1)],
    ending: brokeDown
  },
  {
    digits: "33",
    name: "precondition-failed",
    about: "The far end sets a condition that the call does not meet.",
    ...ordinary,
    attempts: [failed("precondition_failed", 1)],
    ending: brokeDown
  },
  {
    digits: "34",
    name: "timeout",
    about: "The carrier does not answer in time.",
    ...ordinary,
    attempts: [failed("timeout", 32)],
    ending: brokeDown
  },
  {
    digits: "35",
    name: "provider-error",
    about: "The carrier reports a fault of its own.",
    ...ordinary,
    attempts: [failed("provider_error", 3)],
    ending: brokeDown
  },
  {
    digits: "36",
    name: "errored",
    about: "The order breaks before anything is dialled.",
    ...ordinary,
    attempts: [],
    ending: { status: "failed", reach: "failed" }
  },
  {
    digits: "40",
    name: "no-answer-then-human",
    about: "Nobody answers; the second attempt reaches a person.",
    ...ordinary,
    attempts: [rungOut, talk],
    ...talked,
    ending: reachedHuman
  },
  {
    digits: "41",
    name: "voicemail-then-human",
    about: "A mailbox answers; the second attempt reaches a person.",
    ...ordinary,
    attempts: [mailbox, talk],
    ...talked,
    ending: reachedHuman
  },
  {
    digits: "42",
    name: "all-retries-fail",
    about: "No answer, busy, no answer.",
    ...ordinary,
    attempts: [rungOut, failed("busy", 2), rungOut],
    ending: notReached
  }
]
