/** A request that certainly never left, by the word of a transport of ours. */
export class UnsentError extends Error {
  override readonly name = "UnsentError"
  /** The system's word for it, where there is one. */
  readonly code: string | undefined

  constructor(message: string, { cause, code }: { readonly cause?: unknown; readonly code?: string } = {}) {
    super(message, { cause })
    this.code = code
  }
}
