/**
 * Preloaded (`--import`) by runs that measure memory. With `--expose-gc` it collects and looks at the heap after every
 * few megabytes written, while the job holds what it holds; at exit it writes what it saw to the file named in
 * `UNICALL_BENCH_MEMORY`.
 */
import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { isMainThread } from "node:worker_threads"

export interface Memory {
  /** Heap in use after collection, in bytes, one for each step of the output. */
  readonly heap: ReadonlyArray<number>
  /** Peak resident size of the whole process in kilobytes. */
  readonly peak: number
}

const STEP = 32 * 1024 * 1024

const report = process.env["UNICALL_BENCH_MEMORY"]

if (isMainThread && report !== undefined) {
  const heap: Array<number> = []
  const collect: unknown = globalThis.gc
  let untilSample = STEP
  const count = (bytes: number): void => {
    untilSample -= bytes
    if (untilSample > 0 || typeof collect !== "function") return
    untilSample = STEP
    collect()
    heap.push(process.memoryUsage().heapUsed)
  }
  const counted = (fn: Function): unknown =>
    new Proxy(fn, {
      apply: (target, receiver, parameters: ReadonlyArray<unknown>) => {
        const result: unknown = Reflect.apply(target, receiver, parameters)
        const data = parameters.find((item) => typeof item === "string" || ArrayBuffer.isView(item))
        if (typeof result === "number") count(result)
        else if (typeof data === "string") count(data.length)
        else if (ArrayBuffer.isView(data)) count(data.byteLength)
        return result
      }
    })
  Reflect.set(fs, "writeSync", counted(fs.writeSync))
  Reflect.set(fs, "write", counted(fs.write))
  syncBuiltinESMExports()
  // A socket or pipe does not go through `fs`.
  Reflect.set(process.stdout, "write", counted(process.stdout.write))
  process.on("exit", () => {
    const memory: Memory = { heap, peak: process.resourceUsage().maxRSS }
    fs.writeFileSync(report, JSON.stringify(memory))
  })
}
