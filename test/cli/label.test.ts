/** `unicall label`: a sheet is drawn, filled in, and measured. What was said is in the sheet and nowhere else. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { unicall } from "./unicall.ts"

const SECRET = "Zefira wants the blue one"

const call = (index: number, lines: ReadonlyArray<string>, more: object = {}) => ({
  id: `call-${index}`,
  organizationId: "org",
  direction: "OUTBOUND",
  agentId: "agent",
  fromNumber: "+33199000000",
  toNumber: `+3319900${String(index).padStart(4, "0")}`,
  status: "COMPLETED",
  createdAt: "2026-05-04T15:00:00Z",
  initiatedAt: "2026-05-04T15:00:00Z",
  startedAt: "2026-05-04T15:00:08Z",
  endedAt: "2026-05-04T15:01:08Z",
  transcript: lines.map((content, at) => ({ role: at % 2 === 0 ? "agent" : "user", content })),
  ...more
})

const TALK = ["Hello, this is the assistant.", `Yes, ${SECRET}.`, "Very well.", "Bye."]
const GREETING = ["Hello, this is the assistant.", "Leave a word after the beep."]

const calls = [
  ...Array.from({ length: 30 }, (_, index) => call(index, index % 2 === 0 ? TALK : GREETING)),
  // None of these can be labelled, or is a call of ours.
  call(90, [], { transcript: null }),
  call(91, TALK, { status: "ONGOING", endedAt: null }),
  call(92, TALK, { direction: "INBOUND" }),
  call(93, TALK, { transcript: `agent: hello user: ${SECRET}` })
]

const linesOf = (payloads: ReadonlyArray<object>): string =>
  payloads.map((each) => `${JSON.stringify(each)}\n`).join("")

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unicall-label-"))
  writeFileSync(join(folder, "calls.ndjson"), linesOf(calls))
  writeFileSync(join(folder, "other.ndjson"), linesOf([...calls.slice(0, 9), ...calls].toReversed()))
  // As an earlier record had it: with less said.
  writeFileSync(join(folder, "early.ndjson"), linesOf(calls.slice(0, 30).map((_, index) => call(index, ["Hello,"]))))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const label = (...args: ReadonlyArray<string>) => unicall(folder, ["label", ...args])
const read = (name: string): string => readFileSync(join(folder, name), "utf8")
const rowsIn = (name: string): ReadonlyArray<{ readonly [column: string]: string }> =>
  read(name)
    .trimEnd()
    .split("\n")
    .map((line): { readonly [column: string]: string } => JSON.parse(line))

/** A sheet filled in: who said more than one thing is a person. */
const filled = (name: string, second: (index: number) => string = () => ""): void => {
  const rows = rowsIn(name).map((row, index) => ({
    ...row,
    label: row["transcript"]?.includes(SECRET) === true ? " Person " : "NONE",
    label_2: second(index)
  }))
  writeFileSync(join(folder, name), linesOf(rows))
}

describe("drawing a sheet", () => {
  it("needs a file of its own, since it holds what was said", async () => {
    for (const args of [["calls.ndjson"], ["calls.ndjson", "-o", "-"]]) {
      const { code, stdout, stderr } = await label(...args)
      expect([code, stdout]).toEqual([2, ""])
      expect(stderr).toContain("-o: expected the file to write the sheet to")
    }
    const { code, stderr } = await label("calls.ndjson", "-o", "calls.ndjson")
    expect(code).toBe(2)
    expect(stderr).toContain("expected another file than the inputs")
    expect(read("calls.ndjson")).toBe(linesOf(calls))
  })

  it("takes calls of ours that are over and have turns, and says nothing of what was said", async () => {
    const { code, stdout, stderr } = await label("calls.ndjson", "-o", "all.ndjson")
    expect([code, stdout]).toEqual([0, ""])
    expect(stderr).toContain("all.ndjson: 30 calls drawn of 30 with a transcript.")
    expect(stderr).not.toContain("Zefira")
    const rows = rowsIn("all.ndjson")
    expect(rows.length).toBe(30)
    expect(Object.keys(rows[0] ?? {})).toEqual(["id", "provider", "transcript", "label", "label_2"])
    expect(rows.find(({ id }) => id === "revring:call-0")).toEqual({
      id: "revring:call-0",
      provider: "revring",
      transcript: `agent: ${TALK[0]}\nremote: ${TALK[1]}\nagent: ${TALK[2]}\nremote: ${TALK[3]}`,
      label: "",
      label_2: ""
    })
    expect(read("all.ndjson")).not.toMatch(/\+?33199/u)
  })

  it("is for nobody else to read, whatever was there before", async () => {
    writeFileSync(join(folder, "before.ndjson"), "", { mode: 0o644 })
    for (const name of ["new.csv", "before.ndjson"]) {
      expect((await label("calls.ndjson", "-o", name)).code).toBe(0)
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    }
  })

  it("is the same for a seed, in whatever order and however often and early calls come", async () => {
    const drawn = async (name: string, ...args: ReadonlyArray<string>): Promise<string> => {
      expect((await label(...args, "--calls", "8", "-o", name)).code).toBe(0)
      return read(name)
    }
    const first = await drawn("first.ndjson", "calls.ndjson")
    expect(rowsIn("first.ndjson").length).toBe(8)
    expect(await drawn("again.ndjson", "early.ndjson", "other.ndjson", "early.ndjson")).toBe(first)
    // A call of several records is one call.
    expect((await label("early.ndjson", "other.ndjson", "-o", "counted.ndjson")).stderr).toContain(
      "counted.ndjson: 30 calls drawn of 30 with a transcript."
    )
    expect(await drawn("seeded.ndjson", "calls.ndjson", "--seed", "2")).not.toBe(first)
  })

  it("finds nothing where no call has a transcript, and leaves no sheet", async () => {
    writeFileSync(join(folder, "none.ndjson"), linesOf(calls.slice(30, 32)))
    const { code, stderr } = await label("none.ndjson", "-o", "nothing.csv")
    expect(code).toBe(1)
    expect(stderr).toContain("found none")
    expect(existsSync(join(folder, "nothing.csv"))).toBe(false)
  })
})

describe("measuring by a sheet", () => {
  it.each([
    ["--calls", "8"],
    ["--seed", "2"]
  ])("draws nothing, so %s is refused", async (flag, value) => {
    const { code, stdout, stderr } = await label("--sheet", "any.ndjson", flag, value)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain(`${flag}: expected no --sheet beside it`)
  })

  it("says how often the rules agree, for each provider, and with kappa for two labels", async () => {
    await label("calls.ndjson", "-o", "filled.ndjson")
    filled("filled.ndjson", (index) => (index < 5 ? "unclear" : ""))
    const { code, stdout, stderr } = await label("--sheet", "filled.ndjson", "--json")
    expect([code, stderr]).toEqual([0, ""])
    const measure: unknown = JSON.parse(stdout)
    const group = {
      transcripts: 30,
      sensitivity: { n: 15, count: 15, share: 1 },
      specificity: { n: 15, count: 15, share: 1 },
      agreement: { n: 30, count: 30 },
      noVerdict: 0,
      unclear: 0
    }
    expect(measure).toMatchObject({
      kind: "label_measure",
      labelled: 30,
      unlabelled: 0,
      rules: [
        {
          rule: { id: "conversation/1", text: expect.any(String) },
          groups: [
            { group: "all", ...group },
            { group: "revring", ...group }
          ]
        },
        { rule: { id: "reply/1" } }
      ],
      labels: { n: 5, same: 0, kappa: 0 }
    })
    const told = await label("--sheet", "filled.ndjson")
    expect(told.stdout).toMatch(/^revring +30 +100\.0 % of 15 \(15; 79\.6 to 100\.0 %\)/mu)
    expect(told.stdout).toContain("Two labels on 5 calls: the same on 0.0 %")
    expect(stdout + told.stdout + told.stderr).not.toContain("Zefira")
  })

  it("reads a sheet of a spreadsheet, and leaves out what nobody has labelled", async () => {
    await label("calls.ndjson", "--calls", "3", "-o", "sheet.csv")
    const sheet = read("sheet.csv")
    expect(sheet.startsWith("\uFEFFid,provider,transcript,label,label_2\r\n")).toBe(true)
    const saved = sheet.replace(",,\r\n", ",person,\r\n").replaceAll("\r\n", "\n")
    writeFileSync(join(folder, "sheet.csv"), saved)
    const { code, stdout, stderr } = await label("--sheet", "sheet.csv", "--json")
    expect([code, stderr]).toEqual([0, "2 calls without a label left out\n"])
    expect(JSON.parse(stdout)).toMatchObject({ labelled: 1, unlabelled: 2 })
    expect(JSON.parse(stdout)).not.toHaveProperty("labels")
  })

  it("tells a wrong label by its line and the words that are expected, and repeats none of the sheet", async () => {
    await label("calls.ndjson", "--calls", "4", "-o", "wrong.ndjson")
    const changes = [
      { label: SECRET },
      { label: "none", label_2: 7 },
      { label_2: "none" },
      { label: "none", transcript: SECRET }
    ]
    writeFileSync(
      join(folder, "wrong.ndjson"),
      linesOf(rowsIn("wrong.ndjson").map((row, at) => ({ ...row, ...changes[at] })))
    )
    const { code, stdout, stderr } = await label("--sheet", "wrong.ndjson")
    expect([code, stdout]).toEqual([2, ""])
    for (const line of [
      "wrong.ndjson:1: label: expected person, none or unclear",
      "wrong.ndjson:2: label_2: expected person, none or unclear",
      "wrong.ndjson:3: label: expected person, none or unclear where label_2 has one",
      "wrong.ndjson:4: transcript: expected lines that begin with agent: or remote:"
    ])
      expect(stderr).toContain(line)
    expect(stderr).not.toContain("Zefira")
  })

  it("refuses what is no sheet, one without labels, and other files beside it", async () => {
    await label("calls.ndjson", "-o", "empty.csv")
    expect((await label("--sheet", "empty.csv")).stderr).toContain("expected labels in the column label, found none")
    expect((await label("--sheet", "calls.ndjson")).code).toBe(2)
    expect((await label("--sheet", "missing.csv")).code).toBe(3)
    expect((await label("calls.ndjson", "--sheet", "empty.csv")).stderr).toContain("expected no other file beside it")
    expect((await label("calls.ndjson", "--json", "-o", "x.csv")).stderr).toContain("--json: expected --sheet")
    expect((await label("--sheet", "empty.csv", "-o", "empty.csv")).code).toBe(2)
  })
})
