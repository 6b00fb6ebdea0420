import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import packageJson from "../package.json" with { type: "json" }

const contentOf = (file: string): string => readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), "utf8")

/** The source of what is exported: `dist` has the same tree. */
const sourceOf = (built: string): string => built.replace("./dist/", "").replace(/\.js$/, ".ts")

const entries = Object.entries(packageJson.exports).flatMap(([entry, target]) =>
  typeof target === "string" ? [] : [[entry, sourceOf(target.default)] as const]
)

describe("entry points", () => {
  it("are there", () => expect(entries.length).toBeGreaterThan(5))

  it.each(entries)("%s checks the version of Node before anything else is loaded", (_, file) => {
    const [first] = contentOf(file).match(/\b(?:from|import) "[^"]+"/g) ?? []
    expect(first).toMatch(/^import "(\.\.?\/)+(src\/)?supportedNode\.ts"$/)
  })

  it("keep that check when they are bundled", () => {
    expect(packageJson.sideEffects).toEqual(["./dist/src/supportedNode.js"])
  })
})

describe("README", () => {
  const readme = contentOf("README.md")

  it("installs this version's package, from a file", () => {
    const installed = [...readme.matchAll(/npm install (.+)/g)].map(([, what = ""]) => what)
    expect(installed).toEqual([expect.stringContaining(`/unicall-${packageJson.version}.tgz`)])
  })

  it("names the oldest Node that package.json allows", () => {
    expect(readme).toContain(`needs Node ${packageJson.engines.node.replace(">=", "")} or later`)
  })

  it("reads only files that are in the package", () => {
    const read = [...readme.matchAll(/\bdocs\/samples\b/g)]
    expect(read.length).toBeGreaterThan(0)
    expect(packageJson.files).toContain("docs/samples")
  })
})
