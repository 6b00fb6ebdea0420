import { availableParallelism } from "node:os"
import { defaultExclude, defineConfig } from "vitest/config"

/** Long calculations: they come to the same on every Node, and what measures memory or time has a process to itself. */
const CALCULATIONS = ["test/**/{browser,endToEnd*,flat,linear,quirks,simulations}.test.ts"]
/** Long ones over sockets. */
const NETWORK = ["test/{calls,contract}/{faultMatrix,http2,live,privacy}.test.ts"]
/** Long ones with processes on one file. */
const FILES = ["test/{calls,changes,node,webhooks}/{journal,killed,oneFile,soak}.test.ts"]
/** On a PostgreSQL server that is started for them. */
const POSTGRES = ["test/postgres/**/*.test.ts"]
const LONG_COMMANDS = ["test/cli/{compare,experiment,facts,live*,stopped}.test.ts"]
const COMMANDS = ["test/cli/**/*.test.ts"]
const DOCS = ["test/docs/**/*.test.ts"]
/** Rooms of pure functions: reading records, and what is concluded from what was read. */
const PURE = ["test/{adapters,domain,normalize,provider,testing}/**/*.test.ts"]
const CONCLUSIONS = ["test/{compare,routes,scan,switch}/**/*.test.ts"]

const project = (
  name: string,
  include: ReadonlyArray<string>,
  but: ReadonlyArray<string>,
  more: { readonly isolate?: boolean; readonly globalSetup?: Array<string> } = {}
) => ({
  extends: true as const,
  test: { name, include: [...include], exclude: [...defaultExclude, ...but], ...more }
})

const LONG = [...CALCULATIONS, ...NETWORK, ...FILES, ...POSTGRES, ...COMMANDS, ...DOCS]

export default defineConfig({
  test: {
    globalSetup: ["test/cli/bundle.ts"],
    testTimeout: 60_000,
    // Some files wait for processes and clocks most of the time: one more worker than there are cores keeps the cores busy.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // They leave nothing behind, and share a process: loading what they all load takes longer than most of them.
      project("pure", PURE, LONG, { isolate: false }),
      project("conclusions", CONCLUSIONS, LONG, { isolate: false }),
      project("calls", ["test/**/*.test.ts"], [...LONG, ...PURE, ...CONCLUSIONS], { isolate: false }),
      project("calculations", CALCULATIONS, []),
      project("network", NETWORK, []),
      project("files", FILES, []),
      project("postgres", POSTGRES, [], { globalSetup: ["test/postgres/setup.ts"] }),
      project("commands", COMMANDS, LONG_COMMANDS),
      project("long commands", LONG_COMMANDS, []),
      project("docs", DOCS, [])
    ]
  }
})
