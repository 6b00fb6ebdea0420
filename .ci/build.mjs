// Builds dist: the library with tsc (modules and declarations), the command line with rolldown (one bundle and its worker).
// `--prepare` is the build after an install: it never fails the install, it only tells. Writes to stderr only.
import { spawnSync } from "node:child_process"
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { bundleCli } from "./bundle.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const prepare = process.argv.includes("--prepare")
const say = (text) => process.stderr.write(`build: ${text}\n`)

const buildLibrary = () => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
  const result = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: ["ignore", 2, 2] })
  if (result.status !== 0) throw new Error("tsc found errors")
}

/** pako is under two licences, and has the text of one in its file. */
const ZLIB_NOTICE = `(C) 1995-2013 Jean-loup Gailly and Mark Adler
(C) 2014-2017 Vitaly Puzrin and Andrey Tupitsin

This software is provided 'as-is', without any express or implied
warranty. In no event will the authors be held liable for any damages
arising from the use of this software.

Permission is granted to anyone to use this software for any purpose,
including commercial applications, and to alter it and redistribute it
freely, subject to the following restrictions:

1. The origin of this software must not be misrepresented; you must not
  claim that you wrote the original software. If you use this software
  in a product, an acknowledgment in the product documentation would be
  appreciated but is not required.
2. Altered source versions must be plainly marked as such, and must not be
  misrepresented as being the original software.
3. This notice may not be removed or altered from any source distribution.`

/** The licences of everything that ended up inside the bundle, as their authors ask. */
const notices = (chunks) => {
  const folders = new Set()
  for (const id of chunks.flatMap((chunk) => chunk.moduleIds ?? [])) {
    const at = id.lastIndexOf(`${sep}node_modules${sep}`)
    if (at < 0 || id.startsWith("\0")) continue
    const [scope, name] = id.slice(at + 14).split(sep)
    folders.add(id.slice(0, at + 14) + (scope.startsWith("@") ? join(scope, name) : scope))
  }
  const sections = [...folders].toSorted().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    const texts = file === undefined ? [] : [readFileSync(join(folder, file), "utf8").trim()]
    if (/\bzlib\b/i.test(license) && !texts.some((text) => text.includes("'as-is'"))) texts.push(ZLIB_NOTICE)
    if (texts.length === 0) throw new Error(`${name} is in the bundle, and has no licence text`)
    return `${name} ${version} (${license})\n\n${texts.join("\n\n")}\n`
  })
  return `unicall's command line contains the packages below.\n\n${sections.join(`\n${"-".repeat(80)}\n\n`)}`
}

const buildCli = async () => {
  const folder = join(root, "dist", "cli")
  const chunks = await bundleCli(folder)
  chmodSync(join(folder, "main.mjs"), 0o755)
  writeFileSync(join(folder, "LICENSES.txt"), notices(chunks))
}

const step = async (name, needs, run) => {
  if (!existsSync(join(root, needs))) {
    if (!prepare) throw new Error(`${needs} is missing`)
    return
  }
  try {
    await run()
  } catch (cause) {
    if (!prepare) throw cause
    say(`${name} not built: ${cause.message}`)
  }
}

try {
  rmSync(join(root, "dist"), { recursive: true, force: true })
  await step("command line", "src/cli/start.ts", buildCli)
  await step("library", "src/index.ts", buildLibrary)
} catch (cause) {
  say(cause.message)
  process.exit(1)
}
