/**
 * A small dialer on Revox as it is written by hand: it places a call to each lead, looks until the calls are over, and writes a row
 * for each. The comments say what it gets wrong, or would have to do more for.
 */
import { setTimeout as sleep } from "node:timers/promises"
import {
  type Lead,
  pollSeconds,
  readLeads,
  readPlacedByHand,
  type Row,
  waitSeconds,
  writePlacedByHand,
  writeRows
} from "./leads.ts"

const baseUrl = process.env["REVOX_BASE_URL"] ?? "https://www.getrevox.com/api"
const headers = { authorization: `Bearer ${process.env["REVOX_API_KEY"]}`, "content-type": "application/json" }

/** Undefined: refused. */
const place = async ({ id, phone, firstName }: Lead): Promise<string | undefined> => {
  // A number that is not in E.164 is found out by Revox only.
  const body = JSON.stringify({
    phone_number: phone,
    from_phone_number: "+12025550199",
    assistant_id: "assistant-1",
    prompt_variables: { first_name: firstName },
    metadata: { lead: id }
  })
  // A lost answer is the worst: the telephone rings, this throws, and the next run dials the lead again. A retry here would do so at once.
  const answer = await fetch(`${baseUrl}/call`, { method: "POST", headers, body })
  if (answer.status === 422) return undefined
  if (!answer.ok) throw new Error(`Revox answers ${answer.status}`)
  return (await answer.json()).call.id
}

const read = async (orderId: string) => {
  // One 503 ends the whole run: reading could be tried again, and is not.
  const answer = await fetch(`${baseUrl}/call/${orderId}`, { headers })
  if (!answer.ok) throw new Error(`Revox answers ${answer.status}`)
  return (await answer.json()).call
}

/** A status that comes with the next version of the API would be waited for to the last. */
const OVER = ["completed", "failed", "canceled"]

const follow = async (lead: Lead, orderId: string): Promise<Row> => {
  for (const until = Date.now() + waitSeconds * 1000; ; await sleep(pollSeconds * 1000)) {
    const order = await read(orderId)
    if (OVER.includes(order.status)) return rowOf(lead, order.call_attempts.at(-1))
    if (Date.now() >= until) return { lead: lead.id, result: "open" }
  }
}

const RESULTS: { readonly [result: string]: string } = { human: "human", voicemail: "voicemail", IVR: "menu" }

const rowOf = (
  lead: Lead,
  attempt: { result: string | null; answered_at: string; ended_at: string } | undefined
): Row =>
  attempt?.result == null
    ? { lead: lead.id, result: "nobody" }
    : {
        lead: lead.id,
        result: RESULTS[attempt.result] ?? "somebody",
        talkSeconds: Math.round((Date.parse(attempt.ended_at) - Date.parse(attempt.answered_at)) / 1000)
      }

const leads = readLeads()
const placed = readPlacedByHand()
for (const lead of leads) {
  if (placed[lead.id] !== undefined) continue
  const orderId = await place(lead)
  if (orderId === undefined) continue
  placed[lead.id] = orderId
  // Dead between the answer and this line: dialled again. Two of this program at once: all dialled twice.
  writePlacedByHand(placed)
}

const rowFor = (lead: Lead): Row | Promise<Row> => {
  const orderId = placed[lead.id]
  return orderId === undefined ? { lead: lead.id, result: "refused" } : follow(lead, orderId)
}
writeRows(await Promise.all(leads.map(rowFor)))
