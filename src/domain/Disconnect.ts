import * as Schema from "effect/Schema"

/** How a call that was connected ended. */
export const DisconnectReason = Schema.Literals([
  "transferred",
  "agent_hangup",
  "remote_hangup",
  "voicemail",
  "ivr_dead_end",
  "silence",
  "max_duration",
  "unrecognized"
])
export type DisconnectReason = typeof DisconnectReason.Type

/** Who ended it: the agent, the person called, or the system in between. */
export const DisconnectedBy = Schema.Literals(["agent", "remote", "system", "unrecognized"])
export type DisconnectedBy = typeof DisconnectedBy.Type

/** Who ended an attempt and why. */
export const Disconnect = Schema.Struct({
  by: Schema.optionalKey(DisconnectedBy),
  reason: Schema.optionalKey(DisconnectReason)
})
export type Disconnect = typeof Disconnect.Type
