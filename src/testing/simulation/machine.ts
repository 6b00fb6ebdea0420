/** A machine with one process: what runs there goes by its own clocks, and stops for good at whatever operation it dies. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import * as References from "effect/References"
import * as Scheduler from "effect/Scheduler"
import { NewToken } from "../../calls/NewToken.ts"
import { Livelock, type Task, type Timer, type World } from "./world.ts"

/** What a process does that others can see: `write` and `read` of a journal, `send` of a request. */
export type OperationKind = "read" | "write" | "send"

/** When a process dies. */
export interface Death {
  /** At which of its operations from now on, the first being 1. */
  readonly operation: number
  /** Before it has had any effect, or after it has had its whole effect and nobody has been told. */
  readonly moment: "before" | "after"
}

/** An operation at which a process has died. */
export interface Died extends Death {
  readonly kind: OperationKind
}

/** How a machine runs. */
export interface MachineOptions {
  /** How often, of a thousand steps of a fiber, another may go on in between. @default 0 */
  readonly yieldsPerThousand?: number
  /** By how many milliseconds its wall clock is ahead. @default 0 */
  readonly aheadMillis?: number
  /** Told of each message that the process logs. */
  readonly onLog?: (message: string) => void
}

/** One process of a simulation: its clocks, its tasks, and its death. */
export interface Machine {
  readonly world: World
  /** What the effects that run here are given: scheduler, clocks, chance, tokens, log. */
  readonly context: Context.Context<never>
  readonly isAlive: () => boolean
  /** The operation at which it died; absent while it lives, and where it was simply killed. */
  readonly died: () => Died | undefined
  /** How many operations it has begun. */
  readonly operations: () => number
  /** Runs an effect, from the next task on. */
  readonly run: <A, E>(effect: Effect.Effect<A, E>, onExit?: (exit: Exit.Exit<A, E>) => void) => Running
  /** An operation that others can see; it never ends if the process dies at it. */
  readonly operating: <A, E>(kind: OperationKind, operation: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** Has it die at an operation to come. */
  readonly dieAt: (death: Death) => void
  /** Nothing of it goes on any more, and nothing is closed. */
  readonly kill: () => void
  /** Sets its wall clock by so many milliseconds. */
  readonly setClock: (byMillis: number) => void
  /** Stops it for so long; whether its monotonic clock, and with it its timers, count that time depends on the system. */
  readonly sleep: (millis: number, isCounted: boolean) => void
  /** Something that happens later by its monotonic clock, if it still lives then. */
  readonly after: (millis: number, run: () => void) => () => void
  /** Goes on with it once it is awake, if it still lives. */
  readonly ready: (run: () => void) => void
}

/** An effect that runs on a machine. */
export interface Running {
  readonly interrupt: () => void
}

/** A program that goes on and on with its journal is not waiting for time to pass. */
const MOST_AT_ONCE = 100_000

const NANOS_PER_MILLI = 1_000_000n

/** A machine in a world; it runs nothing before it is asked to. */
export const makeMachine = (world: World, options: MachineOptions = {}): Machine => {
  const { yieldsPerThousand = 0, onLog } = options
  const { draws } = world
  const owner = {}
  const timers = new Set<Timer>()
  let alive = true
  let died: Died | undefined
  let operations = 0
  /** Since when time stands, and the operations that had begun by then. */
  let moment = { at: Number.NaN, operations: 0 }
  let death: Death | undefined
  let ahead = options.aheadMillis ?? 0
  let uncounted = 0
  let awakeAt = Number.NEGATIVE_INFINITY
  let held: Array<Task> = []
  let stepsLeft = Number.POSITIVE_INFINITY

  const drawSteps = (): number =>
    yieldsPerThousand === 0 ? Number.POSITIVE_INFINITY : 1 + draws.below(2000 / yieldsPerThousand)
  stepsLeft = drawSteps()

  const isAsleep = (): boolean => world.now() < awakeAt

  const ready = (run: () => void): void => {
    if (!alive) return
    const task: Task = { owner, run: () => (alive ? run() : undefined) }
    if (isAsleep()) held.push(task)
    else world.ready(task)
  }

  const scheduler: Scheduler.Scheduler = {
    executionMode: "async",
    shouldYield: (fiber: Fiber.Fiber<unknown, unknown>) => {
      if (--stepsLeft > 0) return fiber.currentOpCount >= fiber.cache.maxOpsBeforeYield
      stepsLeft = drawSteps()
      return true
    },
    makeDispatcher: () => ({ scheduleTask: (task) => ready(task), flush: () => {} })
  }

  const remember = (timer: Timer): Timer => {
    timers.add(timer)
    return timer
  }

  const timerOf = (millis: number, run: () => void): Timer => {
    const timer = world.after(millis, () => {
      timers.delete(timer)
      ready(run)
    })
    return remember(timer)
  }

  const after = (millis: number, run: () => void): (() => void) => {
    if (!alive || millis === Number.POSITIVE_INFINITY) return () => {}
    // What is set while it sleeps, such as by an answer that comes then, is set when it wakes.
    let timer = timerOf(Math.max(0, millis), run)
    moved.set(timer, (again) => (timer = again))
    return () => {
      timer.run = undefined
      timers.delete(timer)
    }
  }

  /** Told of the timer that takes the place of another. */
  const moved = new WeakMap<Timer, (again: Timer) => void>()

  const wall = (): number => world.now() + ahead
  const monotonicNanos = (): bigint => BigInt(Math.round((world.now() - uncounted) * 1000)) * (NANOS_PER_MILLI / 1000n)
  const wallNanos = (): bigint => BigInt(Math.round(wall())) * NANOS_PER_MILLI
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: wall,
    currentTimeMillis: Effect.sync(wall),
    currentTimeNanosUnsafe: wallNanos,
    currentTimeNanos: Effect.sync(wallNanos),
    monotonicTimeNanosUnsafe: monotonicNanos,
    monotonicTimeNanos: Effect.sync(monotonicNanos),
    sleep: (duration) =>
      Effect.callback<void>((resume) => {
        const cancel = after(Duration.toMillis(duration), () => resume(Effect.void))
        return Effect.sync(cancel)
      })
  }

  const logger = Logger.make(({ message }) => onLog?.(Array.isArray(message) ? message.join(" ") : String(message)))

  const context = Context.empty().pipe(
    Context.add(Scheduler.Scheduler, scheduler),
    Context.add(Clock.Clock, clock),
    Context.add(Random.Random, {
      nextDoubleUnsafe: draws.next,
      nextIntUnsafe: () => draws.below(Number.MAX_SAFE_INTEGER)
    }),
    Context.add(NewToken, draws.uuid),
    Context.add(References.TracerEnabled, false),
    Context.add(Logger.CurrentLoggers, new Set(onLog === undefined ? [] : [logger]))
  )

  const runFork = Effect.runForkWith(context)

  const kill = (): void => {
    alive = false
    world.takeBack(owner)
    held = []
    for (const timer of timers) timer.run = undefined
    timers.clear()
  }

  /** Whether it dies at this moment of the operation that has just begun. */
  const isLast = (kind: OperationKind, count: number, moment: Death["moment"]): boolean => {
    if (!alive) return true
    if (death === undefined || death.operation !== count || death.moment !== moment) return false
    died = { ...death, kind }
    kill()
    return true
  }

  /** Whether more has begun at this moment than a program does that will ever let time pass: then the simulation ends. */
  const isEndless = (): boolean => {
    if (moment.at !== world.now()) moment = { at: world.now(), operations }
    if (operations - moment.operations < MOST_AT_ONCE) return false
    const end = (): never => {
      throw new Livelock(`${MOST_AT_ONCE} operations of a process`)
    }
    world.ready({ owner, run: end })
    return true
  }

  return {
    world,
    context,
    isAlive: () => alive,
    died: () => died,
    operations: () => operations,
    run: (effect, onExit) => {
      let interrupted = false
      let fiber: Fiber.Fiber<unknown, unknown> | undefined
      ready(() => {
        const started = runFork(effect)
        if (interrupted) started.interruptUnsafe()
        fiber = started
        if (onExit !== undefined) started.addObserver((exit) => (alive ? onExit(exit) : undefined))
      })
      return {
        interrupt: () => {
          interrupted = true
          ready(() => fiber?.interruptUnsafe())
        }
      }
    },
    operating: (kind, operation) =>
      Effect.suspend(() => {
        if (!alive || isEndless()) return Effect.never
        const count = ++operations
        if (isLast(kind, count, "before")) return Effect.never
        return Effect.onExit(operation, () => (isLast(kind, count, "after") ? Effect.never : Effect.void))
      }),
    dieAt: ({ operation, moment }) => {
      death = { operation: operations + operation, moment }
    },
    kill,
    setClock: (byMillis) => {
      ahead += byMillis
    },
    sleep: (millis, isCounted) => {
      if (!alive || isAsleep()) return
      const now = world.now()
      awakeAt = now + millis
      if (!isCounted) uncounted += millis
      held.push(...world.takeBack(owner))
      const waiting = [...timers].toSorted((a, b) => a.at - b.at || a.rank - b.rank)
      timers.clear()
      for (const timer of waiting) {
        const { run } = timer
        if (run === undefined) continue
        timer.run = undefined
        const left = timer.at - now
        const again = world.after(isCounted ? Math.max(left, millis) : left + millis, () => {
          timers.delete(again)
          run()
        })
        moved.get(timer)?.(again)
        moved.set(again, moved.get(timer) ?? (() => {}))
        remember(again)
      }
      world.after(millis, () => {
        const tasks = held
        held = []
        for (const task of tasks) ready(task.run)
      })
    },
    after,
    ready
  }
}
