/** Stories in which somebody or something answers: a person (00–09), a machine (10–19). */
import * as Dialogue from "./dialogues.ts"
import { answered, mailbox, ordinary, reachedHuman, type Story, talk, talked } from "./story.ts"

/** What is played unless the digits say otherwise. */
export const plain: Story = {
  digits: "00",
  name: "human",
  about: "A person answers, talks for 42 s and hangs up. Also played for digits without a story.",
  ...ordinary,
  attempts: [talk],
  ...talked,
  ending: reachedHuman
}

export const storiesReached: ReadonlyArray<Story> = [
  plain,
  {
    digits: "01",
    name: "human-hangs-up",
    about: "A person answers and hangs up after 4 s without a word.",
    ...ordinary,
    attempts: [answered("human", 4, "remote_hangup", Dialogue.hungUpOn)],
    outcome: "not_interested",
    ending: reachedHuman
  },
  {
    digits: "02",
    name: "human-french",
    about: "A person answers and talks French.",
    ...ordinary,
    attempts: [answered("human", 47, "remote_hangup", Dialogue.conversationInFrench)],
    outcome: "interested",
    summary: "Visite convenue pour jeudi à quinze heures.",
    extracted: { visit_day: "jeudi", visit_hour: 15 },
    ending: reachedHuman
  },
  {
    digits: "03",
    name: "human-booking",
    about: "A person books; the agent uses tools and ends the call with one.",
    ...ordinary,
    attempts: [answered("human", 63, "agent_hangup", Dialogue.booking)],
    outcome: "completed",
    summary: "A visit was booked for Thursday at three.",
    extracted: { visit_day: "Thursday", visit_hour: 15 },
    ending: reachedHuman
  },
  {
    digits: "04",
    name: "transferred",
    about: "A person asks for a person and is transferred.",
    ...ordinary,
    attempts: [answered("human", 25, "transferred", Dialogue.askForHuman)],
    outcome: "completed",
    summary: "The caller was put through to a colleague.",
    ending: reachedHuman
  },
  {
    digits: "05",
    name: "max-duration",
    about: "A person talks until the longest allowed duration cuts the call.",
    ...ordinary,
    attempts: [answered("human", 600, "max_duration", Dialogue.longTalk)],
    outcome: "interested",
    summary: "Many questions about the workshop; cut off by the time limit.",
    ending: reachedHuman
  },
  {
    digits: "06",
    name: "callback-later",
    about: "A person wishes to be called back later.",
    ...ordinary,
    attempts: [answered("human", 18, "remote_hangup", Dialogue.callBackLater)],
    outcome: "callback_later",
    summary: "Was driving; asked to be called again in the evening.",
    ending: reachedHuman
  },
  {
    digits: "07",
    name: "callback-new-number",
    about: "A person gives another number to call.",
    ...ordinary,
    attempts: [answered("human", 21, "remote_hangup", Dialogue.callAnotherNumber)],
    outcome: "callback_new_number",
    summary: "Asked to call her sister instead.",
    ending: reachedHuman
  },
  {
    digits: "08",
    name: "do-not-contact",
    about: "A person wishes not to be called again.",
    ...ordinary,
    attempts: [answered("human", 15, "agent_hangup", Dialogue.doNotContact)],
    outcome: "do_not_contact",
    summary: "Asked not to be called again.",
    ending: reachedHuman
  },
  {
    digits: "09",
    name: "not-interested",
    about: "A person declines.",
    ...ordinary,
    attempts: [answered("human", 12, "agent_hangup", Dialogue.notInterested)],
    outcome: "not_interested",
    summary: "Not interested.",
    ending: reachedHuman
  },
  {
    digits: "10",
    name: "voicemail",
    about: "A mailbox answers; the agent leaves a message.",
    ...ordinary,
    attempts: [mailbox],
    ending: { status: "completed", reach: "voicemail" }
  },
  {
    digits: "11",
    name: "ivr",
    about: "A telephone menu answers; the agent finds no way through.",
    ...ordinary,
    attempts: [answered("ivr", 22, "ivr_dead_end", Dialogue.phoneMenu)],
    ending: { status: "completed", reach: "ivr" }
  },
  {
    digits: "12",
    name: "call-screening",
    about: "The screening of a mobile phone answers and asks for the reason of the call.",
    ...ordinary,
    attempts: [answered("call_screening", 16, "voicemail", Dialogue.screening)],
    ending: { status: "completed", reach: "call_screening" }
  },
  {
    digits: "13",
    name: "doubtful-voicemail",
    about: "The provider reports a mailbox, and the transcript shows a conversation.",
    ...ordinary,
    attempts: [answered("voicemail", 45, "voicemail", Dialogue.doubtfulVoicemail)],
    ending: { status: "completed", reach: "voicemail" }
  },
  {
    digits: "14",
    name: "silence",
    about: "Somebody or something answers and never says a word.",
    ...ordinary,
    attempts: [answered("unknown", 20, "silence", Dialogue.unanswered)],
    ending: { status: "completed", reach: "answered" }
  }
]
