/** Step 1: the same dialer on unicall, with Revox alone. */
import { sqliteJournal } from "unicall/node"
import { openCalls } from "unicall/promise"
import { pollSeconds, readLeads, readPlacedByHand, writeRows } from "./leads.ts"
import { type Place, rowsOf } from "./rows.ts"

const calls = await openCalls.fromEnvironment({
  providers: ["revox"],
  journal: sqliteJournal("calls.sqlite"),
  poll: { firstSeconds: pollSeconds, longestSeconds: pollSeconds }
})

/** The journal does not know what was placed by hand: such a call is read by its id, and never placed. */
const placedByHand = readPlacedByHand()

const place: Place = async ({ id, phone, firstName }) => {
  const orderId = placedByHand[id]
  if (orderId !== undefined) return `revox:${orderId}`
  const placed = await calls.place({
    reference: id,
    to: phone,
    from: "+12025550199",
    agent: { id: "assistant-1" },
    variables: { first_name: firstName }
  })
  return placed.state === "accepted" ? placed.call : undefined
}

try {
  writeRows(await rowsOf(calls, readLeads(), place))
} finally {
  await calls.close()
}
