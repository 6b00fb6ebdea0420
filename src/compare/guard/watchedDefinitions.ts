/** The definitions by which the guard looks at data, whatever is compared. A test holds each to a metric that there is. */
export const WATCHED = {
  connected: "first_attempt.connected.stated",
  conversation: "first_attempt.human_reached.conversation",
  human: "first_attempt.human_reached.own_word",
  voicemail: "first_attempt.voicemail.own_word",
  ivr: "first_attempt.ivr.own_word",
  call_screening: "first_attempt.call_screening.own_word"
} as const satisfies { readonly [what: string]: string }

export const WATCHED_IDS: ReadonlySet<string> = new Set(Object.values(WATCHED))
