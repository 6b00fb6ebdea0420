/** A law that an adapter must obey, to be run by any test runner. */
export interface ContractCase {
  /** Begins with MUST or SHOULD. */
  readonly name: string
  /** Throws an Error that says what is wrong and in which fixture. */
  readonly run: () => void
}

/** Carries on after a failure so that one run tells everything, up to what a person reads. */
export const collect = (check: (fail: (message: string) => void) => void): void => {
  const failures = new Set<string>()
  check((message) => failures.add(message))
  if (failures.size === 0) return
  const shown = [...failures].slice(0, 12)
  throw new Error(
    [...shown, ...(failures.size > shown.length ? [`and ${failures.size - shown.length} more`] : [])].join("\n")
  )
}

/** A case that tells `fail` everything it finds, or throws. */
export const contractCase = (name: string, check: (fail: (message: string) => void) => void): ContractCase => ({
  name,
  run: () => collect(check)
})
