/** Decides in a process of its own: reads a configuration and orders as JSON, prints the provider of each. */
import { readFileSync } from "node:fs"
import process from "node:process"
import * as Result from "effect/Result"
import { decide, provider, routerOf } from "./routed.ts"

const { configuration, providers, orders } = JSON.parse(readFileSync(0, "utf8"))
const router = routerOf(configuration, ...providers.map((id: string) => provider(id)))
const chosen = orders.map((more: object) => Result.getOrThrow(decide(router, more)).decision.provider)
process.stdout.write(JSON.stringify(chosen))
