/** `unicall why`: how the provider of an order was chosen. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import { writing } from "../../calls/callCommand.ts"
import { configFlag, journalFlags } from "../../calls/callFlags.ts"
import { described, lazily, outputFlag } from "../../shell/commandRun.ts"
import { argument, type Given, jsonFlag, text } from "../../shell/flags.ts"
import * as Argument from "effect/cli/Argument"

const flags = {
  references: argument("references", "REFERENCE", "References of placed orders").pipe(Argument.variadic()),
  order: text("order", "FILE|-", "The orders as they were given: each is decided again, and compared"),
  config: configFlag,
  journal: journalFlags.journal,
  tenant: journalFlags.tenant,
  json: jsonFlag,
  ...outputFlag
}

export type WhyFlags = Given<typeof flags>

export const whyCommand = Command.make(
  "why",
  flags,
  writing(lazily(async () => (await import("./whyRun.ts")).runWhy))
).pipe(
  described("Show by which rule of which route the provider of an order was chosen", {
    "unicall why order-17":
      "The rule, the providers that were looked at, and whether the configuration is still the same",
    "unicall why --order orders.ndjson --config unicall.json":
      "Decide again by the orders themselves, and say where it comes to something else"
  })
)
