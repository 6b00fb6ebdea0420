/** A feed of changes as programs hand it around that are not written in Effect. */
import { StoreHandle } from "../StoreHandle.ts"
import type { ChangeFeed } from "./ChangeFeed.ts"

/** Where changes are written down. It is opened with the calls that it is given to, and closed with them. */
export class FeedHandle extends StoreHandle<ChangeFeed> {}
