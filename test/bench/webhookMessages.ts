/** The messages of the benchmark of webhooks: each of 2.9 kB, and about a call of its own. */
import { Buffer } from "node:buffer"
import { hash } from "node:crypto"

const BYTES = 2_900

/** The call that a message is about: a random id, as providers give them, and the same again for the same run and index. */
export const callIdAt = (run: string, index: number): string => {
  const digest = hash("sha256", `${run} ${index}`)
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(12, 16),
    digest.slice(16, 20),
    digest.slice(20, 32)
  ].join("-")
}

/** What Revox sends when a call is over, with words enough. */
export const messageAt = (run: string, index: number): string => {
  const message = {
    call_order_id: callIdAt(run, index),
    call_id: callIdAt(run, index).toUpperCase(),
    status: "completed",
    result: "human",
    transcript: ""
  }
  const words = "Agent: Good morning, is this a good time to talk? Caller: It is, what is it about? ".repeat(BYTES / 80)
  return JSON.stringify({ ...message, transcript: words.slice(0, BYTES - JSON.stringify(message).length) })
}

/** The same as the bytes of a request. */
export const requestAt = (path: string, run: string, index: number): Buffer => {
  const body = messageAt(run, index)
  const head = [
    `POST ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`
  ]
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`)
}
