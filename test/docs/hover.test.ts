/** What an editor shows: the comments that reach the declarations of the package, as the compiler sees them. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { API, type Checker, type Symbol, SymbolFlags } from "typescript/unstable/sync"
import { afterAll, describe, expect, it } from "vitest"
import packageJson from "../../package.json" with { type: "json" }
import { root } from "./workspace.ts"

// Below node_modules, so that the declarations find Effect and vitest does not find them.
mkdirSync(join(root, "node_modules", ".cache"), { recursive: true })
const folder = mkdtempSync(join(root, "node_modules", ".cache", "hover-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const emit = (): void => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
  const args = ["-p", join(root, "tsconfig.build.json"), "--emitDeclarationOnly", "--declarationMap", "false"]
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...args, "--outDir", folder], { encoding: "utf8" })
  if (status !== 0) throw new Error(stdout)
}

interface Found {
  readonly name: string
  readonly comment: string
  readonly hasDefault: boolean
  readonly isOptional: boolean
}

interface Hovers {
  readonly exported: ReadonlyArray<Found>
  /** Properties of what options are made of, inherited ones as well. */
  readonly options: ReadonlyArray<Found>
  /** Fields of what users get. */
  readonly records: ReadonlyArray<Found>
}

/** Types of options by their names: what users write, not what they get. */
const OPTIONS =
  /(Options|Fields|Filter|Limits|Timeouts|Connection|Retry|RateLimit|Poll|Environment|Policy|Agent|Input|PlaceCall|Reservation|Unfinished|Assumptions|Providers|^Order)$/

const RECORDS = /^(CallOrder|CallAttempt|Attempt|Uncertain|NetworkError|ReferenceHeld)$/

const hoversOf = (checker: Checker, entry: string, module: Symbol): Hovers => {
  const read = (name: string, symbol: Symbol): Found => ({
    name: `${entry} ${name}`,
    comment: symbol.getDocumentationComment(checker),
    hasDefault: symbol.getJsDocTags(checker).some((tag) => tag.name === "default"),
    isOptional: (symbol.flags & SymbolFlags.Optional) !== 0
  })
  /** Paths are told with forward slashes, and in lower case where the file system does not mind. */
  const ours = folder.replaceAll("\\", "/").toLowerCase()
  const isOurs = ({ declarations }: Symbol): boolean =>
    declarations.some(({ path }) => path.toLowerCase().startsWith(ours))
  const exports = checker.getExportsOfModule(module).map((symbol) => ({
    name: symbol.name,
    symbol: (symbol.flags & SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)
  }))
  return {
    exported: exports.map(({ name, symbol }) => read(name, symbol)),
    options: exports
      .filter(
        ({ name, symbol }) =>
          OPTIONS.test(name) && (symbol.flags & (SymbolFlags.Interface | SymbolFlags.TypeAlias)) !== 0
      )
      .flatMap(({ name, symbol }) =>
        checker
          .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
          .filter(isOurs)
          .map((property) => read(`${name}.${property.name}`, property))
      ),
    records: exports
      .filter(
        ({ name, symbol }) => RECORDS.test(name) && (symbol.flags & (SymbolFlags.Interface | SymbolFlags.Class)) !== 0
      )
      .flatMap(({ name, symbol }) =>
        checker
          .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
          .map((property) => read(`${name}.${property.name}`, property))
      )
  }
}

const readHovers = (): Hovers => {
  emit()
  const entries = Object.entries(packageJson.exports).flatMap(([entry, target]) =>
    typeof target === "string" ? [] : [[entry, join(folder, target.types.replace("./dist/", ""))] as const]
  )
  const config = join(folder, "tsconfig.json")
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    lib: ["es2024", "dom", "dom.iterable"],
    types: ["node"],
    strict: true,
    noEmit: true
  }
  writeFileSync(config, JSON.stringify({ compilerOptions, files: entries.map(([, file]) => relative(folder, file)) }))
  const api = new API({ cwd: folder })
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    const all = entries.map(([entry, file]) => {
      const source = project?.program.getSourceFile(file)
      const module = source === undefined ? undefined : project?.checker.getSymbolAtLocation(source)
      if (project === undefined || module === undefined) throw new Error(`no declarations of ${entry}`)
      return hoversOf(project.checker, entry, module)
    })
    return {
      exported: all.flatMap(({ exported }) => exported),
      options: all.flatMap(({ options }) => options),
      records: all.flatMap(({ records }) => records)
    }
  } finally {
    api.close()
  }
}

describe("what an editor shows", () => {
  const { exported, options, records } = readHovers()
  const without = (found: ReadonlyArray<Found>): ReadonlyArray<string> =>
    found.filter(({ comment }) => comment.trim() === "").map(({ name }) => name)

  it("is read at all", () => {
    expect(exported.length).toBeGreaterThan(500)
    expect(options.length).toBeGreaterThan(150)
    expect(exported.find(({ name }) => name === ". normalize")?.comment).toContain("payload")
    expect(options.find(({ name }) => name === "./promise Timeouts.readSeconds")).toMatchObject({
      hasDefault: true,
      isOptional: true
    })
  })

  it("of every export is a sentence", () => expect(without(exported)).toEqual([]))

  it("of a field of a record is that of the model", () => {
    const described = records.filter(({ comment }) => comment !== "").map(({ name }) => name)
    const fields = [
      "CallOrder.status",
      "CallAttempt.status",
      "CallAttempt.issues",
      "Attempt.handledBy",
      "Uncertain.because",
      "NetworkError.sent",
      "NetworkError.status",
      "ReferenceHeld.by"
    ]
    expect(described).toEqual(expect.arrayContaining(fields.map((field) => `./promise ${field}`)))
  })

  it("of every option is a sentence", () => expect(without(options)).toEqual([]))

  it("of a default is its tag, not a clause", () => {
    const inWords = /\b(unless given|by default|defaults? to|if not given|when omitted)\b/i
    expect(options.filter(({ comment }) => inWords.test(comment)).map(({ name }) => name)).toEqual([])
    expect(options.filter(({ hasDefault }) => hasDefault).length).toBeGreaterThan(20)
    expect(options.filter(({ hasDefault, isOptional }) => hasDefault && !isOptional).map(({ name }) => name)).toEqual(
      []
    )
  })
})
