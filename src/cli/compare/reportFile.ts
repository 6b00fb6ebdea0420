/** The file of a report: there as a whole or not at all, and never in the place of what was read. */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync
} from "node:fs"
import { dirname, resolve } from "node:path"
import * as Effect from "effect/Effect"
import { fileIdentity } from "../../node/fileIdentity.ts"
import { UsageFailure } from "../CommandFailure.ts"
import { unreadable } from "../inputs.ts"
import { writeFully } from "../output.ts"

export interface ReportFile {
  /** As the user named it. */
  readonly name: string
  /** Where it really is: a link stays a link. */
  readonly path: string
}

const isSame = (path: string, input: string): boolean =>
  resolve(input) === path || (fileIdentity(path) !== "none" && fileIdentity(input) === fileIdentity(path))

/** Looked at before anything is read: whoever has waited for long should not be told then that it cannot be written. */
export const findReportFile = Effect.fnUntraced(function* (name: string, inputs: ReadonlyArray<string>) {
  const found = yield* Effect.try({ try: () => statSync(name, { throwIfNoEntry: false }), catch: unreadable(name) })
  if (found !== undefined && !found.isFile()) {
    return yield* new UsageFailure({ message: `${name}: expected the name of a file to write` })
  }
  const path = yield* Effect.try({
    try: () => {
      const real = found === undefined ? resolve(name) : realpathSync(name)
      accessSync(dirname(real), constants.W_OK)
      return real
    },
    catch: unreadable(name)
  })
  if (inputs.some((input) => isSame(path, input))) {
    return yield* new UsageFailure({
      message: `${name}: expected another file than the inputs, which it would overwrite`
    })
  }
  return { name, path } satisfies ReportFile
})

export const writeReport = ({ name, path }: ReportFile, text: string) =>
  Effect.try({
    try: () => {
      const part = `${path}.${process.pid}.part`
      const fd = openSync(part, "w")
      try {
        writeFully(fd, Buffer.from(text))
        fsyncSync(fd)
        renameSync(part, path)
      } finally {
        closeSync(fd)
        rmSync(part, { force: true })
      }
    },
    catch: unreadable(name)
  })
