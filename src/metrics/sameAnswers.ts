/** Definitions of several metrics that give the same answer to every order, or the opposite one: one claim in two sets of words. */
const SAME: ReadonlyArray<ReadonlyArray<string>> = [
  ["first_attempt.connected.answer_time", "first_attempt.connected.stated", "first_attempt.not_reached.not_connected"]
]

/** The first of the definitions that answer as this one does, else itself. */
export const sameAnswers = (definition: string): string =>
  SAME.find((group) => group.includes(definition))?.[0] ?? definition
