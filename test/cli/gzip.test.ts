import { spawnSync } from "node:child_process"
import { crc32, deflateRawSync, gunzipSync, gzipSync, constants } from "node:zlib"
import { describe, expect, it } from "vitest"
import { GzipReader } from "../../src/cli/inputs/gzip.ts"

interface Read {
  readonly text: Buffer
  readonly damages: ReadonlyArray<{ readonly message: string; readonly raw: string; readonly at: number }>
}

const read = (bytes: Uint8Array, portion = 64 * 1024): Read => {
  const parts: Array<Buffer> = []
  const damages: Array<Read["damages"][number]> = []
  const length = (): number => parts.reduce((sum, part) => sum + part.length, 0)
  const reader = new GzipReader({
    bytes: (some) => parts.push(Buffer.from(some)),
    damaged: (message, raw) => damages.push({ message, raw, at: length() })
  })
  const chunk = Buffer.alloc(portion)
  for (let at = 0; at < bytes.length; at += portion) {
    const count = Buffer.from(bytes).copy(chunk, 0, at, at + portion)
    reader.push(chunk.subarray(0, count))
    // What has been handed over must not be needed again.
    chunk.fill(0xee)
  }
  reader.end()
  return { text: Buffer.concat(parts), damages }
}

/** What the program `gzip` gives of the same bytes, damaged or not. */
const hasGzip = spawnSync("gzip", ["--version"]).status === 0
const gzipProgram = (bytes: Uint8Array): Buffer =>
  spawnSync("gzip", ["-dc"], { input: bytes, maxBuffer: 2 ** 28 }).stdout

/** Numbers that are the same in every run. */
const makeRandom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

const lines = (count: number, seed: number): string => {
  const random = makeRandom(seed)
  return Array.from(
    { length: count },
    (_, at) =>
      `{"id":"order ${at}","call_attempts":[],"note":"${random(1e9)
        .toString(36)
        .repeat(1 + random(8))}"}\n`
  ).join("")
}

const small = lines(3, 1)
const large = lines(6000, 2)

describe("gzip", () => {
  it.each([
    ["nothing", ""],
    ["a little", "a"],
    ["few records", small],
    ["many records", large],
    ["long repetitions", "ab".repeat(300_000)],
    ["one byte again and again", "a".repeat(1_000_000)]
  ])("gives back %s, however it was compressed and in whatever portions it comes", (_, text) => {
    const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_DEFAULT_STRATEGY } = constants
    for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE]) {
      for (const level of [0, 6]) {
        const bytes = gzipSync(text, { level, strategy })
        for (const portion of text.length > 10_000 ? [9973] : [1, 2, 7, 65_536]) {
          const { text: got, damages } = read(bytes, portion)
          expect(damages).toEqual([])
          expect(got.equals(Buffer.from(text))).toBe(true)
        }
      }
    }
  })

  it("reads members one after the other, with zeros between and behind them", () => {
    const zeros = Buffer.alloc(1000)
    const [first, second] = [gzipSync(small), gzipSync(large)]
    for (const bytes of [
      [first, second],
      [first, zeros, second, zeros],
      [first, gzipSync(""), second]
    ]) {
      const { text, damages } = read(Buffer.concat(bytes), 4096)
      expect(damages).toEqual([])
      expect(text.toString()).toBe(small + large)
    }
  })

  it("reads headers with everything that may stand in them", () => {
    const header = [0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 255, 3, 0, 1, 2, 3]
    const names = Buffer.from("name\0comment\0", "latin1")
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(crc32(small), 0)
    trailer.writeUInt32LE(small.length, 4)
    const bytes = Buffer.concat([Buffer.from(header), names, Buffer.from([0, 0]), deflateRawSync(small), trailer])
    expect(read(bytes, 1)).toEqual({ text: Buffer.from(small), damages: [] })
  })

  it("gives everything before a cut, to the byte, and tells how far that is", () => {
    const whole = gzipSync(large)
    const { text, damages } = read(whole.subarray(0, whole.length - 100))
    expect(damages).toHaveLength(1)
    expect(damages[0]?.message).toMatch(/^the compressed data are cut off after byte [\d,]+, with [\d,]+ bytes decoded/)
    expect(
      text.equals(gunzipSync(whole.subarray(0, whole.length - 100), { finishFlush: constants.Z_SYNC_FLUSH }))
    ).toBe(true)
  })

  it.skipIf(!hasGzip)("gives at least what gzip gives, wherever the data are cut", () => {
    const whole = gzipSync(lines(400, 3))
    const random = makeRandom(4)
    for (const length of [
      10,
      11,
      12,
      20,
      100,
      whole.length - 8,
      ...Array.from({ length: 15 }, () => random(whole.length))
    ]) {
      const cut = whole.subarray(0, length)
      const { text, damages } = read(cut, 1 + random(5000))
      const expected = gzipProgram(cut)
      expect(text.subarray(0, expected.length).equals(expected)).toBe(true)
      expect(damages).toHaveLength(length === 0 ? 0 : 1)
    }
  })

  it.skipIf(!hasGzip)("gives at least what gzip gives, whatever bit is turned", () => {
    const plain = lines(3000, 5)
    const whole = gzipSync(plain)
    const random = makeRandom(6)
    for (let round = 0; round < 25; round++) {
      const bytes = Buffer.from(whole)
      const at = 10 + random(whole.length - 10)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
      const { text, damages } = read(bytes, 1 + random(70_000))
      const expected = gzipProgram(bytes)
      expect(text.subarray(0, expected.length).equals(expected)).toBe(true)
      expect(damages.length).toBe(1)
    }
  })

  it("reads the members behind a damaged one, one after the other", () => {
    const parts = [lines(2000, 7), lines(2000, 8), lines(50, 9)]
    const [first = "", second = "", third = ""] = parts
    const damaged = gzipSync(second)
    damaged.fill(0, 2000, 2100)
    const { text, damages } = read(Buffer.concat([gzipSync(first), damaged, gzipSync(third)]))
    expect(damages).toHaveLength(1)
    expect(text.toString().startsWith(first)).toBe(true)
    expect(text.toString().endsWith(third)).toBe(true)
  })

  it("reads a member whose first bytes were taken for the end of one that is cut off", () => {
    for (const lost of [5, 30, 500, 3000]) {
      const cut = gzipSync(lines(2000, 10))
      const { text, damages } = read(
        Buffer.concat([cut.subarray(0, cut.length - lost), gzipSync(small), gzipSync(large)])
      )
      expect(damages).toHaveLength(1)
      expect(text.toString().endsWith(small + large)).toBe(true)
    }
  })

  it("tells a checksum that does not agree, and has read the data all the same", () => {
    const bytes = gzipSync(small)
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 1
    const { text, damages } = read(Buffer.concat([bytes, gzipSync(large)]))
    expect(damages.map(({ message, at }) => [message.slice(0, 53), at])).toEqual([
      ["the compressed data do not agree with their checksum ", small.length]
    ])
    expect(text.toString()).toBe(small + large)
  })

  it("keeps what stands behind the data and is no gzip", () => {
    const log = '{"call_order_id":"é"}\n'
    for (const portion of [1, 7, 100]) {
      const { text, damages } = read(Buffer.concat([gzipSync(small), Buffer.from(log), gzipSync(large)]), portion)
      expect(text.toString()).toBe(small + large)
      expect(damages).toMatchObject([{ raw: log, at: small.length }])
      expect(damages[0]?.message).toContain("23 bytes of something else stand there")
    }
  })

  it("is not led astray by bytes that only look like the beginning of a member", () => {
    const decoy = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
    const noise = Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 251))
    const garbage = Buffer.concat([decoy, noise, decoy, Buffer.from([1, 5, 0, 250, 255, 0, 1, 2, 3, 4]), noise])
    const damaged = gzipSync(lines(2000, 11))
    damaged.fill(255, 3000, 3050)
    const { text, damages } = read(Buffer.concat([damaged, garbage, gzipSync(small)]), 1000)
    expect(damages).toHaveLength(1)
    expect(text.toString().endsWith(small)).toBe(true)
  })

  it("reads a member behind damage that is itself damaged, up to there", () => {
    for (let at = 400; at < 800; at += 10) {
      const damaged = gzipSync(lines(600, 2))
      damaged[at] = (damaged[at] ?? 0) ^ 8
      const { text } = read(Buffer.concat([gzipSync(small), Buffer.from("-"), damaged]))
      expect(text.toString().startsWith(small + lines(600, 2).slice(0, 500))).toBe(true)
    }
  })

  it("gives the same in whatever portions damaged data come", () => {
    const random = makeRandom(13)
    for (let round = 0; round < 20; round++) {
      const bytes = Buffer.concat([gzipSync(lines(100, round)), Buffer.from("é\n"), gzipSync(lines(100, 50 + round))])
      const at = random(bytes.length)
      bytes.write("\u001f\u008b\b\0\0\0\0\0\0\u0003", at, "latin1")
      bytes[random(bytes.length)] = random(256)
      const whole = read(bytes)
      for (const portion of [1, 25, 1000]) expect(read(bytes, portion)).toEqual(whole)
    }
  })

  it("takes linear time for many beginnings without a member", () => {
    const beginning = gzipSync("\u0000").subarray(0, 14)
    const beginnings = Buffer.concat(Array.from({ length: 40_000 }, () => beginning))
    const { damages } = read(Buffer.concat([gzipSync(small), Buffer.from("-"), beginnings]))
    expect(damages).toHaveLength(1)
  })

  it("agrees with zlib about any bytes that it takes", () => {
    const random = makeRandom(12)
    for (let round = 0; round < 150; round++) {
      const plain = Buffer.from(Array.from({ length: random(3000) }, () => random(1 + random(256))))
      const bytes = gzipSync(plain, { level: random(10), memLevel: 1 + random(9), windowBits: 9 + random(7) })
      expect(read(bytes, 1 + random(400)).text.equals(gunzipSync(bytes))).toBe(true)
    }
  })
})
