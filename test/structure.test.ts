import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { dirname, join, relative, sep } from "node:path"
import { describe, expect, it } from "vitest"
import { providers } from "../adapters/index.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

const under = (folder: string): ReadonlyArray<string> =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
        .toSorted()
    : []

const contentOf = (file: string): string => readFileSync(join(root, file), "utf8")

/** A source without its comments; strings stay, a `//` within one stays too. */
const codeOf = (source: string): string =>
  source.replace(
    /("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[^]*?\*\/|(?<![:/\\])\/\/[^\n]*/g,
    (_, text: string | undefined) => text ?? ""
  )

const isSource = (file: string): boolean => file.endsWith(".ts")
const sources = [...under("src"), ...under("adapters")].filter(isSource)
const tests = under("test").filter(isSource)

/** What a file imports: packages as they are, files by their path from the root. */
const importsOf = (file: string): ReadonlyArray<string> =>
  [...codeOf(contentOf(file)).matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)]
    .map(([, specifier = ""]) => specifier)
    .map((specifier) => (specifier.startsWith(".") ? join(dirname(file), specifier).split(sep).join("/") : specifier))

/** The part of the project a file belongs to: `src/domain`, `adapters/revox`; files at the top are their root's. */
const partOf = (file: string): string => {
  const [top = "", second = "", ...rest] = file.split("/")
  return rest.length === 0 ? top : `${top}/${second}`
}

const violations = (
  files: ReadonlyArray<string>,
  isWrong: (file: string, imported: string) => boolean
): ReadonlyArray<string> =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => isWrong(file, imported))
      .map((imported) => `${file} imports ${imported}`)
  )

/** The check of the Node version stands before every entry point. */
const VERSION_CHECK = "src/supportedNode.ts"

const isOurs = (imported: string): boolean =>
  (imported.startsWith("src/") || imported.startsWith("adapters/")) && imported !== VERSION_CHECK

/** What each part of `src` may build on; an adapter has the same rights as `provider` and its own folder. */
const MAY_IMPORT: { readonly [part: string]: ReadonlyArray<string> } = {
  "src/domain": [],
  "src/twin": ["src/domain"],
  "src/provider": ["src/domain", "src/twin"],
  "src/normalize": ["src/domain", "src/provider"],
  "src/calls": ["src/domain", "src/provider"],
  "src/scan": ["src/domain", "src/provider"],
  "src/metrics": ["src/domain", "src/provider"],
  "src/experiment": ["src/domain", "src/provider", "src/calls", "src/metrics"],
  "src/routes": ["src/domain", "src/provider", "src/calls", "src/experiment"],
  "src/compare": ["src/domain", "src/provider", "src/normalize", "src/calls", "src/metrics", "src/experiment"],
  "src/switch": ["src/domain", "src/provider", "src/normalize", "src/metrics", "src/compare", "src/routes"],
  "src/report": ["src/domain", "src/metrics", "src/compare", "src/switch"],
  "src/webhooks": ["src/domain", "src/provider", "src/normalize", "src/calls"],
  "src/outbox": ["src/domain", "src/provider", "src/calls", "src/webhooks"],
  "src/node": ["src/domain", "src/provider", "src/calls", "src/webhooks", "src/outbox"],
  "src/postgres": ["src/domain", "src/provider", "src/calls", "src/webhooks"],
  "src/promise": ["src/domain", "src/provider", "src/calls", "src/webhooks", "src/outbox", "src/routes"],
  "src/testing": ["src/domain", "src/twin", "src/provider", "src/normalize", "src/calls"],
  "src/cli": [
    "src",
    "src/domain",
    "src/provider",
    "src/normalize",
    "src/calls",
    "src/metrics",
    "src/experiment",
    "src/routes",
    "src/compare",
    "src/switch",
    "src/report",
    "src/node",
    "src/postgres",
    "src/twin",
    "src/testing",
    "src/webhooks",
    "src/scan",
    "adapters"
  ],
  src: ["src/domain", "src/provider", "src/normalize", "src/calls", "src/compare", "src/webhooks", "src/routes"]
}

/** A twin plays a provider for tests; it is never part of an application. */
const isTwin = (file: string): boolean => /^adapters\/\w+\/Twin\w*\.ts$/.test(file)

describe("imports", () => {
  it("are found at all", () => {
    expect(sources.length).toBeGreaterThan(30)
    expect(importsOf("src/domain/View.ts")).toContain("src/domain/Json.ts")
    expect(importsOf("adapters/revox/Mapping.ts")).toContain("src/provider/WireReader.ts")
  })

  it("point one way: domain ← provider ← normalize, calls ← node, postgres, promise, compare ← cli", () => {
    const files = sources.filter((file) => file.startsWith("src/"))
    expect([...new Set(files.map(partOf))].toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted())
    expect(
      violations(files, (file, imported) => {
        const part = partOf(file)
        return isOurs(imported) && partOf(imported) !== part && MAY_IMPORT[part]?.includes(partOf(imported)) !== true
      })
    ).toEqual([])
  })

  it("of a command of the command line are no other command's", () => {
    const commandOf = (file: string) => /^src\/cli\/commands\/([^/]+)\//.exec(file)?.[1]
    const files = sources.filter((file) => commandOf(file) !== undefined)
    expect(new Set(files.map(commandOf)).size).toBeGreaterThan(10)
    expect(violations(files, (file, imported) => ![undefined, commandOf(file)].includes(commandOf(imported)))).toEqual(
      []
    )
  })

  it("of what the command line's commands share point one way: shell ← inputs, records, calls ← commands", () => {
    const mayImport: { readonly [part: string]: ReadonlyArray<string> } = {
      shell: [],
      inputs: ["shell"],
      records: ["shell"],
      calls: ["shell", "inputs", "records"],
      commands: ["shell", "inputs", "records", "calls"]
    }
    const folderOf = (file: string) => /^src\/cli\/([^/]+)\//.exec(file)?.[1]
    const files = sources.filter((file) => folderOf(file) !== undefined)
    expect([...new Set(files.map(folderOf))].toSorted()).toEqual(Object.keys(mayImport).toSorted())
    expect(
      violations(files, (file, imported) => {
        const [from = "", to] = [folderOf(file), folderOf(imported)]
        return to !== undefined && to !== from && mayImport[from]?.includes(to) !== true
      })
    ).toEqual([])
  })

  it("of an adapter are the domain, the provider port and its own folder", () => {
    const files = sources.filter((file) => file.startsWith("adapters/") && partOf(file) !== "adapters")
    expect(
      violations(
        files,
        (file, imported) =>
          isOurs(imported) &&
          !["src/domain", "src/provider", partOf(file)].includes(partOf(imported)) &&
          !(isTwin(file) && partOf(imported) === "src/twin")
      )
    ).toEqual([])
  })

  it("of adapters are found in src/cli only", () => {
    const files = sources.filter((file) => file.startsWith("src/") && partOf(file) !== "src/cli")
    expect(violations(files, (_, imported) => imported.startsWith("adapters/"))).toEqual([])
  })

  it("of Node are found outside the core only", () => {
    const core = sources.filter((file) =>
      /^(src\/(domain|provider|normalize|calls|scan|promise|postgres|metrics|experiment|compare|switch|report|testing)\/|adapters\/)/.test(
        file
      )
    )
    expect(
      violations(core, (_, imported) => imported.startsWith("node:") || imported.startsWith("@effect/platform-node"))
    ).toEqual([])
  })

  it("of Effect name a sub-path: the barrel is slow to start", () => {
    expect(violations([...sources, ...tests], (_, imported) => imported === "effect")).toEqual([])
  })

  it("of files name them with their extension", () => {
    // What the scan is tested with is code, too, in texts.
    const holdsCode = (file: string) => /^test\/(scan\/imports|cli\/scan)\.test\.ts$/.test(file)
    expect(
      violations(
        [...sources, ...tests.filter((file) => !holdsCode(file))],
        (_, imported) => /^(src|adapters|test)\//.test(imported) && !/\.(ts|json)$/.test(imported)
      )
    ).toEqual([])
  })
})

describe("providers", () => {
  it("are named in their own folder, the registry and src/cli only", () => {
    const neutral = sources.filter((file) => file.startsWith("src/") && partOf(file) !== "src/cli")
    const names = new RegExp(`\\b(${providers.ids.join("|")})`, "i")
    expect(neutral.filter((file) => names.test(codeOf(contentOf(file))))).toEqual([])
  })

  it("are never asked for by name: what differs, the adapter declares", () => {
    const asks = /\b(provider|providerId|adapter\.id)\s*[!=]==?\s*["'`]|case\s+["'`](revox|revring)["'`]/
    expect(sources.filter((file) => asks.test(codeOf(contentOf(file))))).toEqual([])
  })
})

describe.each(providers.ids)("folder of %s", (id) => {
  const files = under(`adapters/${id}`).map((file) => file.slice(`adapters/${id}/`.length))

  it.each([
    "index.ts",
    "Capabilities.ts",
    "Wire.ts",
    "Words.ts",
    "Mapping.ts",
    "Sources.ts",
    "Request.ts",
    "Client.ts",
    "Twin.ts"
  ])("has %s", (name) => {
    expect(files).toContain(name)
  })

  it("says in index.ts what each of its files holds", () => {
    const named = new Set(
      contentOf(`adapters/${id}/index.ts`)
        .split("*/")[0]
        ?.split(/[^\w.]+/)
    )
    const modules = files.filter((name) => isSource(name) && name !== "index.ts")
    expect(modules.filter((name) => !named.has(name))).toEqual([])
  })

  it("has fixtures", () => {
    expect(files.some((name) => /^fixtures\/[a-z0-9-]+\.json$/.test(name))).toBe(true)
  })

  it("has no file whose role is not known", () => {
    const known =
      /^(index|Capabilities|Wire|Words|Mapping|Sources|Request|Client|Catalog|CodeSigns|Search|Cancel|Timing|EndedReason|Messages|Analysis|Transfer|Twin\w*)\.ts$|^fixtures\/[a-z0-9-]+\.json$/
    expect(files.filter((name) => !known.test(name))).toEqual([])
  })

  it("has fixtures with telephone numbers that ring nowhere", () => {
    const found = files
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) =>
        [...contentOf(`adapters/${id}/${name}`).matchAll(/\+\d[\d ().-]{6,18}\d/g)].map(
          ([number]) => `${name}: ${number.replace(/[^+\d]/g, "")}`
        )
      )
    expect(found.length).toBeGreaterThan(0)
    expect([...new Set(found.filter((each) => !isReserved(each.slice(each.indexOf("+")))))]).toEqual([])
  })
})

/** Ranges that regulators keep for fiction: North America 555-01xx, United Kingdom, France, Australia. */
const isReserved = (number: string): boolean =>
  /^\+1\d{3}55501\d{2}$|^\+44(7700900|1632960|2079460)\d{3}$|^\+33(19900|26191|35301|46571|53649|63998)\d{4}$|^\+61491570\d{3}$/.test(
    number
  )

describe("files", () => {
  it("are named for what they hold", () => {
    const vague = /(^|\/)(utils?|common|helpers?|misc|shared|lib|stuff|types|constants)(\.[a-z.]+)?(\/|$)/i
    expect([...sources, ...tests].filter((file) => vague.test(file))).toEqual([])
  })

  it("of src and adapters have at most 300 lines", () => {
    const long = sources
      .map((file) => `${file}: ${contentOf(file).trimEnd().split("\n").length}`)
      .filter((line) => Number(line.split(": ")[1]) > 300)
    expect(long).toEqual([])
  })

  it("read neither clock nor chance where they are pure", () => {
    const pure = sources.filter((file) =>
      /^(src\/(domain|provider|normalize|switch)\/|adapters\/\w+\/(Wire|Mapping|Sources)\.ts)/.test(file)
    )
    const impure = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\bconsole\b|\bprocess\./
    expect(pure.filter((file) => impure.test(codeOf(contentOf(file))))).toEqual([])
  })

  it("use no cast and no any", () => {
    const cast =
      /\bas\s+(?!const\b)[A-Z{[(]|\bas (?:unknown|never|any|string|number|boolean)\b|:\s*any\b|<any>|@ts-(?:ignore|expect-error|nocheck)/
    const withoutImports = (file: string) =>
      codeOf(contentOf(file))
        .replace(/^(?:im|ex)port\s[^;]*?\bfrom\s+"[^"]*"$/gm, "")
        .replace(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "")
    expect([...sources, ...tests].filter((file) => cast.test(withoutImports(file)))).toEqual([])
  })
})
