/** What `unicall doctor` finds. */

/** Only `fail` prevents live calls. */
export type Verdict = "ok" | "warn" | "skip" | "fail"

export interface Finding {
  readonly about: string
  readonly verdict: Verdict
  readonly found: string
  readonly fix?: string
}

export const finding = (about: string, verdict: Verdict, found: string, fix?: string): Finding => ({
  about,
  verdict,
  found,
  ...(fix === undefined ? {} : { fix })
})
