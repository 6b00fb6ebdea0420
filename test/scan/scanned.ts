/** Sources scanned for every provider there is, as short lines. */
import * as Effect from "effect/Effect"
import { declared } from "../../adapters/providers.ts"
import type { Finding, Sought } from "../../src/scan/Finding.ts"
import { scanFile } from "../../src/scan/scanFile.ts"
import { loadParser } from "../../src/cli/commands/switch/sourceParser.ts"

const parse = await Effect.runPromise(loadParser)

export const sought: ReadonlyArray<Sought> = await Promise.all(
  Object.values(declared).map(async ({ id, title, code }) => {
    if (code === undefined) throw new Error(`${id} has no signs of code`)
    return { id, title, signs: await code.load() }
  })
)

const scan = scanFile(parse, sought)

export const findingsOf = (text: string, path = "app.ts"): ReadonlyArray<Finding> => {
  const scanned = scan({ path, text })
  if (scanned.outcome === "scanned") return scanned.findings
  return []
}

export const outcomeOf = (text: string, path = "app.ts"): string => scan({ path, text }).outcome

/** `3 vapi place`, with the kind where there is no operation. */
export const placesIn = (text: string, path?: string): ReadonlyArray<string> =>
  findingsOf(text, path).map(({ line, provider, kind, operation, grade }) =>
    [line, provider, operation ?? kind, ...(grade === "likely" ? ["likely"] : [])].join(" ")
  )

/** `3 rings_twice certain`. */
export const trapsIn = (text: string, path?: string): ReadonlyArray<string> =>
  findingsOf(text, path).flatMap(({ traps }) => traps.map(({ line, kind, grade }) => `${line} ${kind} ${grade}`))

export const saidIn = (text: string, path?: string): string =>
  findingsOf(text, path)
    .flatMap(({ traps }) => traps.map(({ says }) => says))
    .join("\n")
