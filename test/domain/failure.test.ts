import { describe, expect, it } from "vitest"
import { failureInText, failureOfSipCode, sipCodeIn } from "../../src/domain/Failure.ts"

describe("SIP code", () => {
  it.each([
    ["SIP 486", 486],
    ["sip:486", 486],
    ["SIP/2.0 486 Busy Here", 486],
    ["SIP/2.0 603", 603],
    ["status 404", 404],
    ["status=404", 404],
    ["status: 404", 404],
    ["status code: 404", 404],
    ["Status-Code 404", 404],
    ["code 480", 480],
    ["code=480,", 480],
    ["error 503", 503],
    ["error (603)", 603],
    ["error code #484", 484],
    ["response 580.", 580],
    ['{"code": 487}', 487],
    ['{"sip_status": 487}', undefined],
    ["404 Not Found", 404],
    ["404: not found", 404],
    ["(486 Busy Here)", 486],
    ["Call failed (486, Busy Here)", 486],
    ["603 Decline", 603],
    ["603 Network Blocked", 603],
    ["487 Request Terminated", 487],
    ["480 Temporarily Unavailable", 480],
    ["504 Server Time-out", 504],
    ["600 Busy Everywhere", 600],
    ["first SIP 486, then SIP 404", 486],
    ["200 ok, then error 486", 486],
    ["error 486 after 3 attempts", 486]
  ])("of %j is %j", (text, code) => {
    expect(sipCodeIn(text)).toBe(code)
  })

  it.each([
    "486",
    "call 486 failed",
    "room 404",
    "404 Busy Here",
    "486 Network Blocked",
    "Busy Here 486",
    "error 4860",
    "error 1486",
    "error 700",
    "error 399",
    "error 200",
    "code 12486",
    "code 486-555-0100",
    "code (486) 555-0100",
    "code 486 555 0100",
    "code 486.555.0100",
    "error +486 20 1234567",
    "error +1 486 555 0100",
    "status 1-486-555-0100",
    "call to 202-486-0100 failed",
    "call to (202) 486-0100 failed",
    "number 202 555 0486 not in service, code unknown",
    "error 500 ms",
    "error 500ms",
    "status 480 seconds",
    "code 408s",
    "timeout code 600 sec",
    "error 408 milliseconds",
    "response 503 minutes late",
    "error 404 hours",
    "decoder 486",
    "unicode 486x",
    ""
  ])("is not in %j", (text) => {
    expect(sipCodeIn(text)).toBeUndefined()
  })

  it.each([
    [404, "invalid_number"],
    [410, "invalid_number"],
    [484, "invalid_number"],
    [604, "invalid_number"],
    [486, "busy"],
    [600, "busy"],
    [487, "no_answer"],
    [480, "unreachable"],
    [603, "declined"],
    [607, "declined"],
    [608, "blocked"],
    [503, "congestion"],
    [403, "not_permitted"],
    [412, "precondition_failed"],
    [580, "precondition_failed"],
    [408, "timeout"],
    [500, "provider_error"],
    [502, "provider_error"],
    [599, "provider_error"],
    [400, "unclassified"],
    [499, "unclassified"],
    [606, "unclassified"],
    [699, "unclassified"]
  ])("%i means %s", (code, kind) => {
    expect(failureOfSipCode(code)).toBe(kind)
    expect(failureInText(`SIP ${code}`)).toEqual({ kind, sipCode: code, message: `SIP ${code}` })
  })
})

describe("failure text", () => {
  it.each([
    ["User busy", "busy"],
    ["BUSY", "busy"],
    ["line was busybody", "unclassified"],
    ["No answer", "no_answer"],
    ["no-answer", "no_answer"],
    ["NO_ANSWER", "no_answer"],
    ["noanswer", "no_answer"],
    ["there was no answering machine", "unclassified"],
    ["temporarily unavailable", "unreachable"],
    ["Call declined by callee", "declined"],
    ["Network Blocked", "blocked"],
    ["network_blocked", "blocked"],
    ["declined: network blocked", "blocked"],
    ["forbidden", "not_permitted"],
    ["destination blocked", "not_permitted"],
    ["request timed out", "timeout"],
    ["Timeout", "timeout"],
    ["time-out", "timeout"],
    ["timed_out", "timeout"],
    ["something broke", "unclassified"],
    ["busy, then no answer", "busy"],
    ["no answer, then busy", "busy"],
    ["timeout: no answer", "no_answer"],
    ["declined: forbidden", "declined"]
  ])("%j means %s", (text, kind) => {
    expect(failureInText(text)).toEqual({ kind, message: text })
  })

  it.each([
    ["SIP 603 Network Blocked", "blocked", 603],
    ['SIP 603; text="Network Blocked"', "blocked", 603],
    ["SIP 607 Network Blocked", "declined", 607],
    ["SIP 603 Decline", "declined", 603],
    ["SIP 603 blocked", "declined", 603]
  ])("%j means %s, since 603 is sent by the person's side and by others in between", (text, kind, sipCode) => {
    expect(failureInText(text)).toEqual({ kind, sipCode, message: text })
  })

  it("takes the code before the phrase", () => {
    expect(failureInText("busy (SIP 404)")).toEqual({ kind: "invalid_number", sipCode: 404, message: "busy (SIP 404)" })
  })
})
