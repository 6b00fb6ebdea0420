/** Finding inputs: files, folders, glob patterns, standard input. */
import { accessSync, constants, existsSync, realpathSync } from "node:fs"
import { relative } from "node:path"
import * as Effect from "effect/Effect"
import * as Glob from "effect/Glob"
import { tryFile } from "../shell/failures.ts"
import { deadEndNotes, distinctFiles, filesBelow, type FoundFile, statOf, unreadFilesNote } from "./folder.ts"
import { tell } from "../shell/terminal.ts"

type InputForm = "json" | "csv"

export interface Input {
  /** As messages name it. */
  readonly name: string
  /** The name on the command line that led to it: its own, a folder's, a pattern. */
  readonly givenAs: string
  /** Absent for standard input. */
  readonly path: string | undefined
  readonly form: InputForm
  /** Size in bytes of a file; absent for a pipe. */
  readonly size: number | undefined
}

/** Files that are picked up in a folder, in lower case. */
const FOLDER_FILES = Glob.make("**/*.{json,ndjson,jsonl,csv,tsv}{,.gz}")

const CSV_NAME = /\.(?:csv|tsv)(?:\.gz)?$/i
const JSON_NAME = /\.(?:json|ndjson|jsonl)(?:\.gz)?$/i

/** What the user says about the form of inputs: all of them, or those whose name does not tell. */
export interface FormHint {
  readonly forced: InputForm | undefined
  readonly otherwise: InputForm
}

const formOf = (name: string, { forced, otherwise }: FormHint): InputForm =>
  forced ?? (CSV_NAME.test(name) ? "csv" : JSON_NAME.test(name) ? "json" : otherwise)

const PATTERN_CHARACTERS = /[*?[{]/

/** The folder that a name asks for, and which of the files below it, by their paths in it; none for a single file. */
const askedOf = (name: string) => {
  if (existsSync(name)) {
    return statOf(name).isFolder ? { folder: name, depth: Infinity, pattern: FOLDER_FILES } : undefined
  }
  const segments = name.split("/")
  const first = segments.findIndex((segment) => PATTERN_CHARACTERS.test(segment))
  if (first < 0) return undefined
  const folder = segments.slice(0, first).join("/") || (name.startsWith("/") ? "/" : ".")
  const below = segments.slice(first)
  const depth = below.includes("**") ? Infinity : below.length - 1
  return { folder, depth, pattern: Glob.make(below.join("/")) }
}

type Asked = NonNullable<ReturnType<typeof askedOf>>

const takes = ({ folder, pattern }: Asked, path: string): boolean => {
  const below = relative(folder, path).replaceAll("\\", "/")
  return Glob.match(pattern, pattern === FOLDER_FILES ? below.toLowerCase() : below)
}

/** Whether a run with this name reads a file at this place, or would read it the next time. */
export const wouldRead = (name: string, place: string): boolean => {
  const asked = name === "-" ? undefined : askedOf(name)
  if (asked === undefined || !existsSync(asked.folder)) return false
  const folder = realpathSync(asked.folder)
  return !relative(folder, place).startsWith("..") && takes({ ...asked, folder }, place)
}

const filesOf = (name: string): { readonly files: ReadonlyArray<FoundFile>; readonly notes: string } => {
  const asked = askedOf(name)
  if (asked === undefined) {
    if (!existsSync(name)) throw new Error("no such file or folder")
    const { isFile, size, identity } = statOf(name)
    return { files: [{ path: name, size: isFile ? size : undefined, identity, isLinked: false }], notes: "" }
  }
  const isPattern = !existsSync(name)
  const { files, deadEnds } = existsSync(asked.folder)
    ? filesBelow(asked.folder, asked.depth)
    : { files: [], deadEnds: [] }
  const taken = distinctFiles(files.filter(({ path }) => takes(asked, path)))
  const others = isPattern ? [] : files.filter(({ path }) => !takes(asked, path)).map(({ path }) => path)
  const notes = deadEndNotes(isPattern ? [] : deadEnds) + unreadFilesNote(name, others)
  if (taken.length > 0) return { files: taken, notes }
  if (isPattern) throw new Error("no file matches the pattern")
  tell(notes)
  throw new Error("holds no .json, .ndjson, .jsonl, .csv or .tsv file, plain or .gz")
}

/** The inputs that the given names stand for; all are checked before any is read. */
export const findInputs = Effect.fnUntraced(function* (names: ReadonlyArray<string>, hint: FormHint) {
  // An input that is named twice, as a file and with its folder or by a link, is read once.
  const inputs = new Map<string, Input>()
  for (const name of names) {
    if (name === "-") {
      inputs.set("-", { name: "stdin", givenAs: "-", path: undefined, form: formOf("", hint), size: undefined })
      continue
    }
    const { files, notes } = yield* tryFile(name, () => filesOf(name))
    tell(notes)
    for (const { path, size, identity } of files) {
      yield* tryFile(path, () => accessSync(path, constants.R_OK))
      if (inputs.has(identity)) continue
      inputs.set(identity, { name: path, givenAs: name, path, form: formOf(path, hint), size })
    }
  }
  return [...inputs.values()]
})
