/** `unicall doctor`. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import { writing } from "../../calls/callCommand.ts"
import { connectionFlags, journalFlags, providerFlag } from "../../calls/callFlags.ts"
import { described, lazily, outputFlag } from "../../shell/commandRun.ts"
import { type Given, jsonFlag, onOff } from "../../shell/flags.ts"

const flags = {
  provider: providerFlag("Look at this provider only, and require it"),
  list: onOff(
    "list",
    "Also walk the list of each provider: whether it tells the references of the orders in the journal"
  ),
  json: jsonFlag,
  ...journalFlags,
  ...outputFlag,
  ...connectionFlags
}

export type DoctorFlags = Given<typeof flags>

export const doctorCommand = Command.make(
  "doctor",
  flags,
  writing(lazily(async () => (await import("./doctorRun.ts")).runDoctor))
).pipe(described("Check keys, addresses, clock and journal; each finding with what to do about it"))
