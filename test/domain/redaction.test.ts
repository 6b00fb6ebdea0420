import { describe, expect, it } from "vitest"
import {
  MAX_NESTING,
  prune,
  REDACTED,
  redact,
  redactAddress,
  redactJsonText,
  TooDeep
} from "../../src/domain/Redaction.ts"

describe("secret keys", () => {
  it.each([
    "apikey",
    "apiKey",
    "api_key",
    "api-key",
    "API_KEY",
    "APIKey",
    "api key",
    "x-api-key",
    "llm_api_key",
    "secret",
    "clientSecret",
    "client_secret",
    "SECRET_VALUE",
    "token",
    "auth_token",
    "authToken",
    "x-auth-token",
    "token_hint",
    "authorization",
    "Authorization",
    "proxy-authorization",
    "password",
    "userPassword",
    "user.password",
    "pass_word",
    "llm_system_prompt",
    "llmSystemPrompt"
  ])("%s hides its text", (key) => {
    expect(redact({ [key]: "S" })).toEqual({ [key]: REDACTED })
    expect(redact({ deep: [{ [key]: "S", kept: "S" }] })).toEqual({ deep: [{ [key]: REDACTED, kept: "S" }] })
  })

  it.each([
    "tokenizer",
    "max_tokens",
    "secretary",
    "apikeys",
    "keyapi",
    "authorized",
    "passwordless",
    "system_prompt",
    "monkey"
  ])("%s is none", (key) => {
    expect(redact({ [key]: "S" })).toEqual({ [key]: "S" })
  })

  it("hide every text below them, in objects and arrays", () => {
    expect(redact({ authorization: { scheme: "Bearer", parts: ["S", { more: "S", count: 2 }] } })).toEqual({
      authorization: { scheme: REDACTED, parts: [REDACTED, { more: REDACTED, count: 2 }] }
    })
  })

  it("never touch numbers, booleans and null", () => {
    const record = { max_tokens: 400, token: 12, secret: true, password: null, api_key: [1, false, null, { token: 3 }] }
    expect(redact(record)).toBe(record)
  })

  it("hide empty text as well", () => {
    expect(redact({ token: "" })).toEqual({ token: REDACTED })
  })
})

describe("headers and query parameters", () => {
  it.each(["headers", "query_params", "queryParams", "Headers"])("%s hides the value of its items", (key) => {
    expect(
      redact({
        [key]: [
          { key: "x-tool", value: "S" },
          { name: "q", value: "S", count: 1 }
        ]
      })
    ).toEqual({
      [key]: [
        { key: "x-tool", value: REDACTED },
        { name: "q", value: REDACTED, count: 1 }
      ]
    })
  })

  it("leave a value elsewhere", () => {
    const record = { value: "kept", items: [{ value: "kept" }] }
    expect(redact(record)).toBe(record)
  })
})

describe("addresses", () => {
  it.each([
    ["https://hooks.example.org/in", "https://hooks.example.org/in"],
    ["https://user:pass@hooks.example.org/in", `https://${REDACTED}@hooks.example.org/in`],
    ["https://key@hooks.example.org", `https://${REDACTED}@hooks.example.org`],
    ["//user:pass@hooks.example.org", `//${REDACTED}@hooks.example.org`],
    ["https://a:p@ss@hooks.example.org/", `https://${REDACTED}@hooks.example.org/`],
    ["https://hooks.example.org/in?a=S&b=S", `https://hooks.example.org/in?a=${REDACTED}&b=${REDACTED}`],
    ["https://hooks.example.org/in?S", `https://hooks.example.org/in?${REDACTED}`],
    ["https://hooks.example.org/in?a=", `https://hooks.example.org/in?a=${REDACTED}`],
    ["https://hooks.example.org/in?a=S=S", `https://hooks.example.org/in?a=${REDACTED}`],
    ["https://hooks.example.org/in?a=S;b=S#S", `https://hooks.example.org/in?a=${REDACTED};b=${REDACTED}#${REDACTED}`],
    ["https://hooks.example.org/in#token=S", `https://hooks.example.org/in#token=${REDACTED}`],
    ["https://hooks.example.org/a@b?mail=x@y", `https://hooks.example.org/a@b?mail=${REDACTED}`],
    ["/relative?a=S", `/relative?a=${REDACTED}`],
    ["", ""],
    ["not an address", "not an address"]
  ])("%s becomes %s", (address, redacted) => {
    expect(redactAddress(address).replaceAll(`=${REDACTED}=S`, `=${REDACTED}`)).toBe(redacted)
    expect(redactAddress(address)).not.toMatch(/[=?#;&]S|S[=&;#]|pass/)
  })

  it.each(["webhook_url", "webhookUrl", "post_call_webhook_url", "webhookUrl "])("stand under %s", (key) => {
    expect(redact({ [key]: "https://u:p@h.example.org/?s=S" })).toEqual({
      [key]: `https://${REDACTED}@h.example.org/?s=${REDACTED}`
    })
  })

  it.each(["tools", "custom_tools", "customTools"])("stand under url in %s", (key) => {
    expect(redact({ [key]: [{ name: "n", url: "https://h.example.org/?s=S" }] })).toEqual({
      [key]: [{ name: "n", url: `https://h.example.org/?s=${REDACTED}` }]
    })
  })

  it("of recordings keep their signature: they are what a user needs", () => {
    const record = { recording_url: "https://media.example.org/1.mp3?part=1", url: "https://example.org/?q=1" }
    expect(redact(record)).toBe(record)
  })
})

describe("JSON text within strings", () => {
  it.each([
    [`{"api_key":"S","n":1}`, `{"api_key":"${REDACTED}","n":1}`],
    [`[{"token":"S"}]`, `[{"token":"${REDACTED}"}]`],
    [`{"body":"{\\"password\\":\\"S\\"}"}`, `{"body":"{\\"password\\":\\"${REDACTED}\\"}"}`],
    [`{"headers":[{"value":"S"}]}`, `{"headers":[{"value":"${REDACTED}"}]}`],
    [`{"webhook_url":"https://h.example.org/?s=S"}`, `{"webhook_url":"https://h.example.org/?s=${REDACTED}"}`]
  ])("%s becomes %s", (text, redacted) => {
    expect(redact({ arguments: text })).toEqual({ arguments: redacted })
  })

  it.each([` {"api_key":"S"}`, `\n{"api_key":"S"}`, `"{\\"api_key\\":\\"S\\"}"`])(
    "is found after white space and within quotes: %j",
    (text) => {
      expect(JSON.stringify(redact({ arguments: text }))).not.toContain(`S`)
    }
  )

  it("stays as written where it holds no secret", () => {
    const record = { arguments: `{ "max_tokens" : 1,  "tools": [] }`, note: "{not json", list: "[1, 2" }
    expect(redact(record)).toBe(record)
  })
})

describe("text that is no readable JSON", () => {
  it.each([
    `{"api_key":"S"`,
    `{"api_key":"S`,
    `{"api_key" : "S","b":`,
    `{"a":1,"clientSecret":"S\\"S","b":2`,
    `{"webhook_url":"https://u:S@h.example.org/?a=S"`,
    `{"headers":[{"key":"k","value":"S"}`,
    `{"body":"{\\"token\\":\\"S\\"}"`,
    `{"token":"S"} trailing`,
    `{"token":"S"}{"token":"S"}`
  ])("loses its secrets: %s", (text) => {
    expect(redactJsonText(text)).not.toContain('S"')
    expect(JSON.stringify(redact(text)).replaceAll("clientSecret", "")).not.toContain("S")
  })

  it.each([`data: {"api_key":"S"}`, `"api_key":"S"}`, `2026-03-01 body={"token":"S"}`, `,"password":"S"}`])(
    "loses them wherever it begins: %s",
    (text) => {
      expect(redact(text)).not.toContain(`"S"`)
    }
  )

  it("keeps what is no secret", () => {
    expect(redactJsonText(`{"id":"x","max_tokens":4,"note":"a b"`)).toBe(`{"id":"x","max_tokens":4,"note":"a b"`)
  })
})

describe("the walk", () => {
  it("gives back the value itself where there is nothing to hide", () => {
    for (const value of ["text", 1, true, null, undefined, [], {}, { a: [{ b: "c" }], n: 1 }, ["x", [null]]]) {
      expect(redact(value)).toBe(value)
    }
  })

  it("shares what it does not change, and changes nothing in place", () => {
    const kept = { deep: ["x"] }
    const record = Object.freeze({ kept, token: "S" })
    const redacted = redact(record)
    expect(redacted).toEqual({ kept, token: REDACTED })
    expect(record.token).toBe("S")
    expect(redacted).toHaveProperty("kept", kept)
  })

  it("takes __proto__ and constructor as the keys they are in JSON", () => {
    const text = `{"__proto__":{"token":"S","kept":"x"},"constructor":{"api_key":"S"},"toString":"x"}`
    const redacted = redact(JSON.parse(text))
    expect(JSON.stringify(redacted)).toBe(text.replaceAll(`"S"`, `"${REDACTED}"`))
    expect(Object.getPrototypeOf(redacted)).toBe(Object.prototype)
  })

  it("changes nothing when it is repeated", () => {
    const once = redact({
      token: "S",
      webhook_url: "https://u:p@h.example.org/?a=S#S",
      arguments: `{"token":"S"}`,
      broken: `{"token":"S"`
    })
    expect(redact(once)).toEqual(once)
  })

  it("refuses what nests too deeply, and shows the top of it", () => {
    const nest = (levels: number): unknown => (levels === 0 ? "end" : { a: nest(levels - 1) })
    expect(redact(nest(MAX_NESTING))).toEqual(nest(MAX_NESTING))
    expect(() => redact(nest(MAX_NESTING + 1))).toThrow(TooDeep)
    expect(() => redact({ a: [["x"]] }, 2)).toThrow(TooDeep)
    expect(prune({ a: { b: { c: 1 } } }, 2)).toEqual({ a: { b: "[nested too deeply]" } })
  })
})
