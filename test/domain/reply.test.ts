/** How a transcript is read: what is a reply, what is near silence, and what is kept of it without its words. */
import { describe, expect, it } from "vitest"
import { normalize } from "../../adapters/index.ts"
import { seededRandom } from "../../src/compare/statistics/random.ts"
import {
  isNearlySilent,
  MACHINE_PHRASES,
  remoteReplies,
  REPLIES_OF_A_CONVERSATION,
  withoutWords
} from "../../src/domain/Reply.ts"
import { Role, type Transcript } from "../../src/domain/Transcript.ts"

const ROLES = Role.literals

/** Turns of agent and other side in turn, the agent first. */
const talk = (...texts: ReadonlyArray<string>): Transcript => ({
  turns: texts.map((text, at) => ({ role: at % 2 === 0 ? "agent" : "remote", text }))
})

describe("a reply", () => {
  it.each(["…", "...", "[silence]", "(inaudible)", "<noise>", "*coughs*", "[music] (beep)", "?!"])(
    "is not %j: no word is said",
    (text) => {
      expect(remoteReplies(talk("Hello, is anybody there?", text))).toBe(0)
    }
  )

  it.each(["Yes.", "¿Sí?", "はい", "[laughs] no", "7", "да"])("is %j", (text) => {
    expect(remoteReplies(talk("Hello, is anybody there?", text))).toBe(1)
  })

  it.each(Object.values(MACHINE_PHRASES).flat())("is not what a machine says: %s", (phrase) => {
    expect(remoteReplies(talk("Hello?", `Well, ${phrase.toUpperCase()}, and so on.`))).toBe(0)
  })

  it("is told from a machine by phrases in small letters, without accents or signs", () => {
    for (const phrase of Object.values(MACHINE_PHRASES).flat())
      expect(phrase).toMatch(/^[a-z0-9]+(?:[ '-][a-z0-9]+)*$/u)
  })

  it("is not what a machine says, however its accents and apostrophes are written", () => {
    for (const text of [
      "Laissez-moi un message après le bip.",
      "Le numéro n’est pas attribué.",
      "Drücken Sie die Eins."
    ])
      for (const form of ["NFC", "NFD"]) expect(remoteReplies(talk("Bonjour ?", text.normalize(form)))).toBe(0)
  })

  it("of a person may hold a longer word that begins like a machine's", () => {
    for (const text of ["That would be premature.", "My digits are cold.", "We press 10 a day."])
      expect(remoteReplies(talk("Hello?", text))).toBe(1)
  })

  it("of a person counts after one of a machine", () => {
    expect(remoteReplies(talk("Hello?", "Please state your name.", "The clinic.", "Hi, it's me.", "Hi.", "Yes?"))).toBe(
      2
    )
  })
})

describe("who answered, where a reply is all that tells it", () => {
  const call = (lines: ReadonlyArray<string>, more: object = {}) => {
    const [record] = normalize({
      id: "c1",
      direction: "OUTBOUND",
      agentId: "agent",
      fromNumber: "+12025550100",
      toNumber: "+12025550101",
      status: "COMPLETED",
      startedAt: "2026-05-04T15:00:08Z",
      endedAt: "2026-05-04T15:01:08Z",
      transcript: lines.map((content, at) => ({ role: at % 2 === 0 ? "agent" : "user", content })),
      ...more
    })
    return record?.kind === "call_order" ? record.attempts[0] : undefined
  }

  it("is a person who says a word, and nobody where a machine or noise is all that is heard", () => {
    expect(call(["Hello?", "Yes."])?.reach).toMatchObject({ value: "human", certainty: "inferred" })
    for (const other of ["…", "[noise]", "Please leave a message after the tone."]) {
      const heard = call(["Hello?", other])
      expect(heard?.reach).toMatchObject({ value: "answered", certainty: "inferred" })
      expect(heard?.answeredBy).toBeUndefined()
    }
  })

  it("does not contradict a mailbox that talks back, and does where a person did", () => {
    const detected = { hangupCause: "VOICEMAIL_DETECTED" }
    const menu = ["Hello?", "You have reached the mailbox of Zefira.", "It is me.", "To send it, press one."]
    expect(call(menu, detected)?.reach).toEqual({
      value: "voicemail",
      certainty: "detected",
      because: ["hangupCause=VOICEMAIL_DETECTED"]
    })
    expect(call(["Hello?", "Yes?", "It is me.", "Oh, hi."], detected)?.reach.contradicted).toBe(true)
  })
})

describe("near silence", () => {
  it.each([
    [talk(), true],
    [talk("Hello?", "..."), true],
    [talk("Hello?", "Hello?", "Hello?", "Hello?"), true],
    [talk("Hello, this is the assistant of the clinic."), false],
    [talk("Hello?", "No", "Yes?", "Not now"), false],
    [{ turns: [{ role: "tool", text: "a tool said so many words" }] }, true],
    [{ text: "agent: hello" }, true],
    [{ text: "agent: hello user: yes what is it" }, false]
  ] satisfies ReadonlyArray<[Transcript, boolean]>)("of %j is %s", (transcript, silent) => {
    expect(isNearlySilent(transcript)).toBe(silent)
  })
})

const PIECES = [
  "",
  " ",
  "…",
  "[noise]",
  "Yes",
  "Yes, of course",
  "no no no no no no",
  "press one",
  "voicemail",
  "Please leave a message after the tone, thank you",
  "はいはい",
  "don’t",
  "(a) b"
]

describe("a transcript without its words", () => {
  it("says the same of the call, and none of the words", () => {
    const random = seededRandom(7)
    const pick = <A>(list: ReadonlyArray<A>): A => list[Math.floor(random.uniform() * list.length)] ?? pick(list)
    for (let round = 0; round < 5000; round++) {
      const turns = Array.from({ length: Math.floor(random.uniform() * 8) }, () => ({
        role: pick(ROLES),
        text: pick(PIECES)
      }))
      const [whole, bare] = [{ turns }, withoutWords({ turns })]
      const most = REPLIES_OF_A_CONVERSATION
      expect([bare, remoteReplies(bare, most), isNearlySilent(bare)]).toEqual([
        { turns: turns.map(({ role }) => ({ role, text: expect.stringMatching(/^(voicemail|w)?( w)*$/) })) },
        remoteReplies(whole, most),
        isNearlySilent(whole)
      ])
    }
  })

  it.each(["[", "(", "<", "*", "[(", "*a ", "a", "é", "[a]"])(
    "is read to its end, with a million of %j in it",
    (text) => {
      // What looks for the end of each bracket anew would not come back.
      const transcript = talk("Hello there, it is me.", text.repeat(1_000_000))
      const isWord = /[aé]/u.test(text) && text !== "[a]"
      expect(remoteReplies(transcript)).toBe(Number(isWord))
      expect(remoteReplies(withoutWords(transcript))).toBe(Number(isWord))
      expect(isNearlySilent(transcript)).toBe(false)
    }
  )
})
