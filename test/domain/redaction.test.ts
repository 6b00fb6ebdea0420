import { describe, expect, it, vi } from "vitest"
import {
  makeRedactor,
  MAX_NESTING,
  prune,
  REDACTED,
  redact,
  redactAddress,
  TooDeep
} from "../../src/domain/Redaction.ts"

const { text: redactJsonText } = makeRedactor()

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
    "llmSystemPrompt",
    "system_prompt",
    "systemMessage",
    "rendered_prompt",
    "private_key",
    "privateKey",
    "ssh-private-key",
    "credentials",
    "credential",
    "gcpCredentials",
    "cookie",
    "Set-Cookie",
    "session_cookies",
    "bearer",
    "bearer_token",
    "access_key",
    "AccessKeyId",
    "aws_secret_access_key",
    "passwd",
    "db_passwd",
    "passphrase",
    "api_keys",
    "apikeys",
    "access_tokens",
    "jwt",
    "api__key",
    "ключ token",
    "accesstoken",
    "clientsecret",
    "secretkey",
    "private_keys",
    "signingKeys",
    "master_key",
    "connectionString",
    "password2",
    "apiKey1",
    "api2key",
    "api\u200Bkey",
    "ＡＰＩ＿ＫＥＹ",
    "ſecret",
    "APİ_KEY"
  ])("%s hides its text", (key) => {
    expect(redact({ [key]: "S" })).toEqual({ [key]: REDACTED })
    expect(redact({ deep: [{ [key]: "S", kept: "S" }] })).toEqual({ deep: [{ [key]: REDACTED, kept: "S" }] })
  })

  it.each([
    "tokenizer",
    "max_tokens",
    "secretary",
    "keyapi",
    "authorized",
    "passwordless",
    "monkey",
    "cookie_consent",
    "cookiePolicy",
    "token_count",
    "tokenUsage",
    "token_type",
    "token_count_2",
    "token_limits",
    "token_cost",
    "session_token_ttl",
    "is_token_valid",
    "total_tokens",
    "prompt_tokens",
    "password_changed_at",
    "credentials_expiry",
    "authorization_status",
    "api_key_version",
    "accessibility",
    "public_key_count",
    "prompt",
    "prompt_variables",
    "after_call_sms_prompt",
    "structured_output_prompt",
    "bearers",
    "headers_received",
    "email_headers",
    "callback_later",
    "callback",
    "webhook_events",
    "tooltip"
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

  it.each(["headers", "http_headers", "customHeaders", "query_params"])("%s as a map hide every text", (key) => {
    expect(redact({ [key]: { "x-tool": "S", deep: { more: ["S"] }, timeout: 5 } })).toEqual({
      [key]: { "x-tool": REDACTED, deep: { more: [REDACTED] }, timeout: 5 }
    })
  })

  it("hide what comes as pairs, maps in a list, or lines", () => {
    expect(redact({ headers: [["x-tool", "S"]] })).toEqual({ headers: [["x-tool", REDACTED]] })
    expect(redact({ headers: [{ "x-tool": "S" }] })).toEqual({ headers: [{ "x-tool": REDACTED }] })
    expect(redact({ headers: ["x-tool: S", "accept"] })).toEqual({ headers: [`x-tool: ${REDACTED}`, "accept"] })
    expect(redact({ headers: "x-tool: S\r\nx-other:S S" })).toEqual({
      headers: `x-tool: ${REDACTED}\r\nx-other:${REDACTED}`
    })
    expect(redact({ headers: `{"x-tool":"S"}` })).toEqual({ headers: `{"x-tool":"${REDACTED}"}` })
  })

  it("keep the names of columns", () => {
    const record = { headers: ["id", "phone_number"], csv: { headers: "id,phone_number" } }
    expect(redact(record)).toBe(record)
  })

  it.each(["api_key", "X-Api-Key", "clientSecret"])("hide the value of a pair named %s wherever it stands", (name) => {
    for (const key of ["key", "name"]) {
      expect(redact({ env: [{ [key]: name, value: "S", note: "kept" }] })).toEqual({
        env: [{ [key]: name, value: REDACTED, note: "kept" }]
      })
      expect(redact({ tools: [{ fields: [{ value: { deep: ["S"] }, [key]: name }] }] })).toEqual({
        tools: [{ fields: [{ value: { deep: [REDACTED] }, [key]: name }] }]
      })
    }
    expect(redact({ body: `[{"name":"${name}","value":"S"}]` })).toEqual({
      body: `[{"name":"${name}","value":"${REDACTED}"}]`
    })
  })

  it("leave a value elsewhere", () => {
    const record = {
      value: "kept",
      items: [
        { value: "kept" },
        { name: "token_count", value: "kept" },
        { name: "Did the person forget a password?", value: "kept" }
      ]
    }
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

  it.each(["webhook_url", "webhookUrl", "post_call_webhook_url", "webhookUrl ", "webhook_url_2", "webhookUrl2"])(
    "stand under %s",
    (key) => {
      expect(redact({ [key]: "https://u:p@h.example.org/?s=S" })).toEqual({
        [key]: `https://${REDACTED}@h.example.org/?s=${REDACTED}`
      })
    }
  )

  it.each(["tools", "Tools", "webhook", "webhooks"])("stand under url in %s", (key) => {
    expect(redact({ [key]: [{ name: "n", url: "https://h.example.org/?s=S" }] })).toEqual({
      [key]: [{ name: "n", url: `https://h.example.org/?s=${REDACTED}` }]
    })
  })

  it("stand below a hook or a tool at any depth", () => {
    const address = "https://u:p@h.example.org/?s=S"
    const redacted = `https://${REDACTED}@h.example.org/?s=${REDACTED}`
    expect(redact({ webhook: address, webhooks: [address, { url: address, note: "Is it? yes" }] })).toEqual({
      webhook: redacted,
      webhooks: [redacted, { url: redacted, note: "Is it? yes" }]
    })
    expect(redact({ tools: [{ server: { url: address } }], status_callback_url: address })).toEqual({
      tools: [{ server: { url: redacted } }],
      status_callback_url: redacted
    })
  })

  it.each([
    [" https://u:p@h.example.org/", ` https://${REDACTED}@h.example.org/`],
    ["u:p@h.example.org/in", `${REDACTED}@h.example.org/in`],
    ["https://h.example.org/?a?b=S", `https://h.example.org/?a?b=${REDACTED}`]
  ])("%s becomes %s, however it is written", (address, redacted) => {
    expect(redactAddress(address)).toBe(redacted)
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

  it.each([` {"api_key":"S"}`, `\n{"api_key":"S"}`, `\uFEFF{"api_key":"S"}`, `"{\\"api_key\\":\\"S\\"}"`])(
    "is found after white space or a byte order mark, and within quotes: %j",
    (text) => {
      expect(JSON.stringify(redact({ arguments: text }))).not.toContain(`S`)
    }
  )

  it.each(["webhook_url", "headers", "tools"])("is found in a list below %s", (key) => {
    const text = `{"token":"S","n":1}`
    const redacted = `{"token":"${REDACTED}","n":1}`
    expect(redact({ [key]: [text, [text]] })).toEqual({
      [key]: [redacted, key === "headers" ? [redacted] : [redacted]]
    })
  })

  it.each([
    `{"pass_word":"S"}`,
    `{"api__key":"S"}`,
    `{"private key":"S"}`,
    `{"\\u0074oken":"S"}`,
    `{"api\\u200bkey":"S"}`,
    `{"ａｐｉ＿ｋｅｙ":"S"}`,
    `{"Cookie":"S"}`
  ])("is read whatever form its keys have: %s", (text) => {
    expect(JSON.stringify(redact({ arguments: text }))).not.toMatch(/"S/)
  })

  it("is parsed to a bounded depth: a text can hold texts in proportion to the root of its length", () => {
    const quote = (level: number): string => (level === 0 ? '"' : `\\${"u005c".repeat(level - 1)}u0022`)
    const levels = Array.from({ length: 300 }, (_, level) => level)
    const text = `${levels.map((level) => `[${quote(level)}`).join("")}token${levels.map((level) => `${quote(299 - level)}]`).join("")}`
    const parse = vi.spyOn(JSON, "parse")
    redact({ body: text })
    expect(parse.mock.calls.length).toBeLessThan(20)
    parse.mockRestore()
  })

  it("goes whole where texts are nested deeper than anybody writes them", () => {
    const nested = (levels: number): string => (levels === 0 ? `{"token":"S"}` : JSON.stringify([nested(levels - 1)]))
    expect(JSON.stringify(redact({ body: nested(3) }))).toContain(REDACTED)
    expect(JSON.stringify(redact({ body: nested(12) }))).not.toMatch(/"S/)
  })

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
    `{"token":"S"}{"token":"S"}`,
    `{"headers":{"x-tool":"S","x-other":{"a":["S`,
    `{"credentials":{"user":"S"},"id":`,
    `{"private_key":["S","S"]`,
    `{"body":"{\\"a\\":\\"{\\\\\\"token\\\\\\":\\\\\\"S\\\\\\"}\\"}"`
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

describe("keys that an adapter adds", () => {
  const redactor = makeRedactor([
    { secrets: ["line pin"], pairs: ["sip fields"], addresses: ["lookup at"], callees: ["hooked"] }
  ])
  const record = {
    linePin: "S",
    sip_fields: { a: "S" },
    lookup_at: "https://h.example.org/?S",
    hooked: { url: "https://h.example.org/?S" },
    text: `{"line_pin":"S"}`
  }

  it("hide what is under them, in objects and in text", () => {
    expect(JSON.stringify(redactor.value(record))).not.toMatch(/["?]S/)
    expect(redactor.text(`{"line_pin":"S","sip_fields":{"a":"S"`)).not.toContain(`"S`)
  })

  it.each(["line pin", "line_pin", "linePin", "X-Line-PIN"])("may be written in any spelling: %s", (name) => {
    const spelled = makeRedactor([{ secrets: [name] }])
    const [pin, text] = [{ x_line_pin: "S" }, `{"x_line_pin":"S"`]
    expect(spelled.value(pin)).toEqual({ x_line_pin: "[redacted]" })
    expect(spelled.text(text)).not.toContain(`"S`)
  })

  it("mean nothing to others", () => {
    expect(redact(record)).toBe(record)
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

describe("a whole key that an adapter calls secret", () => {
  const { value } = makeRedactor([{ secrets: ["presigned", "presigned until expires"] }])

  it("goes though it ends like one that only tells about a secret", () => {
    expect(value({ presignedUntilExpires: "S", presignedExpires: "kept", presignedUrl: "S" })).toEqual({
      presignedUntilExpires: REDACTED,
      presignedExpires: "kept",
      presignedUrl: REDACTED
    })
  })
})
