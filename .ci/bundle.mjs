// The command line as one bundle and its worker, as it is published and as the tests run it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

/** What at least so many of some 150 chunks need stands in one shared file. With a lower number every command would load what few need. */
const MANY = 20

/** What the installed command starts with runs on any Node, and must load nothing else. */
const OF_START = /[\\/]src[\\/](?:nodeVersion|cli[\\/]ExitCode)\.ts$/

const insistOnLightStart = (output) => {
  const importsOf = ({ imports = [] }) => output.filter(({ fileName }) => imports.includes(fileName))
  const first = output.filter(({ isEntry, name }) => isEntry && name === "main").flatMap(importsOf)
  const heavy = [...first.filter(({ name }) => name !== "start"), ...first.flatMap(importsOf)]
  if (heavy.length > 0) throw new Error(`the command starts with ${heavy.map(({ fileName }) => fileName).join(", ")}`)
}

/** Writes `main.mjs`, `worker.mjs` and what they share into the folder; gives the chunks. */
export const bundleCli = async (folder) => {
  const { rolldown } = await import("rolldown")
  const input = {
    main: join(root, "src", "cli", "start.ts"),
    worker: join(root, "src", "cli", "commands", "normalize", "worker.ts")
  }
  const shebang = "#!/usr/bin/env node"
  const hasShebang = readFileSync(input.main, "utf8").startsWith("#!")
  // package.json says of the library's modules that importing them does nothing; of this one it is all there is to it.
  const treeshake = { moduleSideEffects: [{ test: /[\\/]cli[\\/]main\.ts$/, sideEffects: true }] }
  const bundle = await rolldown({
    input,
    cwd: root,
    platform: "node",
    // Optional peers: who keeps the journal in PostgreSQL installs the one, who has code scanned the other.
    external: ["pg", "@babel/parser"],
    tsconfig: join(root, "tsconfig.json"),
    treeshake,
    // What an adapter loads only when it is called is also what its layers are made of: the library exports both.
    checks: { ineffectiveDynamicImport: false }
  })
  const { output } = await bundle.write({
    dir: folder,
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name]-[hash].mjs",
    // Names stay, for traces. What most commands need is one file: each more that is opened takes time at the start.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    codeSplitting: {
      groups: [
        { name: "start", test: OF_START, priority: 2 },
        { name: "shared", minShareCount: MANY, priority: 1 }
      ]
    },
    banner: (chunk) => (chunk.isEntry && chunk.name === "main" && !hasShebang ? shebang : ""),
    sourcemap: true
  })
  await bundle.close()
  insistOnLightStart(output)
  return output
}

/** The command line in a folder of its own, which goes with `remove`: it starts in a third of the time that the sources take. */
export const bundleForNow = async () => {
  const cache = join(root, "node_modules", ".cache")
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, "unicall-cli-"))
  await bundleCli(folder)
  return { main: join(folder, "main.mjs"), remove: () => rmSync(folder, { recursive: true, force: true }) }
}
