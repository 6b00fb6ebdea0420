/** Stories that try a client's patience: slow (50–59), never over (60–69), unknown words (70–79), not taken (80–89). */
import * as Dialogue from "./dialogues.ts"
import { answered, FOREVER, ordinary, reachedHuman, type Story, talk, talked } from "./story.ts"

export const storiesUnusual: ReadonlyArray<Story> = [
  {
    digits: "50",
    name: "long-queue",
    about: "The order waits for a line for 15 minutes, then a person answers.",
    ...ordinary,
    queueSeconds: 900,
    attempts: [talk],
    ...talked,
    ending: reachedHuman
  },
  {
    digits: "51",
    name: "scheduled",
    about: "The order is scheduled for 10 minutes later, then a person answers.",
    ...ordinary,
    scheduleSeconds: 600,
    attempts: [talk],
    ...talked,
    ending: reachedHuman
  },
  {
    digits: "52",
    name: "late-enrichment",
    about: "Transcript, recording and outcome come 3, 5 and 10 minutes after the end.",
    ...ordinary,
    attempts: [talk],
    ...talked,
    enrichment: { transcriptSeconds: 180, recordingSeconds: 300, outcomeSeconds: 600 },
    ending: reachedHuman
  },
  {
    digits: "53",
    name: "canceled-elsewhere",
    about: "Somebody cancels the order in the provider's dashboard while it is queued.",
    ...ordinary,
    queueSeconds: 60,
    cancelSeconds: 20,
    attempts: [talk],
    ending: { status: "canceled", reach: "canceled" }
  },
  {
    digits: "54",
    name: "not-launched",
    about: "The order is a campaign's row that is launched after 10 minutes, then a person answers.",
    ...ordinary,
    scheduleSeconds: 600,
    waitsFor: "launch",
    attempts: [talk],
    ...talked,
    ending: reachedHuman
  },
  {
    digits: "60",
    name: "rings-forever",
    about: "The end of the ringing is never reported.",
    ...ordinary,
    attempts: [{ ringSeconds: FOREVER }],
    ending: { status: "in_progress", reach: "pending" }
  },
  {
    digits: "61",
    name: "talks-forever",
    about: "The end of the conversation is never reported.",
    ...ordinary,
    attempts: [answered("human", FOREVER, "remote_hangup", Dialogue.longTalk)],
    ending: { status: "in_progress", reach: "pending" }
  },
  {
    digits: "62",
    name: "queued-forever",
    about: "The order never leaves the queue.",
    ...ordinary,
    queueSeconds: FOREVER,
    attempts: [talk],
    ending: { status: "queued", reach: "pending" }
  },
  {
    digits: "63",
    name: "paused",
    about: "Somebody pauses the order in the queue, and nobody lets it go on.",
    ...ordinary,
    queueSeconds: FOREVER,
    waitsFor: "resumption",
    attempts: [talk],
    ending: { status: "queued", reach: "pending" }
  },
  {
    digits: "70",
    name: "unknown-words",
    about: "Who answered and how it ended, in words that no documentation knows.",
    ...ordinary,
    attempts: [answered("human", 30, "remote_hangup", Dialogue.hungUpOn)],
    unknownWords: "details",
    ending: { status: "completed", reach: "answered" }
  },
  {
    digits: "71",
    name: "unknown-status",
    about: "The status of the finished call is a word that no documentation knows.",
    ...ordinary,
    attempts: [talk],
    summary: talked.summary,
    unknownWords: "status",
    ending: { status: "unrecognized", reach: "human" }
  },
  {
    digits: "80",
    name: "refused",
    about: "The provider refuses the order: HTTP 422. Nothing is placed.",
    ...ordinary,
    attempts: [],
    placement: "refused",
    ending: undefined
  },
  {
    digits: "81",
    name: "at-capacity",
    about:
      "No line is free: HTTP 429 if the order is not to wait for one, where a provider offers that; else it waits a minute.",
    ...ordinary,
    queueSeconds: 60,
    attempts: [talk],
    ...talked,
    placement: "at_capacity",
    ending: reachedHuman
  }
]
