import { describe, expect, it } from "vitest"
import packageJson from "../package.json" with { type: "json" }
import { unsupportedNode } from "../src/nodeVersion.ts"

const node = (version: string, others: object = {}) => ({ versions: { node: version, uv: "1.51.0", ...others } })

describe("the Node version", () => {
  const [major = 0, minor = 0] = packageJson.engines.node.replace(">=", "").split(".").map(Number)

  it("is too old below what package.json names", () => {
    expect(unsupportedNode(node(`${major}.${minor - 1}.9`))).toContain(`needs Node ${major}.${minor} or later`)
    expect(unsupportedNode(node(`${major}.${minor}.0`))).toBeUndefined()
  })

  it.each(["18.20.8", "20.20.2", "21.7.3", "22.0.0", "22.2.0", "22.9.9"])("%s is too old, and is told", (version) => {
    expect(unsupportedNode(node(version))).toBe(`unicall needs Node 22.19 or later, and this is Node ${version}.`)
  })

  it.each(["22.19.0", "22.20.1", "23.0.0", "24.0.0", "26.10.0", "100.0.0"])("%s can be used", (version) => {
    expect(unsupportedNode(node(version))).toBeUndefined()
  })

  it.each([
    ["none", undefined],
    ["null", null],
    ["a browser with a shim", { env: {} }],
    ["a shim with empty versions", { versions: {} }],
    ["a shim that imitates Node", { versions: { node: "20.0.0" } }],
    ["Bun", node("20.0.0", { bun: "1.0.0" })],
    ["Deno", node("20.0.0", { deno: "2.0.0" })],
    ["a version of another kind", { versions: { node: 18, uv: "1" } }]
  ])("is not judged where the process is %s", (_, process) => {
    expect(unsupportedNode(process)).toBeUndefined()
  })
})
