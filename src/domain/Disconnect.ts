import * as Schema from "effect/Schema"

/**
 * How a call that was connected ended. `stopped`: through the API, or by an operator; `taken_over`: an operator talks on in the
 * agent's place; `transfer_failed`: a hand-over was tried, nobody took it, and the call ended.
 */
export const DisconnectReason = Schema.Literals([
  "transferred",
  "agent_hangup",
  "remote_hangup",
  "voicemail",
  "ivr_dead_end",
  "silence",
  "max_duration",
  "stopped",
  "taken_over",
  "transfer_failed",
  "unrecognized"
])
export type DisconnectReason = typeof DisconnectReason.Type

/** Who ended it: the agent, the person called, somebody on your side, or the system in between. */
export const DisconnectedBy = Schema.Literals(["agent", "remote", "operator", "system", "unrecognized"])
export type DisconnectedBy = typeof DisconnectedBy.Type

/** Who ended an attempt and why. */
export const Disconnect = Schema.Struct({
  by: Schema.optionalKey(DisconnectedBy),
  reason: Schema.optionalKey(DisconnectReason)
})
export type Disconnect = typeof Disconnect.Type
