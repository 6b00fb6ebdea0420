/** Whether a path still leads to the same file. */
import { type BigIntStats, statSync } from "node:fs"

export const NO_FILE = "none"

export const statOf = (file: string): BigIntStats | undefined => statSync(file, { bigint: true, throwIfNoEntry: false })

export const identityOf = (found: BigIntStats | undefined): string =>
  found === undefined ? NO_FILE : `${found.dev} ${found.ino}`

/** Which file a path leads to: others of the same name have another. */
export const fileIdentity = (file: string): string => identityOf(statOf(file))
