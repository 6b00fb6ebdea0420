/** What commands that run in this process write to standard output and standard error. */

export const written = new Map<number, string>()

export const textOf = (descriptor: number): string => Buffer.from(written.get(descriptor) ?? "", "latin1").toString()

/** For `vi.mock("node:fs", …)`: writing to standard output and standard error is kept for the test. */
export const captured = async (original: () => Promise<object>): Promise<object> => {
  const actual = await original()
  const writeSync = (descriptor: number, bytes: Uint8Array, offset = 0): number => {
    if (descriptor !== 1 && descriptor !== 2) return Reflect.get(actual, "writeSync")(descriptor, bytes, offset)
    written.set(descriptor, (written.get(descriptor) ?? "") + Buffer.from(bytes.subarray(offset)).toString("latin1"))
    return bytes.length - offset
  }
  return { ...actual, writeSync }
}
