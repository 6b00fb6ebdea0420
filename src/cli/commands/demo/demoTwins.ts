/** The twins of all providers on this machine, and the progress of their calls. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { layerMemoryJournal } from "../../../calls/MemoryJournal.ts"
import type { PollOptions } from "../../../calls/WaitOptions.ts"
import { VoiceCalls } from "../../../calls/VoiceCalls.ts"
import { layerNodeHttp } from "../../../node/NodeHttp.ts"
import { listen, type Twin, type TwinServer } from "../../../twin/index.ts"
import { TWIN_KEY } from "../../../twin/twinKey.ts"
import { type LiveProvider, liveProviders } from "../../calls/environment.ts"
import { CLEAR_LINE } from "../../shell/progress.ts"
import { tell } from "../../shell/terminal.ts"

/** A provider with the twin that stands for it. */
export interface Line {
  readonly provider: LiveProvider
  readonly twin: Twin
  readonly server: TwinServer
}

/**
 * A line to each twin, until the scope is closed. `faults`: what goes wrong on the way, as the twin's option; `speed`: how
 * many seconds of a story pass in one.
 */
export const openLines = (faults: string, speed: number) =>
  Effect.forEach(
    liveProviders,
    Effect.fnUntraced(function* (provider) {
      const twin = yield* Effect.promise(() => provider.twin.make({ faults }, provider.twin.demo))
      const server = yield* Effect.acquireRelease(
        Effect.promise(() => listen(twin, { speed })),
        (opened) => Effect.promise(() => opened.close())
      )
      return { provider, twin, server } satisfies Line
    })
  )

/** `Revox, RevRing and Vapi`. */
export const titlesOf = (lines: ReadonlyArray<Line>): string =>
  new Intl.ListFormat("en-GB").format(lines.map(({ provider }) => provider.title))

/** What orders need in `providerOptions`, whichever of the twins they go to. */
export const optionsOf = (lines: ReadonlyArray<Line>): UnicallProviderOptions =>
  Object.fromEntries(lines.map(({ provider: { id, twin } }) => [id, twin.options]))

/** The service that an application would use, over the twins. */
export const callsOn = Effect.fnUntraced(function* (lines: ReadonlyArray<Line>, poll: Partial<PollOptions>) {
  const providers = lines.map(({ provider, server }) =>
    provider.make({ apiKey: Redacted.make(TWIN_KEY), baseUrl: server.url })
  )
  const layer = VoiceCalls.layer(providers, { poll }).pipe(
    Layer.provide(layerMemoryJournal),
    Layer.provide(layerNodeHttp({ environment: {} }))
  )
  return yield* VoiceCalls.pipe(Effect.provideContext(yield* Layer.build(layer)))
})

export type Calls = VoiceCalls["Service"]

const WIDTH = 24

/** A bar in a terminal, one line at the end elsewhere. */
export const makeProgress = (total: number) => {
  let over = 0
  const terminal = process.stderr.isTTY === true
  return {
    one: (): void => {
      over += 1
      const filled = Math.round((WIDTH * over) / total)
      if (terminal)
        tell(`${CLEAR_LINE}[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}] ${over} of ${total} calls over`)
      else if (over === total) tell(`${total} of ${total} calls over\n`)
    },
    clear: (): void => {
      if (terminal) tell(CLEAR_LINE)
    }
  }
}
