/** By what the code of an application tells that it speaks to a provider, and what each part becomes: declared by adapters. */
import type { AttemptStatus, OrderStatus } from "../domain/CallStatus.ts"
import type { WordTable } from "../domain/Words.ts"

/** What a request is for. `browser` opens a call from a browser; `outside` is nothing that unicall does. */
export type CodeOperation =
  | "place"
  | "get"
  | "getMany"
  | "list"
  | "cancel"
  | "check"
  | "agents"
  | "numbers"
  | "webhookAddresses"
  | "browser"
  | "outside"

/** A request of the HTTP API. */
export interface CodeEndpoint {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE"
  /** Below one of the addresses; `{id}` stands for whatever one part of it is. */
  readonly path: string
  readonly operation: CodeOperation
  /** What there is to know beside what it becomes, in a sentence. */
  readonly note?: string
}

/** A package of the vendor. */
export interface PackageSigns {
  /** What the methods of its client are for, by the way to them: `calls.create`. Any other is `outside`. */
  readonly methods: { readonly [way: string]: CodeOperation }
  /** Its client opens calls from a browser, and stays. */
  readonly isForBrowsers?: boolean
  /** The option by which its client stops sending a request again, where it does that for placing too unless told. */
  readonly resends?: { readonly option: string; readonly off: number; readonly because: string }
}

/** What the body of a request that places a call may have. */
export interface OrderSigns {
  /** Every field that is known, with where an order of unicall has it; null: nothing takes its place. */
  readonly fields: { readonly [field: string]: string | null }
  /** Fields in which a key of one's own can ride: `customer.externalId`. */
  readonly references: ReadonlyArray<string>
  /** Fields that others have and this one has not, with what to say about each. */
  readonly absent: { readonly [field: string]: string }
}

/** What its messages hold. */
export interface WebhookSigns {
  /** The field that holds the message, if it does not stand at the top of the body. */
  readonly envelope?: string
  /** Words of `type` that only its messages have. */
  readonly types: ReadonlyArray<string>
  /** Fields that no other provider's messages have. */
  readonly own: ReadonlyArray<string>
  /** Fields of its messages that are known, with what a record of unicall has for each. */
  readonly fields: { readonly [field: string]: string }
  /** Fields that code looks for and its messages have not, with what to say about each. */
  readonly absent: { readonly [field: string]: string }
}

/** Words of one field for how far a call is. */
export interface StatusSigns {
  readonly of: "order" | "attempt"
  readonly words: ReadonlyArray<string>
  readonly meaning: WordTable<OrderStatus | AttemptStatus>
}

/** All of it. Data only. */
export interface CodeSigns {
  /** Packages of npm. */
  readonly packages: { readonly [name: string]: PackageSigns }
  /** Base URLs, the one that `live` uses first. */
  readonly addresses: ReadonlyArray<string>
  readonly endpoints: ReadonlyArray<CodeEndpoint>
  readonly order: OrderSigns
  /** Fields of a stored agent that say where messages go: what changes none of them is no `webhookAddresses`. */
  readonly addressFields: ReadonlyArray<string>
  readonly webhook: WebhookSigns
  readonly statuses: ReadonlyArray<StatusSigns>
}

/** The signs of a provider, loaded when code is scanned and never before. */
export interface CodeDeclaration {
  readonly load: () => Promise<CodeSigns>
}
