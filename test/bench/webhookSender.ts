/** Many senders of webhooks at once, each on a connection that it keeps: what a request costs the sender is kept small. */
import { Buffer } from "node:buffer"
import { once } from "node:events"
import { connect } from "node:net"

const SENDERS = 64

const isWhole = (answer: Buffer): boolean => {
  const head = answer.indexOf("\r\n\r\n")
  if (head < 0) return false
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.toString("latin1", 0, head))?.[1]
  return length === undefined
    ? answer.toString("latin1").endsWith("\r\n0\r\n\r\n")
    : answer.length >= head + 4 + Number(length)
}

/** Sends them all; rejects unless each is acknowledged with 200. */
export const sendAll = async (port: number, requests: ReadonlyArray<Buffer>): Promise<void> => {
  let next = 0
  const sender = async (): Promise<void> => {
    const socket = connect(port, "127.0.0.1").setNoDelay(true)
    await once(socket, "connect")
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let answer: Buffer = Buffer.alloc(0)
    const send = (): void => {
      const request = requests[next]
      next += 1
      if (request === undefined) resolve()
      else socket.write(request)
    }
    socket.on("error", reject)
    socket.on("close", () => reject(new Error("the server closed a connection")))
    socket.on("data", (chunk: Buffer) => {
      answer = answer.length === 0 ? chunk : Buffer.concat([answer, chunk])
      if (!isWhole(answer)) return
      const status = answer.toString("latin1", 9, 12)
      if (status !== "200") reject(new Error(`not acknowledged: ${answer.toString()}`))
      answer = Buffer.alloc(0)
      send()
    })
    send()
    await promise
    socket.destroy()
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
}
