/** An address with a password may be given where none is expected: no message repeats the password. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { withoutPasswords } from "../../src/cli/shell/withoutPasswords.ts"
import { unicall } from "./unicall.ts"

const PASSWORD = "p4ss-w0rd"
const ADDRESS = `postgres://app:${PASSWORD}@db.example/calls`

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-passwords-"))
  writeFileSync(join(folder, "adapter.mjs"), "export default 1")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("a password in an address is not repeated", () => {
  it.each([
    [[ADDRESS]],
    [["normalize", ADDRESS]],
    [["normalize", `host=db.example password=${PASSWORD}`]],
    [["normalize", "--only", ADDRESS, "."]],
    [["normalize", "--into", join(ADDRESS, "calls.facts"), "adapter.mjs"]],
    [["normalize", "--adapter", ADDRESS, "."]],
    [["explain", `app:${PASSWORD}@db.example/calls:5`]],
    [["compare", ADDRESS]],
    [["get", ADDRESS]],
    [["wait", `revox:1`, ADDRESS, "--poll", "x"]],
    [["reconcile", ADDRESS, "--call", ADDRESS]],
    [["help", ADDRESS]],
    [["journal", "show", "--journal", `./${ADDRESS}`]],
    [["journal", ADDRESS]],
    [["experiment", "plan", ADDRESS]],
    [["place", "--provider", ADDRESS]],
    [["doctor", ADDRESS]],
    [["label", ADDRESS]],
    [["twin", ADDRESS]]
  ])("by unicall %j", async (args) => {
    const { code, stdout, stderr } = await unicall(folder, args)
    expect(code).not.toBe(0)
    expect(stderr).not.toBe("")
    expect(stdout + stderr).not.toContain(PASSWORD)
  })

  it.each([
    [`${ADDRESS}: no such file`, "postgres://app:[redacted]@db.example/calls: no such file"],
    [`"mysql:/app:${PASSWORD}@db.example"`, `"mysql:[redacted]@db.example"`],
    [`app:${PASSWORD}@db.example, //app:p@ss/${PASSWORD}@x`, "app:[redacted]@db.example, //app:[redacted]@x"],
    ["calls?user=app&password=secret&x=1", "calls?user=app&password=[redacted]&x=1"],
    ["password = 'two words' host=a", "password = [redacted] host=a"],
    ["a folder/jo@example.ndjson:5: missing_id", "a folder/jo@example.ndjson:5: missing_id"],
    ["postgres://app@db.example:5432/calls", "postgres://app@db.example:5432/calls"]
  ])("in %j", (text, shown) => {
    expect(withoutPasswords(text)).toBe(shown)
  })
})
