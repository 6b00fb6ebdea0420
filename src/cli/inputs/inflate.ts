/**
 * DEFLATE (RFC 1951), decoded as far as it goes. Node's own decoders keep back what they decoded last when they meet
 * damage, in up to a whole chunk of input; pako, a port of zlib, shows it.
 */
import { Z_BUF_ERROR, Z_OK, Z_STREAM_END, Z_SYNC_FLUSH, ZStream } from "pako"
import { zlibInflate, zlibInflateInit2, zlibInflateReset, zlibInflateSetDictionary } from "pako"

/** No header and no trailer, and the largest window. */
const RAW = -15
const OUTPUT = 128 * 1024
// A copy from before the beginning gives zeros, so that damage in one place does not cost all that is behind it.
const ZEROS = new Uint8Array(32 * 1024)

/** `more`: the input ends before the data do. */
export type InflateState = "more" | "done" | "damaged"

/** Decodes one stream; `output` takes bytes that are only valid until it returns. */
export class Inflate {
  private readonly output: (bytes: Uint8Array) => void
  private readonly stream = new ZStream()

  constructor(output: (bytes: Uint8Array) => void) {
    this.output = output
    this.stream.output = new Uint8Array(OUTPUT)
    zlibInflateInit2(this.stream, RAW)
    this.restart()
  }

  /** Forgets the stream and begins with another. */
  restart(): void {
    zlibInflateReset(this.stream)
    zlibInflateSetDictionary(this.stream, ZEROS)
  }

  /** Decodes on. */
  push(chunk: Uint8Array): InflateState {
    const { stream } = this
    stream.input = chunk
    stream.next_in = 0
    stream.avail_in = chunk.length
    for (;;) {
      stream.next_out = 0
      stream.avail_out = OUTPUT
      const status = zlibInflate(stream, Z_SYNC_FLUSH)
      if (stream.next_out > 0) this.output(stream.output.subarray(0, stream.next_out))
      if (status === Z_STREAM_END) return "done"
      if (status !== Z_OK && status !== Z_BUF_ERROR) return "damaged"
      if (stream.avail_out > 0) return "more"
    }
  }

  /** How many of the bytes that were given last were not used. */
  get unused(): number {
    return this.stream.avail_in
  }
}
