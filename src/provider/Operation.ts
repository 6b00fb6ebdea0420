import * as Schema from "effect/Schema"

/** What was being done; also the name of the span, after `VoiceCalls.`. */
export const Operation = Schema.Literals([
  "configure",
  "place",
  "get",
  "getMany",
  "list",
  "cancel",
  "check",
  "awaitEnd",
  "watch",
  "reconcile",
  "webhookAddresses",
  "setWebhookAddresses",
  "agents",
  "numbers",
  "changes"
])
export type Operation = typeof Operation.Type
