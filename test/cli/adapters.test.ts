/** `--adapter`: the commands that read records know providers of others. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { adapterFilesIn } from "../../src/cli/providers.ts"
import { unicall } from "./unicall.ts"

const folder = mkdtempSync(join(tmpdir(), "unicall-adapters-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const revring = pathToFileURL(fileURLToPath(new URL("../../adapters/revring/index.ts", import.meta.url))).href

/** RevRing's records under other names, read by its adapter. */
const acme = (id: string, key = "callee"): string => `
import { revring } from ${JSON.stringify(revring)}
const [shape] = revring.shapes
const read = ({ id, ${key}: toNumber }) => ({ ...shape.read({ id, toNumber, status: "COMPLETED" }), provider: "${id}" })
const matches = (body) => Object.hasOwn(body, "${key}")
export const acme = { ...revring, id: "${id}", providerId: "${id}", title: "Acme", shapes: [{ name: "call", signs: "${key}", matches, read }] }
`
writeFileSync(join(folder, "acme.mjs"), acme("acme-voice"))
writeFileSync(join(folder, "other.mjs"), acme("other", "whom"))
writeFileSync(join(folder, "taken.mjs"), acme("revox", "whom"))
writeFileSync(join(folder, "empty.mjs"), "export const nothing = {}")
writeFileSync(join(folder, "broken.mjs"), "export const =")
const lines = `{"id":"c-1","callee":"+12025550101"}\n{"id":"c-2","whom":"+12025550102"}\n`

const idsOf = (stdout: string): ReadonlyArray<string> =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .map(({ provider, id }) => `${provider} ${id}`)

describe("--adapter", () => {
  it("adds providers to what is read, wherever it stands, in threads and folded as well", async () => {
    const both = ["--adapter", "acme.mjs", "--adapter=other.mjs"]
    for (const args of [
      ["normalize", ...both, "-"],
      [...both, "normalize"],
      ["normalize", "--fold", ...both]
    ]) {
      const { code, stdout } = await unicall(folder, args, lines)
      expect(code).toBe(0)
      expect(idsOf(stdout).toSorted()).toEqual(["acme-voice c-1", "other c-2"])
    }
    writeFileSync(join(folder, "calls.ndjson"), lines)
    const threads = await unicall(folder, ["normalize", "--workers", "2", ...both, "calls.ndjson"])
    expect(idsOf(threads.stdout)).toEqual(["acme-voice c-1", "other c-2"])
    const { stdout } = await unicall(folder, ["normalize", "--adapter", "acme.mjs", "-"], lines)
    expect(idsOf(stdout)).toEqual(["acme-voice c-1"])
  })

  it("explains and compares them", async () => {
    const explained = await unicall(folder, ["explain", "--adapter", "acme.mjs", "calls.ndjson:1"])
    expect(explained.stdout).toMatch(/callee|toNumber|acme-voice/)
    const compared = await unicall(folder, [
      "compare",
      "--adapter",
      "acme.mjs",
      "--adapter",
      "other.mjs",
      "calls.ndjson",
      "--json"
    ])
    expect(JSON.parse(compared.stdout).arms.map(({ name }: { name: string }) => name)).toEqual(["acme-voice", "other"])
  })

  it.each([
    ["none.mjs", /^--adapter none\.mjs: cannot be loaded/],
    ["broken.mjs", /^--adapter broken\.mjs: cannot be loaded/],
    ["empty.mjs", /^--adapter empty\.mjs: expected a module that exports an adapter, with id, providerId/],
    ["taken.mjs", /^--adapter: two adapters have the id "revox"/]
  ])("refuses %s before anything is read", async (file, message) => {
    const { code, stdout, stderr } = await unicall(folder, ["normalize", "--adapter", file, "-"], lines)
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toMatch(message)
  })

  it("is told that live calls need a program", async () => {
    const { code, stderr } = await unicall(folder, ["doctor", "--adapter", "acme.mjs", "--provider", "acme-voice"])
    expect(code).toBe(2)
    expect(stderr).toContain("revox")
  })

  it("is no flag after --", () => {
    expect(adapterFilesIn(["normalize", "--adapter", "a", "--adapter=b", "--", "--adapter", "c"])).toEqual(["a", "b"])
    expect(adapterFilesIn(["--adapter"])).toEqual([])
  })
})
