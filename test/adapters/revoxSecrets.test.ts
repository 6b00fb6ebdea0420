import { describe, expect, it } from "vitest"
import { redact } from "../../adapters/index.ts"

const ADDRESS = "https://user:S@host.example.org/v1?key=S"
const SHOWN = "https://[redacted]@host.example.org/v1?key=[redacted]"

describe("addresses that Revox calls lose what opens them", () => {
  it.each([
    ["the model of one's own", { llm_model: { type: "custom", model_name: "m", api_url: ADDRESS } }],
    ["a tool", { custom_tools: [{ name: "n", url: ADDRESS }] }],
    ["a look-up before the call", { precall_lookup_url: ADDRESS }],
    ["a hook", { webhook_url: ADDRESS }]
  ])("%s", (_, assistant) => {
    const shown: unknown = JSON.parse(JSON.stringify({ assistant }).replaceAll(ADDRESS, SHOWN))
    expect(redact({ assistant })).toEqual(shown)
  })
})
