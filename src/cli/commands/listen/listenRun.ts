/** `unicall listen`: the handler of webhooks on this machine, over the journal and the inbox of the usual flags. */
import { createServer } from "node:http"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { nowInstant } from "../../../calls/currentInstant.ts"
import { VoiceCalls } from "../../../calls/VoiceCalls.ts"
import { present } from "../../../domain/present.ts"
import { webhookListener } from "../../../node/webhookListener.ts"
import { formatCallRef } from "../../../provider/CallError.ts"
import { Webhooks } from "../../../webhooks/Webhooks.ts"
import { openCalls } from "../../calls/callCommand.ts"
import { exitOf, failureLine, type LiveError } from "../../calls/callFailures.ts"
import { inboxPlace, tenantNamed } from "../../calls/environment.ts"
import { inboxAt } from "../../calls/inbox.ts"
import { providers } from "../../providers.ts"
import { CallsFailed, codeOf, inputFailure, usage } from "../../shell/failures.ts"
import { plural, tell } from "../../shell/terminal.ts"
import { forwarded, forwardFault } from "./forward.ts"
import type { ListenFlags } from "./listenCommand.ts"
import { heardOf, showNews } from "./news.ts"
import { trustsOf } from "./trusts.ts"

const HOST = "127.0.0.1"

/** A server with this handler, until the scope is closed; its port. */
const served = (port: number, webhook: (request: Request) => Promise<Response>) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>, ReturnType<typeof inputFailure>>((resume) => {
        const server = createServer(webhookListener({ webhook }))
        server.once("error", (error) => {
          const code = codeOf(error) ?? "no reason given"
          resume(Effect.fail(inputFailure(`port ${port}: cannot be opened (${code}); --port 0 takes a free one`)))
        })
        server.listen(port, HOST, () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.callback<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        })
    ),
    (server) => {
      const address = server.address()
      return typeof address === "object" && address !== null ? address.port : port
    }
  )

/** The last part of its path, if it is a provider: anybody may ask for anything. */
const providerIn = (request: Request, opened: ReadonlyArray<string>): string => {
  const last = URL.parse(request.url)
    ?.pathname.split("/")
    .findLast((part) => part !== "")
  return opened.find((id) => id === last) ?? "unknown"
}

const failed = (error: LiveError) => {
  tell(`${failureLine(error)}\n`)
  return Effect.fail(new CallsFailed({ exitCode: exitOf(error) }))
}

export const runListen = Effect.fn("unicall.listen")(function* (flags: ListenFlags) {
  const { forward, json } = flags
  const fault = forward === undefined ? undefined : forwardFault(forward)
  if (fault !== undefined) return yield* usage(`--forward: expected ${fault}`)
  const tenant = yield* tenantNamed(flags.tenant)
  const inbox = inboxAt(yield* inboxPlace(flags.inbox))
  const { calls } = yield* openCalls(flags, { journal: "required" })
  const opened = calls.providers
  const trust = yield* trustsOf(opened)

  const closed = yield* Deferred.make<never>()
  /** Once nobody reads them, there is nothing to go on for. */
  const show = (news: Parameters<typeof showNews>[0]) =>
    Effect.flatMap(nowInstant, (at) =>
      Effect.try({ try: () => showNews(news, at, json), catch: (error) => error })
    ).pipe(
      Effect.catch((error) => Deferred.die(closed, error)),
      Effect.asVoid
    )

  const telling = VoiceCalls.of({
    ...calls,
    heard: (call) =>
      calls.heard(call).pipe(
        Effect.tap((heard) => show(heardOf(call, heard))),
        Effect.tapError((error) =>
          show({
            kind: "unread",
            call: formatCallRef(call),
            because: error._tag === "CallError" ? error.reason._tag : error._tag
          })
        )
      )
  })
  const layer = Webhooks.layer({
    registry: providers,
    trust,
    ...present({ tenant })
  }).pipe(Layer.provide([Layer.succeed(VoiceCalls)(telling), inbox.layer]))
  const context = yield* Layer.build(layer).pipe(Effect.catch(failed))
  const { handle } = yield* Webhooks.pipe(Effect.provideContext(context))

  let messages = 0
  const stopped = new AbortController()
  const run = Effect.runPromiseWith(yield* Effect.context<never>())
  const passOn = async (provider: string, copy: Request): Promise<void> =>
    forward === undefined
      ? undefined
      : run(show({ kind: "forwarded", provider, to: await forwarded(forward, copy, stopped.signal) }))
  const webhook = async (request: Request): Promise<Response> => {
    const provider = providerIn(request, opened)
    const copy = forward === undefined ? undefined : request.clone()
    const response = await run(handle(request))
    messages += 1
    await run(show({ kind: "message", provider, status: response.status }))
    // What was not taken goes no further: it may be from anybody.
    if (response.ok && copy !== undefined) void passOn(provider, copy)
    // Half of a divided stream is canceled once the other half is: nobody waits for that.
    else void copy?.body?.cancel()
    return response
  }
  const port = yield* served(flags.port, webhook)
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      stopped.abort()
      tell(`stopped after ${plural(messages, "message")}\n`)
    })
  )
  const example = opened[0] ?? "PROVIDER"
  tell(
    `Listening at http://${HOST}:${port}/webhooks/PROVIDER, for ${opened.join(", ")}.\n` +
      `A provider needs a public https address: let a tunnel lead one to this port, then\n` +
      `  unicall webhooks set --provider ${example} --agent ID --calls https://TUNNEL/webhooks/${example}\n` +
      `Trust: ${opened.map((id) => `${id} ${trust[id]?.trust}`).join(", ")}. Each call that a message names is read with your key. Ctrl-C stops.\n`
  )
  return yield* Deferred.await(closed)
}, Effect.scoped)
