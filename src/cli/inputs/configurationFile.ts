/** The file of a configuration: named agents and routes. Files of experiments that it names stand beside it. */
import { dirname, resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { isJsonObject, type JsonObject } from "../../domain/Json.ts"
import type { Configuration } from "../../routes/Configuration.ts"
import { parseConfiguration } from "../../routes/parseConfiguration.ts"
import type { CommandFailure } from "../shell/failures.ts"
import { mistake, readExperiment } from "./experimentFile.ts"
import { readJson } from "./jsonFile.ts"

export const readConfiguration = Effect.fnUntraced(function* (
  file: string
): Effect.fn.Return<Configuration, CommandFailure> {
  const written = yield* readJson(file)
  const whole = isJsonObject(written) ? yield* withExperiments(written, dirname(file)) : written
  return yield* Effect.fromResult(Result.mapError(parseConfiguration(whole), (fault) => mistake(file, fault)))
})

/** What is not as it must be stays, to be refused for what it is. */
const withExperiments = Effect.fnUntraced(function* (
  written: JsonObject,
  folder: string
): Effect.fn.Return<JsonObject, CommandFailure> {
  const { routes } = written
  if (!isJsonObject(routes)) return written
  const read: Array<readonly [string, unknown]> = []
  for (const [name, route] of Object.entries(routes)) {
    if (!isJsonObject(route) || !Array.isArray(route["rules"])) read.push([name, route])
    else
      read.push([
        name,
        { ...route, rules: yield* Effect.forEach(route["rules"], (rule) => withExperiment(rule, folder)) }
      ])
  }
  return { ...written, routes: Object.fromEntries(read) }
})

const withExperiment = Effect.fnUntraced(function* (
  rule: unknown,
  folder: string
): Effect.fn.Return<unknown, CommandFailure> {
  const use = isJsonObject(rule) ? rule["use"] : undefined
  if (!isJsonObject(rule) || !isJsonObject(use) || typeof use["experiment"] !== "string") return rule
  return { ...rule, use: { ...use, experiment: yield* readExperiment(resolve(folder, use["experiment"])) } }
})
