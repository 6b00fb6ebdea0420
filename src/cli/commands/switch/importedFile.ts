/** Which file of a folder an import means, by what stands in it: endings and `/index` may be left out, `.js` may be `.ts`. */
import { posix } from "node:path"

const ENDINGS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"]

/** What an ending may have been before it was compiled. */
const WRITTEN: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  [".js", [".ts", ".tsx", ".jsx"]],
  [".jsx", [".tsx"]],
  [".mjs", [".mts"]],
  [".cjs", [".cts"]]
])

const waysTo = (path: string): ReadonlyArray<string> => {
  const ending = posix.extname(path)
  const bare = path.slice(0, path.length - ending.length)
  return [
    path,
    ...(WRITTEN.get(ending) ?? []).map((written) => bare + written),
    ...ENDINGS.map((each) => path + each),
    ...ENDINGS.map((each) => posix.join(path, `index${each}`))
  ]
}

/** The folder of a file and those above it, up to the one that is scanned. */
const foldersAbove = (path: string): ReadonlyArray<string> => {
  const folder = posix.dirname(path)
  return folder === "." ? ["."] : [folder, ...foldersAbove(folder)]
}

/** `files` are below the folder, with slashes. */
export const importedFile = (files: ReadonlySet<string>) => {
  const find = (path: string): string | undefined => waysTo(path).find((way) => files.has(way))
  return (from: string, importer: string): string | undefined => {
    if (/^\.{1,2}(\/|$)/.test(from)) return find(posix.join(posix.dirname(importer), from))
    // The usual alias, of the folder of a package or its `src`: the nearest that has the file.
    if (!/^[@~]\//.test(from)) return undefined
    for (const folder of foldersAbove(importer)) {
      const found = find(posix.join(folder, from.slice(2))) ?? find(posix.join(folder, "src", from.slice(2)))
      if (found !== undefined) return found
    }
    return undefined
  }
}
