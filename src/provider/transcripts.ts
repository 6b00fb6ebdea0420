/** Transcripts as providers write them: a list of turns, or one text. */
import * as Schema from "effect/Schema"
import { isEmptyObject } from "../domain/Json.ts"
import type { Role, Transcript, Turn } from "../domain/Transcript.ts"
import type { WordTable } from "../domain/Words.ts"
import type { IssueLog } from "./FieldReader.ts"
import { given } from "./WireReader.ts"

/** A field that is a list of turns, or one text. A turn may be bare text, or missing. */
export const TurnsOrText = <S extends Schema.Top>(turn: S) =>
  given(Schema.Union([Schema.Array(Schema.NullishOr(Schema.Union([turn, Schema.String]))), Schema.String]))

/** The turns, each read by `turnFrom`, or the one text. Turns with nothing in them are left out; of bare text nobody knows the speaker. */
export const readTranscript = <Item extends object>(
  raw: ReadonlyArray<Item | string | null | undefined> | string | null | undefined,
  turnFrom: (item: Item, index: number) => Turn
): Transcript | undefined => {
  if (raw === undefined || raw === null) return undefined
  if (typeof raw === "string") return { text: raw }
  const turns: Array<Turn> = []
  for (let index = 0; index < raw.length; index++) {
    const item = raw[index]
    if (item === undefined || item === null || isEmptyObject(item)) continue
    turns.push(typeof item === "string" ? { role: "unrecognized", text: item } : turnFrom(item, index))
  }
  return { turns }
}

/** Who speaks, by the provider's word for it; a word outside the table becomes an issue. `path` is asked for only then. */
export const readRole = (
  word: string | null | undefined,
  words: WordTable<Role>,
  path: () => string,
  issues: IssueLog
): Role => {
  if (word === undefined || word === null || word === "") return "unrecognized"
  const role = words(word)
  if (role === undefined) issues.add(path(), "unknown_word", word)
  return role ?? "unrecognized"
}
