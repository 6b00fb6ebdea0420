/** `unicall listen`. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { connectionFlags, inboxFlag, journalFlags } from "../../calls/callFlags.ts"
import { described, lazily } from "../../shell/commandRun.ts"
import { type Given, jsonFlag, text, whole } from "../../shell/flags.ts"

const { timeout } = connectionFlags

const flags = {
  port: whole("port", "The port, on this machine alone; 0 for a free one (default 4020)", 0, 65_535).pipe(
    Flag.withDefault(4020)
  ),
  forward: text(
    "forward",
    "URL",
    "Pass on each message that is taken, as it came: to the same path below this address (https, or a loopback address)"
  ),
  inbox: inboxFlag,
  json: jsonFlag,
  ...journalFlags,
  timeout
}

export type ListenFlags = Given<typeof flags>

export const listenCommand = Command.make(
  "listen",
  flags,
  lazily(async () => (await import("./listenRun.ts")).runListen)
).pipe(
  described("Take webhooks on this machine, read the calls that they name, and show what becomes known", {
    "unicall listen": "For every provider that has a key",
    "unicall listen --forward http://localhost:3000": "And pass them on to the application at /webhooks/PROVIDER"
  })
)
