/** Exit codes of the command line, documented in docs/cli.md. */
export const EXIT = {
  ok: 0,
  rejected: 1,
  usage: 2,
  unreadable: 3,
  refused: 4,
  uncertain: 5,
  unresolved: 6,
  unsupported: 7,
  unavailable: 8,
  incomplete: 9,
  setup: 10,
  inconclusive: 11,
  internal: 70,
  interrupted: 130
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
