/** What a reason of `CallError` tells: which of its fields may be printed, and which stay hidden. */
import type { CallErrorReason } from "../provider/CallError.ts"
import { present } from "../domain/present.ts"

/** What went wrong, by meaning: the name of a failure's class. */
export type Reason = CallErrorReason["_tag"]

type FieldsOf<Member> = Member extends { readonly fields: infer Fields } ? Exclude<keyof Fields, "_tag"> : never

/** Whether a field may be printed. A new field of a reason does not compile until it stands here. */
const IS_PRINTED = {
  status: true,
  requestId: true,
  fields: true,
  field: true,
  expected: true,
  call: true,
  sent: true,
  code: true,
  afterSeconds: true,
  capability: true,
  because: true,
  by: true,
  placedAgain: true,
  state: true,
  delivered: true,
  asked: true,
  next: true,
  body: false,
  last: false,
  lead: false,
  // Told as `retryAfterSeconds`.
  retryAfter: false
} as const satisfies Record<FieldsOf<(typeof CallErrorReason)["members"][number]>, boolean>

type IsPrinted = typeof IS_PRINTED
type PrintedName = { [Name in keyof IsPrinted]: IsPrinted[Name] extends true ? Name : never }[keyof IsPrinted]

/** The fields of a reason that may be printed. */
export type Printed<R extends Reason> = PrintedFields<Extract<CallErrorReason, { readonly _tag: R }>>
type PrintedFields<A> = A extends unknown ? Pick<A, Extract<keyof A, PrintedName>> : never

const PRINTED = Object.entries(IS_PRINTED).filter(([, isPrinted]) => isPrinted)

export function printedOf(reason: CallErrorReason): Printed<Reason>
export function printedOf(reason: object): object {
  return present(Object.fromEntries(PRINTED.map(([name]): [string, unknown] => [name, Reflect.get(reason, name)])))
}
