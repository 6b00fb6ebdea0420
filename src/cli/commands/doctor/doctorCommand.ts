/** `unicall doctor`: is everything there that live calls need, and what to do where it is not. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import packageJson from "../../../../package.json" with { type: "json" }
import { redactAddress } from "../../../domain/Redaction.ts"
import { layerNodeHttp } from "../../../node/NodeHttp.ts"
import type { Placement } from "../../../calls/PlacementJournal.ts"
import { lookalikes } from "../../../calls/references.ts"
import { layerSqliteJournal, readSqliteJournal } from "../../../node/SqliteJournal.ts"
import type { CallError } from "../../../provider/CallError.ts"
import { CallsFailed } from "../../shell/CommandFailure.ts"
import { EXIT } from "../../ExitCode.ts"
import { answerLines, fixOf } from "../../calls/failures.ts"
import { journalFile } from "../../calls/journalFile.ts"
import type { ConnectionFlags, JournalFlags } from "../../calls/callFlags.ts"
import { type LiveProvider, liveProviders, variable } from "../../calls/environment.ts"
import { clientOptions } from "../../calls/openCalls.ts"
import { plainText, print, tell } from "../../shell/terminal.ts"

export interface DoctorFlags extends ConnectionFlags, JournalFlags {
  readonly provider: Option.Option<string>
  readonly json: boolean
}

/** `warn` and `skip` do not keep anything from working. */
type Verdict = "ok" | "warn" | "skip" | "fail"

interface Finding {
  readonly about: string
  readonly verdict: Verdict
  readonly found: string
  readonly fix?: string
}

const MARK = { ok: "✓", warn: "!", skip: "–", fail: "✗" } as const satisfies Record<Verdict, string>

const MOST_SKEW_SECONDS = 60

const line = ({ about, verdict, found, fix }: Finding): string =>
  `${MARK[verdict]} ${about}: ${plainText(found)}\n${fix === undefined ? "" : `    ${plainText(fix)}\n`}`

const nodeFinding = (): Finding => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  const wanted = packageJson.engines.node
  const [needMajor = 0, needMinor = 0] = wanted.replace(/^>=/, "").split(".").map(Number)
  return major > needMajor || (major === needMajor && minor >= needMinor)
    ? { about: "Node", verdict: "ok", found: process.version }
    : { about: "Node", verdict: "fail", found: `${process.version}, expected ${wanted}`, fix: "Install a newer Node." }
}

const journalFinding = (flags: DoctorFlags): Effect.Effect<Finding> => {
  const file = journalFile(flags)
  return Effect.scoped(Layer.build(layerSqliteJournal({ file }))).pipe(
    Effect.match({
      onSuccess: (): Finding => ({ about: "journal", verdict: "ok", found: `${file} can be written` }),
      onFailure: (error): Finding => ({
        about: "journal",
        verdict: "fail",
        found: `${file}: ${error.problem}`,
        fix: "Make the file and its folder writable, or name another with --journal or UNICALL_JOURNAL."
      })
    })
  )
}

/** What cannot be seen is written as its number. */
const spelled = (reference: string): string =>
  JSON.stringify(reference).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

const MOST_LISTED = 20

/** References from before those that look alike were refused or taken for one. */
const lookalikeFindings = (flags: DoctorFlags): Effect.Effect<ReadonlyArray<Finding>> => {
  const placements: Array<Placement> = []
  return readSqliteJournal({ file: journalFile(flags) }, (placement) => placements.push(placement)).pipe(
    Effect.match({
      onSuccess: () => {
        const groups = lookalikes(placements)
        if (groups.length === 0) return []
        const listed = groups.slice(0, MOST_LISTED).map((group) => group.map(spelled).join(" and "))
        const more = groups.length > MOST_LISTED ? [`and ${groups.length - MOST_LISTED} more`] : []
        return [
          {
            about: "journal",
            verdict: "warn" as const,
            found: `references that look alike, each with a placement of its own: ${[...listed, ...more].join("; ")}`,
            fix: "unicall reconcile takes each as it is stored. A new one is refused, or taken for the same."
          }
        ]
      },
      // Why it cannot be read, the journal's own finding says.
      onFailure: () => []
    })
  )
}

const skewOf = (id: string, providerTime: string | undefined, now: number): Finding | undefined => {
  if (providerTime === undefined) return undefined
  const about = `${id} clock`
  const skew = Math.round((now - Date.parse(providerTime)) / 1000)
  const text = `${Math.abs(skew)} s ${skew < 0 ? "behind" : "ahead of"} the provider's`
  return Math.abs(skew) <= MOST_SKEW_SECONDS
    ? { about, verdict: "ok", found: "agrees with the provider's" }
    : {
        about,
        verdict: "warn",
        found: text,
        fix: "Set this machine's clock: times of calls are compared with it."
      }
}

/** The key itself is never told. */
const keyFindings = Effect.fnUntraced(function* (provider: LiveProvider, key: string, flags: DoctorFlags) {
  const { id, keyVariable, urlVariable } = provider
  const findings: Array<Finding> = [{ about: `${id} key`, verdict: "ok", found: `${keyVariable} is set` }]
  const address = variable(urlVariable)
  const made = yield* Effect.result(provider.make(clientOptions(provider, key, flags.timeout)))
  if (Result.isFailure(made)) {
    const { failure } = made
    const found = failure.message.replace(`${id}: configure: `, "")
    return [...findings, { about: `${id} configuration`, verdict: "fail" as const, found, fix: fixOf(failure) }]
  }
  const rings = made.success.live ? "places real calls" : "on this machine: rings nobody"
  const where = address === undefined ? "the provider's own" : `${redactAddress(address)} from ${urlVariable}`
  findings.push({ about: `${id} address`, verdict: "ok", found: `${where}; ${rings}` })
  const check = yield* Effect.result(made.success.check)
  if (Result.isFailure(check)) {
    const { failure } = check
    if (flags.showAnswer) tell(answerLines(failure))
    const found = failure.message.replace(`${id}: check: `, "")
    return [...findings, { about: `${id} access`, verdict: "fail" as const, found, fix: fixOf(failure) }]
  }
  findings.push({ about: `${id} access`, verdict: "ok", found: "the key is accepted" })
  const skew = skewOf(id, check.success.providerTime, yield* Clock.currentTimeMillis)
  return skew === undefined ? findings : [...findings, skew]
})

const TWIN = "To try without a key or telephones: unicall twin"

const providerFindings = Effect.fnUntraced(function* (provider: LiveProvider, needed: boolean, flags: DoctorFlags) {
  const key = variable(provider.keyVariable)
  if (key !== undefined) return yield* keyFindings(provider, key, flags)
  const missing: Finding = {
    about: `${provider.id} key`,
    verdict: needed ? "fail" : "skip",
    found: `${provider.keyVariable} is not set`,
    ...(needed ? { fix: `Set ${provider.keyVariable} to the provider's API key. ${TWIN}` } : {})
  }
  return [missing]
})

/** Without a way to the providers nothing of them can be found out. */
const proxyFinding = ({ reason }: CallError): Finding => ({
  about: "proxy",
  verdict: "fail",
  found: `${reason._tag === "InvalidRequest" ? (reason.field ?? "it") : "it"} names none that can be used`,
  fix: "Set it to a proxy over HTTP, such as http://proxy.example:8080, or unset it."
})

export const runDoctor = Effect.fn("unicall.doctor")(function* (flags: DoctorFlags) {
  const named = Option.getOrUndefined(flags.provider)
  const looked = liveProviders.filter(({ id }) => named === undefined || named === id)
  const anyKey = looked.some(({ keyVariable }) => variable(keyVariable) !== undefined)
  const ofProviders = yield* Effect.forEach(looked, (provider) => providerFindings(provider, !anyKey, flags), {
    concurrency: "unbounded"
  }).pipe(
    Effect.provide(layerNodeHttp()),
    Effect.catch((error) => Effect.succeed([[proxyFinding(error)]]))
  )
  const findings = [
    nodeFinding(),
    yield* journalFinding(flags),
    ...(yield* lookalikeFindings(flags)),
    ...ofProviders.flat()
  ]
  const ok = findings.every(({ verdict }) => verdict !== "fail")
  print(flags.json ? `${JSON.stringify({ ok, findings })}\n` : findings.map(line).join(""))
  if (!ok) return yield* new CallsFailed({ exitCode: EXIT.setup })
}, Effect.scoped)
