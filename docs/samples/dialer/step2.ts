/**
 * Steps 2 and 3: two providers behind a route. Who calls whom, as which agent and from which number, stands in `unicall.json`. Step 3 is
 * this program with `unicall.drained.json`: the old provider has weight 0 there and gets no order any more. It stays open until its calls
 * are over, those of leads that are no longer on the list included.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { sqliteJournal } from "unicall/node"
import { openCalls } from "unicall/promise"
import { pollSeconds, readLeads, readPlacedByHand, writeRows } from "./leads.ts"
import { type Place, rowsOf } from "./rows.ts"

const [file = "unicall.json"] = process.argv.slice(2)

const calls = await openCalls.fromEnvironment({
  providers: ["revox", "revring"],
  configuration: JSON.parse(readFileSync(file, "utf8")),
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

/** Of what the journal knows. Once it is 0, and no call placed by hand is `open`, `revox` can go out of `providers`. */
const openAtRevox = async (): Promise<number> => {
  const looked = await calls.reconcileStale({ olderThanSeconds: 0 })
  const open = looked.filter((each) =>
    each.state === "accepted"
      ? each.call.provider === "revox" && each.order?.reach.value === "pending"
      : each.provider === "revox"
  )
  return open.length
}

try {
  writeRows(await rowsOf(calls, readLeads(), place))
  writeFileSync("open.txt", `${await openAtRevox()}\n`)
} finally {
  await calls.close()
}
