/** Whom the messages of each provider are believed to come from: by the environment, since trusts hold secrets. */
import * as Effect from "effect/Effect"
import { readTrust } from "../../../webhooks/trustOptions.ts"
import type { WebhookTrust } from "../../../webhooks/WebhookTrust.ts"
import { liveProviders, variable } from "../../calls/environment.ts"
import { type CommandFailure, usage } from "../../shell/failures.ts"

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is wrong is told without what was given. */
const trustIn = (name: string): Effect.Effect<WebhookTrust, CommandFailure> => {
  const text = variable(name)
  // Nobody is believed: each call is read with the key.
  if (text === undefined) return Effect.succeed({ trust: "refetch" })
  const value = parsed(text)
  if (value === undefined) return Effect.fail(usage(`${name}: expected JSON, such as {"trust":"refetch"}`))
  return Effect.mapError(Effect.fromResult(readTrust(value)), ({ field, expected }) =>
    usage(`${name}: ${field}: expected ${expected}`)
  )
}

/** The trust of each of these providers. */
export const trustsOf = (opened: ReadonlyArray<string>) =>
  Effect.map(
    Effect.forEach(
      liveProviders.filter(({ id }) => opened.includes(id)),
      ({ id, trustVariable }) => Effect.map(trustIn(trustVariable), (trust) => [id, trust] as const)
    ),
    Object.fromEntries<WebhookTrust>
  )
