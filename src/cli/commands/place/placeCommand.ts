/** `unicall place`. The implementation is loaded on demand. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { writing } from "../../calls/callCommand.ts"
import { configFlag, connectionFlags, recordingFlags, providerFlag, waitFlags, yesFlag } from "../../calls/callFlags.ts"
import { Omittable } from "../../../domain/PlaceCall.ts"
import { described, lazily, outputFlag } from "../../shell/commandRun.ts"
import { type Given, jsonFlag, nativeFlag, onOff, optional, repeated, text, whole } from "../../shell/flags.ts"

const flags = {
  provider: providerFlag(),
  to: text("to", "NUMBER", "The number to call, in E.164 or as written in --country"),
  from: text("from", "NUMBER", "The number to call from"),
  country: text("country", "CC", "For numbers that are not in E.164: ISO 3166, such as FR"),
  agent: text("agent", "ID", "The agent that talks, as stored at the provider"),
  agentName: text("agent-name", "NAME", "Instead of --agent: a named agent of the configuration"),
  prompt: text("prompt", "TEXT|@FILE", "Instead of --agent: an agent for this call alone, by its instructions"),
  firstSentence: text("first-sentence", "TEXT", "With --prompt: what is said when the call is answered"),
  variables: repeated("var", "NAME=VALUE", "A variable of the conversation; may be repeated"),
  metadata: repeated("meta", "NAME=VALUE", "A value of your own that comes back with the call; may be repeated"),
  reference: text("reference", "KEY", "Your own key for this order: asked for again, it is not placed again"),
  at: text("at", "TIME", "When to call: ISO 8601 with a zone (default at once)"),
  notAfter: text("not-after", "TIME", "What would be placed later than this is not placed: ISO 8601 with a zone"),
  maxAttempts: whole("max-attempts", "Dials in all, the first included", 1, 100).pipe(optional),
  retryDelay: whole("retry-delay", "Seconds between two dials", 1, 10_000_000).pipe(optional),
  concurrency: text("concurrency", "KEY[=N]", "At most N calls at a time among the orders with this key"),
  option: repeated("option", "NAME=JSON", "What only this provider takes; may be repeated"),
  order: text(
    "order",
    "FILE|-",
    "Orders as JSON: one, an array, or one a line; the other flags fill in what they leave out"
  ),
  experiment: text(
    "experiment",
    "FILE",
    "Give every order to an arm of this experiment, which has been started: its provider, its agent, and a mark that comes back"
  ),
  route: text("route", "NAME", "The route of the configuration that chooses the provider (default its defaultRoute)"),
  routeKey: text("route-key", "KEY", "What a route with weights goes by, where it goes by a key"),
  mayOmit: repeated(
    "may-omit",
    "FIELD",
    `What a route may leave out where the provider cannot take it: ${Omittable.literals.join(", ")}`
  ),
  config: configFlag,
  parallel: whole("parallel", "Orders of a file that are placed at a time (default 4)", 1, 64).pipe(
    Flag.withDefault(4)
  ),
  dryRun: onOff("dry-run", "Print the request that would be sent, and send nothing"),
  wait: onOff("wait", "Wait for the end of the call"),
  ...waitFlags,
  yes: yesFlag("Ring real telephones without asking; needed in scripts"),
  json: jsonFlag,
  native: nativeFlag,
  ...recordingFlags,
  ...outputFlag,
  ...connectionFlags
}

export type PlaceFlags = Given<typeof flags>

export const placeCommand = Command.make(
  "place",
  flags,
  writing(
    lazily(async () => (await import("./placeRun.ts")).runPlace),
    true
  )
).pipe(
  described("Call someone, once, whatever happens in between", {
    "unicall place --provider revox --to +12025550100 --agent AGENT --reference order-17 --wait":
      "Call, and wait for the end",
    "unicall place --order orders.ndjson --provider revring --from +12025550199 --json --yes":
      "Many orders, one result a line",
    "unicall place --order orders.ndjson --experiment experiment.json --from +12025550199 --json --yes":
      "Each order on the provider of its arm; keep the output for unicall compare",
    "unicall place --order orders.ndjson --config unicall.json --route main --json --yes":
      "Each order on the provider that the route chooses, with the named agent it names",
    "unicall place --to +12025550100 --prompt @agent.txt --dry-run": "Only show the request"
  })
)
