/**
 * What a transcript shows of the other side: who replied, and whether anything was said at all. Read by structure (who spoke
 * after whom, and how much); the few phrases below keep machines that talk back from counting as people.
 */
import type { Role, Transcript, Turn } from "./Transcript.ts"

/**
 * What mailboxes, announcements, telephone menus and call screening say and people seldom do, by language; in small letters and
 * without accents. Incomplete on purpose: a machine that says none of it is told by its structure alone.
 */
export const MACHINE_PHRASES = {
  English: [
    "after the tone",
    "after the beep",
    "at the tone",
    "voicemail",
    "voice mail",
    "mailbox",
    "please leave a message",
    "leave me a message",
    "leave your name",
    "press one",
    "press 1",
    "number you have dialed",
    "number you have dialled",
    "number you have called",
    "not in service",
    "you are trying to reach",
    "person you are calling",
    "record your name",
    "state your name",
    "your call is important"
  ],
  French: [
    "apres le bip",
    "apres le signal",
    "boite vocale",
    "messagerie",
    "repondeur",
    "laissez un message",
    "laissez-moi un message",
    "tapez 1",
    "tapez un",
    "appuyez sur",
    "numero que vous avez",
    "votre correspondant",
    "n'est pas attribue",
    "votre appel est important",
    "dites votre nom",
    "indiquez votre nom"
  ],
  German: [
    "nach dem signalton",
    "nach dem piepton",
    "nach dem ton",
    "mailbox",
    "anrufbeantworter",
    "hinterlassen sie",
    "hinterlasst",
    "drucken sie",
    "gewahlte rufnummer",
    "nicht vergeben",
    "der teilnehmer",
    "angerufene person",
    "alle mitarbeiter",
    "nennen sie ihren namen"
  ],
  Spanish: [
    "despues del tono",
    "despues de la senal",
    "despues del bip",
    "buzon",
    "contestador",
    "deje su mensaje",
    "deje un mensaje",
    "deja un mensaje",
    "pulse 1",
    "pulse uno",
    "marque 1",
    "marque uno",
    "numero que ha marcado",
    "numero marcado",
    "fuera de cobertura",
    "su llamada es importante",
    "diga su nombre"
  ],
  Italian: [
    "dopo il segnale",
    "dopo il bip",
    "segreteria",
    "casella vocale",
    "lasciate un messaggio",
    "lasci un messaggio",
    "lascia un messaggio",
    "prema",
    "premere",
    "digiti",
    "numero da lei",
    "numero selezionato",
    "non e raggiungibile",
    "utente da lei",
    "la sua chiamata e importante",
    "dica il suo nome"
  ]
} as const satisfies { readonly [language: string]: ReadonlyArray<string> }

/**
 * Whole words: "prema" is Italian for "press", and begins "premature". One expression is ten times as fast as looking for one
 * phrase after another; no phrase has a sign that means something in it.
 */
const PHRASE = new RegExp(`\\b(?:${Object.values(MACHINE_PHRASES).flat().join("|")})\\b`, "u")

const NOT_ASCII = /[^\p{ASCII}]/u
const ACCENTS = /\p{M}+/gu

const folded = (text: string): string => {
  const small = text.toLowerCase()
  return NOT_ASCII.test(small) ? small.normalize("NFD").replace(ACCENTS, "").replaceAll("’", "'") : small
}

const isOfMachine = (text: string): boolean => PHRASE.test(folded(text))

const BRACKETED = /\[[^[\]]*\]|\([^()]*\)|<[^<>]*>|\*[^*\s][^*]*\*/gu
const WORD_CHARACTER = /[\p{L}\p{N}]/u
/** In scripts without spaces each character counts. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu

const MAY_BE_BRACKETED = /[[(<*]/u

/** What is said; notes between brackets, "[silence]", are not. */
const saidIn = (text: string): string => (MAY_BE_BRACKETED.test(text) ? text.replace(BRACKETED, " ") : text)

const hasWord = (text: string): boolean => WORD_CHARACTER.test(text) && WORD_CHARACTER.test(saidIn(text))

/** Words in a text; no more than `most` are counted. */
const wordsIn = (text: string, most: number): number => {
  const said = saidIn(text)
  let words = 0
  WORD.lastIndex = 0
  while (words < most && WORD.test(said)) words += 1
  return words
}

/** In a call with fewer words, both sides taken together, hardly anything was said. */
export const FEWEST_WORDS = 5

/** Whether hardly anything was said by anybody: nobody can tell from it what the call came to. */
export const isNearlySilent = (transcript: Transcript): boolean => {
  if (!("turns" in transcript)) return wordsIn(transcript.text, FEWEST_WORDS) < FEWEST_WORDS
  let words = 0
  for (const { role, text } of transcript.turns) {
    if (role === "agent" || role === "remote") words += wordsIn(text, FEWEST_WORDS - words)
    if (words >= FEWEST_WORDS) return false
  }
  return true
}

/**
 * Replies of a person: turns of the other side with words in them, right after the agent spoke, in which no phrase of a
 * machine stands. What was said before the agent spoke may be a machine's greeting. No more than `most` are counted.
 */
export const remoteReplies = (transcript: Transcript | undefined, most = Number.POSITIVE_INFINITY): number => {
  if (transcript === undefined || !("turns" in transcript)) return 0
  let replies = 0
  let lastSpeaker: Role | undefined
  for (const { role, text } of transcript.turns) {
    if (replies >= most) break
    if ((role !== "agent" && role !== "remote") || !hasWord(text)) continue
    if (role === "remote" && lastSpeaker === "agent" && !isOfMachine(text)) replies += 1
    lastSpeaker = role
  }
  return replies
}

/** So many replies are a conversation: a greeting is one at most. */
export const REPLIES_OF_A_CONVERSATION = 2

const WORDS = "w w w w w".split(" ")
/** A phrase of a machine in one word. */
const OF_MACHINE = "voicemail"

/** Turns without what was said, by how many words they stand for; shared by all transcripts. */
const turnsOf = (text: string): { readonly [role in Role]: Turn } => ({
  agent: { role: "agent", text },
  remote: { role: "remote", text },
  transfer_target: { role: "transfer_target", text },
  tool: { role: "tool", text },
  system: { role: "system", text },
  unrecognized: { role: "unrecognized", text }
})
const OF_PERSON = Array.from({ length: FEWEST_WORDS + 1 }, (_, words) => turnsOf(WORDS.slice(0, words).join(" ")))
const OF_MACHINES = Array.from({ length: FEWEST_WORDS + 1 }, (_, words) =>
  turnsOf([OF_MACHINE, ...WORDS].slice(0, words).join(" "))
)

/**
 * A transcript without what was said: as long, with the same speakers, as silent or not, and with as many replies up to those
 * of a conversation.
 */
export const withoutWords = (transcript: Transcript): Transcript => {
  if (!("turns" in transcript)) return { text: WORDS.slice(0, wordsIn(transcript.text, FEWEST_WORDS)).join(" ") }
  let [words, replies] = [0, 0]
  let lastSpeaker: Role | undefined
  const turns = transcript.turns.map(({ role, text }) => {
    // Once enough was said, whether anything was said is enough.
    const own = words < FEWEST_WORDS ? wordsIn(text, FEWEST_WORDS) : Number(hasWord(text))
    if ((role !== "agent" && role !== "remote") || own === 0) return OF_PERSON[own]?.[role] ?? { role, text: "" }
    const mayReply = role === "remote" && lastSpeaker === "agent" && replies < REPLIES_OF_A_CONVERSATION
    const isMachine = mayReply && isOfMachine(text)
    if (mayReply && !isMachine) replies += 1
    words += own
    lastSpeaker = role
    return (isMachine ? OF_MACHINES : OF_PERSON)[own]?.[role] ?? { role, text: "" }
  })
  return { turns }
}
