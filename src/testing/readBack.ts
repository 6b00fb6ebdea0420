/** What a record repeats of the order that it is of, value by value. */
import type { CallOrder } from "../domain/CallOrder.ts"
import { formatPath } from "../domain/Json.ts"
import type { PlaceCall } from "../domain/PlaceCall.ts"

/** A value as it was ordered, and as the record has it. */
interface Repeated {
  readonly place: string
  readonly ordered: unknown
  readonly shown: unknown
  /** Whether a record that is read by its id must have it; any other may leave it out, but not change it. */
  readonly due: boolean
}

type Repeats = (order: PlaceCall, record: CallOrder) => ReadonlyArray<Repeated>

const one =
  (
    place: string,
    valueIn: (order: PlaceCall) => unknown,
    shownIn: (record: CallOrder) => unknown,
    due = true
  ): Repeats =>
  (order, record) => {
    const ordered = valueIn(order)
    return ordered === undefined ? [] : [{ place, ordered, shown: shownIn(record), due }]
  }

/** The record may have more than was ordered, such as the reference. */
const map =
  (name: "metadata" | "variables"): Repeats =>
  (order, record) =>
    Object.entries(order[name] ?? {}).map(([key, ordered]) => {
      const shown = record[name]
      const has = shown !== undefined && Object.hasOwn(shown, key)
      return { place: formatPath([name, key]), ordered, shown: has ? shown[key] : undefined, due: true }
    })

const nothing: Repeats = () => []

const same = (field: "provider" | "to" | "from" | "reference" | "scheduledAt"): Repeats =>
  one(
    field,
    (order) => order[field],
    (record) => record[field]
  )

const REPEATS = {
  provider: same("provider"),
  to: same("to"),
  from: same("from"),
  agent: one(
    "agent.id",
    ({ agent }) => agent.id,
    ({ agent }) => agent?.id,
    false
  ),
  reference: same("reference"),
  variables: map("variables"),
  metadata: map("metadata"),
  scheduledAt: same("scheduledAt"),
  retry: one(
    "retry.maxAttempts",
    ({ retry }) => retry?.maxAttempts,
    ({ attemptsAllowed }) => attemptsAllowed,
    false
  ),
  concurrency: nothing,
  providerOptions: nothing,
  notAfter: nothing,
  route: nothing,
  routeKey: nothing,
  mayOmit: nothing
} satisfies { readonly [Field in keyof Required<PlaceCall>]: Repeats }

/**
 * What the record drops or changes of the order. What the provider answers to the order itself may leave out anything.
 */
export const lostIn = (order: PlaceCall, record: CallOrder, from: "answer" | "reading"): ReadonlyArray<string> =>
  Object.values<Repeats>(REPEATS)
    .flatMap((repeats) => repeats(order, record))
    .filter(({ ordered, shown, due }) => shown !== ordered && (shown !== undefined || (due && from === "reading")))
    .map(({ place, ordered, shown }) => {
      const got = shown === undefined ? "is not there" : `is ${JSON.stringify(shown)}`
      return `${place}: ordered ${JSON.stringify(ordered)}, which ${got} in the ${from}`
    })
