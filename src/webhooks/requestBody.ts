/** The bytes of a request, as far as they may go: in size and in time. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

export interface BodyLimits {
  /** Bytes. */
  readonly most: number
  readonly within: Duration.Input
}

/** `too_large`, `too_slow`, or `broken`: the sender went away, or somebody has read it before us. */
export type BodyFault = "too_large" | "too_slow" | "broken"

const collect = async (
  request: Request,
  most: number,
  signal: AbortSignal
): Promise<Uint8Array<ArrayBuffer> | BodyFault> => {
  const { body } = request
  if (body === null) return request.bodyUsed ? "broken" : new Uint8Array(0)
  const reader = body.getReader()
  signal.addEventListener("abort", () => void reader.cancel().catch(() => undefined), { once: true })
  const chunks: Array<Uint8Array> = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.byteLength
      if (size > most) {
        await reader.cancel()
        return "too_large"
      }
      chunks.push(value)
    }
  } catch {
    return "broken"
  }
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return all
}

/** What a request says of its own length counts only where it is too much. */
export const readBody = (request: Request, limits: BodyLimits): Effect.Effect<Uint8Array<ArrayBuffer> | BodyFault> => {
  const { most, within } = limits
  if (Number(request.headers.get("content-length") ?? 0) > most) return Effect.succeed("too_large")
  if (request.bodyUsed) return Effect.succeed("broken")
  return Effect.promise(async (signal) => collect(request, most, signal)).pipe(
    Effect.catchDefect(() => Effect.succeed<BodyFault>("broken")),
    Effect.timeoutOrElse({ duration: within, orElse: () => Effect.succeed<BodyFault>("too_slow") })
  )
}
