import { describe, expect, it } from "vitest"
import {
  type AttemptEvidence,
  attemptReach,
  type Certainty,
  orderReach,
  type Reach,
  type ReachValue
} from "../../src/domain/Reach.ts"

const over: AttemptEvidence = {
  status: "ended",
  statusBecause: "status=s",
  over: true,
  running: false,
  ended: "ended=given",
  answered: undefined,
  answeredBecause: "answer=a",
  talkSeconds: undefined,
  remoteReplies: 0,
  answeredBy: undefined,
  failure: undefined
}

const running: AttemptEvidence = { ...over, status: "in_progress", over: false, running: true, ended: undefined }

const by = (
  value: "human" | "voicemail" | "ivr" | "call_screening" | "unknown" | "unrecognized",
  certainty: Certainty = "stated"
) => ({
  answeredBy: { value, certainty, because: `result=${value}` }
})

const failure = (
  value: "busy" | "no_answer" | "unreachable" | "declined" | "congestion" | "unrecognized",
  certainty: Certainty = "stated"
) => ({
  failure: { value, certainty, because: `error=${value}` }
})

type Row = readonly [about: string, evidence: AttemptEvidence, value: ReachValue, certainty: Certainty, because: string]

describe("reach of an attempt", () => {
  it.each<Row>([
    ["1: queued", { ...running, status: "queued" }, "pending", "stated", "status=s"],
    ["1: running, though a human was stated", { ...running, ...by("human") }, "pending", "stated", "status=s"],
    [
      "1: unrecognized and not ended",
      { ...running, status: "unrecognized", running: false },
      "unknown",
      "stated",
      "status=s"
    ],
    ["2: human", { ...over, ...by("human") }, "human", "stated", "result=human"],
    [
      "2: voicemail, detected",
      { ...over, ...by("voicemail", "detected") },
      "voicemail",
      "detected",
      "result=voicemail"
    ],
    ["2: ivr before answered", { ...over, ...by("ivr"), answered: true }, "ivr", "stated", "result=ivr"],
    ["2: call screening", { ...over, ...by("call_screening") }, "call_screening", "stated", "result=call_screening"],
    [
      "2: human inferred, canceled",
      { ...over, status: "canceled", ...by("human", "inferred") },
      "human",
      "inferred",
      "result=human"
    ],
    [
      "2: unrecognized but ended",
      { ...over, status: "unrecognized", ...by("human") },
      "human",
      "stated",
      "result=human"
    ],
    ["3: answered", { ...over, answered: true }, "answered", "inferred", "answer=a"],
    ["3: answered by unknown", { ...over, answered: true, ...by("unknown") }, "answered", "inferred", "answer=a"],
    [
      "3: answered by an unknown word",
      { ...over, answered: true, ...by("unrecognized") },
      "answered",
      "inferred",
      "answer=a"
    ],
    [
      "3: answered before canceled",
      { ...over, answered: true, status: "canceled" },
      "answered",
      "inferred",
      "answer=a"
    ],
    ["4: canceled", { ...over, status: "canceled" }, "canceled", "stated", "status=s"],
    ["4: canceled before busy", { ...over, status: "canceled", ...failure("busy") }, "canceled", "stated", "status=s"],
    ["5: busy", { ...over, ...failure("busy") }, "not_reached", "stated", "error=busy"],
    [
      "5: no answer, from text",
      { ...over, ...failure("no_answer", "inferred") },
      "not_reached",
      "inferred",
      "error=no_answer"
    ],
    [
      "5: unreachable, failed",
      { ...over, status: "failed", ...failure("unreachable") },
      "not_reached",
      "stated",
      "error=unreachable"
    ],
    ["5: declined", { ...over, ...failure("declined") }, "not_reached", "stated", "error=declined"],
    ["6: congestion", { ...over, ...failure("congestion") }, "failed", "stated", "error=congestion"],
    [
      "6: unrecognized failure",
      { ...over, ...failure("unrecognized", "inferred") },
      "failed",
      "inferred",
      "error=unrecognized"
    ],
    ["6: status failed", { ...over, status: "failed" }, "failed", "stated", "status=s"],
    [
      "6: status failed before not answered",
      { ...over, status: "failed", answered: false },
      "failed",
      "stated",
      "status=s"
    ],
    ["7: not answered", { ...over, answered: false }, "not_reached", "inferred", "answer=a"],
    [
      "7: not answered, by unknown",
      { ...over, answered: false, ...by("unknown") },
      "not_reached",
      "inferred",
      "answer=a"
    ],
    ["8: ended, nothing more", over, "unknown", "inferred", "status=s"],
    ["8: unrecognized and ended", { ...over, status: "unrecognized" }, "unknown", "inferred", "status=s"]
  ])("by rule %s", (_, evidence, value, certainty, because) => {
    expect(attemptReach(evidence)).toEqual({ value, certainty, because: [because] })
  })

  it.each<readonly [string, AttemptEvidence, ReachValue, ReadonlyArray<string>]>([
    ["human, not answered", { ...over, ...by("human"), answered: false }, "human", ["result=human", "answer=a"]],
    [
      "voicemail, not answered",
      { ...over, ...by("voicemail"), answered: false },
      "voicemail",
      ["result=voicemail", "answer=a"]
    ],
    [
      "human without talk",
      { ...over, ...by("human"), answered: true, talkSeconds: 0 },
      "human",
      ["result=human", "talkSeconds=0"]
    ],
    [
      "voicemail that answers back twice",
      { ...over, ...by("voicemail"), remoteReplies: 2 },
      "voicemail",
      ["result=voicemail", "transcript=remote_turns_after_agent_turns"]
    ],
    ["failure, answered", { ...over, ...failure("busy"), answered: true }, "answered", ["answer=a", "error=busy"]],
    ["running, ended", { ...running, ended: "ended=given" }, "pending", ["status=s", "ended=given"]],
    [
      "human, not answered, without talk",
      { ...over, ...by("human"), answered: false, talkSeconds: 0 },
      "human",
      ["result=human", "answer=a", "talkSeconds=0"]
    ]
  ])("is contradicted by %s", (_, evidence, value, because) => {
    expect(attemptReach(evidence)).toMatchObject({ value, because, contradicted: true })
  })

  it.each<readonly [string, AttemptEvidence]>([
    ["voicemail with one reply", { ...over, ...by("voicemail"), remoteReplies: 1 }],
    ["human with many replies", { ...over, ...by("human"), remoteReplies: 9, talkSeconds: 40, answered: true }],
    ["ivr, not answered", { ...over, ...by("ivr"), answered: false }],
    ["failure, not answered", { ...over, ...failure("busy"), answered: false }],
    ["unrecognized, ended", { ...over, status: "unrecognized" }],
    ["no talk, nobody stated", { ...over, answered: true, talkSeconds: 0 }]
  ])("is not contradicted by %s", (_, evidence) => {
    expect(attemptReach(evidence)).not.toHaveProperty("contradicted")
  })
})

const reach = (value: ReachValue, certainty: Certainty = "stated", because = `${value}/${certainty}`): Reach => ({
  value,
  certainty,
  because: [because]
})

const order = (
  status: "completed" | "failed" | "canceled" | "in_progress" | "unrecognized",
  terminal: boolean | undefined
) => ({
  status,
  terminal,
  because: "status=o"
})

const done = order("completed", true)
const open = order("in_progress", false)
const unclear = order("unrecognized", undefined)

describe("reach of an order", () => {
  it.each<readonly [string, ReadonlyArray<ReachValue>, ReturnType<typeof order>, ReachValue]>([
    ["open: human", ["human", "answered"], open, "human"],
    ["open: answered before screening", ["call_screening", "answered"], open, "answered"],
    ["open: screening before ivr", ["ivr", "call_screening"], open, "call_screening"],
    ["open: ivr before voicemail", ["voicemail", "ivr"], open, "ivr"],
    ["open: voicemail, then not reached", ["voicemail", "not_reached"], open, "voicemail"],
    ["open: not reached is pending", ["not_reached"], open, "pending"],
    ["open: failed is pending", ["failed", "canceled", "unknown"], open, "pending"],
    ["open: no attempts", [], open, "pending"],
    ["terminal: human before all", ["not_reached", "voicemail", "human"], done, "human"],
    ["terminal: voicemail before not reached", ["not_reached", "voicemail"], done, "voicemail"],
    ["terminal: not reached before failed", ["failed", "not_reached"], done, "not_reached"],
    ["terminal: failed before canceled", ["canceled", "failed"], done, "failed"],
    ["terminal: canceled before unknown", ["unknown", "canceled"], done, "canceled"],
    ["terminal: pending counts as unknown", ["pending"], done, "unknown"],
    ["terminal: pending loses to canceled", ["pending", "canceled"], done, "canceled"],
    ["terminal: no attempts, completed", [], done, "unknown"],
    ["terminal: no attempts, failed", [], order("failed", true), "failed"],
    ["terminal: no attempts, canceled", [], order("canceled", true), "canceled"],
    ["terminal: no attempts, unrecognized", [], order("unrecognized", true), "unknown"],
    ["unclear: pending stays", ["pending"], unclear, "pending"],
    ["unclear: not reached before pending", ["pending", "not_reached"], unclear, "not_reached"],
    ["unclear: human", ["pending", "human"], unclear, "human"],
    ["unclear: no attempts", [], unclear, "unknown"]
  ])("%s", (_, attempts, of, value) => {
    expect(
      orderReach(
        attempts.map((each) => reach(each)),
        of
      ).value
    ).toBe(value)
  })

  it("takes the best certainty among equal values, then the oldest attempt", () => {
    expect(orderReach([reach("voicemail", "detected"), reach("voicemail", "stated")], done).because).toEqual([
      "voicemail/stated"
    ])
    expect(orderReach([reach("human", "inferred"), reach("human", "detected")], open).because).toEqual([
      "human/detected"
    ])
    expect(orderReach([reach("human", "stated", "first"), reach("human", "stated", "second")], done).because).toEqual([
      "first"
    ])
  })

  it("rests on the status where no attempt speaks", () => {
    expect(orderReach([], done)).toEqual({ value: "unknown", certainty: "inferred", because: ["status=o"] })
    expect(orderReach([], order("canceled", true))).toEqual({
      value: "canceled",
      certainty: "stated",
      because: ["status=o"]
    })
    expect(orderReach([reach("failed")], open)).toEqual({
      value: "pending",
      certainty: "stated",
      because: ["status=o"]
    })
  })

  it("keeps a contradiction of the attempt it rests on", () => {
    const doubtful: Reach = { ...reach("human"), contradicted: true }
    expect(orderReach([doubtful, reach("voicemail")], done)).toEqual(doubtful)
  })
})
