/** The dialer's own: leads come in, rows go out. The move changes nothing of it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"

export interface Lead {
  readonly id: string
  readonly phone: string
  readonly firstName: string
}

export interface Row {
  readonly lead: string
  /** `human`, `voicemail`, `nobody`; `open` while the call goes on; `refused` where there is none. */
  readonly result: string
  readonly talkSeconds?: number | undefined
}

export const readLeads = (): ReadonlyArray<Lead> => JSON.parse(readFileSync("leads.json", "utf8"))

export const writeRows = (rows: ReadonlyArray<Row>): void => {
  const lines = rows.map(({ lead, result, talkSeconds = "" }) => `${lead},${result},${talkSeconds}`)
  writeFileSync("rows.csv", ["lead,result,talk_seconds", ...lines, ""].join("\n"))
}

/** What the dialer placed before it had unicall: the id of the order at Revox, by lead. */
export interface PlacedByHand {
  [lead: string]: string
}

const PLACED = "placed.json"

export const readPlacedByHand = (): PlacedByHand => (existsSync(PLACED) ? JSON.parse(readFileSync(PLACED, "utf8")) : {})

export const writePlacedByHand = (placed: PlacedByHand): void => writeFileSync(PLACED, JSON.stringify(placed))

/** How often calls are looked at, and how long one run waits for their ends. */
export const pollSeconds = Number(process.env["POLL_SECONDS"] ?? 5)
export const waitSeconds = Number(process.env["WAIT_SECONDS"] ?? 3600)
