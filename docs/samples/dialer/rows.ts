/** From calls to rows, the same at every provider. */
import { type CallOrder, type CallRef, type Calls, InvalidRequest, Unresolved } from "unicall/promise"
import { type Lead, type Row, waitSeconds } from "./leads.ts"

const RESULTS: { readonly [reach: string]: string } = {
  human: "human",
  voicemail: "voicemail",
  ivr: "menu",
  not_reached: "nobody",
  failed: "nobody",
  pending: "open"
}

const rowOf = (lead: Lead, { reach, attempts }: CallOrder): Row => ({
  lead: lead.id,
  result: RESULTS[reach.value] ?? "somebody",
  talkSeconds: attempts.at(-1)?.talkSeconds
})

/** A call: `{ provider, id }`, or `revox:ID`. Undefined while nobody knows whether there is one. */
export type Place = (lead: Lead) => Promise<CallRef | string | undefined>

/** The rows of all leads, each placed and followed to its end, or for as long as the dialer waits. */
export const rowsOf = (calls: Pick<Calls, "awaitEnd">, leads: ReadonlyArray<Lead>, place: Place) => {
  const rowFor = async (lead: Lead): Promise<Row> => {
    const row = (result: string): Row => ({ lead: lead.id, result })
    try {
      const call = await place(lead)
      return call === undefined
        ? row("open")
        : rowOf(lead, await calls.awaitEnd(call, { deadlineSeconds: waitSeconds }))
    } catch (error) {
      if (error instanceof Unresolved) return row("open")
      if (error instanceof InvalidRequest) return row("refused")
      throw error
    }
  }
  return Promise.all(leads.map(rowFor))
}
