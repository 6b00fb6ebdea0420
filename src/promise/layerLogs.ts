/** What goes wrong beside an operation, for the application. */
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type { SharedOptions } from "./OpenOptions.ts"

/** Nothing is printed; warnings go where the application wants them. */
export const layerLogs = (onWarning: SharedOptions["onWarning"]): Layer.Layer<never> => {
  const tell = async (message: string): Promise<void> => onWarning?.(message)
  const warn = Logger.make(({ logLevel, message }) => {
    if (!LogLevel.isGreaterThanOrEqualTo(logLevel, "Warn")) return
    // What the application makes of a warning, now or later, must end neither a placement nor the process.
    tell(Array.isArray(message) ? message.map(String).join(" ") : String(message)).catch(() => undefined)
  })
  return Logger.layer(onWarning === undefined ? [] : [warn])
}
