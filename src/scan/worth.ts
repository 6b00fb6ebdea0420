/** Whether a file exports something that tells of a provider where it is imported: a client, what holds or makes one, an address. */
import { memberNames } from "./classes.ts"
import { addressesIn } from "./endpoints.ts"
import type { Export } from "./exports.ts"
import type { Sought } from "./Finding.ts"
import { DEEPEST, type Reader } from "./links.ts"
import type { Module } from "./modules.ts"
import { isSender } from "./requests.ts"
import { membersOf } from "./syntax.ts"
import { packageOf, packagesOf } from "./uses.ts"
import { NO_CALLS, type Value } from "./Value.ts"

/** Objects in objects, functions that give functions. */
const MOST_LEVELS = 3
const MOST_MEMBERS = 100

/** `isWorth` says it of the files that were looked at already. */
export const worthOf = (sought: ReadonlyArray<Sought>, isWorth: (file: string) => boolean) => {
  const packages = packagesOf(sought)

  return ({ exports, values, tree, links }: Module): boolean => {
    /** The reader, for a question of its own. */
    const fresh = (): Reader => {
      links.budget.steps = 0
      return values.reader
    }
    const anyMember = (value: Value, names: Iterable<string>, levels: number): boolean =>
      [...names].slice(0, MOST_MEMBERS).some((name) => tells(fresh().memberOf(value, name, DEEPEST), levels - 1))

    const tells = (value: Value | undefined, levels = MOST_LEVELS): boolean => {
      if (value === undefined || levels === 0) return false
      switch (value.kind) {
        case "text":
          return addressesIn(value.text, sought).length > 0
        case "foreign":
          // What a method of a client gave is no client.
          return (
            value.made?.of.made === undefined && (packageOf(packages, value.from) !== undefined || isSender(value.from))
          )
        case "object":
          return anyMember(value, membersOf(value.node).named.keys(), levels)
        case "instance":
          return anyMember(value, memberNames(value.of), levels)
        case "class":
          return tells({ kind: "instance", of: value.node }, levels)
        case "function": {
          const reader = fresh()
          const home = tree.has(value.node) ? reader : links.homeOf(value.node)
          return tells(home?.returned(value.node, NO_CALLS, DEEPEST), levels - 1)
        }
        case "module":
          return isWorth(value.file)
      }
    }

    const isStar = (from: string): boolean =>
      packageOf(packages, from) !== undefined || isWorth(links.fileOf(from) ?? "")
    const valueOf = (each: Export): Value | undefined =>
      "node" in each ? fresh().valueOf(each.node, NO_CALLS, DEEPEST) : fresh().imported(each.from, each.name, DEEPEST)
    const { named, stars, whole } = exports
    const all: ReadonlyArray<Export> = [...(whole === undefined ? [] : [{ node: whole }]), ...named.values()]
    return stars.some(isStar) || all.some((each) => tells(valueOf(each)))
  }
}
