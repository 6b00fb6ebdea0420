/** Which Node unicall runs on. Everything here must itself run on an older one. */

/** Major and minor; the same as `engines` in package.json. */
const OLDEST = [22, 19] as const

const read = (from: unknown, name: string): unknown =>
  typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined

/**
 * What is wrong with the runtime that has this `process`; `undefined` if nothing is. Only Node is judged: other runtimes
 * have a `process` as well, and name in it some version of Node that they imitate.
 */
export const unsupportedNode = (process: unknown): string | undefined => {
  const versions = read(process, "versions")
  const node = read(versions, "node")
  const isNode = typeof read(versions, "uv") === "string" && read(versions, "bun") === undefined
  if (typeof node !== "string" || !isNode || read(versions, "deno") !== undefined) return undefined
  const [major = 0, minor = 0] = node.split(".").map(Number)
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])
  return isOld ? `unicall needs Node ${OLDEST.join(".")} or later, and this is Node ${node}.` : undefined
}
