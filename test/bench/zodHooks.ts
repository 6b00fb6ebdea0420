/**
 * Preloaded (`--import`) by the variant that decodes with zod: `Mapping.ts` of Revox and of RevRing, whose records are measured, get a
 * reader and wire schemas of zod in place of ours. Everything else of the job stays the very same code.
 */
import { registerHooks } from "node:module"

const here = (file: string): string => new URL(file, import.meta.url).href

const wireOf = (provider: string): string => {
  const real = new URL(`../../adapters/${provider}/Wire.ts`, import.meta.url).href
  const zod = `import { zodWire } from ${JSON.stringify(here("zodWire.ts"))}\n`
  const names = provider === "revox" ? "Order, Attempt, Webhook" : "Call, PreCall"
  const code = `export * from ${JSON.stringify(real)}\n${zod}export const { ${names} } = zodWire.${provider}`
  return `data:text/javascript,${encodeURIComponent(code)}`
}

registerHooks({
  resolve: (specifier, context, next) => {
    const provider = /\/adapters\/(revox|revring)\/Mapping\.ts$/.exec(context.parentURL ?? "")?.[1]
    if (provider !== undefined && specifier === "./Wire.ts") return { url: wireOf(provider), shortCircuit: true }
    if (provider !== undefined && specifier.endsWith("/WireReader.ts"))
      return { url: here("zodReader.ts"), shortCircuit: true }
    return next(specifier, context)
  }
})
