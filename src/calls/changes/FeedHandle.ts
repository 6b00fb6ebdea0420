/** A feed of changes as programs hand it around that are not written in Effect. */
import type * as Layer from "effect/Layer"
import type { JournalError } from "../PlacementJournal.ts"
import type { ChangeFeed } from "./ChangeFeed.ts"

/** Where changes are written down. It is opened with the calls that it is given to, and closed with them. */
export class FeedHandle {
  readonly #layer: Layer.Layer<ChangeFeed, JournalError>
  /** What it is, for people: no part of any decision. */
  readonly title: string

  constructor(title: string, layer: Layer.Layer<ChangeFeed, JournalError>) {
    this.title = title
    this.#layer = layer
  }

  static layerOf(handle: FeedHandle): Layer.Layer<ChangeFeed, JournalError> {
    return handle.#layer
  }
}
