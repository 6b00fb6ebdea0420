/** Exit codes of the command line, documented in docs/cli.md. */
export const EXIT = {
  ok: 0,
  rejected: 1,
  usage: 2,
  unreadable: 3,
  internal: 70,
  interrupted: 130
} as const
