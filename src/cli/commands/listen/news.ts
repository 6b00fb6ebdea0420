/** What `unicall listen` shows: a line for each message, and for what became known by it. No numbers, no words of calls. */
import type { Heard } from "../../../calls/heard.ts"
import type { Instant } from "../../../domain/Instant.ts"
import { present } from "../../../domain/present.ts"
import { type CallRef, formatCallRef } from "../../../provider/CallError.ts"
import { jsonLine, plainText, print } from "../../shell/terminal.ts"

type News =
  | { readonly kind: "message"; readonly provider: string; readonly status: number }
  | { readonly kind: "forwarded"; readonly provider: string; readonly to: number | string }
  | {
      readonly kind: "call"
      readonly call: string
      readonly known: Heard["state"]
      readonly status: string
      readonly reach: string
      /** Absent where nobody knows. */
      readonly terminal?: boolean
    }
  | { readonly kind: "unread"; readonly call: string; readonly because: string }

/** What a call is to the journal. */
const KNOWN = {
  known: "placed here",
  settled: "placed here, and found by this message",
  in_flight: "being placed just now",
  unknown: "not placed here"
} as const satisfies Record<Heard["state"], string>

const textOf = (news: News): string => {
  switch (news.kind) {
    case "message":
      return `${news.provider} message ${news.status}`
    case "forwarded":
      return `${news.provider} message passed on: ${news.to}`
    case "call":
      return `${news.call} ${news.status}, ${news.reach} (${KNOWN[news.known]})`
    case "unread":
      return `${news.call} not read: ${news.because}`
  }
}

export const heardOf = (ref: CallRef, { state, order: { status, reach, terminal } }: Heard): News => ({
  kind: "call",
  call: formatCallRef(ref),
  known: state,
  status,
  reach: reach.value,
  ...present({ terminal })
})

/** Throws where standard output is closed. */
export const showNews = (news: News, at: Instant, json: boolean): void =>
  print(json ? jsonLine({ at, ...news }) : `${at} ${plainText(textOf(news))}\n`)
