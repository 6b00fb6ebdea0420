/** A store as programs hand it around that are not written in Effect. */
import type * as Layer from "effect/Layer"
import type { JournalError } from "./PlacementJournal.ts"

/** It is opened with the calls that it is given to, and closed with them. */
export class StoreHandle<Service> {
  readonly #layer: Layer.Layer<Service, JournalError>
  /** What it is, for people: no part of any decision. */
  readonly title: string

  constructor(title: string, layer: Layer.Layer<Service, JournalError>) {
    this.title = title
    this.#layer = layer
  }

  static layerOf<Service>(handle: StoreHandle<Service>): Layer.Layer<Service, JournalError> {
    return handle.#layer
  }
}
