/** Which inputs gave nothing but rejections. */
import type { Rejection } from "../../../domain/Rejection.ts"
import type { Input } from "../../inputs/findInputs.ts"
import type { Tally } from "./job.ts"
import { plainText, plural } from "../../shell/terminal.ts"
import { looksLike } from "./looksLike.ts"

interface Counts {
  read: number
  rejected: number
}

export const makeVerdicts = (tally: Pick<Tally, "read" | "rejected">) => {
  let before: Counts = { read: 0, rejected: 0 }
  let first: Rejection | undefined
  let notes = ""
  const byName = new Map<string, Counts>()
  return {
    rejection: (rejection: Rejection): void => {
      first ??= rejection
    },
    /** An input has been read. */
    inputRead: (input: Input): void => {
      const read = tally.read - before.read
      const rejected = tally.rejected - before.rejected
      const counts = byName.get(input.givenAs) ?? { read: 0, rejected: 0 }
      byName.set(input.givenAs, { read: counts.read + read, rejected: counts.rejected + rejected })
      if (first !== undefined && read === rejected) {
        notes += `${plainText(input.name)}: ${plural(read, "record")}, all rejected; it looks like ${looksLike(input, first)}\n`
      }
      before = { read: tally.read, rejected: tally.rejected }
      first = undefined
    },
    /** A line for each input of which everything was rejected, with what it looks like. */
    notes: (): string => notes,
    /** What was named on the command line and gave nothing but rejections. */
    fruitless: (): ReadonlyArray<string> =>
      [...byName].flatMap(([name, { read, rejected }]) => (read > 0 && read === rejected ? [name] : []))
  }
}
