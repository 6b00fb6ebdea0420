/** A placement journal as programs hand it around that are not written in Effect. */
import type { PlacementJournal } from "./PlacementJournal.ts"
import { StoreHandle } from "./StoreHandle.ts"

/** Where placements are written down. */
export class JournalHandle extends StoreHandle<PlacementJournal> {}
