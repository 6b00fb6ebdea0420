import { makeRedactor, type Redactor } from "../domain/Redaction.ts"
import { makeKeyReader, SECRET, type SecretKeys } from "../domain/SecretKeys.ts"
import type { Adapter } from "./Adapter.ts"
import { type JoinedEnvelope, joinEnvelopes } from "./envelopes.ts"

const NO_KEYS: SecretKeys = {}

/** Each table of keys is split into words once, and remembers the keys it has read. */
const redactors = new WeakMap<SecretKeys, Redactor>()

/** Takes the secrets of one provider out of whatever it is given. */
export const redactorOf = ({ secretKeys = NO_KEYS }: { readonly secretKeys?: SecretKeys | undefined }): Redactor => {
  const known = redactors.get(secretKeys)
  if (known !== undefined) return known
  const made = makeRedactor([secretKeys])
  redactors.set(secretKeys, made)
  return made
}

/** Adapters by id. */
export interface Registry<Id extends string = string> {
  /** Ids of the adapters, in order. */
  readonly ids: ReadonlyArray<Id>
  /** The adapters, in order. */
  readonly adapters: ReadonlyArray<Adapter<Id>>
  /** The adapter with this id, if there is one. */
  readonly get: (id: string) => Adapter<Id> | undefined
  /** The envelopes of all adapters, in the order of their keys. */
  readonly envelopes: ReadonlyArray<JoinedEnvelope>
  /** Takes the secrets of all these providers out of whatever it is given. */
  readonly redactor: Redactor
}

/**
 * Makes the registry from one record of adapters. A key that is not its adapter's id does not compile.
 *
 * @throws Error if there is no adapter at all, since an empty registry would read every payload as unknown; or if the
 * adapters contradict themselves or each other
 */
export const registry = <const Adapters extends { readonly [Id in keyof Adapters & string]: Adapter<Id> }>(
  adapters: Adapters
): Registry<keyof Adapters & string> => {
  const byKey = new Map<string, Adapter<keyof Adapters & string>>(Object.entries(adapters))
  for (const [key, { id }] of byKey) {
    if (key !== id) throw new Error(`expected the adapter ${id} to stand under its id, got the key "${key}"`)
  }
  return registryOf([...byKey.values()])
}

/** Makes the registry from a list of adapters; otherwise like `registry`. */
export const registryOf = <Id extends string>(adapters: ReadonlyArray<Adapter<Id>>): Registry<Id> => {
  if (adapters.length === 0) throw new Error("a registry needs at least one adapter")
  refuseSharedIds(adapters)
  for (const adapter of adapters) refuseSharedShapeNames(adapter)
  const secretKeys = adapters.map((adapter) => adapter.secretKeys ?? {})
  const envelopes = joinEnvelopes(adapters)
  const { kindOf } = makeKeyReader(secretKeys)
  for (const { key } of envelopes) {
    if (kindOf(key) === SECRET)
      throw new Error(`the envelope "${key}" is also the key of a secret: what stands below it must not be read`)
  }
  const byId = new Map<string, Adapter<Id>>(adapters.map((adapter) => [adapter.id, adapter]))
  return {
    ids: adapters.map(({ id }) => id),
    adapters,
    get: (id) => byId.get(id),
    envelopes,
    redactor: makeRedactor(secretKeys)
  }
}

/** Records name their provider by `providerId`, and people name it in any case: none of these may mean two adapters. */
const refuseSharedIds = (adapters: ReadonlyArray<Adapter>): void => {
  const owners = new Map<string, Adapter>()
  for (const adapter of adapters) {
    for (const id of new Set([adapter.id.toLowerCase(), adapter.providerId.toLowerCase()])) {
      if (owners.has(id))
        throw new Error(`two adapters have the id "${id}": records of one would be read as the other's`)
      owners.set(id, adapter)
    }
  }
}

const refuseSharedShapeNames = ({ id, shapes, recordless = [] }: Adapter): void => {
  const names = [...shapes, ...recordless].map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new Error(`two shapes of ${id} have the name "${twice}": no message could tell them apart`)
}
