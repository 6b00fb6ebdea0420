/** `unicall twin`: simulated providers on this machine, for trying and testing without telephones. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { present } from "../../../domain/present.ts"
import { listen, type LoggedRequest, parseFaults, type SentMessage, stories, type Twin } from "../../../twin/index.ts"
import { TWIN_KEY } from "../../../twin/twinKey.ts"
import type { TwinOptions } from "../../../provider/ProviderDeclaration.ts"
import { codeOf, inputFailure, tryFile, usage } from "../../shell/failures.ts"
import { liveProviders } from "../../calls/environment.ts"
import type { TwinFlags } from "./twinCommand.ts"
import { ownWords, refuseIdle } from "./twinFlags.ts"
import { aligned, plainText, plural, print, tell } from "../../shell/terminal.ts"

/** Valid in a header and a single word in a shell: the lines that set the key are copied into a shell. */
const KEY_FORM = /^[\w.~+/=-]+$/

const FIRST_PORT = 4010

const faultsOf = Effect.fnUntraced(function* (given: string | undefined) {
  if (given === undefined) return []
  const isFile = given.endsWith(".json") && existsSync(given)
  const text = isFile ? yield* tryFile(given, () => readFileSync(given, "utf8")) : given
  const parsed = parseFaults(text)
  if (Result.isSuccess(parsed)) return parsed.success
  return yield* usage(`--faults: ${parsed.failure.message}`)
})

const requestLine = (name: string, { method, path, operation, status, fault }: LoggedRequest): string => {
  const failed = fault === undefined ? "" : ` fault ${fault.kind}${fault.accepted === true ? ", accepted" : ""}`
  return plainText(`${name} ${method} ${path} ${operation ?? "nothing"} ${status}${failed}`)
}

/** Without the address: it may hold a secret. */
const webhookLine = (name: string, { name: kind, status, fault }: SentMessage): string =>
  plainText(`${name} webhook ${kind} ${status ?? "not answered"}${fault === undefined ? "" : ` fault ${fault.kind}`}`)

const shellLine = (name: string, value: string): string =>
  process.platform === "win32" ? `$env:${name} = "${value}"\n` : `export ${name}='${value}'\n`

const opened = (name: string, twin: Twin, port: number, { speed, quiet }: TwinFlags, count: () => void) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () =>
        listen(twin, {
          port,
          speed,
          onRequest: (request) => {
            count()
            if (!quiet) tell(`${requestLine(name, request)}\n`)
          },
          onWebhook: (sent) => {
            if (!quiet) tell(`${webhookLine(name, sent)}\n`)
          }
        }),
      catch: (error) => {
        const code = codeOf(error) ?? "no reason given"
        return inputFailure(`port ${port}: cannot be opened (${code}); --port 0 takes a free one`)
      }
    }),
    (server) => Effect.promise(() => server.close())
  )

/** Placements on twins must not enter the journal of real calls; their ids repeat with every start. */
const ownJournal = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "unicall-twin-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

export const runTwin = Effect.fn("unicall.twin")(function* (flags: TwinFlags) {
  const { port: firstPort, seed, key: apiKey = TWIN_KEY } = flags
  const faults = yield* faultsOf(flags.faults)
  const chosen = liveProviders.filter(({ id }) => flags.which === "all" || id === flags.which)
  if (!KEY_FORM.test(apiKey)) return yield* usage("--key: expected letters, digits and any of . _ ~ + / = -")
  const options: TwinOptions = { apiKey, faults, ...present({ seed }) }
  const twins = chosen.map(({ twin }) => twin)
  yield* refuseIdle(twins, flags.own)
  let requests = 0
  let lines = ""
  for (const [index, { id, keyVariable, urlVariable, twin }] of chosen.entries()) {
    // Unless a port is given each provider has its own, whichever others are simulated.
    const ownPort = FIRST_PORT + liveProviders.findIndex((each) => each.id === id)
    const port = firstPort === undefined ? ownPort : firstPort === 0 ? 0 : firstPort + index
    const words = yield* ownWords(twin, flags.own)
    const made = yield* Effect.promise(() => twin.make(options, words))
    const server = yield* opened(id, made, port, flags, () => (requests += 1))
    lines += shellLine(urlVariable, server.url) + shellLine(keyVariable, apiKey)
  }
  const folder = yield* ownJournal
  lines += shellLine("UNICALL_JOURNAL", join(folder, "journal.sqlite"))
  yield* Effect.addFinalizer(() => Effect.sync(() => tell(`stopped after ${plural(requests, "request")}\n`)))
  if (!flags.quiet) {
    const table = aligned(stories.map(({ digits, name, about }) => [`  …${digits}`, name, about]))
    tell(`The last two digits of the number called choose the story, such as +12025550120 for busy:\n${table}`)
    tell(`Time runs ${flags.speed} times as fast. Copy these lines into another shell; Ctrl-C stops.\n`)
  }
  print(lines)
  return yield* Effect.never
}, Effect.scoped)
