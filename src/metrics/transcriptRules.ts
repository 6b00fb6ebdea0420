/**
 * What is concluded from a transcript, by the same rule for every provider. A rule is pinned: whoever changes what it counts,
 * or the phrases it knows, gives it a new version, and numbers of different versions are not compared.
 */
import { FEWEST_WORDS, isNearlySilent, remoteReplies, REPLIES_OF_A_CONVERSATION } from "../domain/Reply.ts"
import type { Transcript } from "../domain/Transcript.ts"

/** A rule by its name with its version, and in words. */
export interface TranscriptRule {
  /** `conversation/1` */
  readonly id: string
  readonly text: string
}

const REPLY =
  "A reply is a turn of the other side with words in it, right after the agent spoke, in which none of the phrases stands that are listed for mailboxes, announcements, menus and call screening."
const NO_VERDICT = `A transcript with fewer than ${FEWEST_WORDS} words of both sides together, or one that is not split into turns, gets no verdict.`

/** Two sides talked. */
export const CONVERSATION_RULE: TranscriptRule = {
  id: "conversation/1",
  text: `${REPLY} Two replies or more are a conversation, fewer are none. ${NO_VERDICT}`
}

/** The other side said something to the agent. */
export const REPLY_RULE: TranscriptRule = {
  id: "reply/1",
  text: `${REPLY} One reply is enough. ${NO_VERDICT}`
}

export interface TranscriptReading {
  /** Those beyond a conversation's are not counted. */
  readonly replies: number
  readonly isConversation: boolean
}

const reading = (transcript: Transcript): TranscriptReading | undefined => {
  if (!("turns" in transcript) || isNearlySilent(transcript)) return undefined
  const replies = remoteReplies(transcript, REPLIES_OF_A_CONVERSATION)
  return { replies, isConversation: replies >= REPLIES_OF_A_CONVERSATION }
}

/** Several definitions in a row ask about the same transcript. */
let latest: { readonly transcript: Transcript; readonly read: TranscriptReading | undefined } | undefined

/** What the rules say of a transcript; `undefined`: no verdict. */
export const readTranscript = (transcript: Transcript): TranscriptReading | undefined => {
  if (latest?.transcript !== transcript) latest = { transcript, read: reading(transcript) }
  return latest.read
}
