/** The file of a report. */
import * as Effect from "effect/Effect"
import { unreadable } from "../../shell/fileFault.ts"
import { writeFully } from "../../shell/output.ts"
import { openWhole, type Target } from "../../shell/wholeFile.ts"

export const writeReport = (target: Target, text: string) =>
  Effect.try({
    try: () => {
      const file = openWhole(target)
      try {
        writeFully(file.descriptor, Buffer.from(text))
      } catch (error) {
        file.discard()
        throw error
      }
      file.keep()
    },
    catch: unreadable(target.name)
  })
