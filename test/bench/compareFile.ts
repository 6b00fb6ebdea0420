/** The library's own way from lines to a comparison, without its command line. */
import { providers } from "../../adapters/index.ts"
import { makeCollector } from "../../src/compare/collect.ts"
import { compare } from "../../src/compare/compare.ts"
import { metricsFor } from "../../src/metrics/index.ts"
import { eachLine, type Volume } from "./shell.ts"

export const compareFile = (input: string): Volume => {
  const collector = makeCollector({
    registry: providers,
    metrics: metricsFor(),
    armsBy: "provider",
    strata: [],
    timeZone: "UTC"
  })
  let lines = 0
  eachLine(input, (line) => {
    lines += 1
    collector.payload(JSON.parse(line), () => "bench")
  })
  const { data } = compare(collector.finish(), { registry: providers })
  // What was left out or folded would make it look faster than it is.
  if (data.orders !== lines) throw new Error(`${data.orders} of ${lines} orders compared`)
  return { lines, records: lines, bytes: 0 }
}
