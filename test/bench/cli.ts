/** How the command line is started: the one place that knows. */
import { existsSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const BUNDLE = fileURLToPath(new URL("../../dist/cli/main.mjs", import.meta.url))
const SOURCE = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))

export interface Cli {
  /** Shown to the reader: the bundle is what users run. */
  readonly name: string
  /** Arguments of `node` that write the records of a file to stdout, one a line. */
  readonly normalize: (input: string, workers?: number) => ReadonlyArray<string>
  /** The same that print the comparison of the providers in a file. */
  readonly compare: (input: string) => ReadonlyArray<string>
}

const ROOTS = ["../../src", "../../adapters"].map((root) => fileURLToPath(new URL(root, import.meta.url)))

/** A bundle that was built before the last change measures yesterday's code. */
const isStale = (bundle: string): boolean => {
  const built = statSync(bundle).mtimeMs
  return ROOTS.some((root) =>
    readdirSync(root, { recursive: true, encoding: "utf8" }).some(
      (file) => file.endsWith(".ts") && statSync(join(root, file)).mtimeMs > built
    )
  )
}

/** The built bundle, else the source, else nothing. */
export const findCli = (): Cli | undefined => {
  const file = [BUNDLE, SOURCE].find((path) => existsSync(path))
  if (file === undefined) return undefined
  return {
    name:
      file !== BUNDLE
        ? "src/cli/main.ts"
        : `dist/cli/main.mjs${isStale(BUNDLE) ? " (OLDER THAN THE SOURCES: npm run build)" : ""}`,
    normalize: (input, workers) => [
      file,
      "normalize",
      input,
      ...(workers === undefined ? [] : ["--workers", String(workers)])
    ],
    compare: (input) => [file, "compare", input]
  }
}
