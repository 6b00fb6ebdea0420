/** The way of a twin's messages: lost, late, twice, out of order or unreadable, as rules say, and handed to whoever carries them. */
import type { Fault } from "./fault.ts"
import type { FaultSubject } from "./faultPlan.ts"
import type { DueMessage, MessageAnswer, MessageSource } from "./messages.ts"
import { garbledReply } from "./reply.ts"

/** A message on its way: whoever takes it sends it, and tells what was answered. */
export interface Delivery {
  /** The provider's kind of message. */
  readonly name: string
  /** The call that it is about. */
  readonly orderId: string
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string | Uint8Array<ArrayBuffer>
  /** How long an answer is waited for. */
  readonly withinSeconds: number
  /** To be told what was answered; `undefined` if nothing was. Gives what the log has of it then. */
  readonly answered: (answer: MessageAnswer | undefined) => SentMessage
}

/** A message as the twin's log keeps it. */
export interface SentMessage {
  readonly name: string
  readonly orderId: string
  /** When it was handed over, in the twin's time; of one that was lost, when it would have been. */
  readonly at: number
  readonly url: string
  readonly body: string
  readonly fault: Fault | undefined
  /** Of the answer; absent where there is none, or none yet. */
  readonly status: number | undefined
}

/** What a twin has to send. */
export interface Outbox {
  /** Takes in what has fallen due by now: it goes where it would go at this moment, whatever is changed after. */
  readonly look: (now: number) => void
  /** What is to be sent by now, each once. */
  readonly take: (now: number) => ReadonlyArray<Delivery>
  /** When there is something to be taken next, as far as is known now. */
  readonly nextAt: () => number | undefined
  readonly log: () => ReadonlyArray<SentMessage>
  readonly clear: () => void
}

/** A message that is held back waits so long for another one. */
const LONGEST_HOLD_MS = 60_000

interface Waiting {
  readonly at: number
  readonly message: DueMessage
  readonly fault: Fault | undefined
  /** Until another message has been sent. */
  readonly isHeld: boolean
}

type LogEntry = { -readonly [Name in keyof SentMessage]: SentMessage[Name] }

const textOf = (body: Delivery["body"]): string => (typeof body === "string" ? body : new TextDecoder().decode(body))

export const makeOutbox = (
  source: MessageSource,
  faultOf: (subject: FaultSubject) => Fault | undefined,
  ids: () => ReadonlySet<string>
): Outbox => {
  const waiting: Array<Waiting> = []
  const log: Array<LogEntry> = []

  const written = ({ body }: DueMessage, fault: Fault | undefined) => {
    const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
    return fault?.kind === "garble" ? garbledReply(fault, { status: 200, body }, { ids }) : json
  }

  const logged = (
    { message: { name, orderId, url }, fault }: Waiting,
    at: number,
    body: Delivery["body"]
  ): LogEntry => {
    const entry = { name, orderId, at, url, body: textOf(body), fault, status: undefined }
    log.push(entry)
    return entry
  }

  const accept = (message: DueMessage): void => {
    const fault = faultOf({ method: "POST", path: URL.parse(message.url)?.pathname ?? "/", operation: "webhook" })
    const add = (at = message.at, isHeld = false): void => void waiting.push({ at, message, fault, isHeld })
    switch (fault?.kind) {
      case "drop":
        logged({ at: message.at, message, fault, isHeld: false }, message.at, written(message, fault).body)
        return message.answered(undefined)
      case "delay":
        return add(message.at + fault.seconds * 1000)
      case "double":
        add()
        return add(message.at + (fault.seconds ?? 0) * 1000)
      case "reorder":
        return add(message.at + LONGEST_HOLD_MS, true)
      default:
        return add()
    }
  }

  const handedOver = (each: Waiting, now: number): Delivery => {
    const { message, fault } = each
    const { headers, body } = written(message, fault)
    const entry = logged(each, now, body)
    const { name, orderId, url, withinSeconds } = message
    return {
      name,
      orderId,
      url,
      headers: { ...message.headers, ...headers },
      body,
      withinSeconds,
      answered: (answer) => {
        entry.status = answer?.status
        message.answered(answer)
        return { ...entry }
      }
    }
  }

  const takeOut = (isWanted: (each: Waiting) => boolean): ReadonlyArray<Waiting> => {
    const found = waiting.filter(isWanted).toSorted((a, b) => a.at - b.at)
    for (const each of found) waiting.splice(waiting.indexOf(each), 1)
    return found
  }

  const look = (now: number): void => source.due(now).forEach(accept)

  return {
    look,
    take: (now) => {
      look(now)
      const going = takeOut(({ at, isHeld }) => at <= now && !isHeld)
      const after = takeOut(({ at, isHeld }) => isHeld && (going.length > 0 || at <= now))
      return [...going, ...after].map((each) => handedOver(each, now))
    },
    nextAt: () => {
      const next = source.nextAt()
      const times = [...(next === undefined ? [] : [next]), ...waiting.map(({ at }) => at)]
      return times.length === 0 ? undefined : Math.min(...times)
    },
    log: () => log.map((entry) => ({ ...entry })),
    clear: () => {
      waiting.length = 0
      log.length = 0
      source.clear()
    }
  }
}
