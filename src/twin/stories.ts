/**
 * The stories by the last two digits of the number dialled, in the order of those digits: answered by a person (00–09),
 * by a machine (10–19), by nobody (20–29), failed (30–39), tried again (40–49), slow (50–59), never over (60–69), words
 * that nobody knows (70–79), not taken (80–89). Any other digits play the first one.
 */
import type { DisconnectReason } from "../domain/Disconnect.ts"
import type { FailureKind } from "../domain/Failure.ts"
import * as Dialogue from "./dialogues.ts"
import { type Ending, FOREVER, ordinary, type Story, type StoryAttempt } from "./story.ts"

/** A story that differs from `ordinary` in `parts`. */
const story = (
  digits: string,
  name: string,
  about: string,
  ending: Ending | undefined,
  parts: Pick<Story, "attempts"> & Partial<Story>
): Story => ({ ...ordinary, digits, name, about, ending, ...parts })

// Dials

const answered = (
  answeredBy: NonNullable<StoryAttempt["answeredBy"]>,
  talkSeconds: number,
  end: DisconnectReason,
  turns: NonNullable<StoryAttempt["turns"]>
): StoryAttempt => ({ ringSeconds: 6, answeredBy, talkSeconds, end, turns })

const failed = (failure: FailureKind, ringSeconds: number): StoryAttempt => ({ ringSeconds, failure })

const talk = answered("human", 42, "remote_hangup", Dialogue.conversation)
/** What comes of `talk`. */
const talked = {
  outcome: "interested",
  summary: "The visit was agreed for Tuesday at ten.",
  extracted: { visit_day: "Tuesday", visit_hour: 10 }
} as const satisfies Partial<Story>
const mailbox = answered("voicemail", 14, "voicemail", Dialogue.voicemailGreeting)
const rungOut = failed("no_answer", 30)

// Endings

const completed = (reach: Ending["reach"]): Ending => ({ status: "completed", reach })
const pending = (status: Ending["status"]): Ending => ({ status, reach: "pending" })

const reachedHuman = completed("human")
const notReached = completed("not_reached")
const brokeDown = completed("failed")

/** What is played unless the digits say otherwise. */
const plain = story(
  "00",
  "human",
  "A person answers, talks for 42 s and hangs up. Also played for digits without a story.",
  reachedHuman,
  { attempts: [talk], ...talked }
)

/** Every story once, in the order of its digits. */
export const stories: ReadonlyArray<Story> = [
  plain,
  story("01", "human-hangs-up", "A person answers and hangs up after 4 s without a word.", reachedHuman, {
    attempts: [answered("human", 4, "remote_hangup", Dialogue.hungUpOn)],
    outcome: "not_interested"
  }),
  story("02", "human-french", "A person answers and talks French.", reachedHuman, {
    attempts: [answered("human", 47, "remote_hangup", Dialogue.conversationInFrench)],
    outcome: "interested",
    summary: "Visite convenue pour jeudi à quinze heures.",
    extracted: { visit_day: "jeudi", visit_hour: 15 }
  }),
  story("03", "human-booking", "A person books; the agent uses tools and ends the call with one.", reachedHuman, {
    attempts: [answered("human", 63, "agent_hangup", Dialogue.booking)],
    outcome: "completed",
    summary: "A visit was booked for Thursday at three.",
    extracted: { visit_day: "Thursday", visit_hour: 15 }
  }),
  story("04", "transferred", "A person asks for a person and is transferred.", reachedHuman, {
    attempts: [answered("human", 25, "transferred", Dialogue.askForHuman)],
    outcome: "completed",
    summary: "The caller was put through to a colleague."
  }),
  story("05", "max-duration", "A person talks until the longest allowed duration cuts the call.", reachedHuman, {
    attempts: [answered("human", 600, "max_duration", Dialogue.longTalk)],
    outcome: "interested",
    summary: "Many questions about the workshop; cut off by the time limit."
  }),
  story("06", "callback-later", "A person wishes to be called back later.", reachedHuman, {
    attempts: [answered("human", 18, "remote_hangup", Dialogue.callBackLater)],
    outcome: "callback_later",
    summary: "Was driving; asked to be called again in the evening."
  }),
  story("07", "callback-new-number", "A person gives another number to call.", reachedHuman, {
    attempts: [answered("human", 21, "remote_hangup", Dialogue.callAnotherNumber)],
    outcome: "callback_new_number",
    summary: "Asked to call her sister instead."
  }),
  story("08", "do-not-contact", "A person wishes not to be called again.", reachedHuman, {
    attempts: [answered("human", 15, "agent_hangup", Dialogue.doNotContact)],
    outcome: "do_not_contact",
    summary: "Asked not to be called again."
  }),
  story("09", "not-interested", "A person declines.", reachedHuman, {
    attempts: [answered("human", 12, "agent_hangup", Dialogue.notInterested)],
    outcome: "not_interested",
    summary: "Not interested."
  }),

  story("10", "voicemail", "A mailbox answers; the agent leaves a message.", completed("voicemail"), {
    attempts: [mailbox]
  }),
  story("11", "ivr", "A telephone menu answers; the agent finds no way through.", completed("ivr"), {
    attempts: [answered("ivr", 22, "ivr_dead_end", Dialogue.phoneMenu)]
  }),
  story(
    "12",
    "call-screening",
    "The screening of a mobile phone answers and asks for the reason of the call.",
    completed("call_screening"),
    { attempts: [answered("call_screening", 16, "voicemail", Dialogue.screening)] }
  ),
  story(
    "13",
    "doubtful-voicemail",
    "The provider reports a mailbox, and the transcript shows a conversation.",
    completed("voicemail"),
    { attempts: [answered("voicemail", 45, "voicemail", Dialogue.doubtfulVoicemail)] }
  ),
  story("14", "silence", "Somebody or something answers and never says a word.", completed("answered"), {
    attempts: [answered("unknown", 20, "silence", Dialogue.unanswered)]
  }),

  story("20", "busy", "The line is busy.", notReached, { attempts: [failed("busy", 2)] }),
  story("21", "no-answer", "It rings for 30 s and nobody answers.", notReached, { attempts: [rungOut] }),
  story("22", "unreachable", "The telephone is switched off or out of reach.", notReached, {
    attempts: [failed("unreachable", 4)]
  }),
  story("23", "declined", "The call is rejected by hand.", notReached, { attempts: [failed("declined", 7)] }),

  story("30", "invalid-number", "The number is not allocated.", brokeDown, { attempts: [failed("invalid_number", 1)] }),
  story("31", "congestion", "The carrier has no line left.", brokeDown, { attempts: [failed("congestion", 1)] }),
  story("32", "not-permitted", "The trunk may not dial this destination.", brokeDown, {
    attempts: [failed("not_permitted", 1)]
  }),
  story("33", "precondition-failed", "The far end sets a condition that the call does not meet.", brokeDown, {
    attempts: [failed("precondition_failed", 1)]
  }),
  story("34", "timeout", "The carrier does not answer in time.", brokeDown, { attempts: [failed("timeout", 32)] }),
  story("35", "provider-error", "The carrier reports a fault of its own.", brokeDown, {
    attempts: [failed("provider_error", 3)]
  }),
  story(
    "36",
    "errored",
    "The order breaks before anything is dialled.",
    { status: "failed", reach: "failed" },
    { attempts: [] }
  ),

  story("40", "no-answer-then-human", "Nobody answers; the second attempt reaches a person.", reachedHuman, {
    attempts: [rungOut, talk],
    ...talked
  }),
  story("41", "voicemail-then-human", "A mailbox answers; the second attempt reaches a person.", reachedHuman, {
    attempts: [mailbox, talk],
    ...talked
  }),
  story("42", "all-retries-fail", "No answer, busy, no answer.", notReached, {
    attempts: [rungOut, failed("busy", 2), rungOut]
  }),

  story("50", "long-queue", "The order waits for a line for 15 minutes, then a person answers.", reachedHuman, {
    queueSeconds: 900,
    attempts: [talk],
    ...talked
  }),
  story("51", "scheduled", "The order is scheduled for 10 minutes later, then a person answers.", reachedHuman, {
    scheduleSeconds: 600,
    attempts: [talk],
    ...talked
  }),
  story(
    "52",
    "late-enrichment",
    "Transcript, recording and outcome come 3, 5 and 10 minutes after the end.",
    reachedHuman,
    { attempts: [talk], ...talked, enrichment: { transcriptSeconds: 180, recordingSeconds: 300, outcomeSeconds: 600 } }
  ),
  story(
    "53",
    "canceled-elsewhere",
    "Somebody cancels the order in the provider's dashboard while it is queued.",
    { status: "canceled", reach: "canceled" },
    { queueSeconds: 60, cancelSeconds: 20, attempts: [talk] }
  ),
  story(
    "54",
    "not-launched",
    "The order is a campaign's row that is launched after 10 minutes, then a person answers.",
    reachedHuman,
    { scheduleSeconds: 600, waitsFor: "launch", attempts: [talk], ...talked }
  ),

  story("60", "rings-forever", "The end of the ringing is never reported.", pending("in_progress"), {
    attempts: [{ ringSeconds: FOREVER }]
  }),
  story("61", "talks-forever", "The end of the conversation is never reported.", pending("in_progress"), {
    attempts: [answered("human", FOREVER, "remote_hangup", Dialogue.longTalk)]
  }),
  story("62", "queued-forever", "The order never leaves the queue.", pending("queued"), {
    queueSeconds: FOREVER,
    attempts: [talk]
  }),
  story("63", "paused", "Somebody pauses the order in the queue, and nobody lets it go on.", pending("queued"), {
    queueSeconds: FOREVER,
    waitsFor: "resumption",
    attempts: [talk]
  }),

  story(
    "70",
    "unknown-words",
    "Who answered and how it ended, in words that no documentation knows.",
    completed("answered"),
    { attempts: [answered("human", 30, "remote_hangup", Dialogue.hungUpOn)], unknownWords: "details" }
  ),
  story(
    "71",
    "unknown-status",
    "The status of the finished call is a word that no documentation knows.",
    { status: "unrecognized", reach: "human" },
    { attempts: [talk], summary: talked.summary, unknownWords: "status" }
  ),

  story("80", "refused", "The provider refuses the order: HTTP 422. Nothing is placed.", undefined, {
    attempts: [],
    placement: "refused"
  }),
  story(
    "81",
    "at-capacity",
    "No line is free: HTTP 429 if the order is not to wait for one, where a provider offers that; else it waits a minute.",
    reachedHuman,
    { queueSeconds: 60, attempts: [talk], ...talked, placement: "at_capacity" }
  )
]

const byDigits = new Map(stories.map((each) => [each.digits, each]))

/** The story of a number: by its last two digits, the plain one where they name none. */
export const storyOf = (number: string): Story => byDigits.get(number.slice(-2)) ?? plain

/** The story of a call that has come in, by the caller's number: one in which somebody talks, from its first attempt on. */
export const incomingStoryOf = (number: string): Story => {
  const found = storyOf(number)
  const [first] = found.attempts
  if (first?.answeredBy === undefined || found.cancelSeconds !== undefined) return plain
  const { waitsFor: _, ...rest } = found
  return { ...rest, scheduleSeconds: 0, queueSeconds: 0, attempts: [first] }
}
