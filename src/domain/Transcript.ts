import * as Schema from "effect/Schema"

/**
 * Who speaks in a turn; `transfer_target` is the third party that a call is handed over to. A turn nobody can classify is
 * `unrecognized` and kept.
 */
export const Role = Schema.Literals(["agent", "remote", "transfer_target", "tool", "system", "unrecognized"])
export type Role = typeof Role.Type

/** One turn of the conversation, in the provider's order. */
export const Turn = Schema.Struct({
  role: Role,
  text: Schema.String,
  at: Schema.optionalKey(Schema.String),
  /** From the start of the call to the start of the turn, fractions kept. */
  atSeconds: Schema.optionalKey(Schema.Finite),
  toolName: Schema.optionalKey(Schema.String),
  /** The id by which a tool's answer names the turn that called it. */
  toolCallId: Schema.optionalKey(Schema.String),
  arguments: Schema.optionalKey(Schema.Unknown),
  output: Schema.optionalKey(Schema.Unknown),
  isError: Schema.optionalKey(Schema.Boolean)
})
export type Turn = typeof Turn.Type

/** Turns, or one unsplit text where the provider gives no turns. Absent means not given; no turns means given empty. */
export const Transcript = Schema.Union([
  Schema.Struct({ turns: Schema.Array(Turn) }),
  Schema.Struct({ text: Schema.String })
])
export type Transcript = typeof Transcript.Type

/** Plain words for who speaks, for the table of a provider that says no others. Whole words only: `ai` stands inside `voicemail`. */
export const PLAIN_ROLES = {
  assistant: "agent",
  agent: "agent",
  ai: "agent",
  bot: "agent",
  user: "remote",
  human: "remote",
  customer: "remote",
  caller: "remote",
  callee: "remote",
  tool: "tool",
  function: "tool",
  system: "system"
} as const satisfies { readonly [word: string]: Role }

export const hasWords = (transcript: Transcript | undefined): boolean =>
  transcript !== undefined && ("turns" in transcript ? transcript.turns.length > 0 : transcript.text.trim() !== "")

/** Far beyond any tool's arguments. Deeper ones stay text: whoever writes the record out again would overflow the stack. */
const DEEPEST_ARGUMENTS = 100

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)))

/** Arguments that arrive as JSON text are parsed; other text stays text, null is none. */
export const parseArguments = (raw: unknown): unknown => {
  if (typeof raw !== "string") return raw ?? undefined
  try {
    const parsed: unknown = JSON.parse(raw)
    return isDeeper(parsed, DEEPEST_ARGUMENTS) ? raw : (parsed ?? undefined)
  } catch {
    return raw
  }
}
