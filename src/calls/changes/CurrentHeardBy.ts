/** By what something is heard just now, where the operation that hears it knows. */
import * as Context from "effect/Context"
import type { HeardBy } from "./CallChange.ts"

/** What a change says of it, beside that it was read or listed. @default nothing */
export const CurrentHeardBy = Context.Reference<HeardBy | undefined>("unicall/CurrentHeardBy", {
  defaultValue: () => undefined
})
