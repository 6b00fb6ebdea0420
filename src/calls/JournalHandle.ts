/** A placement journal as programs hand it around that are not written in Effect. */
import type * as Layer from "effect/Layer"
import type { JournalError, PlacementJournal } from "./PlacementJournal.ts"

/** Where placements are written down. It is opened with the calls that it is given to, and closed with them. */
export class JournalHandle {
  readonly #layer: Layer.Layer<PlacementJournal, JournalError>
  /** What it is, for people: no part of any decision. */
  readonly title: string

  constructor(title: string, layer: Layer.Layer<PlacementJournal, JournalError>) {
    this.title = title
    this.#layer = layer
  }

  static layerOf(handle: JournalHandle): Layer.Layer<PlacementJournal, JournalError> {
    return handle.#layer
  }
}
