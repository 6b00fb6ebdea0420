/** Passing a message on as it came, to the same path below another address. */
import { webhookAddressFault } from "../../../provider/WebhookAddresses.ts"
import { codeOf } from "../../shell/failures.ts"

/** What an address to pass messages on to must be, where it is not. */
export const forwardFault = (address: string): string | undefined => {
  const fault = webhookAddressFault("--forward", address)
  if (fault !== undefined) return fault.expected
  const { username, password, search, hash } = new URL(address)
  return `${username}${password}${search}${hash}` === "" ? undefined : "an address without user, query and fragment"
}

/** Of this connection, not of the message. */
const OF_CONNECTION: ReadonlySet<string> = new Set(
  "connection content-length expect host keep-alive te trailer transfer-encoding upgrade".split(" ")
)

const targetOf = (address: string, request: Request): URL => {
  const [target, { pathname, search }] = [new URL(address), new URL(request.url)]
  target.pathname = `${target.pathname.replace(/\/+$/, "")}${pathname}`
  target.search = search
  return target
}

const SECONDS = 10

/** The status that was answered, or the system's word for why there is none. */
export const forwarded = async (address: string, request: Request, stopped: AbortSignal): Promise<number | string> => {
  const headers = [...request.headers].filter(([name]) => !OF_CONNECTION.has(name) && !name.startsWith("proxy-"))
  try {
    const response = await fetch(targetOf(address, request), {
      method: "POST",
      headers,
      body: await request.arrayBuffer(),
      redirect: "manual",
      signal: AbortSignal.any([stopped, AbortSignal.timeout(SECONDS * 1000)])
    })
    await response.body?.cancel()
    return response.status
  } catch (error) {
    return codeOf(error instanceof Error ? error.cause : undefined) ?? "no answer"
  }
}
