/** The messages of a Vapi call as turns. Pure. */
import type { Transcript, Turn } from "../../src/domain/Transcript.ts"
import { parseArguments } from "../../src/domain/Transcript.ts"
import { present } from "../../src/domain/present.ts"
import { type IssueLog, readId, readInstant, readValue } from "../../src/provider/FieldReader.ts"
import { readRole } from "../../src/provider/transcripts.ts"
import type * as Wire from "./Wire.ts"
import { roleWords } from "./Words.ts"

type Messages = Wire.Course["messages"]

/** One message is one turn, but for one that calls several tools. */
const turnsFrom = (message: Wire.Message, path: string, issues: IssueLog): ReadonlyArray<Turn> => {
  const turn: Turn = {
    role: readRole(message.role, roleWords, () => `${path}.role`, issues),
    text: message.message ?? "",
    ...present({
      at: readInstant(message.time, `${path}.time`, issues),
      atSeconds: readValue(message.secondsFromStart),
      toolName: readValue(message.name),
      toolCallId: readId(message.toolCallId),
      output: message.result ?? undefined
    })
  }
  const calls = (message.toolCalls ?? []).filter((call) => call !== null && call !== undefined)
  if (calls.length === 0) return [turn]
  return calls.map((call) => ({
    ...turn,
    ...present({
      toolName: readValue(call.function?.name),
      toolCallId: readId(call.id),
      arguments: parseArguments(call.function?.arguments)
    })
  }))
}

/** The turns; nothing where no messages are given. */
export const readMessages = (messages: Messages, path: string, issues: IssueLog): Transcript | undefined =>
  messages === undefined || messages === null
    ? undefined
    : {
        turns: messages.flatMap((message, index) =>
          message === undefined || message === null || Object.keys(message).length === 0
            ? []
            : turnsFrom(message, `${path}[${index}]`, issues)
        )
      }

/** Turns say more than the text that is made of them, and anything more than what is given empty. */
export const transcriptFrom = (told: Wire.Course, issues: IssueLog): Transcript | undefined => {
  const { artifact } = told
  if (artifact?.messages?.length) return readMessages(artifact.messages, "artifact.messages", issues)
  if (told.messages?.length) return readMessages(told.messages, "messages", issues)
  const text = artifact?.transcript || told.transcript
  if (text) return { text }
  if (artifact?.messages || told.messages) return { turns: [] }
  return text === "" ? { text } : undefined
}
