/** `unicall why`: what the journal keeps of a decision, and what the same order comes to when it is decided again. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { nowInstant } from "../../../calls/currentInstant.ts"
import { findPlacement } from "../../../calls/heldReference.ts"
import { readyAt } from "../../../calls/prepare.ts"
import { type JournalError, type Placement, PlacementJournal } from "../../../calls/PlacementJournal.ts"
import { storedForm } from "../../../calls/references.ts"
import { type Decision, readNote, type Router, type RoutingNote } from "../../../calls/Router.ts"
import { type FieldFault, parsePlaceCall, type PlaceCall } from "../../../domain/PlaceCall.ts"
import { present } from "../../../domain/present.ts"
import { formatCallRef } from "../../../provider/CallError.ts"
import type { Configuration } from "../../../routes/Configuration.ts"
import { configurationDigest, makeRouter } from "../../../routes/makeRouter.ts"
import { routedProviders } from "../../../routes/misplaced.ts"
import { openCalls } from "../../calls/callCommand.ts"
import { failureLine } from "../../calls/callFailures.ts"
import { configurationOf } from "../../calls/configuration.ts"
import { journalPlace, routingSecret, tenantNamed } from "../../calls/environment.ts"
import { journalAt } from "../../calls/journal.ts"
import { EXIT } from "../../ExitCode.ts"
import { readOrders, type WrittenOrder } from "../../inputs/orderFile.ts"
import { CallsFailed, inputFailure, usage } from "../../shell/failures.ts"
import { jsonLine, plainText, print, tell } from "../../shell/terminal.ts"
import type { WhyFlags } from "./whyCommand.ts"

/** What is known of one order. */
interface Why {
  readonly reference: string
  /** Absent where the journal has no such placement. */
  readonly placed?: {
    readonly provider: Placement["provider"]
    readonly state: Placement["state"]
    readonly call?: string
  }
  /** What the journal keeps of the decision; absent where the order named its provider, or the placement is compacted. */
  readonly noted?: RoutingNote
  /** Whether the configuration given says what the one of the decision said. */
  readonly configuration?: "same" | "other"
  /** The order decided again, as at the time of its placement. */
  readonly decided?: Decision
  /** Why it cannot be decided again. */
  readonly refused?: FieldFault
  /** Whether both come to the same provider, by the same rule. */
  readonly same?: boolean
}

export const runWhy = Effect.fn("unicall.why")(function* (flags: WhyFlags) {
  const { references, order: file, json } = flags
  if (references.length === 0 && file === undefined) return yield* usage("expected REFERENCE or --order FILE")
  const configuration = yield* configurationOf(flags)
  if (file !== undefined && configuration === undefined)
    return yield* usage("--order: expected --config, by which the orders are decided")
  const digest = configuration === undefined ? undefined : configurationDigest(configuration)
  const router = file === undefined || configuration === undefined ? undefined : yield* routerFor(configuration)
  const find = yield* placementsOf(flags)
  const orders = file === undefined ? [] : yield* readOrders(file, {})
  let isWrong = false
  const show = (why: Why): void => {
    isWrong ||= why.placed === undefined || why.refused !== undefined || why.same === false
    print(json ? jsonLine(why) : `${linesOf(why).map(plainText).join("\n")}\n`)
  }
  for (const reference of references) show(keptOf(reference, yield* find(reference), digest))
  for (const each of orders) {
    const read = orderOf(each)
    if (Result.isFailure(read)) {
      isWrong = true
      tell(
        `${plainText(each.source ?? "the order")}: ${plainText(`${read.failure.field}: expected ${read.failure.expected}`)}\n`
      )
      continue
    }
    const { reference } = read.success
    const placement = yield* find(reference)
    const kept = keptOf(reference, placement, digest)
    const at = placement?.reservedAt ?? (yield* nowInstant)
    show(router === undefined ? kept : { ...kept, ...decidedAgain(kept, read.success, router, at) })
  }
  return isWrong ? yield* new CallsFailed({ exitCode: EXIT.refused }) : undefined
}, Effect.scoped)

const routerFor = Effect.fnUntraced(function* (configuration: Configuration) {
  const { providers } = yield* openCalls(
    { timeout: undefined },
    { keyless: true, needed: routedProviders(configuration) }
  )
  const router = makeRouter(configuration, { secret: routingSecret() })(providers, readyAt)
  if (Result.isSuccess(router)) return router.success
  const { field, expected } = router.failure
  return yield* usage(`${field}: expected ${expected}`)
})

const placementsOf = Effect.fnUntraced(function* (flags: Pick<WhyFlags, "journal" | "tenant">) {
  const tenant = (yield* tenantNamed(flags.tenant)) ?? ""
  const { title, isMissing, layer } = journalAt(yield* journalPlace(flags.journal))
  if (isMissing()) return yield* inputFailure(`${title}: no such file or folder`)
  const failed = (error: JournalError) => {
    tell(`${failureLine(error)}\n`)
    return new CallsFailed({ exitCode: EXIT.setup })
  }
  const context = yield* Effect.mapError(Layer.build(layer), failed)
  const journal = Context.get(context, PlacementJournal)
  return (reference: string) => Effect.mapError(findPlacement(journal, tenant, reference), failed)
})

const orderOf = ({ input, fault }: WrittenOrder): Result.Result<PlaceCall, FieldFault> =>
  fault === undefined ? parsePlaceCall(input) : Result.fail(fault)

const keptOf = (reference: string, placement: Placement | undefined, digest: string | undefined): Why => {
  if (placement === undefined) return { reference }
  const { provider, state, orderId, routing } = placement
  const noted = readNote(routing)
  const call = orderId === undefined ? undefined : formatCallRef({ provider, id: orderId })
  const configuration: Why["configuration"] =
    noted === undefined || digest === undefined ? undefined : noted.configuration === digest ? "same" : "other"
  return { reference, placed: { provider, state, ...present({ call }) }, ...present({ noted, configuration }) }
}

const decidedAgain = (
  { placed, noted }: Why,
  order: PlaceCall,
  router: Router,
  at: Placement["reservedAt"]
): Pick<Why, "decided" | "refused" | "same"> => {
  // Where a rule keeps whom it chose, that is where the order is.
  const kept = placed?.provider
  const routed = router.route({ ...order, reference: storedForm(order.reference) }, { at, kept })
  if (Result.isFailure(routed)) {
    const { failure } = routed
    const field = failure.field ?? "order"
    return { refused: { field, expected: "expected" in failure ? (failure.expected ?? "another value") : "none" } }
  }
  const { decision: decided } = routed.success
  if (placed === undefined) return { decided }
  return { decided, same: decided.provider === placed.provider && decided.rule === noted?.rule }
}

const ruleOf = ({ route, rule }: Pick<RoutingNote, "route" | "rule">): string =>
  route === undefined ? "no route" : `route ${route}${rule === undefined ? "" : `, rule ${rule}`}`

const linesOf = ({ reference, placed, noted, configuration, decided, refused, same }: Why): ReadonlyArray<string> => [
  placed === undefined
    ? `${reference}: not in the journal`
    : `${reference}: ${placed.state} at ${placed.provider}${placed.call === undefined ? "" : ` (${placed.call})`}`,
  ...(placed !== undefined && noted === undefined ? ["  the journal keeps no decision of it"] : []),
  ...(noted === undefined
    ? []
    : [`  ${ruleOf(noted)}${noted.candidates === undefined ? "" : `; looked at ${noted.candidates.join(", ")}`}`]),
  ...(noted?.omitted === undefined ? [] : [`  left out: ${noted.omitted.join(", ")}`]),
  ...(configuration === undefined
    ? []
    : [`  the configuration is ${configuration === "same" ? "the same as then" : "another than then"}`]),
  ...(decided === undefined ? [] : [`  decided again: ${decided.provider}; ${decided.because}`]),
  ...(refused === undefined ? [] : [`  decided again: refused; ${refused.field}: expected ${refused.expected}`]),
  ...(same === undefined ? [] : [same ? "  it comes to the same" : "  it comes to something else"])
]
