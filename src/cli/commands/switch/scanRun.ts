/** `unicall switch scan`: reads the files of a folder and tells what speaks to a provider. */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import type { Finding, Sought } from "../../../scan/Finding.ts"
import { type FileScan, scanFile } from "../../../scan/scanFile.ts"
import { mentionsIn } from "../../../scan/mentions.ts"
import { callable } from "../../providers.ts"
import { codeOf, reasonOf, tryFile } from "../../shell/failures.ts"
import { CLEAR_LINE, makeNotes } from "../../shell/progress.ts"
import { jsonLine, print, tell } from "../../shell/terminal.ts"
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
  scanOne: (file: { readonly path: string; readonly text: string }) => FileScan,
  mention: (text: string) => ReadonlyArray<{ readonly line: number; readonly provider: string }>,
  step: (line: string) => void
) => {
  const files: Array<ScannedFile> = []
  const mentions: Array<Mention> = []
  const notParsed: Array<string> = []
  const notRead: Array<NotRead> = []
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
    const scan = language === undefined ? scanOne({ path: shown, text }) : undefined
    if (scan?.outcome === "scanned" && scan.findings.length > 0) files.push({ file: shown, findings: scan.findings })
    if (scan?.outcome === "unparsed") notParsed.push(shown)
    if (language !== undefined || scan?.outcome === "unparsed") {
      mentions.push(...mention(text).map((each) => ({ file: shown, ...each, language: language ?? LANGUAGE })))
    }
  }
  return { files, mentions, notParsed, notRead }
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
  const scanned = scanAll(found.sources, scanFile(parse, providers), mentionsIn(providers), step)
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
