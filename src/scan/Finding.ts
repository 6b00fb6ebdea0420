/** What a scan tells of code. It holds no text of the code: names of declared fields, and addresses of providers, at most. */
import type { CodeOperation, CodeSigns } from "../provider/CodeSigns.ts"
import type { Place } from "./syntax.ts"

/** `certain`: the code says so. `likely`: it is concluded from what the code looks like. */
export type Grade = "certain" | "likely"

export type TrapKind =
  | "rings_twice"
  | "uncovered_status"
  | "no_such_field"
  | "no_reference"
  | "unverified_webhook"
  | "timeout_as_failure"

/** What goes wrong at a place of the code, or may. */
export interface Trap {
  readonly kind: TrapKind
  readonly grade: Grade
  readonly line: number
  /** In words; names what is declared only. */
  readonly says: string
}

/** A place in the code that deals with a provider. */
export interface Finding extends Place {
  readonly provider: string
  /** `webhook` takes its messages, `status` tells its words apart, `client` makes what speaks to it. */
  readonly kind: "client" | "request" | "webhook" | "status"
  readonly grade: Grade
  readonly operation?: CodeOperation
  /** What it is: `calls.create of @vendor/sdk`, `POST /call`. */
  readonly what: string
  /** Of a webhook, the fields that are read, with what a record of unicall has for each. */
  readonly fields?: { readonly [field: string]: string }
  /** The line to write, or what to do. */
  readonly becomes: string
  readonly traps: ReadonlyArray<Trap>
}

/** A provider that is looked for. */
export interface Sought {
  readonly id: string
  readonly title: string
  readonly signs: CodeSigns
}
