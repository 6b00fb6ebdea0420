/**
 * The providers of this run: those of the package, and those of the files that `--adapter` names. Commands and their
 * flags follow from them, so the files are loaded before any command is made. Threads are given the same arguments.
 */
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { declared } from "../../adapters/providers.ts"
import type { Adapter } from "../provider/Adapter.ts"
import type { ProviderDeclaration } from "../provider/ProviderDeclaration.ts"
import { type Registry, registryOf } from "../provider/registry.ts"
import { EXIT } from "./ExitCode.ts"
import { plainText } from "../domain/plainText.ts"
import { tell } from "./shell/output.ts"

/** Ends the process: without the providers no command can be made. */
const refuse = (message: string): never => {
  tell(`${plainText(message)}\n`)
  process.exit(EXIT.usage)
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const ADAPTER_FLAG = "adapter"

/** The files named in the arguments, in order; nothing after `--` is a flag. */
export const adapterFilesIn = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const options = { [ADAPTER_FLAG]: { type: "string", multiple: true } } as const
  const { values } = parseArgs({ args: [...args], options, strict: false })
  return [values[ADAPTER_FLAG] ?? []].flat().filter((file) => typeof file === "string")
}

const NEEDED = ["providerId", "title", "capabilities", "evidence", "shapes", "interpretation", "sources"] as const

const isAdapter = (value: unknown): value is Adapter =>
  typeof value === "object" &&
  value !== null &&
  typeof Reflect.get(value, "id") === "string" &&
  NEEDED.every((name) => Reflect.get(value, name) !== undefined)

const load = async (file: string): Promise<ReadonlyArray<Adapter>> => {
  try {
    const exported: object = await import(pathToFileURL(resolve(file)).href)
    const found = [...new Set(Object.values(exported).filter(isAdapter))]
    return found.length > 0
      ? found
      : refuse(`--adapter ${file}: expected a module that exports an adapter, with id, ${NEEDED.join(", ")}`)
  } catch (error) {
    return refuse(`--adapter ${file}: cannot be loaded (${reasonOf(error)})`)
  }
}

const registered = (adapters: ReadonlyArray<Adapter>): Registry => {
  try {
    return registryOf(adapters)
  } catch (error) {
    return refuse(`--adapter: ${reasonOf(error)}`)
  }
}

const all: Array<Adapter> = Object.values(declared)
for (const file of adapterFilesIn(process.argv.slice(2))) all.push(...(await load(file)))

/** All providers: what can be read. */
export const providers = registered(all)

export const capabilitiesOf = (id: string) => providers.get(id)?.capabilities

/**
 * The providers that can also be called. The adapter in a file has its own copy of Effect, which cannot read our redacted
 * keys: calls with it need a program (`makeOpenCalls`).
 */
export const callable: ReadonlyArray<ProviderDeclaration> = Object.values(declared)
