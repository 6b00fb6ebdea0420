import { describe, expect, it } from "vitest"
import { isTerminalAttempt, isTerminalOrder, AttemptStatus, OrderStatus } from "../../src/domain/CallStatus.ts"
import { parseArguments, type Turn } from "../../src/domain/Transcript.ts"
import { remoteReplies } from "../../src/domain/Reply.ts"
import { wordTable } from "../../src/domain/Words.ts"

const words = wordTable({ NO_ANSWER: 1, "ios-screening-filter": 2, IVR: 3, ivr: 4, queued_for_calling: 5 })

describe("word table", () => {
  it.each([
    ["NO_ANSWER", 1],
    ["no_answer", 1],
    ["No Answer", 1],
    ["no-answer", 1],
    ["  NO__ANSWER ", 1],
    ["no - answer", 1],
    ["ios_screening filter", 2],
    ["IVR", 3],
    ["ivr", 4],
    ["Queued-For-Calling", 5],
    ["NOANSWER", undefined],
    ["NO_ANSWER_", undefined],
    ["NO.ANSWER", undefined],
    ["", undefined],
    [" ", undefined],
    ["constructor", undefined],
    ["__proto__", undefined],
    ["toString", undefined],
    ["hasOwnProperty", undefined],
    ["valueOf", undefined]
  ])("reads %j as %j", (word, meaning) => {
    expect(words(word)).toBe(meaning)
  })

  it("shows its rows as written", () => {
    expect(words.rows.map(([word]) => word)).toEqual([
      "NO_ANSWER",
      "ios-screening-filter",
      "IVR",
      "ivr",
      "queued_for_calling"
    ])
  })
})

describe("terminal statuses", () => {
  it("are completed, failed and canceled of an order", () => {
    expect(OrderStatus.literals.filter(isTerminalOrder)).toEqual(["completed", "failed", "canceled"])
  })

  it("are ended, failed and canceled of an attempt", () => {
    expect(AttemptStatus.literals.filter(isTerminalAttempt)).toEqual(["ended", "failed", "canceled"])
  })
})

const turns = (script: string): { readonly turns: ReadonlyArray<Turn> } => ({
  turns: [...script].map((letter) => ({
    role: roles.get(letter) ?? "unrecognized",
    text: letter === "_" ? " " : "words"
  }))
})

const roles = new Map<string, Turn["role"]>([
  ["a", "agent"],
  ["r", "remote"],
  ["t", "tool"],
  ["s", "system"]
])

describe("remote replies", () => {
  it.each([
    ["", 0],
    ["r", 0],
    ["rr", 0],
    ["a", 0],
    ["ar", 1],
    ["ra", 0],
    ["rar", 1],
    ["arr", 1],
    ["arar", 2],
    ["atr", 1],
    ["asr", 1],
    ["tr", 0],
    ["sr", 0],
    ["aur", 1],
    ["au", 0]
  ])("of the turns %j are %i", (script, replies) => {
    expect(remoteReplies(turns(script))).toBe(replies)
  })

  it("are none where the remote turn or the agent's has no words", () => {
    expect(
      remoteReplies({
        turns: [
          { role: "agent", text: "Hello" },
          { role: "remote", text: " \n" }
        ]
      })
    ).toBe(0)
    expect(
      remoteReplies({
        turns: [
          { role: "agent", text: "" },
          { role: "remote", text: "Hello" }
        ]
      })
    ).toBe(0)
  })

  it("are none in unsplit text and without a transcript", () => {
    expect(remoteReplies({ text: "Agent: hello. User: hi." })).toBe(0)
    expect(remoteReplies(undefined)).toBe(0)
  })
})

describe("tool arguments", () => {
  it.each([
    [`{"a":1}`, { a: 1 }],
    ["[1]", [1]],
    ["plain text", "plain text"],
    [`{"a":`, `{"a":`],
    ["", ""],
    [{ a: null }, { a: null }]
  ])("given as %j are %j", (raw, value) => {
    expect(parseArguments(raw)).toEqual(value)
  })
})
