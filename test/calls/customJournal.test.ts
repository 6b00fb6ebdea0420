import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { layerCustomJournal, makeCustomJournal } from "../../src/calls/CustomJournal.ts"
import type { JournalFunctions } from "../../src/calls/JournalFunctions.ts"
import { JournalError } from "../../src/calls/PlacementJournal.ts"
import { VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import { OrderId, ProviderId } from "../../src/domain/Identifiers.ts"
import { customJournal, newPlacement } from "../../src/promise/customJournal.ts"
import { makeInMemoryProvider } from "../../src/testing/InMemoryProvider.ts"
import { accepted, callOf, instant, keyOf, reservation, uncertain } from "../../src/testing/journal/samples.ts"
import { journalContract } from "../../src/testing/journalContract.ts"
import { absenceJournal, laterJournal, mapJournal, wholeJournal } from "./mapJournal.ts"

const KEY = keyOf("a")

describe.each([
  ["that answer at once", mapJournal],
  ["that answer later", laterJournal],
  ["that keep what is absent", absenceJournal],
  ["that compact and delete", wholeJournal]
] as const)("functions %s", (_, make) => {
  const cases = journalContract(() => customJournal(make()), { runs: 60 })
  it.each(cases.map((each) => [each.name, each.run] as const))("%s", (_name, run) => run(), 120_000)
})

const SECRETS = /12025550104|lead-of-alice|hunter2/

/** Every operation on functions that all answer the same. */
const operationsOn = (answer: () => never) => {
  const journal = makeCustomJournal({
    reserve: answer,
    settle: answer,
    release: answer,
    find: answer,
    findCall: answer,
    unfinished: answer
  })
  return [
    journal.reserve(reservation("a")),
    journal.settle(KEY, "token-1", accepted(), instant(1)),
    journal.release(KEY, "token-1", instant(0)),
    journal.find(KEY),
    journal.findCall(callOf(ProviderId.make("one"), OrderId.make("order-1"))),
    journal.unfinished({ tenant: "", before: instant(9), limit: 5 })
  ] as const
}

describe("functions that do not keep what is absent", () => {
  it.effect("are told nothing that they may have no column for", () =>
    Effect.gen(function* () {
      const told: Array<object> = []
      const right = mapJournal()
      const journal = makeCustomJournal({
        ...right,
        settle: (key, token, settlement, ...rest) => {
          told.push(settlement)
          return right.settle(key, token, settlement, ...rest)
        }
      })
      expect(journal.absence).toBeUndefined()
      yield* journal.reserve(reservation("a"))
      yield* journal.settle(
        KEY,
        "token-1",
        { ...uncertain(), evidence: "unknown", requestMillis: 5, missedMillis: 7 },
        instant(1)
      )
      yield* journal.settle(KEY, "token-1", { ...accepted(), evidence: "id_read", listDelay: 9 }, instant(2))
      expect(told).toEqual([uncertain(), accepted()])
    })
  )

  it("are all of them, or none", () => {
    const { open: _open, ...some } = absenceJournal()
    expect(() => makeCustomJournal(some)).toThrow("expected functions of the names open beside supersede")
    const { deleteEnded: _delete, ...few } = wholeJournal()
    expect(() => makeCustomJournal(few)).toThrow("expected functions of the names deleteEnded beside countEnded")
  })

  it.effect("that answer wrongly are told so", () =>
    Effect.gen(function* () {
      const wrong = (answers: Partial<JournalFunctions>) => {
        const { absence } = makeCustomJournal({ ...absenceJournal(), ...answers })
        if (absence === undefined) throw new Error("no absence")
        return absence
      }
      const one = ProviderId.make("one")
      const problem = <A>(effect: Effect.Effect<A, JournalError>) =>
        Effect.map(Effect.flip(effect), (error) => error.problem)
      // @ts-expect-error an author without types
      const broken = wrong({ listRecord: () => ({ wrong: "1" }) })
      expect(yield* problem(broken.listRecord(one, instant(0)))).toBe("gave no count of wrong placements")
      const slow = wrong({ listRecord: () => ({ wrong: 0, slowestMillis: 0.5 }) })
      expect(yield* problem(slow.listRecord(one, instant(0)))).toBe("gave a delay that is no whole number")
      const row = { ...newPlacement(reservation("a")), state: "absent" }
      const absent = wrong({ open: () => [row], absent: () => [{ ...row, changedAt: instant(1) }, row].toReversed() })
      const filter = { tenant: "", provider: one, limit: 5 }
      expect(yield* problem(absent.open({ ...filter, before: instant(9) }))).toBe(
        "gave a placement that was not asked for"
      )
      expect(yield* problem(absent.absent({ ...filter, since: instant(0) }))).toBe("gave placements in another order")
    })
  )
})

describe("what a function throws", () => {
  const withCode = (code: unknown) => Object.assign(new Error("+12025550104 lead-of-alice hunter2"), { code })
  const THROWN: ReadonlyArray<readonly [string, unknown, string]> = [
    ["an error", new TypeError("lead-of-alice hunter2"), "TypeError"],
    ["an error with a code", withCode("ECONNREFUSED"), "ECONNREFUSED"],
    ["an error of SQL", withCode("23505"), "23505"],
    ["a code that may be a value", withCode("+12025550104"), "Error"],
    ["a code that is no text", withCode(12025550104), "Error"],
    ["a name that may be a value", Object.assign(new Error("x"), { name: "lead-of-alice" }), "Error"],
    ["text", "+12025550104", "it threw what is no Error"],
    ["nothing", undefined, "it threw what is no Error"],
    ["an object", { code: "hunter2", message: "+12025550104" }, "it threw what is no Error"],
    [
      "what cannot be looked at",
      new Proxy(new Error("hunter2"), {
        get: () => {
          throw new Error("lead-of-alice")
        },
        getPrototypeOf: () => {
          throw new Error("lead-of-alice")
        }
      }),
      "it threw what is no Error"
    ]
  ]

  it.effect.each(THROWN)("%s becomes a JournalError without its words", ([, thrown, problem]) =>
    Effect.gen(function* () {
      const throwing = () => {
        throw thrown
      }
      for (const operation of operationsOn(throwing)) {
        const error = yield* Effect.flip<unknown, JournalError, never>(operation)
        expect(error).toBeInstanceOf(JournalError)
        expect(error.problem).toBe(problem)
        expect(`${error.message} ${JSON.stringify(error)} ${error.stack}`).not.toMatch(SECRETS)
      }
    })
  )
})

describe("what a function answers", () => {
  const row = { ...KEY, provider: "one", token: "token-1", numberDigest: "1f3a", state: "reserved" } as const
  const whole = { ...row, reservedAt: instant(0), changedAt: instant(0) }
  const taken = { ...whole, state: "accepted", orderId: "order-1" }
  const WRONG: ReadonlyArray<
    readonly [
      "reserve" | "settle" | "release" | "find" | "findCall" | "unfinished" | "countEnded" | "compactEnded",
      string,
      unknown,
      string
    ]
  > = [
    ["reserve", "nothing", undefined, "gave no placement"],
    ["reserve", "null", null, "gave no placement"],
    ["reserve", "true", true, "gave no placement"],
    ["reserve", "a list", [whole], "gave no placement"],
    ["reserve", "a row without a time", row, "gave a placement whose reservedAt cannot be read"],
    ["reserve", "a state nobody knows", { ...whole, state: "done" }, "gave a placement whose state cannot be read"],
    [
      "reserve",
      "a time of another form",
      { ...whole, reservedAt: "lead-of-alice" },
      "gave a placement whose reservedAt cannot be read"
    ],
    ["reserve", "a Date", { ...whole, changedAt: new Date(0) }, "gave a placement whose changedAt cannot be read"],
    ["reserve", "another reference", { ...whole, reference: "A" }, "gave the placement of another key"],
    ["reserve", "another tenant's", { ...whole, tenant: "acme" }, "gave the placement of another key"],
    [
      "reserve",
      "our token for another number",
      { ...whole, numberDigest: "ffff" },
      "gave another reservation with this token"
    ],
    ["settle", "another token's", { ...taken, token: "token-2" }, "gave the placement of another token"],
    ["settle", "what was there before", whole, "gave a placement that has not moved on"],
    ["settle", "true", true, "gave no placement"],
    ["release", "nothing", undefined, "gave neither true nor false"],
    ["release", "a count", 1, "gave neither true nor false"],
    ["find", "another reference", { ...whole, reference: "lead-of-alice" }, "gave the placement of another key"],
    ["findCall", "another order", { ...taken, orderId: "order-2" }, "gave the placement of another call"],
    ["findCall", "another provider's", { ...taken, provider: "two" }, "gave the placement of another call"],
    ["findCall", "another tenant's", { ...taken, tenant: "acme" }, "gave the placement of another call"],
    ["unfinished", "nothing", undefined, "gave no list"],
    ["unfinished", "what has ended", [{ ...taken, state: "ended" }], "gave a placement that was not asked for"],
    ["unfinished", "another tenant's", [{ ...taken, tenant: "acme" }], "gave a placement that was not asked for"],
    ["unfinished", "a row that cannot be read", [whole, row], "gave a placement whose reservedAt cannot be read"],
    ["unfinished", "too many", Array.from({ length: 6 }, () => whole), "gave more placements than were asked for"],
    [
      "unfinished",
      "the latest first",
      [{ ...whole, changedAt: instant(2) }, whole],
      "gave placements in another order"
    ],
    ["countEnded", "a number", 7, "gave no counts"],
    ["countEnded", "text", { ended: "1", compactable: 0, deletable: 0 }, "gave no counts"],
    ["countEnded", "too much", { ended: 1, compactable: 2, deletable: 0 }, "counted more than there are"],
    ["compactEnded", "nothing", undefined, "gave no count of what was changed"],
    ["compactEnded", "less than nothing", { changed: -1 }, "gave no count of what was changed"],
    ["compactEnded", "no key", { changed: 1, next: "a" }, "gave no key to go on from"],
    ["compactEnded", "where it was", { changed: 0, next: KEY }, "goes on where it was"]
  ]

  it.effect.each(WRONG)("of %s that is %s is no answer", ([name, , answer, problem]) =>
    Effect.gen(function* () {
      const journal = makeCustomJournal({ ...wholeJournal(), [name]: () => answer })
      const { retention } = journal
      if (retention === undefined) throw new Error("no retention")
      const ended = { endedBefore: instant(9) }
      const operations = {
        countEnded: retention.countEnded(ended),
        compactEnded: retention.compactEnded({ ...ended, after: KEY, limit: 5 }),
        reserve: journal.reserve(reservation("a")),
        settle: journal.settle(KEY, "token-1", accepted(), instant(1)),
        release: journal.release(KEY, "token-1", instant(0)),
        find: journal.find(KEY),
        findCall: journal.findCall(callOf(ProviderId.make("one"), OrderId.make("order-1"))),
        unfinished: journal.unfinished({ tenant: "", before: instant(9), limit: 5 })
      }
      const error = yield* Effect.flip<unknown, JournalError, never>(operations[name])
      expect(error.problem).toBe(problem)
      expect(error.operation).toBe(name === "findCall" ? "find" : name)
    })
  )

  it.effect("of a reservation may be another's, for whatever number", () =>
    Effect.gen(function* () {
      const held = { ...whole, token: "token-2", numberDigest: "ffff" }
      const journal = makeCustomJournal({ ...mapJournal(), reserve: () => held })
      expect(yield* journal.reserve(reservation("a"))).toEqual(held)
    })
  )

  it.effect("may be a row of a database: null is absent, and other columns do no harm", () =>
    Effect.gen(function* () {
      const columns = Object.assign(Object.create(null), {
        ...whole,
        orderId: null,
        because: undefined,
        id: 7,
        lead: null
      })
      const journal = makeCustomJournal({ ...mapJournal(), find: () => columns })
      expect(yield* journal.find(KEY)).toEqual(Option.some(whole))
    })
  )

  it.effect("is not asked for where nothing is wanted", () =>
    Effect.gen(function* () {
      const journal = makeCustomJournal({ ...mapJournal(), unfinished: () => [whole] })
      expect(yield* journal.unfinished({ tenant: "", before: instant(9), limit: Number.NaN })).toEqual([])
    })
  )
})

describe("the time for an answer", () => {
  it.each([0, -1, Number.NaN, 60.001, Number.POSITIVE_INFINITY])("is refused if it is %s", (timeoutSeconds) => {
    expect(() => makeCustomJournal(mapJournal(), { timeoutSeconds })).toThrow(
      new TypeError("customJournal: timeoutSeconds: expected a number of seconds above 0, at most 60")
    )
  })

  it.each([0.001, 60])("may be %s seconds", (timeoutSeconds) => {
    expect(() => makeCustomJournal(mapJournal(), { timeoutSeconds })).not.toThrow()
  })
})

const never = <A>(): Promise<A> => new Promise(() => undefined)

describe("a function that never answers", () => {
  it.effect("is given up after the time for it, and told so", () =>
    Effect.gen(function* () {
      const aborted: Array<boolean> = []
      const journal = makeCustomJournal(
        {
          ...mapJournal(),
          find: (_, { signal }) => {
            signal.addEventListener("abort", () => aborted.push(signal.aborted))
            return never()
          }
        },
        { timeoutSeconds: 3 }
      )
      const found = yield* Effect.forkChild(Effect.flip(journal.find(KEY)))
      yield* TestClock.adjust("2 seconds")
      expect(found.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      expect((yield* Fiber.join(found)).problem).toBe("no answer within 3 seconds")
      expect(aborted).toEqual([true])
    })
  )

  it.effect("does not keep a reservation that it makes all the same: nothing was sent for it", () =>
    Effect.gen(function* () {
      const right = mapJournal()
      const { promise, resolve } = Promise.withResolvers<void>()
      const released = Promise.withResolvers<boolean>()
      const journal = makeCustomJournal({
        ...right,
        reserve: async (asked, context) => {
          await promise
          return right.reserve(asked, context)
        },
        release: async (key, token, changedAt, context) => {
          expect(context.signal.aborted).toBe(false)
          const answer = await right.release(key, token, changedAt, context)
          released.resolve(answer)
          return answer
        }
      })
      const reserved = yield* Effect.forkChild(Effect.flip(journal.reserve(reservation("a"))))
      yield* TestClock.adjust("10 seconds")
      expect((yield* Fiber.join(reserved)).operation).toBe("reserve")
      resolve()
      expect(yield* Effect.promise(() => released.promise)).toBe(true)
      expect(yield* journal.find(KEY)).toEqual(Option.none())
    })
  )

  it.effect("or whose answer is lost or cannot be read, keeps no reservation either", () =>
    Effect.gen(function* () {
      for (const lose of [() => Promise.reject(new Error("lost")), () => ({ reference: "a" })]) {
        const right = mapJournal()
        const released = Promise.withResolvers<boolean>()
        const journal = makeCustomJournal({
          ...right,
          reserve: async (...asked) => {
            await right.reserve(...asked)
            return lose()
          },
          release: async (...asked) => {
            const answer = await right.release(...asked)
            released.resolve(answer)
            return answer
          }
        })
        yield* Effect.flip(journal.reserve(reservation("a")))
        expect(yield* Effect.promise(() => released.promise)).toBe(true)
        expect(yield* journal.find(KEY)).toEqual(Option.none())
      }
    })
  )

  it.effect("releases nothing of another's: its token is not this one", () =>
    Effect.gen(function* () {
      const right = mapJournal()
      const other = yield* makeCustomJournal(right).reserve(reservation("a", { token: "token-2" }))
      const journal = makeCustomJournal({ ...right, reserve: () => Promise.reject(new Error("lost")) })
      yield* Effect.flip(journal.reserve(reservation("a")))
      yield* Effect.yieldNow
      expect(yield* journal.find(KEY)).toEqual(Option.some(other))
    })
  )

  it.effect("of settle and release is waited for, though whoever asked has gone", () =>
    Effect.gen(function* () {
      const right = mapJournal()
      const { promise, resolve } = Promise.withResolvers<void>()
      const journal = makeCustomJournal({
        ...right,
        settle: async (...asked) => {
          await promise
          return right.settle(...asked)
        }
      })
      yield* journal.reserve(reservation("a"))
      const settling = yield* Effect.forkChild(journal.settle(KEY, "token-1", accepted(), instant(1)))
      yield* Effect.yieldNow
      const interrupting = yield* Effect.forkChild(Fiber.interrupt(settling))
      yield* Effect.yieldNow
      expect(settling.pollUnsafe()).toBeUndefined()
      resolve()
      yield* Fiber.join(interrupting)
      expect(Option.getOrThrow(yield* journal.find(KEY)).state).toBe("accepted")
    })
  )
})

describe("live calls over functions of one's own", () => {
  const order = { to: "+12025550101", agent: { id: "agent-1" }, reference: "lead-1" }
  const over = (functions: JournalFunctions) => {
    const memory = makeInMemoryProvider()
    const layer = VoiceCalls.layer([Effect.succeed(memory)]).pipe(Layer.provide(layerCustomJournal(functions)))
    return { memory, layer }
  }

  it.effect("place a reference once", () => {
    const { memory, layer } = over(laterJournal())
    return Effect.gen(function* () {
      const calls = yield* VoiceCalls
      const placed = yield* Effect.forEach([1, 2, 3], () => calls.place(order), { concurrency: "unbounded" })
      expect(placed.filter((each) => each.state === "accepted" && !each.already).length).toBe(1)
      expect(memory.placed.length).toBe(1)
    }).pipe(Effect.provide(layer))
  })

  it.effect.each(["reserve", "find"] as const)("send nothing where %s gives what cannot be read", (name) => {
    const { memory, layer } = over({ ...mapJournal(), [name]: () => ({ reference: "lead-of-alice" }) })
    return Effect.gen(function* () {
      const calls = yield* VoiceCalls
      // A composed letter has two forms: both are looked up before the reservation.
      const error = yield* Effect.flip(calls.place({ ...order, reference: "lead-é" }))
      expect(error).toBeInstanceOf(JournalError)
      expect(error.message).not.toMatch(SECRETS)
      expect(memory.placed).toEqual([])
    }).pipe(Effect.provide(layer))
  })

  it.effect("answer and close although settle never answers: the reference stays held", () => {
    const functions = mapJournal()
    const { memory, layer } = over({ ...functions, settle: never })
    return Effect.gen(function* () {
      const closing = yield* Effect.forkChild(
        Effect.gen(function* () {
          const calls = yield* VoiceCalls
          return yield* calls.place(order)
        }).pipe(Effect.provide(layer, { local: true }))
      )
      yield* TestClock.adjust("2 minutes")
      expect((yield* Fiber.join(closing)).state).toBe("accepted")
      expect(memory.placed.length).toBe(1)
      const again = yield* Effect.gen(function* () {
        const calls = yield* VoiceCalls
        return yield* calls.place(order)
      }).pipe(Effect.provide(over(functions).layer, { local: true }))
      expect(again.state).toBe("in_flight")
    })
  })
})

describe("customJournal", () => {
  it("refuses what are no functions, and times that are none", () => {
    const { settle: _, ...rest } = mapJournal()
    expect(() => customJournal(JSON.parse("null"))).toThrow(/functions of the names reserve, settle, release/)
    expect(() => customJournal({ ...rest, settle: JSON.parse("1") })).toThrow(/functions of the names settle$/)
    for (const timeoutSeconds of [0, -1, Number.NaN, Infinity, 61])
      expect(() => customJournal(mapJournal(), { timeoutSeconds })).toThrow(/timeoutSeconds/)
  })

  it("takes an object of a class", async () => {
    class Journal {
      readonly #right = mapJournal()
      reserve(...asked: Parameters<JournalFunctions["reserve"]>) {
        return this.#right.reserve(...asked)
      }
      settle(...asked: Parameters<JournalFunctions["settle"]>) {
        return this.#right.settle(...asked)
      }
      release(...asked: Parameters<JournalFunctions["release"]>) {
        return this.#right.release(...asked)
      }
      find(...asked: Parameters<JournalFunctions["find"]>) {
        return this.#right.find(...asked)
      }
      findCall(...asked: Parameters<JournalFunctions["findCall"]>) {
        return this.#right.findCall(...asked)
      }
      unfinished(...asked: Parameters<JournalFunctions["unfinished"]>) {
        return this.#right.unfinished(...asked)
      }
    }
    for (const { run } of journalContract(() => customJournal(new Journal()), { runs: 3 })) await run()
  })
})
