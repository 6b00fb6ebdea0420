/** Sources scanned for every provider there is, as short lines. */
import * as Effect from "effect/Effect"
import { declared } from "../../adapters/providers.ts"
import type { Finding, Sought } from "../../src/scan/Finding.ts"
import { type FileScan, scanFiles } from "../../src/scan/scanFiles.ts"
import { importedFile } from "../../src/cli/commands/switch/importedFile.ts"
import { loadParser } from "../../src/cli/commands/switch/sourceParser.ts"

const parse = await Effect.runPromise(loadParser)

export const sought: ReadonlyArray<Sought> = await Promise.all(
  Object.values(declared).map(async ({ id, title, code }) => {
    if (code === undefined) throw new Error(`${id} has no signs of code`)
    return { id, title, signs: await code.load() }
  })
)

/** Each file that was parsed, or could not be. */
export const scansOf = (files: { readonly [path: string]: string }): ReadonlyMap<string, FileScan> => {
  const paths = new Set(Object.keys(files))
  const code = scanFiles({ parse, read: (path) => files[path], resolve: importedFile(paths) }, sought)
  for (const path of paths) code.add({ path, text: files[path] ?? "" })
  return new Map([...code.scan()].map((scan) => [scan.path, scan]))
}

export const findingsOf = (text: string, path = "app.ts"): ReadonlyArray<Finding> =>
  scansOf({ [path]: text }).get(path)?.findings ?? []

export const outcomeOf = (text: string, path = "app.ts"): string => {
  const scan = scansOf({ [path]: text }).get(path)
  return scan === undefined ? "unrelated" : scan.findings === undefined ? "unparsed" : "scanned"
}

/** `3 vapi place`, with the kind where there is no operation. */
export const placesIn = (text: string, path?: string): ReadonlyArray<string> => findingsOf(text, path).map(placeText)

export const placeText = ({ line, provider, kind, operation, grade }: Finding): string =>
  [line, provider, operation ?? kind, ...(grade === "likely" ? ["likely"] : [])].join(" ")

/** `3 rings_twice certain`. */
export const trapsIn = (text: string, path?: string): ReadonlyArray<string> =>
  findingsOf(text, path).flatMap(({ traps }) => traps.map(({ line, kind, grade }) => `${line} ${kind} ${grade}`))

export const saidIn = (text: string, path?: string): string =>
  findingsOf(text, path)
    .flatMap(({ traps }) => traps.map(({ says }) => says))
    .join("\n")
