/** The rules over transcripts, pinned; and what the labelled transcripts say of them. */
import { describe, expect, it } from "vitest"
import {
  labelAgreement,
  type LabelledTranscript,
  measureLabels,
  transcriptLines,
  transcriptOfLines
} from "../../../src/compare/labels.ts"
import { digestOfJson } from "../../../src/experiment/digest.ts"
import { MACHINE_PHRASES } from "../../../src/domain/Reply.ts"
import { CONVERSATION_RULE, readTranscript, REPLY_RULE } from "../../../src/metrics/transcriptRules.ts"
import { invented } from "./invented.ts"

const rows = invented()

describe("the invented transcripts", () => {
  it("are two hundred, forty in each of five languages, marked as invented, and nobody's", () => {
    expect(rows.length).toBe(200)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(200)
    const byLanguage = Map.groupBy(rows, ({ language }) => language)
    expect([...byLanguage.keys()].toSorted()).toEqual(["English", "French", "German", "Italian", "Spanish"])
    for (const own of byLanguage.values()) expect(own.length).toBe(40)
    expect(rows.every(({ synthetic, provider }) => synthetic === true && provider === "invented")).toBe(true)
    expect(rows.filter(({ text }) => /\d{4}/u.test(text))).toEqual([])
  })
})

describe("a rule", () => {
  it("is pinned: whoever changes its text, its phrases or what it says gives it a new version, and this digest", () => {
    const said = rows.map(({ transcript }) => readTranscript(transcript)?.replies ?? "none")
    const digest = digestOfJson({ rules: [CONVERSATION_RULE, REPLY_RULE], phrases: MACHINE_PHRASES, said })
    expect({ [`${CONVERSATION_RULE.id} ${REPLY_RULE.id}`]: digest.slice(0, 16) }).toEqual({
      "conversation/1 reply/1": "cd398e86374d9b49"
    })
  })

  it("gives the same verdict on whatever transcript was asked about before", () => {
    const [first, second] = [rows[0], rows[30]]
    if (first === undefined || second === undefined) return expect(first).toBeDefined()
    const once = [readTranscript(first.transcript), readTranscript(second.transcript)]
    expect([readTranscript(first.transcript), readTranscript(second.transcript)]).toEqual(once)
    expect(readTranscript({ text: "agent: hello user: hello, how are you" })).toBeUndefined()
  })
})

const person = transcriptOfLines("agent: Hello there, it is me.\nremote: Yes?\nagent: Now?\nremote: No.")
const machine = transcriptOfLines("agent: Hello there, it is me.\nremote: Leave it after the beep.")
const silent = transcriptOfLines("agent: Hello?")

describe("the measure", () => {
  it("counts by hand what it counts", () => {
    if (person === undefined || machine === undefined || silent === undefined) return expect(person).toBeDefined()
    const labelled: ReadonlyArray<LabelledTranscript> = [
      { provider: "a", transcript: person, label: "person", secondLabel: "person" },
      { provider: "a", transcript: person, label: "none", secondLabel: "person" },
      { provider: "a", transcript: machine, label: "none", secondLabel: "none" },
      { provider: "b", transcript: machine, label: "person", secondLabel: "unclear" },
      { provider: "b", transcript: silent, label: "person" },
      { provider: "b", transcript: silent, label: "unclear" }
    ]
    const [conversation] = measureLabels(labelled)
    expect(conversation?.rule).toEqual(CONVERSATION_RULE)
    expect(conversation?.groups.map(({ group, transcripts }) => [group, transcripts])).toEqual([
      ["all", 6],
      ["a", 3],
      ["b", 3]
    ])
    expect(conversation?.groups[0]).toMatchObject({
      sensitivity: { count: 1, n: 2, share: 0.5 },
      specificity: { count: 1, n: 2, share: 0.5 },
      agreement: { count: 2, n: 4, share: 0.5 },
      noVerdict: 1,
      unclear: 1
    })
    // Wilson's interval of 1 of 2, as any textbook has it.
    expect(conversation?.groups[0]?.sensitivity.interval?.low).toBeCloseTo(0.0945, 4)
    expect(conversation?.groups[2]?.specificity).toEqual({ count: 0, n: 0 })
    // Of four pairs two agree; by chance 2·2 + 2·1 of 16 would.
    const { n, same, kappa } = labelAgreement(labelled) ?? {}
    expect([n, same]).toEqual([4, 2])
    expect(kappa).toBeCloseTo((0.5 - 6 / 16) / (1 - 6 / 16), 12)
  })

  it("has no kappa without a second label, nor where all are one word", () => {
    const once = rows.map(({ provider, transcript, label }) => ({ provider, transcript, label }))
    expect(labelAgreement(once)).toBeUndefined()
    const same = rows.slice(0, 3).map((row) => ({ ...row, label: "none", secondLabel: "none" }) as const)
    expect(labelAgreement(same)).toEqual({ n: 3, same: 3 })
  })
})

describe("lines of a transcript", () => {
  it("are read back as they were written, for every rule", () => {
    const transcript = {
      turns: [
        { role: "system", text: "begin" },
        { role: "agent", text: "Hello\nagent: there, it is me" },
        { role: "tool", text: "secret" },
        { role: "remote", text: "=1+1, yes\r\n\r\nit is" },
        { role: "unrecognized", text: "hm" }
      ]
    } as const
    const lines = transcriptLines(transcript)
    expect(lines).toBe("agent: Hello agent: there, it is me\nremote: =1+1, yes it is\nunrecognized: hm")
    const back = transcriptOfLines(lines)
    expect(back && readTranscript(back)).toEqual(readTranscript(transcript))
    expect(transcriptOfLines(lines.replaceAll("\n", "\r\n"))).toEqual(back)
    for (const { transcript: each } of rows) expect(transcriptOfLines(transcriptLines(each))).toEqual(each)
  })

  it("are none where nobody is said to speak", () => {
    for (const text of ["", "\n", "Hello", "agent: hello\nyes"]) expect(transcriptOfLines(text)).toBeUndefined()
  })
})
