/** Once for a whole run of tests: the command line as it is published. */
import type { TestProject } from "vitest/node"
import { bundleForNow } from "../../.ci/bundle.mjs"

declare module "vitest" {
  interface ProvidedContext {
    /** The file that `node` runs as `unicall`. */
    readonly unicallMain: string
  }
}

export default async (project: TestProject): Promise<() => void> => {
  const { main, remove } = await bundleForNow()
  project.provide("unicallMain", main)
  return remove
}
