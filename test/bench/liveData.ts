/** The call that every request of the benchmark is answered with: synthetic, one finished order of 5.4 kB. */
import { payloadAt } from "./data.ts"

const INDEX = 48

export const LIVE_CALL = payloadAt(INDEX)

const call = LIVE_CALL["call"]
const id: unknown = typeof call === "object" && call !== null ? Reflect.get(call, "id") : undefined
if (typeof id !== "string") throw new Error(`the payload at ${INDEX} is no order`)

export const LIVE_ID: string = id
