import { makeRedactor, type Redactor } from "../domain/Redaction.ts"
import type { Adapter } from "./Adapter.ts"

/** Takes the secrets of one provider out of whatever it is given. */
export const redactorOf = ({ secretKeys = {} }: Pick<Adapter, "secretKeys">): Redactor => makeRedactor([secretKeys])

/** Adapters by id. */
export interface Registry<Id extends string = string> {
  /** Ids of the adapters, in order. */
  readonly ids: ReadonlyArray<Id>
  /** The adapters, in order. */
  readonly adapters: ReadonlyArray<Adapter<Id>>
  /** The adapter with this id, if there is one. */
  readonly get: (id: string) => Adapter<Id> | undefined
  /** Takes the secrets of all these providers out of whatever it is given. */
  readonly redactor: Redactor
}

/**
 * Makes the registry from one record of adapters. A key that is not its adapter's id does not compile.
 *
 * @throws Error if there is no adapter at all: an empty registry would read every payload as unknown
 */
export const registry = <const Adapters extends { readonly [Id in keyof Adapters & string]: Adapter<Id> }>(
  adapters: Adapters
): Registry<keyof Adapters & string> => {
  const byId = new Map<string, Adapter<keyof Adapters & string>>(Object.entries(adapters))
  if (byId.size === 0) throw new Error("a registry needs at least one adapter")
  return {
    ids: [...byId.values()].map(({ id }) => id),
    adapters: [...byId.values()],
    get: (id) => byId.get(id),
    redactor: makeRedactor([...byId.values()].map(({ secretKeys = {} }) => secretKeys))
  }
}
