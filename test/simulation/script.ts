/** A history as data: who takes part, and what happens when. A script and its seed give one history, always the same. */

export const PROVIDERS = ["revox", "revring", "vapi"] as const
export type ProviderName = (typeof PROVIDERS)[number]

/** Keys of callers; each tenant has its own order under each. Two differ as little as references can. */
export const REFERENCES = ["a", "b", "A"] as const
export type Reference = (typeof REFERENCES)[number]

/** By what a process that has a route chooses between the providers. */
export interface RouteSetup {
  /** One, the first that can, or by chance. */
  readonly use:
    | ProviderName
    | ReadonlyArray<ProviderName>
    | { readonly weights: { readonly [name in ProviderName]?: number }; readonly by: "number" | "reference" }
}

export interface ProcessSetup {
  /** `""`: the common tenant. */
  readonly tenant: "" | "acme"
  /** How often, of a thousand steps of a fiber, another may go on in between. */
  readonly yieldsPerThousand: number
  /** By how many milliseconds its wall clock is ahead of the providers'. */
  readonly aheadMillis: number
  /** Whether lists are enough to call an order absent, where the list of the provider tells references. */
  readonly listed: boolean
  /** How often it settles by itself. */
  readonly everySeconds?: number
  /** Requests under way at a time. */
  readonly maxConcurrency?: number
  /** Requests in a minute. */
  readonly ratePerMinute?: number
  /** Items on a page of a list. */
  readonly pageSize?: number
  /** @default none: each order names its provider */
  readonly route?: RouteSetup
}

/** What a provider's list tells, and what not. */
export interface ListTruth {
  /** Orders so young are not in it. */
  readonly delaySeconds: number
  /** Orders in these states are not in it. */
  readonly hides: "nothing" | "queued" | "over" | "all"
  /** Items lack what holds the reference. */
  readonly minimal: boolean
}

/** The providers' messages, as the processes take them. */
export interface WebhookSetup {
  /** What befalls messages on their way, of all providers, in the language of a twin's faults; `""`: nothing. */
  readonly faults: string
  /** Whether anybody may send, so that unknown calls are read seldom. */
  readonly trust: "refetch" | "trusted"
}

export interface Setup {
  readonly processes: ReadonlyArray<ProcessSetup>
  /** Those that are opened, by all. */
  readonly providers: ReadonlyArray<ProviderName>
  /** Digits of the number called, hence its story, for each tenant's references. */
  readonly stories: { readonly [tenant in ProcessSetup["tenant"]]: { readonly [reference in Reference]: string } }
  /** The longest that a request or an answer is on its way. */
  readonly slowestMillis: number
  /** Whether others may go on before and after each call of a journal that takes no time. @default false */
  readonly journalTurns?: boolean
  /** Whether the providers know an order again by its reference, as none of them promises. */
  readonly idempotent: boolean
  /** @default no messages are sent */
  readonly webhooks?: WebhookSetup
}

/** A moment of what a process does with a message. */
export const INBOX_MOMENTS = ["before receipt", "after receipt", "after claim", "before end", "after end"] as const
export type InboxMoment = (typeof INBOX_MOMENTS)[number]

type At<Step> = Step & {
  /** Milliseconds after the step before. */
  readonly after: number
}

interface ByProcess {
  /** Its index in the setup. */
  readonly process: number
}

interface OfReference extends ByProcess {
  readonly reference: Reference
}

export interface Place extends OfReference {
  readonly do: "place"
  readonly provider: ProviderName
  readonly repeat?: true
  /** Not later than so many seconds from now. */
  readonly notAfterSeconds?: number
  /** To be dialled so many seconds from now. */
  readonly scheduledInSeconds?: number
  /** Fails where the reference is held by an order that differs. */
  readonly failsOnDifference?: true
  /** What differs from the order that goes with the reference. */
  readonly differs?: "agent" | "number"
  /** Names no provider where the process has a route. */
  readonly isRouted?: true
}

export type Step = At<
  | Place
  | (OfReference & { readonly do: "get" | "cancel" | "awaitEnd" | "watch" | "reconcile" | "release" })
  /** `reconcile` with the first call that a question or a list has named for it. */
  | (OfReference & { readonly do: "name" })
  /** Asks for the request that would place its order, which is not sent. */
  | (OfReference & { readonly do: "dryRun"; readonly provider: ProviderName })
  | (ByProcess & { readonly do: "list" | "check"; readonly provider: ProviderName })
  | (ByProcess & { readonly do: "reconcileStale" | "settle" })
  /** Interrupts what was asked for in the step of this place in the script. */
  | { readonly do: "interrupt"; readonly step: number }
  | (ByProcess & { readonly do: "kill"; readonly operation: number; readonly moment: "before" | "after" })
  | (ByProcess & { readonly do: "restart" })
  /** What it is configured with from its next life on. */
  | (ByProcess & { readonly do: "configure"; readonly route?: RouteSetup })
  | (ByProcess & { readonly do: "setClock"; readonly millis: number })
  | (ByProcess & { readonly do: "sleep"; readonly seconds: number; readonly isCounted: boolean })
  /** Of the twin, in the language of its faults; `""`: none. */
  | { readonly do: "faults"; readonly provider: ProviderName; readonly faults: string }
  | ({ readonly do: "lists"; readonly provider: ProviderName } & ListTruth)
  /** The next calls of the journal fail, done or not. */
  | (ByProcess & { readonly do: "journal"; readonly fails: number; readonly isDone: boolean })
  /** It dies when it is next at such a moment. */
  | (ByProcess & { readonly do: "killAtMessage"; readonly moment: InboxMoment })
  /** Somebody sends a message that names the first order of a reference once more, or an order that there is not. */
  | {
      readonly do: "message"
      readonly provider: ProviderName
      readonly names: "nothing that exists" | { readonly tenant: "" | "acme"; readonly reference: Reference }
    }
  /** It cannot connect to a provider for so long. */
  | (ByProcess & { readonly do: "cut"; readonly provider: ProviderName; readonly seconds: number })
>

export type StepKind = Step["do"]

export interface Script {
  readonly seed: string
  readonly setup: Setup
  readonly steps: ReadonlyArray<Step>
}
