/** `unicall doctor`: checks what live calls need, and says how to mend what is missing. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import packageJson from "../../../../package.json" with { type: "json" }
import type { Placement } from "../../../calls/PlacementJournal.ts"
import { lookalikes } from "../../../calls/references.ts"
import { redactAddress } from "../../../domain/Redaction.ts"
import { layerNodeHttp } from "../../../node/NodeHttp.ts"
import { unsupportedNode } from "../../../nodeVersion.ts"
import type { CallError } from "../../../provider/CallError.ts"
import { answerLines, fixOf } from "../../calls/callFailures.ts"
import { journalPlace, type LiveProvider, liveProviders, tenantNamed, variable } from "../../calls/environment.ts"
import { type Journal, journalAt } from "../../calls/journal.ts"
import { clientOptions } from "../../calls/openCalls.ts"
import { EXIT } from "../../ExitCode.ts"
import { CallsFailed } from "../../shell/failures.ts"
import { jsonLine, plainText, print, tell } from "../../shell/terminal.ts"
import type { DoctorFlags } from "./doctorCommand.ts"
import { type Finding, finding, type Verdict } from "./finding.ts"
import { listFinding } from "./listFindings.ts"

const MARK = { ok: "✓", warn: "!", skip: "–", fail: "✗" } as const satisfies Record<Verdict, string>

const MOST_SKEW_SECONDS = 60

const line = ({ about, verdict, found, fix }: Finding): string =>
  `${MARK[verdict]} ${about}: ${plainText(found)}\n${fix === undefined ? "" : `    ${plainText(fix)}\n`}`

const nodeFinding = (): Finding =>
  unsupportedNode(process) === undefined
    ? finding("Node", "ok", process.version)
    : finding("Node", "fail", `${process.version}, expected ${packageJson.engines.node}`, "Install a newer Node.")

const journalFinding = ({ title, layer, fix }: Journal): Effect.Effect<Finding> =>
  Effect.scoped(Layer.build(layer)).pipe(
    Effect.match({
      onSuccess: () => finding("journal", "ok", `${title} can be written`),
      onFailure: ({ problem }) => finding("journal", "fail", `${title}: ${problem}`, fix)
    })
  )

/** Invisible characters are written as their code. */
const spelled = (reference: string): string =>
  JSON.stringify(reference).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

const MOST_LISTED = 20

const LOOKALIKE_FIX = "unicall reconcile takes each as it is stored. A new one is refused, or taken for the same."

/** None where it cannot be read: the journal's own finding says why. */
const placementsIn = Effect.fnUntraced(function* ({ read }: Journal) {
  const placements: Array<Placement> = []
  const reading = read((placement) => placements.push(placement))
  return (yield* Effect.isSuccess(reading)) ? placements : []
})

/** References that look alike: older versions of unicall accepted them. */
const lookalikeFindings = (all: ReadonlyArray<Placement>): ReadonlyArray<Finding> => {
  // What was set aside is kept under a reference of its own.
  const placements = all.filter(({ sentAs }) => sentAs === undefined)
  const groups = lookalikes(placements)
  if (groups.length === 0) return []
  const listed = groups.slice(0, MOST_LISTED).map((group) => group.map(spelled).join(" and "))
  const more = groups.length > MOST_LISTED ? [`and ${groups.length - MOST_LISTED} more`] : []
  const found = `references that look alike, each with a placement of its own: ${[...listed, ...more].join("; ")}`
  return [finding("journal", "warn", found, LOOKALIKE_FIX)]
}

const skewFinding = (id: string, providerTime: string, now: number): Finding => {
  const skew = Math.round((now - Date.parse(providerTime)) / 1000)
  if (Math.abs(skew) <= MOST_SKEW_SECONDS) return finding(`${id} clock`, "ok", "agrees with the provider's")
  const found = `${Math.abs(skew)} s ${skew < 0 ? "behind" : "ahead of"} the provider's`
  return finding(`${id} clock`, "warn", found, "Set this machine's clock: times of calls are compared with it.")
}

/** The flags, with the tenant that is meant. */
interface DoctorOptions extends Omit<DoctorFlags, "tenant"> {
  readonly tenant: string
}

/** The key itself is never printed. */
const keyFindings = Effect.fnUntraced(function* (
  provider: LiveProvider,
  key: string,
  flags: DoctorOptions,
  placements: ReadonlyArray<Placement>
) {
  const { id, keyVariable, urlVariable } = provider
  const refused = (about: string, error: CallError, operation: string): Finding =>
    finding(`${id} ${about}`, "fail", error.message.replace(`${id}: ${operation}: `, ""), fixOf(error))
  const keySet = finding(`${id} key`, "ok", `${keyVariable} is set`)
  const made = yield* Effect.result(provider.make(clientOptions(provider, key, flags.timeout)))
  if (Result.isFailure(made)) return [keySet, refused("configuration", made.failure, "configure")]
  const address = variable(urlVariable)
  const rings = made.success.ringsRealPhones ? "places real calls" : "on this machine: rings nobody"
  const where = address === undefined ? "the provider's own" : `${redactAddress(address)} from ${urlVariable}`
  const findings = [keySet, finding(`${id} address`, "ok", `${where}; ${rings}`)]
  const check = yield* Effect.result(made.success.check)
  if (Result.isFailure(check)) {
    if (flags.showAnswer) tell(answerLines(check.failure))
    return [...findings, refused("access", check.failure, "check")]
  }
  findings.push(finding(`${id} access`, "ok", "the key is accepted"))
  const { providerTime } = check.success
  if (providerTime !== undefined) findings.push(skewFinding(id, providerTime, yield* Clock.currentTimeMillis))
  if (flags.list) findings.push(yield* listFinding(made.success, placements, flags))
  return findings
})

const TWIN = "To try without a key or telephones: unicall twin"

const providerFindings = (
  provider: LiveProvider,
  needed: boolean,
  flags: DoctorOptions,
  placements: ReadonlyArray<Placement>
) => {
  const { id, keyVariable } = provider
  const key = variable(keyVariable)
  if (key !== undefined) return keyFindings(provider, key, flags, placements)
  const fix = needed ? `Set ${keyVariable} to the provider's API key. ${TWIN}` : undefined
  return Effect.succeed([finding(`${id} key`, needed ? "fail" : "skip", `${keyVariable} is not set`, fix)])
}

/** With an invalid proxy no provider can be checked. */
const proxyFinding = ({ reason }: CallError): Finding =>
  finding(
    "proxy",
    "fail",
    `${reason._tag === "InvalidRequest" ? (reason.field ?? "it") : "it"} names none that can be used`,
    "Set it to a proxy over HTTP, such as http://proxy.example:8080, or unset it."
  )

export const runDoctor = Effect.fn("unicall.doctor")(function* (given: DoctorFlags) {
  const flags = { ...given, tenant: (yield* tenantNamed(given.tenant)) ?? "" }
  const looked = liveProviders.filter(({ id }) => flags.provider === undefined || flags.provider === id)
  const anyKey = looked.some(({ keyVariable }) => variable(keyVariable) !== undefined)
  const journal = journalAt(yield* journalPlace(flags.journal))
  const ofJournal = yield* journalFinding(journal)
  const placements = yield* placementsIn(journal)
  const ofProviders = yield* Effect.forEach(
    looked,
    (provider) => providerFindings(provider, !anyKey, flags, placements),
    {
      concurrency: "unbounded"
    }
  ).pipe(
    Effect.provide(layerNodeHttp()),
    Effect.catch((error) => Effect.succeed([[proxyFinding(error)]]))
  )
  const findings = [nodeFinding(), ofJournal, ...lookalikeFindings(placements), ...ofProviders.flat()]
  const ok = findings.every(({ verdict }) => verdict !== "fail")
  print(flags.json ? jsonLine({ ok, findings }) : findings.map(line).join(""))
  if (!ok) return yield* new CallsFailed({ exitCode: EXIT.setup })
}, Effect.scoped)
