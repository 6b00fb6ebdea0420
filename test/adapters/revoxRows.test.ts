import { describe, expect, it } from "vitest"
import { normalize } from "../../adapters/index.ts"

const row = { id: "row-1", input_data: {}, phone_number: "+12025550101", row_index: 0, status: "done", result: "human" }
const call = { id: "order-1", status: "completed", call_attempts: [], to_phone_number: "+12025550101" }

/** The filter of rows takes statuses and results; rows may come to tell theirs. */
describe("a campaign's row that tells of its state", () => {
  it("is its order where it was called", () => {
    expect(normalize({ rows: [{ ...row, call }] })).toMatchObject([{ kind: "call_order", id: "order-1" }])
  })

  it("is no attempt, and nothing wrong, where it was not", () => {
    expect(normalize({ rows: [row, { ...row, result: null, call: null }] })).toEqual([])
  })
})
