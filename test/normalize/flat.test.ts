/** No text of a record is held in parts: one is enough for V8 to write the whole record the slow way. */
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const script = fileURLToPath(new URL("textsInParts.ts", import.meta.url))

const textsInParts = (...flags: ReadonlyArray<string>) =>
  JSON.parse(execFileSync(process.execPath, [script, ...flags], { encoding: "utf8", maxBuffer: 1e8 }))

it("every text of a record is in one piece", () => {
  const { records, texts, found } = textsInParts()
  expect(records).toBeGreaterThan(500)
  expect(texts).toBeGreaterThan(5000)
  expect(found).toEqual([])
}, 120_000)

it("a text in parts would be found", () => {
  const { found } = textsInParts("--planted")
  expect(found.map(([kind, path]: readonly [string, string]) => [kind, path.replace(/.*\./, "")])).toEqual([
    ["concatenated string", "joined"],
    ["sliced string", "cut"]
  ])
}, 120_000)
