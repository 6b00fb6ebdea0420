/** Step 2: two providers behind a route. Who calls whom, as which agent and from which number, stands in `unicall.json`. */
import { readFileSync } from "node:fs"
import { sqliteJournal } from "unicall/node"
import { openCalls } from "unicall/promise"
import { pollSeconds, readLeads, readPlacedByHand, writeRows } from "./leads.ts"
import { type Place, rowsOf } from "./rows.ts"

const calls = await openCalls.fromEnvironment({
  providers: ["revox", "revring"],
  configuration: JSON.parse(readFileSync("unicall.json", "utf8")),
  // The same as in step 1: it knows who has been called.
  journal: sqliteJournal("calls.sqlite"),
  poll: { firstSeconds: pollSeconds, longestSeconds: pollSeconds }
})

const placedByHand = readPlacedByHand()

const place: Place = async ({ id, phone, firstName }) => {
  const orderId = placedByHand[id]
  if (orderId !== undefined) return `revox:${orderId}`
  const placed = await calls.place({
    route: "leads",
    reference: id,
    to: phone,
    agent: { name: "reminder" },
    variables: { first_name: firstName }
  })
  return placed.state === "accepted" ? placed.call : undefined
}

try {
  writeRows(await rowsOf(calls, readLeads(), place))
} finally {
  await calls.close()
}
