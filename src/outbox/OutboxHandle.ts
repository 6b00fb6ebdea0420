/** An outbox as programs hand it around that are not written in Effect. */
import type * as Layer from "effect/Layer"
import type { VoiceCalls } from "../calls/VoiceCalls.ts"
import type { JournalError } from "../calls/PlacementJournal.ts"
import type { CallError } from "../provider/CallError.ts"
import type { Outbox } from "./Outbox.ts"

type OutboxLayer = Layer.Layer<Outbox, CallError | JournalError, VoiceCalls>

/** Addresses that changes are posted to. It is opened with the calls that it is given to, and closed with them. */
export class OutboxHandle {
  readonly #layerFor: (tenant: string | undefined) => OutboxLayer
  /** What it is, for people: no part of any decision. */
  readonly title: string

  constructor(title: string, layerFor: (tenant: string | undefined) => OutboxLayer) {
    this.title = title
    this.#layerFor = layerFor
  }

  static layerOf(handle: OutboxHandle, tenant: string | undefined): OutboxLayer {
    return handle.#layerFor(tenant)
  }
}
