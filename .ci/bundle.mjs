// The command line as one bundle and its worker, as it is published and as the tests run it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

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
    treeshake
  })
  const { output } = await bundle.write({
    dir: folder,
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name]-[hash].mjs",
    banner: (chunk) => (chunk.isEntry && chunk.name === "main" && !hasShebang ? shebang : ""),
    sourcemap: true
  })
  await bundle.close()
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
