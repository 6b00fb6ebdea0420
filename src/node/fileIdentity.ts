/** Whether a path still leads to the same file. */
import { statSync } from "node:fs"

/** Which file a path leads to: others of the same name have another. */
export const fileIdentity = (file: string): string => {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? "none" : `${found.dev} ${found.ino}`
}
