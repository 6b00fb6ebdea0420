/** Journals that are wrong in one way each: the laws of the journal must find every one of them. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describe, expect, it } from "vitest"
import type { JournalFunctions, JournalPlacement } from "../../src/calls/JournalFunctions.ts"
import { JournalHandle } from "../../src/calls/JournalHandle.ts"
import { makeMemoryJournal } from "../../src/calls/MemoryJournal.ts"
import {
  type JournalError,
  type Placement,
  PlacementJournal,
  type PlacementState
} from "../../src/calls/PlacementJournal.ts"
import type { ProviderId } from "../../src/domain/Identifiers.ts"
import { compactedPlacement, customJournal } from "../../src/promise/customJournal.ts"
import { PROVIDERS, TENANTS } from "../../src/testing/journal/histories.ts"
import { instant } from "../../src/testing/journal/samples.ts"
import { journalContract } from "../../src/testing/journalContract.ts"
import { wholeJournal } from "./mapJournal.ts"

/** Each is wrong in one way that somebody's journal may be wrong in. */
const BROKEN: { readonly [mistake: string]: (right: JournalFunctions) => Partial<JournalFunctions> } = {
  "reserve overwrites": (right) => ({
    reserve: async (asked, context) => {
      const held = await right.find(asked, context)
      if (held !== null && held !== undefined) {
        const [token, changedAt] = [String(Reflect.get(held, "token")), String(Reflect.get(held, "changedAt"))]
        await right.release(asked, token, changedAt, context)
      }
      return right.reserve(asked, context)
    }
  }),
  "reserve looks first, and somebody comes between": (right) => ({
    reserve: async (asked, context) => {
      const held = await right.find(asked, context)
      return held ?? { ...(await right.reserve(asked, context)), token: asked.token }
    }
  }),
  "reserve forgets the tenant": (right) => ({
    reserve: (asked, context) => right.reserve({ ...asked, tenant: "" }, context)
  }),
  "settle goes back": (right) => {
    let last: unknown
    return {
      settle: async (key, token, settlement, at, context) => {
        const row = await right.settle(key, token, settlement, at, context)
        last = row === null || row === undefined ? last : { ...row, state: settlement.state, changedAt: at }
        return row === null || row === undefined ? row : { ...row, state: settlement.state, changedAt: at }
      },
      find: async (key, context) => {
        const row = await right.find(key, context)
        return row !== null && row !== undefined && last !== undefined ? { ...row, ...Object(last) } : row
      }
    }
  },
  "settle does not look at the token": (right) => ({
    settle: async (key, _token, settlement, at, context) => {
      const row = await right.find(key, context)
      return row === null || row === undefined
        ? row
        : right.settle(key, String(Reflect.get(row, "token")), settlement, at, context)
    }
  }),
  "settle writes nothing": (right) => ({
    settle: (key, _token, _settlement, _at, context) => right.find(key, context)
  }),
  "release removes what is accepted": () => ({ release: () => true }),
  "release removes nothing": () => ({ release: () => false }),
  "release does not look whether anything has been heard since": (right) => ({
    release: async (key, token, _changedAt, context) => {
      const row = await right.find(key, context)
      return (
        row !== null && row !== undefined && right.release(key, token, String(Reflect.get(row, "changedAt")), context)
      )
    }
  }),
  "find trims": (right) => ({
    find: (key, context) => right.find({ ...key, reference: key.reference.trim() }, context)
  }),
  "findCall does not look at the provider": (right) => ({
    findCall: (call, context) => right.findCall({ ...call, provider: "one" }, context)
  }),
  "unfinished lists all": (right) => ({
    unfinished: ({ tenant, before, limit }, context) => right.unfinished({ tenant, before, limit }, context)
  }),
  "unfinished has no order": (right) => ({
    unfinished: async (filter, context) => [...(await right.unfinished(filter, context))].toReversed()
  }),
  "unfinished has no limit": (right) => ({
    unfinished: (filter, context) => right.unfinished({ ...filter, limit: 1000 }, context)
  })
}

/** The same, of journals that keep what is absent. */
const BROKEN_ABSENCE: typeof BROKEN = {
  "supersede forgets what it takes the place of": (right) => ({
    supersede: async (asked, _aside, context) => {
      const row = await right.supersede?.(asked, asked.reference, context)
      return row ?? right.reserve(asked, context)
    }
  }),
  "supersede does not look at the token": (right) => ({
    supersede: async (asked, aside, context) => {
      const row = await right.find(asked, context)
      const supersedes = row === null || row === undefined ? asked.supersedes : String(Reflect.get(row, "token"))
      return (await right.supersede?.({ ...asked, supersedes }, aside, context)) ?? right.reserve(asked, context)
    }
  }),
  "supersede only answers what is there": (right) => ({
    supersede: (asked, _aside, context) => right.reserve(asked, context)
  }),
  "absent lists what is open": (right) => ({
    absent: ({ since: before, ...filter }, context) => right.open?.({ ...filter, before }, context) ?? []
  }),
  "open lists nothing": () => ({ open: () => [] }),
  "open and absent do not look at the account": (right) => ({
    open: ({ account: _account, ...filter }, context) => right.open?.(filter, context) ?? [],
    absent: ({ account: _account, ...filter }, context) => right.absent?.(filter, context) ?? []
  }),
  "listRecord counts nothing": () => ({ listRecord: () => ({ wrong: 0 }) })
}

/** The same, of journals that compact and delete: a step that is wrong, or what is asked of it. */
const BROKEN_RETENTION: typeof BROKEN = {
  "compactEnded only counts": (right) => ({
    compactEnded: async (step, context) => ({ changed: (await right.countEnded?.(step, context))?.compactable ?? 0 })
  }),
  "compactEnded deletes": (right) => ({
    compactEnded: (step, context) => right.deleteEnded?.(step, context) ?? { changed: 0 }
  }),
  "compactEnded does not look at the tenant": (right) => ({
    compactEnded: ({ tenant: _tenant, ...step }, context) => right.compactEnded?.(step, context) ?? { changed: 0 }
  }),
  "compactEnded takes what ended just then": (right) => ({
    compactEnded: ({ endedBefore, ...step }, context) =>
      right.compactEnded?.({ ...step, endedBefore: endedBefore.replace("000Z", "001Z") }, context) ?? { changed: 0 }
  }),
  "compactEnded makes one step and no more": (right) => ({
    compactEnded: async (step, context) => ({ changed: 0, ...(await right.compactEnded?.(step, context)), next: null })
  }),
  "deleteEnded only compacts": (right) => ({
    deleteEnded: (step, context) => right.compactEnded?.(step, context) ?? { changed: 0 }
  }),
  "deleteEnded does not look at the time": (right) => ({
    deleteEnded: (step, context) =>
      right.deleteEnded?.({ ...step, endedBefore: "2999-01-01T00:00:00.000Z" }, context) ?? { changed: 0 }
  }),
  "deleteEnded does not look at the tenant": (right) => ({
    deleteEnded: ({ tenant: _tenant, ...step }, context) => right.deleteEnded?.(step, context) ?? { changed: 0 }
  }),
  "countEnded counts nothing": () => ({ countEnded: () => ({ ended: 0, compactable: 0, deletable: 0 }) })
}

/** What is stored instead of a compacted placement. */
const MISSTORED: { readonly [mistake: string]: (row: JournalPlacement) => JournalPlacement } = {
  "compactEnded forgets the order": (row) => {
    const { orderId: _orderId, ...rest } = compactedPlacement(row)
    return rest
  },
  "compactEnded keeps all but the number": (row) => ({ ...row, numberDigest: "" }),
  "compactEnded forgets what lists have been seen to be": (row) => {
    const { wrongAt: _wrongAt, listDelay: _listDelay, ...rest } = compactedPlacement(row)
    return rest
  },
  "compactEnded makes it another token's": (row) => ({ ...compactedPlacement(row), token: "-" })
}

describe("the contract finds the mistake", () => {
  const all = [...Object.entries(BROKEN), ...Object.entries(BROKEN_ABSENCE), ...Object.entries(BROKEN_RETENTION)].map(
    ([name, mistake]) => {
      const make = () => {
        const right = wholeJournal()
        return { ...right, ...mistake(right) }
      }
      return [name, make] as const
    }
  )
  const misstoring = Object.entries(MISSTORED).map(([name, compact]) => [name, () => wholeJournal(compact)] as const)
  it.each([...all, ...misstoring])("%s", async (_, make) => {
    const cases = journalContract(() => customJournal(make()), { runs: 5 })
    const results = await Promise.allSettled(cases.map(({ run }) => run()))
    expect(results.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0)
  })
})

interface Filter {
  readonly tenant: string
  readonly provider?: ProviderId
  readonly account?: string
  readonly limit: number
}

const LISTS: { readonly [list in "unfinished" | "open" | "absent"]: (state: PlacementState) => boolean } = {
  unfinished: (state) => state !== "absent" && state !== "ended",
  open: (state) => state === "reserved" || state === "uncertain",
  absent: (state) => state === "absent"
}

/** Whether a placement is one that a filter does not ask for. */
const FOREIGN: { readonly [whose: string]: (placement: Placement, filter: Filter) => boolean } = {
  "another tenant's": ({ tenant }, filter) => tenant !== filter.tenant,
  "another provider's": ({ provider }, filter) => filter.provider !== undefined && provider !== filter.provider,
  "another account's": ({ account }, filter) =>
    filter.account !== undefined && account !== undefined && account !== filter.account
}

/** Lists of as many placements, changed at the same times, but the first is one that was not asked for. */
const wrongLists = (isWrong: (placement: Placement, filter: Filter, list: keyof typeof LISTS) => boolean) =>
  Effect.map(makeMemoryJournal, (right): PlacementJournal["Service"] => {
    const { absence } = right
    if (absence === undefined) throw new Error("the journal in memory keeps what is absent")
    const everything = Effect.map(
      Effect.forEach(
        TENANTS.flatMap((tenant) => PROVIDERS.map((provider) => ({ tenant, provider, limit: 1000 }))),
        (of) =>
          Effect.all([right.unfinished({ ...of, before: instant(59) }), absence.absent({ ...of, since: instant(0) })])
      ),
      (lists) => lists.flat(2)
    )
    const wrong =
      <Asked extends Filter>(list: keyof typeof LISTS, ask: (filter: Asked) => Listing) =>
      (filter: Asked): Listing =>
        Effect.zipWith(ask(filter), everything, ([first, ...rest], all) => {
          const other = all.find(
            (each) => first !== undefined && each.changedAt === first.changedAt && isWrong(each, filter, list)
          )
          return first === undefined ? [] : [other ?? first, ...rest]
        })
    return {
      ...right,
      unfinished: wrong("unfinished", right.unfinished),
      absence: { ...absence, open: wrong("open", absence.open), absent: wrong("absent", absence.absent) }
    }
  })

type Listing = Effect.Effect<ReadonlyArray<Placement>, JournalError>

describe("random histories alone find a list of the right length that holds", () => {
  const lists = Object.entries(LISTS)
  const cases = lists.flatMap(([name, isListed]) => [
    ...Object.entries(FOREIGN).map(
      ([whose, isForeign]) =>
        [
          `${whose} placement (${name})`,
          wrongLists(
            (placement, filter, list) => list === name && isListed(placement.state) && isForeign(placement, filter)
          )
        ] as const
    ),
    [
      `one of another state (${name})`,
      wrongLists(({ tenant, state }, filter, list) => list === name && !isListed(state) && tenant === filter.tenant)
    ] as const
  ])
  it.each(cases)("%s", async (_, journal) => {
    const make = () => new JournalHandle("wrong lists", Layer.effect(PlacementJournal, journal))
    const [histories] = journalContract(make, { runs: 1000 })
    await expect(histories?.run()).rejects.toThrow("Property falsified")
  })
})
