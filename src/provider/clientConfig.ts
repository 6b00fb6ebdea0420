import * as Config from "effect/Config"
import { environmentOf } from "./ProviderDeclaration.ts"

/** Key and, if it is set, base URL of a provider from the configuration, by the names of `environmentOf`. */
export const clientConfig = (id: string) => {
  const { keyVariable, urlVariable } = environmentOf(id)
  return Config.all({
    apiKey: Config.Redacted(keyVariable),
    baseUrl: Config.String(urlVariable).pipe(Config.withDefault(undefined))
  })
}
