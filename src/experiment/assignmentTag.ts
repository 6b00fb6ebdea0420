/** How an order carries its assignment: placed with it, and read back from whatever the provider returns. */
import * as Result from "effect/Result"
import { unsupportedIn } from "../calls/support.ts"
import type { CallOrder } from "../domain/CallOrder.ts"
import type { Instant } from "../domain/Instant.ts"
import { canonicalJson, isJsonObject, type JsonObject, valueAt } from "../domain/Json.ts"
import { type FieldFault, namingFault, optionsFault, parsePlaceCall, type PlaceCall } from "../domain/PlaceCall.ts"
import { present } from "../domain/present.ts"
import type { Capabilities } from "../provider/Capabilities.ts"
import { type Assignment, makeAssign, unitOf } from "./assignment.ts"
import { changeFault } from "./freeze.ts"
import type { Experiment, ExperimentArm, Stopped } from "./Experiment.ts"

/** The key in `metadata`, or in `variables` of a provider without metadata. */
export const TAG_KEY = "unicall_experiment"

/** Enough of a unit's digest to tell millions of units apart. */
const DIGEST_LENGTH = 12

const TAG = /^([^/]+)\/([^/]+)\/([0-9a-f]{12})$/

export const tagOf = ({ id }: Pick<Experiment, "id">, { arm, digest }: Assignment): string =>
  `${id}/${arm.name}/${unitDigest({ digest })}`

/** The unit as the mark names it; see `Assignment.digest`. */
export const unitDigest = ({ digest }: Pick<Assignment, "digest">): string => digest.slice(0, DIGEST_LENGTH)

/** The assignment that an order carries. */
export interface Tag {
  /** The arm's name, as the order was placed. */
  readonly arm: string
  /** The same for all orders of a unit; see `Assignment.digest`. */
  readonly digest: string
}

/** The assignment to this experiment that an order carries; none if it carries another's. */
export const readTag = ({ metadata, variables }: Pick<CallOrder, "metadata" | "variables">, experimentId: string) =>
  tagIn(metadata, experimentId) ?? tagIn(variables, experimentId)

/** Whether an order carries an assignment, to whichever experiment. */
export const isTagged = ({ metadata, variables }: Pick<CallOrder, "metadata" | "variables">): boolean =>
  [metadata, variables].some((map) => partsIn(map).length > 0)

const partsIn = (map: JsonObject | undefined): ReadonlyArray<string> => {
  const value = valueAt(map, [TAG_KEY])
  return typeof value === "string" ? (TAG.exec(value) ?? []) : []
}

const tagIn = (map: JsonObject | undefined, experimentId: string): Tag | undefined => {
  const [, id, arm, digest] = partsIn(map)
  return id !== experimentId || arm === undefined || digest === undefined ? undefined : { arm, digest }
}

/** Why nothing can be placed under an experiment at a time: not started, changed since, stopped, not begun or over. */
export const notRunning = (experiment: Experiment, at: Instant): FieldFault | undefined =>
  notRunningAt(experiment, changeFault(experiment), at)

/** `changed`: what was changed since its start. */
const notRunningAt = (
  { frozen, stopped, start, end }: Experiment,
  changed: FieldFault | undefined,
  at: Instant
): FieldFault | undefined => {
  if (frozen === undefined) return { field: "frozen", expected: "an experiment that has been started" }
  if (changed !== undefined) return changed
  if (stopped !== undefined) return stoppedFault(stopped)
  if (start !== undefined && at < start)
    return { field: "start", expected: `a moment that has passed: orders are placed from ${start} on` }
  if (end !== undefined && at >= end)
    return { field: "end", expected: `a moment still to come: orders were placed until ${end}` }
  return undefined
}

/** A stopped experiment assigns nobody. */
export const stoppedFault = ({ at }: Stopped): FieldFault => ({
  field: "stopped",
  expected: `an experiment that runs: this one was stopped on ${at}`
})

/** An assignment with the order that it is for. */
export interface Assigned extends Assignment {
  /** As it is to be placed: with the arm's provider, agent and options, and the tag. */
  readonly order: PlaceCall
}

/** What assigning an order depends on, beside the order. */
export interface AssignmentContext {
  /** By provider id; `undefined` for one that cannot be called. */
  readonly capabilitiesOf: (provider: string) => Capabilities | undefined
  /** When it is placed. */
  readonly at: Instant
  /** The order as a provider gets it, where a configuration says what its names mean. @default as it is */
  readonly orderAt?: (order: PlaceCall, provider: string) => Result.Result<PlaceCall, FieldFault>
}

/**
 * An order with its assignment. It is refused unless every arm could take it: an order that only some arms can take would
 * go to them alone, and the arms would no longer be alike.
 */
export const applyAssignment = (
  experiment: Experiment,
  order: unknown,
  context: AssignmentContext
): Result.Result<Assigned, FieldFault> => {
  const agent = experiment.arms.every((arm) => arm.agent !== undefined) ? {} : undefined
  const assignOrder = makeAssigning(experiment, (given: unknown) =>
    parsePlaceCall(isJsonObject(given) ? { ...present({ agent }), ...present(given) } : given)
  )
  return Result.map(assignOrder(order, context), ({ orderOfArmAt: _others, ...assigned }) => assigned)
}

const NO_ARMS: FieldFault = { field: "experiment.arms", expected: "an arm for each unit" }

/** An order as it is at one arm, or why that arm cannot take it. */
interface OfArm {
  readonly arm: ExperimentArm
  readonly order: Result.Result<PlaceCall, FieldFault>
}

/** An order that all arms could take, with its assignment. */
export interface AssignedOfAll extends Assigned {
  /** The order as it would be at a provider, of the first arm there that is not its own. */
  readonly orderOfArmAt: (provider: string) => PlaceCall | undefined
}

/** `applyAssignment` for many orders that have been parsed, of an experiment that nobody changes meanwhile: its digests are computed once. */
export const makeAssignOrder = (
  experiment: Experiment
): ((order: PlaceCall, context: AssignmentContext) => Result.Result<AssignedOfAll, FieldFault>) =>
  makeAssigning(experiment, Result.succeed)

const makeAssigning = <Order>(
  experiment: Experiment,
  read: (order: Order & JsonObject) => Result.Result<PlaceCall, FieldFault>
) => {
  const { arms } = experiment
  const odd = arms.flatMap(
    ({ provider, providerOptions = {} }) => optionsFault({ [provider]: providerOptions }) ?? []
  )[0]
  const changed = changeFault(experiment)
  let assign: ReturnType<typeof makeAssign> | undefined
  return (order: Order, context: AssignmentContext): Result.Result<AssignedOfAll, FieldFault> => {
    const fault = notRunningAt(experiment, changed, context.at)
    if (fault !== undefined) return Result.fail({ ...fault, field: `experiment.${fault.field}` })
    if (!isJsonObject(order)) return Result.fail({ field: "order", expected: "an object" })
    const unit = unitOf(experiment, order)
    if (Result.isFailure(unit)) return Result.fail(unit.failure)
    const call = read(order)
    if (Result.isFailure(call)) return Result.fail(call.failure)
    if (odd !== undefined) return Result.fail(odd)
    assign ??= makeAssign(experiment)
    const assignment = assign(unit.success)
    const tag = tagOf(experiment, assignment)
    const ofArms = arms.map((arm): OfArm => ({ arm, order: orderOf(arm, order, call.success, tag, context) }))
    const decisive =
      ofArms.find((each) => Result.isFailure(each.order)) ?? ofArms.find(({ arm }) => arm === assignment.arm)
    if (decisive === undefined) return Result.fail(NO_ARMS)
    return Result.map(decisive.order, (own) => ({
      ...assignment,
      order: own,
      orderOfArmAt: (provider) =>
        ofArms.flatMap(({ arm, order: placed }) =>
          arm !== assignment.arm && arm.provider === provider && Result.isSuccess(placed) ? [placed.success] : []
        )[0]
    }))
  }
}

/** The order as an arm places it; `said`: as it was given. */
const orderOf = (
  arm: ExperimentArm,
  said: JsonObject,
  call: PlaceCall,
  tag: string,
  { capabilitiesOf, orderAt = Result.succeed }: AssignmentContext
): Result.Result<PlaceCall, FieldFault> => {
  const { provider, agent, providerOptions: options } = arm
  const capabilities = capabilitiesOf(provider)
  if (capabilities === undefined) {
    return Result.fail({ field: "experiment.arms", expected: `providers that can be called; ${provider} cannot` })
  }
  const map = capabilities.metadata === "yes" ? "metadata" : "variables"
  const whole: PlaceCall = {
    ...call,
    provider,
    ...(agent === undefined ? {} : { agent: { id: agent } }),
    ...(options === undefined
      ? {}
      : {
          providerOptions: {
            ...call.providerOptions,
            [provider]: { ...call.providerOptions?.[provider], ...options }
          }
        }),
    [map]: { ...call[map], [TAG_KEY]: tag }
  }
  const fault = conflictWith(arm, said, map, tag) ?? namingFault(whole)
  if (fault !== undefined) return Result.fail(fault)
  return Result.flatMap(orderAt(whole, provider), (placed) => {
    const unsupported = unsupportedIn(placed, capabilities)
    if (unsupported !== undefined) {
      const field = unsupported.field ?? "order"
      return Result.fail({ field, expected: `none: ${provider}, the provider of arm ${arm.name}, cannot take it` })
    }
    return capabilities.callerNumber === "required" && placed.from === undefined
      ? Result.fail({ field: "from", expected: `a number to call from: arm ${arm.name} requires one` })
      : Result.succeed(placed)
  })
}

/** What an order says itself and the experiment says otherwise; the same said twice is no conflict. */
const conflictWith = (
  arm: ExperimentArm,
  order: JsonObject,
  map: "metadata" | "variables",
  tag: string
): FieldFault | undefined => {
  const { provider, agent, providerOptions = {} } = arm
  if (differs(order["provider"], provider)) return { field: "provider", expected: CHOSEN }
  if (agent !== undefined && differs(said(order["agent"]), { id: agent })) return { field: "agent", expected: CHOSEN }
  if (differs(valueAt(order[map], [TAG_KEY]), tag)) return { field: `${map}.${TAG_KEY}`, expected: CHOSEN }
  const own = valueAt(order["providerOptions"], [provider])
  const option = Object.keys(providerOptions).find((name) => differs(valueAt(own, [name]), providerOptions[name]))
  return option === undefined
    ? undefined
    : { field: `providerOptions.${provider}.${option}`, expected: `none: arm ${arm.name} of the experiment sets it` }
}

const CHOSEN = "none: the experiment chooses it"

/** `{}` leaves the agent to whoever places the order. */
const said = (agent: unknown): unknown => (isJsonObject(agent) && Object.keys(agent).length === 0 ? undefined : agent)

const differs = (given: unknown, wanted: unknown): boolean =>
  given !== undefined && canonicalJson(given) !== canonicalJson(wanted)
