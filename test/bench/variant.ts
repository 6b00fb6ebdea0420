/** One measurement in a process of its own: `node variant.ts NAME INPUT OUTPUT`; prints what it saw as JSON. */
import { readFileSync } from "node:fs"
import { isJsonObject, type JsonObject } from "../../src/domain/Json.ts"
import { eachLine, runJob, type Volume } from "./shell.ts"

export interface Measured extends Volume {
  readonly seconds: number
}

type Read = (raw: JsonObject) => unknown

interface WireReaders {
  readonly order: Read
  readonly attempt: Read
  readonly call: Read
}

const timed = (job: () => Volume): Measured => {
  const start = process.hrtime.bigint()
  const volume = job()
  return { ...volume, seconds: Number(process.hrtime.bigint() - start) / 1e9 }
}

/** Decodes every body of the file again and again for a while; the bodies are parsed before. */
const decodeAll = (input: string, read: WireReaders): Measured => {
  const jobs: Array<{ readonly read: Read; readonly body: JsonObject }> = []
  for (const line of readFileSync(input, "utf8").split("\n")) {
    if (line === "") continue
    const payload: JsonObject = JSON.parse(line)
    const list = payload["calls"]
    for (const body of Array.isArray(list) ? list : [payload["call"] ?? payload["data"] ?? payload]) {
      if (!isJsonObject(body)) continue
      jobs.push({ body, read: "call_attempts" in body ? read.order : "toNumber" in body ? read.call : read.attempt })
    }
  }
  const round = (): number => {
    for (const job of jobs) job.read(job.body)
    return jobs.length
  }
  for (let warmUp = 0; warmUp < 5; warmUp++) round()
  return timed(() => {
    let records = 0
    const end = performance.now() + 1_000
    while (performance.now() < end) records += round()
    return { lines: 0, records, bytes: 0 }
  })
}

const measure = async (name: string, input: string, output: string): Promise<Measured> => {
  switch (name) {
    case "ours": {
      const { makeMapper } = await import("./ours.ts")
      const map = makeMapper()
      return timed(() => runJob(input, output, map))
    }
    case "baseline": {
      const { mapByHand } = await import("./baseline.ts")
      return timed(() => runJob(input, output, mapByHand))
    }
    case "decode-ours": {
      const { makeReader } = await import("../../src/provider/WireReader.ts")
      const revox = await import("../../adapters/revox/Wire.ts")
      const revring = await import("../../adapters/revring/Wire.ts")
      return decodeAll(input, {
        order: makeReader(revox.Order),
        attempt: makeReader(revox.Attempt),
        call: makeReader(revring.Call)
      })
    }
    case "decode-zod": {
      const { makeReader } = await import("./zodReader.ts")
      const { revox, revring } = (await import("./zodWire.ts")).zodWire
      return decodeAll(input, {
        order: makeReader(revox.Order),
        attempt: makeReader(revox.Attempt),
        call: makeReader(revring.Call)
      })
    }
    case "compare": {
      const { compareFile } = await import("./compareFile.ts")
      return timed(() => compareFile(input))
    }
    case "parse":
      return timed(() => {
        let lines = 0
        eachLine(input, (line) => {
          JSON.parse(line)
          lines += 1
        })
        return { lines, records: lines, bytes: 0 }
      })
    default:
      throw new Error(`no variant ${name}`)
  }
}

const [name = "", input = "", output = "/dev/null"] = process.argv.slice(2)
console.log(JSON.stringify(await measure(name, input, output)))
