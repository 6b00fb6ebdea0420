/** What can be seen of a history from outside, in the order in which it happened. */
import type { Operation } from "../../src/testing/journal/model.ts"
import type { Answer } from "../../src/testing/journal/modelState.ts"
import type { InboxMoment, ProviderName, Reference, StepKind } from "./script.ts"

/** Whose order: a tenant's, under a reference. */
export interface OrderKey {
  readonly tenant: string
  readonly reference: Reference
}

/** What a caller was answered. */
export interface CallerAnswer {
  /** A state, the outcome of a cancellation, `true` or `false` of a release, or the name of a failure's reason. */
  readonly is: string
  /** The call that it names, and others. */
  readonly calls?: ReadonlyArray<string>
  readonly because?: string
  readonly already?: boolean
}

/** One life of a process: it begins anew when it is restarted. */
export interface Life {
  readonly process: number
  readonly life: number
}

export type Event = { readonly at: number } & (
  | ({
      readonly event: "asked"
      readonly step: number
      readonly kind: StepKind
      readonly key?: OrderKey
      /** Where an order to place would go if nothing were known of its reference; told where there are routes. */
      readonly chooses?: ProviderName
    } & Life)
  | ({ readonly event: "answered"; readonly step: number; readonly answer: CallerAnswer } & Life)
  /** `answer` is absent where the call failed though it was done. */
  | ({ readonly event: "journal"; readonly operation: Operation; readonly answer: Answer } & Life)
  | ({
      readonly event: "sent"
      readonly key: OrderKey
      readonly provider: ProviderName
      readonly request: number
    } & Life)
  /** A request to place has arrived; `order` is what it made, or was known to be; `other` one that it was taken for, to another number. */
  | {
      readonly event: "placed"
      readonly request: number
      readonly order?: string
      readonly other?: string
      readonly isNew: boolean
      readonly status: number
      readonly fault?: string
    }
  /** A page of a list has been answered: the first one, and with all that it is to hold, or not. */
  | ({
      readonly event: "listed"
      readonly provider: ProviderName
      readonly askedAt: number
      readonly isFirst: boolean
      readonly isWhole: boolean
    } & Life)
  /** A message that names these calls has been acknowledged. */
  | ({ readonly event: "acknowledged"; readonly tenant: string; readonly calls: ReadonlyArray<string> } & Life)
  /** A message that names a call has been written down. */
  | ({ readonly event: "received"; readonly tenant: string; readonly call: string; readonly message: string } & Life)
  /** A provider was asked for an order; told where there are messages. */
  | ({ readonly event: "read"; readonly call: string } & Life)
  /** Somebody deals with a call that was named. */
  | ({ readonly event: "claimed"; readonly tenant: string; readonly call: string; readonly fence: number } & Life)
  /** What that came to: nothing, unless the claim still stood. */
  | ({
      readonly event: "dealt"
      readonly tenant: string
      readonly call: string
      readonly state: string
      readonly problem?: string
      readonly fence: number
      readonly isStanding: boolean
    } & Life)
  | ({ readonly event: "died at a message"; readonly moment: InboxMoment } & Life)
  | ({ readonly event: "died"; readonly where: string } & Life)
  | ({ readonly event: "wrong" } & Life)
  /** A provider was asked for an order that another one has. */
  | ({ readonly event: "astray"; readonly provider: ProviderName; readonly order: string } & Life)
  | { readonly event: "recovered" }
)

/** Without its moment, which whoever records it adds. */
export type EventBody = Event extends infer Each ? (Each extends Event ? Omit<Each, "at"> : never) : never
