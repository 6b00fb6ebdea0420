/**
 * Time that is not real, and what is to be done in it. Of all that can go on, one thing at random does; only when nothing
 * can, time moves to the next moment at which something happens. No timer and no promise is used.
 */
import type { Draws } from "./draws.ts"

/** Something that waits for its moment. */
export interface Timer {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Among those of one moment the lower comes first. */
  readonly rank: number
  /** Absent once it is canceled or has been done. */
  run: (() => void) | undefined
}

/** What goes on by itself and can be taken back: the tasks of a machine. */
export interface Task {
  readonly owner: object
  readonly run: () => void
}

/** Virtual time, and whose turn it is: all that is to be done, in an order that the seed draws. */
export interface World {
  readonly draws: Draws
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Something that happens so many milliseconds later. */
  readonly after: (millis: number, run: () => void) => Timer
  /** Something that can go on now. */
  readonly ready: (task: Task) => void
  /** Takes back what an owner has ready. */
  readonly takeBack: (owner: object) => ReadonlyArray<Task>
  /** Goes on until nothing can at this moment. */
  readonly settle: () => void
  /** Lets so much time pass, with all that happens in it. */
  readonly advance: (millis: number) => void
  /** Moves to the next moment at which something happens, by `until` at the latest; whether there was one. */
  readonly step: (until: number) => boolean
}

/** Something goes on for ever without time passing. */
export class Livelock extends Error {
  override readonly name = "Livelock"
  constructor(what = `${MOST_TASKS} tasks`) {
    super(`more than ${what} at one moment`)
  }
}

const MOST_TASKS = 1_000_000

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.rank < b.rank)

/** A binary heap; what is canceled stays in it until its moment. */
const makeTimers = () => {
  const heap: Array<Timer> = []
  const rise = (start: number, timer: Timer): void => {
    let place = start
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(timer, above)) break
      heap[place] = above
      place = parent
    }
    heap[place] = timer
  }
  const sink = (timer: Timer): void => {
    let place = 0
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]]
      const isRight = left !== undefined && right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (child === undefined || !isBefore(child, timer)) break
      heap[place] = child
      place = 2 * place + (isRight ? 2 : 1)
    }
    heap[place] = timer
  }
  const drop = (): void => {
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) sink(last)
  }
  return {
    add: (timer: Timer): void => rise(heap.length, timer),
    /** The next one that is not canceled. */
    first: (): Timer | undefined => {
      while (heap[0] !== undefined && heap[0].run === undefined) drop()
      return heap[0]
    },
    drop
  }
}

/** A world whose time begins at `start`, in milliseconds since 1970, and moves only when nothing can be done before. */
export const makeWorld = (draws: Draws, start: number): World => {
  const timers = makeTimers()
  let tasks: Array<Task> = []
  let now = start

  const settle = (): void => {
    for (let count = 0; tasks.length > 0; count++) {
      if (count > MOST_TASKS) throw new Livelock()
      const place = tasks.length === 1 ? 0 : draws.below(tasks.length)
      const task = tasks[place]
      const last = tasks.pop()
      if (last !== undefined && place < tasks.length) tasks[place] = last
      task?.run()
    }
  }

  const step = (until: number): boolean => {
    settle()
    const timer = timers.first()
    if (timer === undefined || timer.at > until) return false
    timers.drop()
    now = Math.max(now, timer.at)
    const { run } = timer
    timer.run = undefined
    run?.()
    settle()
    return true
  }

  const advance = (millis: number): void => {
    const until = now + millis
    while (step(until)) continue
    now = until
  }

  return {
    draws,
    now: () => now,
    after: (millis, run) => {
      const timer: Timer = { at: now + Math.max(0, millis), rank: draws.next(), run }
      timers.add(timer)
      return timer
    },
    ready: (task) => void tasks.push(task),
    takeBack: (owner) => {
      const own = tasks.filter((task) => task.owner === owner)
      if (own.length > 0) tasks = tasks.filter((task) => task.owner !== owner)
      return own
    },
    settle,
    advance,
    step
  }
}
