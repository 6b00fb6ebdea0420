/** `unicall switch scan`: reads the files of a folder and tells what speaks to a provider. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { compareText } from "../../../domain/textOrder.ts"
import type { Finding, Sought } from "../../../scan/Finding.ts"
import { type Parse, scanFiles } from "../../../scan/scanFiles.ts"
import { mentionsIn } from "../../../scan/mentions.ts"
import { callable } from "../../providers.ts"
import { codeOf, reasonOf, tryFile } from "../../shell/failures.ts"
import { CLEAR_LINE, makeNotes } from "../../shell/progress.ts"
import { jsonLine, print, tell } from "../../shell/terminal.ts"
import { importedFile } from "./importedFile.ts"
import type { ScanFlags } from "./scanCommand.ts"
import { type FoundSource, type NotRead, sourceBelow } from "./scanFolder.ts"
import { reportText } from "./scanReport.ts"
import { loadParser } from "./sourceParser.ts"

/** A place in another language, or in a file that could not be parsed, that names a provider. */
export interface Mention {
  readonly file: string
  readonly line: number
  readonly provider: string
  readonly language: string
}

export interface ScannedFile {
  readonly file: string
  readonly findings: ReadonlyArray<Finding>
}

export interface Scan {
  readonly files: ReadonlyArray<ScannedFile>
  readonly mentions: ReadonlyArray<Mention>
  readonly notParsed: ReadonlyArray<string>
  readonly notRead: ReadonlyArray<NotRead>
  /** Files that were looked at, and files by language that were not. */
  readonly looked: number
  readonly languages: { readonly [language: string]: number }
}

const LANGUAGE = "JavaScript or TypeScript"

/** Bytes that are no text, as in a video that ends in `.ts`. */
const isBinary = (text: string): boolean => text.slice(0, 4096).includes("\u0000")

const sought = Effect.promise(async (): Promise<ReadonlyArray<Sought>> => {
  const loaded = callable.map(async ({ id, title, code }) => ({ id, title, signs: await code?.load() }))
  return (await Promise.all(loaded)).flatMap(({ id, title, signs }) =>
    signs === undefined ? [] : [{ id, title, signs }]
  )
})

const STEP_EVERY = 50

const scanAll = (
  sources: ReadonlyArray<FoundSource>,
  parse: Parse,
  providers: ReadonlyArray<Sought>,
  step: (line: string) => void
) => {
  const mention = mentionsIn(providers)
  const mentions: Array<Mention> = []
  const notRead: Array<NotRead> = []
  const paths = new Map(
    sources.filter(({ language }) => language === undefined).map(({ shown, path }) => [shown, path] as const)
  )
  const textOf = (shown: string): string | undefined => {
    try {
      return readFileSync(paths.get(shown) ?? "", "utf8")
    } catch {
      return undefined
    }
  }
  const code = scanFiles({ parse, read: textOf, resolve: importedFile(new Set(paths.keys())) }, providers)
  for (const [index, { path, shown, language }] of sources.entries()) {
    if (index % STEP_EVERY === 0) step(`${index} of ${sources.length} files`)
    let text: string
    try {
      text = readFileSync(path, "utf8")
    } catch (error) {
      notRead.push({ shown, reason: codeOf(error) === "ENOENT" ? "gone meanwhile" : reasonOf(error) })
      continue
    }
    if (isBinary(text)) continue
    if (language === undefined) code.add({ path: shown, text })
    else mentions.push(...mention(text).map((each) => ({ file: shown, ...each, language })))
  }
  const files: Array<ScannedFile> = []
  const notParsed: Array<string> = []
  let scanned = 0
  for (const { path: file, findings } of code.scan()) {
    if (scanned++ % STEP_EVERY === 0) step(`${scanned} files that deal with a provider`)
    if (findings !== undefined && findings.length > 0) files.push({ file, findings })
    if (findings !== undefined) continue
    notParsed.push(file)
    mentions.push(...mention(textOf(file) ?? "").map((each) => ({ file, ...each, language: LANGUAGE })))
  }
  const inOrder = <Of extends { readonly file: string }>(all: ReadonlyArray<Of>): ReadonlyArray<Of> =>
    all.toSorted((one, other) => compareText(one.file, other.file))
  return { files: inOrder(files), mentions: inOrder(mentions), notParsed: notParsed.toSorted(compareText), notRead }
}

const languagesOf = (sources: ReadonlyArray<FoundSource>): Scan["languages"] => {
  const counts: { [language: string]: number } = {}
  for (const { language } of sources) if (language !== undefined) counts[language] = (counts[language] ?? 0) + 1
  return counts
}

export const runScan = Effect.fn("unicall.switch.scan")(function* ({ folder, json }: ScanFlags) {
  const found = yield* tryFile(folder, () => sourceBelow(folder))
  const parse = yield* loadParser
  const providers = yield* sought
  const notes = makeNotes(Date.now)
  const step = (line: string): void => {
    notes.step(line)
    notes.flush()
  }
  const scanned = scanAll(found.sources, parse, providers, step)
  if (process.stderr.isTTY) tell(CLEAR_LINE)
  const scan: Scan = {
    ...scanned,
    notRead: [...found.notRead, ...scanned.notRead],
    looked: found.sources.filter(({ language }) => language === undefined).length,
    languages: languagesOf(found.sources)
  }
  print(json ? jsonLine(documentOf(scan)) : reportText(scan, providers))
})

/** What `--json` prints. */
const documentOf = ({ files, mentions, notParsed, notRead, looked, languages }: Scan) => ({
  findings: files.flatMap(({ file, findings }) => findings.map((finding) => ({ file, ...finding }))),
  mentions,
  notParsed,
  notRead: notRead.map(({ shown, reason }) => ({ file: shown, reason })),
  filesScanned: looked,
  otherLanguages: languages
})
