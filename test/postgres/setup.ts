/** Once for all tests of this folder: a server, if PostgreSQL is installed. */
import type { TestProject } from "vitest/node"
import { isInstalled, isRequired, startServer } from "./server.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the server's socket; none where PostgreSQL is not installed. */
    readonly postgresFolder: string | undefined
  }
}

export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  if (!isInstalled && !isRequired) {
    process.stderr.write(
      "PostgreSQL is not installed: the tests of its journal and its inbox are skipped (Debian: apt-get install postgresql)\n"
    )
    project.provide("postgresFolder", undefined)
    return undefined
  }
  const { folder, stop } = await startServer()
  project.provide("postgresFolder", folder)
  return stop
}
