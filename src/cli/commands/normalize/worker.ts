/** A thread of `normalize --workers`: blocks of whole lines in, encoded records out. */
import { parentPort, workerData } from "node:worker_threads"
import { providers } from "../../providers.ts"
import { makeEncoder } from "../../records/encoders.ts"
import { makeJob } from "./job.ts"
import { makeSplitter } from "../../inputs/split.ts"
import type { Block, BlockResult, WorkerSetup } from "./workers.ts"

const port = parentPort
if (port === null) throw new Error("worker.ts runs as a worker thread only")

const { job: options, split }: WorkerSetup = workerData

const encoder = new TextEncoder()

const normalizeBlock = ({ name, bytes, start }: Block): BlockResult => {
  let text = ""
  const rejections: Array<BlockResult["rejections"][number]> = []
  const job = makeJob(providers, options, makeEncoder("ndjson"), {
    text: (line) => {
      text += line
    },
    rejection: (rejection) => rejections.push(rejection)
  })
  const splitter = makeSplitter({ name, form: "json" }, split, job, start)
  splitter.push(bytes)
  splitter.settle()
  const whole = splitter.isIdle()
  return { bytes, whole, output: encoder.encode(whole ? text : ""), rejections, tally: job.tally }
}

port.on("message", (block: Block) => {
  const result = normalizeBlock(block)
  port.postMessage(result, [result.bytes.buffer, result.output.buffer])
})
